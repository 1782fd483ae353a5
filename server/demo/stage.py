"""What simulated people stand on: a hall, a time, a way to act and a way to do something later.

The same citizens and agents play on two stages: a past made in memory (`PenStage`, where time jumps from event to
event) and a living hall (`HouseStage`, where time is true and everybody queues at the writer).
"""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Protocol

from server.actions import days
from server.actions.house import House
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.story import Pen
from server.store.writer import Busy

BUSY_RETRY_S = 2.0

Action = Callable[[Pen], Any]
Event = Callable[[], None]


class Stage(Protocol):
    @property
    def hall(self) -> Hall: ...

    @property
    def now(self) -> datetime: ...

    def does(self, actor: str, action: Action) -> Any:
        """What the action returned, or its refusal."""

    def later(self, seconds: float, event: Event) -> None: ...


class Agenda:
    """Events in the order of their times; two at the same time in the order in which they were put."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Event]] = []
        self._order = count()

    def put(self, at: datetime, event: Event) -> None:
        heapq.heappush(self._heap, (at, next(self._order), event))

    def next_at(self) -> datetime | None:
        return self._heap[0][0] if self._heap else None

    def take(self) -> tuple[datetime, Event]:
        at, _order, event = heapq.heappop(self._heap)
        return at, event


class PenStage:
    """Time is whatever the next event says; entries are kept with the pen until somebody collects them."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self.agenda = Agenda()

    @property
    def hall(self) -> Hall:
        return self.pen.hall

    @property
    def now(self) -> datetime:
        return self.pen.now

    def does(self, actor: str, action: Action) -> Any:
        pen = self.pen
        days.turn_the_page(pen)
        hall, written = pen.hall, len(pen.written)
        pen.actor = actor
        did = action(pen)
        if isinstance(did, Refusal):
            pen.take_back(hall, written)
        return did

    def later(self, seconds: float, event: Event) -> None:
        self.agenda.put(self.pen.now + timedelta(seconds=seconds), event)

    def play(self) -> None:
        """Until nothing is left to happen."""
        while self.agenda.next_at() is not None:
            at, event = self.agenda.take()
            self.pen.now = at.replace(microsecond=at.microsecond // 1000 * 1000)
            event()


class HouseStage:
    """Time is the house's clock; `play_due` makes happen what is due, and what the writer was too busy for once more."""

    def __init__(self, house: House, site: str) -> None:
        self.house = house
        self.site = site
        self._agenda = Agenda()

    @property
    def hall(self) -> Hall:
        hall = self.house.hall(self.site)
        assert hall is not None
        return hall

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    def does(self, actor: str, action: Action) -> Any:
        did = self.house.submit(self.site, actor, action)
        return did if isinstance(did, Refusal) else did.did

    def later(self, seconds: float, event: Event) -> None:
        self._agenda.put(self.now + timedelta(seconds=seconds), event)

    def play_due(self) -> None:
        now = self.now
        while (next_at := self._agenda.next_at()) is not None and next_at <= now:
            _at, event = self._agenda.take()
            try:
                event()
            except (Busy, TimeoutError):
                self.later(BUSY_RETRY_S, event)
