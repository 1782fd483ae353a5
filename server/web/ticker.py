"""The ticker: makes time pass at a quiet hall, and lets old idempotency answers and notes go.

Every 20 seconds it sends an empty command to each site, so that a day opens and closes though nobody comes. Every
process has one; the second to come finds the work done. It decides nothing: the day's own rule does.
"""

import logging
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from server.actions import days
from server.actions.house import House
from server.domain.story import Pen
from server.store import idempotency, sealed
from server.store.writer import Busy
from server.web.looping import Looping, OnDeath, die

log = logging.getLogger(__name__)

EVERY_S = 20.0
PRUNE_EVERY = timedelta(hours=1)
ANSWERS_KEPT = timedelta(hours=48)


class Ticker:
    def __init__(self, house: House, *, every_s: float = EVERY_S, on_death: OnDeath = die) -> None:
        self._house = house
        self._every_s = every_s
        self._prune_at: datetime | None = None
        self._loop = Looping(name="ticker", turn=self._turn, on_death=on_death)

    def start(self) -> None:
        self._loop.start()

    def stop(self) -> None:
        self._loop.stop()

    def tick(self) -> None:
        """What a database that is away spoils now is done by the next tick."""
        try:
            for site in self._house.site_codes():
                self._house.submit(site, days.ACTOR, _nothing)
            self._prune()
        except (Busy, SQLAlchemyError, TimeoutError):
            log.warning("a tick could not be done", exc_info=True)

    def _turn(self) -> None:
        self.tick()
        self._loop.alarm.wait(timeout=self._every_s)

    def _prune(self) -> None:
        now = self._house.clock.now()
        if self._prune_at is not None and now < self._prune_at:
            return
        gone = self._house.writer.run(partial(idempotency.prune, before=now - ANSWERS_KEPT))
        old = now - timedelta(days=self._house.settings.notes_days)
        erased = self._house.writer.run(partial(sealed.erase, before=old))
        self._prune_at = now + PRUNE_EVERY
        if gone:
            log.info("forgot %d idempotency answers older than 48 h", gone)
        if erased:
            log.info("erased %d notes and remarks older than %d days", erased, self._house.settings.notes_days)


def _nothing(_pen: Pen) -> None:
    """The day's own rule runs before every command; this one has nothing to add."""
