"""What an agent chooses from by one key: where a person goes next. A choice keeps its key whatever else changes, so that a hand
may know it: a service has its letter by its place in the set-up, a counter the digit that hangs above it.
"""

from collections.abc import Iterator
from typing import Any

from counter.desks import Desk
from server.domain import hall as halls
from server.domain.hall import Shift
from server.domain.sites import NEED_A_NOTE, Counter, Service, Setup

#: Letters that lie in the same place on French and English keyboards, without the S that says "served here".
LETTERS = "BCDEFGHIJKLNOPRTUVXY"


def destinations(desk: Desk, shift: Shift) -> dict[str, Any]:
    """Services and open counters to which the person who is here can be sent."""
    turn = halls.turn_at(desk.hall, shift.counter)
    here = None if turn is None else turn.service
    letters = iter(LETTERS)
    services = [_service(desk, one, next(letters, None)) for one in desk.setup.services]
    counters = list(_counters(desk, shift, letters))
    return {
        "services": [row for row in services if row["code"] != here],
        "counters": counters,
    }


def reasons(setup: Setup) -> list[dict[str, Any]]:
    """Why somebody may be called before others here; some say too little without a note."""
    keys = iter("1234567890" + LETTERS)
    return [
        {"code": code, "key": next(keys, None), "needs_note": code in NEED_A_NOTE}
        for code in setup.possible_call_reasons
    ]


def _service(desk: Desk, service: Service, key: str | None) -> dict[str, Any]:
    return {
        "code": service.code,
        "key": key,
        "name": desk.service_name(service.code),
        "waiting": halls.waiting_count(desk.hall, service.code),
        "open": halls.counters_open(desk.hall, service.code),
        "suspended": desk.setup.why_suspended.get(service.code),
    }


def _counters(desk: Desk, shift: Shift, letters: Iterator[str]) -> Iterator[dict[str, Any]]:
    """Other counters where somebody works. One whose label is no single digit has a letter that is left."""
    for counter in desk.setup.counters:
        key = counter.label if counter.label in "123456789" else next(letters, None)
        if counter.id in desk.hall.shifts and counter.id != shift.counter:
            yield _counter(desk, counter, key)


def _counter(desk: Desk, counter: Counter, key: str | None) -> dict[str, Any]:
    shift = desk.hall.shifts[counter.id]
    return {
        "id": counter.id,
        "key": key,
        "label": counter.label,
        "agent": desk.names.get(shift.agent, shift.agent),
        "waiting": len(desk.hall.bound.get(counter.id, ())),
        "paused": shift.pause_reason,
    }
