"""The stories of `tests.world`, told on a real database through the product's own writer."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine

from server.actions import days, reception, shifts
from server.clock import FakeClock
from server.domain.errors import Refusal
from server.domain.sites import Setup
from server.store.sites import add_site
from server.store.transact import Command
from server.store.writer import BatchWriter, RowLockWriter
from tests.world import Story


class StoryOnDatabase(Story):
    def __init__(self, engine: Engine, setup: Setup, at: datetime) -> None:
        self.engine = engine
        self.clock = FakeClock(at)
        make = BatchWriter if engine.dialect.name == "sqlite" else RowLockWriter
        self.writer = make(engine, now=self._now, prelude=days.turn_the_page)
        self.writer.run(partial(add_site, code=setup.site, pack="", public_key="k", demo=False))
        super().__init__(setup, at)

    def does(self, action: Callable[..., Any], **facts: Any) -> Any:
        """What the action did. A refusal is a mistake in the story."""
        done = self.writer.submit(Command(site=self.setup.site, actor="test:1", action=partial(action, **facts)))
        assert not isinstance(done, Refusal), done
        return done.did

    def withdraws(self, ticket: str) -> Any:
        return self.does(reception.withdraw, ticket=ticket)

    def pauses(self, n: int, reason: str = "rest") -> Any:
        return self.does(shifts.pause, counter=self.counter(n), agent=f"agent{n}", reason=reason)

    def resumes(self, n: int) -> Any:
        return self.does(shifts.resume, counter=self.counter(n), agent=f"agent{n}")

    def closes(self, n: int) -> Any:
        return self.does(shifts.close, counter=self.counter(n), agent=f"agent{n}")

    def turns_the_page(self) -> Any:
        return self.does(lambda _pen: None)

    def _now(self) -> datetime:
        return self.clock.now()
