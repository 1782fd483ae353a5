"""One line as phones see it: who was called, the due times of those who wait, and what each place may expect.

No identity is in it: a phone knows its own due time and finds its place in the list. It is a function of the hall and of
the time rounded to ten seconds, so any cache can carry it, and its cost grows with lines, not with people.
"""

from datetime import datetime, timedelta
from typing import Any

from server.domain import estimates, waiting
from server.domain import hall as halls
from server.domain.entries import instant_text
from server.domain.hall import Hall

STEP_S = 10
CALLS_SHOWN = 5
#: Places for which the expectation is told; a page takes the nearest one above its own.
PLACES = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610)


def line(hall: Hall, service: str, at: datetime) -> dict[str, Any]:
    at = rounded(at)
    people = hall.lines.get(service, ())
    open_counters = halls.counters_open(hall, service)
    why_suspended = halls.why_suspended(hall, service)
    shown: dict[str, Any] = {
        "service": service,
        "at": instant_text(at),
        "waiting": len(people),
        "counters_open": open_counters,
        "calls": [
            {"number": call.number, "counter": call.counter, "at": instant_text(call.at)}
            for call in hall.calls
            if call.service == service
        ][:CALLS_SHOWN],
        "due": [instant_text(due_at) for due_at, _seq, _ticket in people],
        "estimates": [],
    }
    if why_suspended is not None:
        shown["suspended"] = why_suspended
        shown["instead"] = None if hall.setup is None else hall.setup.instead_of.get(service)
    for ahead in _places(len(people)):
        place = people[ahead] if ahead < len(people) else waiting.place_of_newcomer(hall, at)
        now = waiting.line_now(hall, service, place, at)
        estimate = estimates.estimate(hall.learned, now)
        if estimate.told is None:
            return {**shown, "estimate_why": estimate.untold}
        told = estimate.told
        shown["estimates"].append(
            {"ahead": ahead, "low_s": told.low_s, "median_s": told.median_s, "high_s": told.high_s}
        )
    return {**shown, "level": estimates.LEVEL}


def rounded(at: datetime) -> datetime:
    return at - timedelta(seconds=at.second % STEP_S, microseconds=at.microsecond)


def _places(standing: int) -> list[int]:
    """Up to the end of the line, and one place that is surely not before it."""
    below = [place for place in PLACES if place < standing]
    return [*below, next((place for place in PLACES if place >= standing), standing)]
