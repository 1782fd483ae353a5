"""What no rule prevents, counted by hand."""

import pytest

from server.domain.fairness import Recount, taken_back
from server.domain.loopholes import Watch
from tests.ledger import Ledger


@pytest.fixture
def ledger():
    ledger = Ledger()
    for n in (1, 2, 3):
        ledger.opens(n, serves="ab")
    return ledger


def found(ledger):
    count = Recount(taken_back=taken_back(ledger.entries))
    watch = Watch(count)
    for entry in ledger.entries:
        watch.sees(entry)
        count.read(entry)
    return watch.found


def at(ledger, counter=1):
    figures = found(ledger).by_counter.get(f"hall-{counter}" if counter else "", {})
    return {name: count for name, count in figures.items() if count}


@pytest.mark.parametrize(("calls", "seconds", "quick"), [(2, 60, 1), (3, 90, 1), (4, 90, 0), (2, 91, 0), (5, 300, 0)])
def test_a_no_show_is_quick_at_up_to_one_and_a_half_times_the_least_calls_and_seconds(ledger, calls, seconds, quick):
    ticket = ledger.draws("a", minute=0)
    ledger.calls(ticket, 1, minute=1)
    ledger.moves("no_show", ticket, minute=1 + seconds / 60, calls=calls)
    assert at(ledger) == {"no_shows": 1} | ({"quick_no_shows": 1} if quick else {})


def test_a_no_show_that_was_taken_back_is_none_and_the_undo_is_counted(ledger):
    ticket = ledger.draws("a", minute=0)
    ledger.calls(ticket, 1, minute=1)
    ledger.undoes(ledger.moves("no_show", ticket, minute=2, calls=2), minute=2.1)
    assert at(ledger) == {"undone": 1}


def test_a_call_taken_back_may_have_been_a_look_at_who_comes(ledger):
    ledger.undoes(ledger.calls(ledger.draws("a", minute=0), 2, minute=1), n=2, minute=1.1)
    assert at(ledger, 2) == {"undone": 1, "undone_calls": 1}


def test_a_transfer_goes_to_a_longer_line_if_more_wait_there_than_in_the_line_it_leaves(ledger):
    first, second = ledger.draws("a", minute=0), ledger.draws("a", minute=1)
    ledger.draws("b", minute=2)
    ledger.calls(first, 1, minute=3)
    ledger.transfers(first, 1, "b", minute=4)
    assert at(ledger) == {"transfers": 1}
    ledger.calls(second, 1, minute=5)
    ledger.transfers(second, 1, "b", minute=6)
    assert at(ledger) == {"transfers": 2, "transfers_to_longer": 1}


def test_parking_of_more_than_twenty_minutes_counts_at_the_counter_that_parked(ledger):
    short, long, left = (ledger.draws("a", minute=minute) for minute in range(3))
    for n, ticket in ((1, short), (1, long), (2, left)):
        ledger.calls(ticket, n, minute=5)
        ledger.moves("parked", ticket, n, minute=6)
    ledger.moves("resumed", short, 3, minute=26, due_at="")
    ledger.transfers(long, 3, "b", minute=26.1)
    ledger.moves("expired", left, minute=300, was="parked")
    assert at(ledger) == {"parked": 2, "parked_long": 1}
    assert at(ledger, 2) == {"parked": 1, "parked_long": 1}
    assert at(ledger, 3) == {"transfers": 1}


def test_tickets_drawn_within_sixty_seconds_by_one_machine(ledger):
    for minute in (0, 0.4, 0.9, 1.0, 3):
        ledger.draws("a", minute=minute)
    assert found(ledger).most_draws == 3


def test_the_share_of_declared_priority(ledger):
    for klass in ("ordinary", "priority", "priority", "appointment"):
        ledger.draws("a", klass=klass)
    assert (found(ledger).drawn, found(ledger).drawn_priority) == (4, 2)
