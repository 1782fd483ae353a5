"""What stands before a place in a line: the estimator's view of the hall.

Counters serve several lines, so the people before you are not only those of your own line: the counters that serve it
also call people of their other lines who are due before you. Of each such line, they take the share that falls to them
when it is spread over all counters that serve it. Where all of them are busy, one turn more has to end first.
"""

from bisect import bisect_left
from collections import Counter
from datetime import datetime

from server.domain import calling
from server.domain.estimates import LineNow
from server.domain.hall import Hall, Place, Shift, people_ahead, why_suspended
from server.domain.tickets import TicketId


def place_of_newcomer(hall: Hall, at: datetime, klass: str = "ordinary") -> Place:
    """Where somebody would stand who takes a ticket now."""
    assert hall.setup is not None
    return (calling.due_at(at, hall.setup.rule.head_start_s(klass)), hall.seq + 1, TicketId(""))


def line_now(hall: Hall, service: str, place: Place, at: datetime) -> LineNow:
    """The line of `service` as whoever stands or would stand at `place` finds it."""
    calling = [shift for shift in hall.shifts.values() if shift.calling]
    ours = [shift for shift in calling if service in shift.serves]
    return LineNow(
        service=service,
        ahead=people_ahead(hall, service, place),
        open_counters=len(ours),
        at=at,
        suspended=why_suspended(hall, service) is not None,
        before=_before(hall, service, place, calling, ours),
    )


def _before(
    hall: Hall, service: str, place: Place, calling: list[Shift], ours: list[Shift]
) -> tuple[tuple[str, float], ...]:
    """Line by line, how many people our counters are likely to call before this place."""
    by_all = Counter(code for shift in calling for code in shift.serves)
    by_ours = Counter(code for shift in ours for code in shift.serves)
    people: dict[str, float] = {
        code: bisect_left(hall.lines.get(code, ()), place) * by_ours[code] / by_all[code] for code in by_ours
    }
    if ours and all(shift.counter in hall.at_counter for shift in ours):
        people[service] += 1
    return tuple((code, count) for code, count in people.items() if count)
