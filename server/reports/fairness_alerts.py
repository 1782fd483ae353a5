"""What of today's fairness figures a manager should look at now: beyond a control limit, or beyond a plain threshold.

The limits find the counter that does more of something than the others; the thresholds find the site where everybody does
it. docs/figures.md lists both. An alert is a reason to ask, and says nothing about anybody's intentions.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from server.domain.fair_days import DayFacts
from server.reports import control_limits, fairness
from server.reports.control_limits import Counted
from server.reports.fairness import CHARTED, Row

#: Days whose mean today's counters are held against, today among them.
DAYS = 28
#: Code of the alert by figure.
CODES: Mapping[str, str] = {
    "out_of_order_calls": "out_of_order_high",
    "quick_no_shows": "quick_no_shows_high",
    "transfers_to_longer": "transfers_to_longer_high",
    "parked_long": "parked_long_high",
    "undone": "undone_high",
}
#: So many of 100 calls are too many at any site.
MOST_OF_100_CALLS: Mapping[str, int] = {
    "out_of_order_calls": 10,
    "quick_no_shows": 25,
    "transfers_to_longer": 10,
    "parked_long": 10,
    "undone": 15,
}
#: Fewer than these in a day are no pattern.
LEAST_COUNT = 5
LEAST_DRAWN = 30
MOST_PRIORITY_OF_100 = 30
MOST_DRAWS = 20


class Alarm(NamedTuple):
    code: str
    #: None: of the site as a whole.
    counter: str | None = None


def alarms(today: DayFacts, month: Sequence[DayFacts]) -> list[Alarm]:
    """`month` holds `today` too."""
    total = fairness.total_of([today])
    found = [Alarm("unexplained_overtake", counter) for counter in _counters_with_unexplained(today)]
    for name in CHARTED:
        marked = _outside(name, today, month)
        if marked:
            found.extend(Alarm(CODES[name], counter) for counter in marked)
        elif total.counted(name) >= LEAST_COUNT and _over(total.counted(name), MOST_OF_100_CALLS[name], total):
            found.append(Alarm(CODES[name]))
    if today.drawn >= LEAST_DRAWN and 100 * today.drawn_priority > MOST_PRIORITY_OF_100 * today.drawn:
        found.append(Alarm("priority_high"))
    if today.most_draws > MOST_DRAWS:
        found.append(Alarm("draws_high"))
    return found


def _counters_with_unexplained(today: DayFacts) -> list[str]:
    return sorted({where.counter for where, cell in today.cells.items() if cell.overtakes["unexplained"]})


def _outside(name: str, today: DayFacts, month: Sequence[DayFacts]) -> list[str]:
    of, chart = CHARTED[name]
    mean = control_limits.mean_of(_counted(name, of, row) for row in _counters(month))
    held = control_limits.held({str(row.key): _counted(name, of, row) for row in _counters([today])}, chart, mean=mean)
    return [counter for counter, limits in held.items() if limits.outside == "above"]


def _counters(facts: Sequence[DayFacts]) -> list[Row]:
    return [row for row in fairness.rows_of(facts, "counter") if row.key is not None]


def _counted(name: str, of: str, row: Row) -> Counted:
    return Counted(row.counted(name), row.counted(of))


def _over(count: int, most_of_100: int, total: Row) -> bool:
    return 100 * count > most_of_100 * total.cell.calls
