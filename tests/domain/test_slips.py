"""Who was passed how often, and what it cost: the worked example of docs/fairness.md, and the words beside it.

Two counters; minutes.

| ticket | came | called | ended |
|---|---|---|---|
| B001 | 0 | 0 | 10 |
| B002 | 1 | 1 | 9 |
| B003 | 2 | 10 | 15 |
| B004 | 3 | 17 | 22 |
| B005 | 4 | 15 | 20 |
| B006 | 5 | 9 | 17 |
"""

from datetime import timedelta

import pytest

from server.domain import slips
from server.domain.fairness import recount
from server.domain.slips import Visit
from tests.ledger import Ledger
from tests.world import MORNING

VISITS = {"B001": (0, 0, 10), "B002": (1, 1, 9), "B003": (2, 10, 15), "B004": (3, 17, 22), "B005": (4, 15, 20)}
VISITS["B006"] = (5, 9, 17)


def told() -> Ledger:
    """As entries. Counter 1 has B001, B003, B005; counter 2 has B002, B006, B004."""
    ledger = Ledger()
    ledger.opens(1, serves="b")
    ledger.opens(2, serves="b")
    moments = [(minutes[0], "draw", name) for name, minutes in VISITS.items()]
    moments += [(minutes[1], "move", name) for name, minutes in VISITS.items()]
    tickets = {}
    for minute, what, name in sorted(moments):
        if what == "draw":
            tickets[name] = ledger.draws("b", minute=minute, number=name)
            ledger.names[tickets[name]]["number"] = name
        else:
            ledger.calls(tickets[name], 1 if name in {"B001", "B003", "B005"} else 2, minute=minute)
    return ledger


@pytest.fixture
def calls():
    return list(recount(told().entries))


def test_the_worked_example_has_four_overtakes(calls):
    passed = [(call.number, len(call.overtakes)) for call in calls if call.overtakes]
    assert passed == [("B006", 3), ("B005", 1)]


def test_slips_skips_and_extra_wait_of_the_worked_example(calls):
    found = {one.call.number: one for one in slips.served(calls)}
    assert {name: one.slips for name, one in found.items() if one.slips} == {"B003": 1, "B004": 2, "B005": 1}
    assert {name: one.skips for name, one in found.items() if one.skips} == {"B006": 3, "B005": 1}
    extra = {name: one.extra_wait / timedelta(minutes=1) for name, one in found.items()}
    assert extra == {"B001": 0, "B002": 0, "B003": 1, "B004": 7, "B005": 0, "B006": -8}
    assert sum(extra.values()) == 0


def test_nothing_but_cheating_explains_the_worked_example(calls):
    assert {overtake.kind for call in calls for overtake in call.overtakes} == {"unexplained"}


def test_the_discrimination_of_the_worked_example():
    visits = {
        int(name[1:]): Visit(*(MORNING + timedelta(minutes=minute) for minute in minutes))
        for name, minutes in VISITS.items()
    }
    found = {f"B{n:03}": round(seconds / 60, 2) for n, seconds in slips.discrimination(visits).items()}
    assert found == {"B001": 4.7, "B002": 4.1, "B003": -0.8, "B004": -6.47, "B005": -3.97, "B006": 2.43}


def test_discrimination_adds_up_to_nothing_and_of_nobody_is_nothing():
    visits = {n: Visit(*(MORNING + timedelta(minutes=m) for m in (n, 5 + 3 * n, 9 + 3 * n))) for n in range(7)}
    assert sum(slips.discrimination(visits).values()) == pytest.approx(0, abs=1e-6)
    assert slips.discrimination({}) == {}


def test_people_of_another_line_change_nobodys_extra_wait():
    ledger = Ledger()
    ledger.opens(3, serves="ab")
    first, other, second = ledger.draws("a", minute=0), ledger.draws("b", minute=1), ledger.draws("a", minute=2)
    for minute, ticket in ((5, second), (6, other), (7, first)):
        ledger.calls(ticket, 3, minute=minute)
    extra = [one.extra_wait / timedelta(minutes=1) for one in slips.served(recount(ledger.entries))]
    assert extra == [-2, 0, 2]


def test_a_call_that_was_taken_back_passed_nobody():
    ledger = Ledger()
    ledger.opens(1, serves="a")
    ledger.draws("a", minute=0)
    later = ledger.draws("a", minute=1, klass="priority")
    ledger.undoes(ledger.calls(later, 1, minute=2), minute=2.1)
    assert slips.served(recount(ledger.entries)) == []


def test_somebody_passed_who_was_never_called_is_counted_as_passed():
    ledger = Ledger()
    ledger.opens(1, serves="a")
    first = ledger.draws("a", minute=0)
    ledger.calls(ledger.draws("a", minute=1, klass="priority"), 1, minute=2)
    ledger.moves("withdrawn", first, minute=3)
    assert slips.passed(recount(ledger.entries)) == {int(first.removeprefix("hall-")): 1}
