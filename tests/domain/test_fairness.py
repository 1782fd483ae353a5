"""The recount as a walk over entries: order, undo, the rule of the next day, a day with every kind, and its independence."""

import ast
from pathlib import Path

import pytest

from server.domain import fairness, overtakes
from server.domain.entries import instant_text
from server.domain.fairness import recount
from server.domain.overtakes import KINDS
from tests.ledger import Ledger
from tests.world import MORNING


@pytest.fixture
def ledger():
    """Counter 1 serves a; 2 serves b and helps a after 10 minutes; 3 serves both."""
    ledger = Ledger()
    ledger.opens(1, serves="a")
    ledger.opens(2, serves="b", helps="a")
    ledger.opens(3, serves="ab")
    return ledger


def pairs(ledger, seq=None):
    """(who was called, who was passed, kind), of one call or of all."""
    return [
        (call.ticket, overtake.ticket, overtake.kind)
        for call in recount(ledger.entries)
        if seq in (None, call.seq)
        for overtake in call.overtakes
    ]


def test_in_the_order_of_coming_nobody_is_overtaken(ledger):
    tickets = [ledger.draws("a", minute=minute) for minute in range(4)]
    for minute, ticket in enumerate(tickets, start=10):
        ledger.calls(ticket, 1, minute=minute)
    assert pairs(ledger) == []


def test_whoever_came_in_the_same_moment_stands_in_the_order_of_the_journal(ledger):
    first, second = ledger.draws("a"), ledger.draws("a")
    ledger.calls(first, 1)
    assert pairs(ledger) == []
    ledger.calls(second, 1)
    assert pairs(ledger) == []


# ---------------------------------------------------------------- undo


def test_a_call_that_is_taken_back_passes_people_for_a_moment_only(ledger):
    first, later = ledger.draws("a", minute=0), ledger.draws("a", minute=1, klass="priority")
    called = ledger.calls(later, 1, minute=2)
    ledger.undoes(called, minute=2.1)
    assert pairs(ledger) == [(later, first, "undone")]
    assert [call.undone for call in recount(ledger.entries)] == [True]


def test_whoever_is_called_while_a_call_is_being_taken_back_passed_its_person(ledger):
    first, second = ledger.draws("a", minute=0), ledger.draws("a", minute=1)
    called = ledger.calls(first, 1, minute=2)
    ledger.calls(second, 3, minute=2.1)
    ledger.undoes(called, minute=2.2)
    assert pairs(ledger) == [(second, first, "undone")]


def test_after_an_undo_everything_is_as_it_was(ledger):
    first, second, third = (ledger.draws("a", minute=minute) for minute in range(3))
    ledger.calls(first, 1, minute=3)
    finished = ledger.moves("finished", first, minute=4)
    ledger.undoes(ledger.calls(second, 1, minute=4), finished, minute=4.1)
    ledger.moves("finished", first, minute=5)
    ledger.calls(second, 1, minute=5)
    assert pairs(ledger) == []
    seq = ledger.calls(third, 1, minute=6)
    assert pairs(ledger, seq) == []


def test_a_transfer_that_was_taken_back_leaves_nobody_in_the_other_line(ledger):
    moved = ledger.draws("a", minute=0)
    ledger.calls(moved, 1, minute=1)
    ledger.undoes(ledger.transfers(moved, 1, "b", minute=2), minute=2.1)
    ledger.calls(ledger.draws("b", minute=3), 2, minute=4)
    assert pairs(ledger) == []


# ---------------------------------------------------------------- a whole day, and the module itself


def tell_a_day_with_every_kind(ledger):
    """The kinds that each call was made for, and those beside it, by hand: by number of the call."""
    expected = {}

    def calls(ticket, n, minute, *kinds):
        expected[ledger.calls(ticket, n, minute=minute)] = sorted(kinds)

    first = ledger.draws("a", minute=0)
    calls(ledger.draws("a", minute=1, klass="priority"), 1, 2, "priority")
    calls(ledger.draws("a", minute=3, klass="appointment"), 1, 4, "appointment")
    calls(ledger.draws("b", minute=5), 2, 6, "helps")
    other = ledger.draws("b", minute=7)
    calls(ledger.draws("a", minute=8, klass="priority"), 1, 9, "priority", "other_service")
    calls(first, 1, 10)
    ledger.moves("no_show", first, minute=12)
    waits = ledger.draws("a", minute=13)
    ledger.moves("put_back", first, minute=14, times=1, due_at="")
    calls(first, 1, 15, "put_back", "other_service")
    ledger.moves("parked", first, minute=16)
    newer = ledger.draws("a", minute=17)
    ledger.moves("resumed", first, minute=18, due_at="")
    calls(first, 1, 19, "put_back", "resumed", "other_service")
    newcomer = ledger.draws("b", minute=19.5)
    ledger.transfers(first, 1, "b", minute=20)
    calls(other, 2, 20)
    # The two who wait for a are not yet ten minutes past due.
    calls(first, 2, 22, "transferred", "helps", "helps")
    ledger.transfers(first, 2, "a", minute=23, to_counter=3)
    undone = ledger.calls(waits, 3, minute=23)
    expected[undone] = []
    calls(newer, 1, 23.1, "undone", "bound")
    ledger.undoes(undone, n=3, minute=23.2)
    ledger.moves("withdrawn", newcomer, minute=23.5)
    slow = ledger.draws("a", minute=24, klass="priority")
    ledger.puts_in_force(version=2, head_starts={"priority": 3600})
    calls(ledger.draws("a", minute=25, klass="priority"), 1, 26, "rule_changed", "priority", "bound")
    seq = ledger.calls_out_of_order(ledger.draws("a", minute=27), 1, overtaken=[slow, waits], minute=28)
    expected[seq] = ["bound", "out_of_order", "out_of_order"]
    calls(ledger.draws("a", minute=29), 1, 30, "bound", "unexplained", "unexplained")
    return expected


def test_a_day_with_every_kind(ledger):
    expected = tell_a_day_with_every_kind(ledger)
    found = {call.seq: sorted(overtake.kind for overtake in call.overtakes) for call in recount(ledger.entries)}
    assert found == expected
    assert {kind for kinds in found.values() for kind in kinds} == set(KINDS)


def test_a_stretch_in_the_middle_needs_the_set_up_and_who_was_carried_over(ledger):
    carried = {
        "ticket": "hall-1",
        "opened_seq": 1,
        "number": "A001",
        "service": "a",
        "class": "ordinary",
        "joined_at": instant_text(MORNING.replace(hour=4)),
    }
    ledger.names["hall-1"] = {"ticket": "hall-1", "number": "A001", "service": "a", "class": "ordinary"}
    ledger.draws("b", minute=0)
    later = ledger.draws("b", minute=5, klass="priority")
    ledger.transfers("hall-1", 1, "b", minute=6)
    ledger.calls("hall-1", 2, minute=7)
    ledger.calls(later, 2, minute=8)
    entries = ledger.entries[1:]
    found = [
        (call.ticket, [overtake.kind for overtake in call.overtakes])
        for call in recount(entries, setup=ledger.body_of_setup, carried=[carried])
    ]
    assert found == [("hall-1", ["transferred", "transferred"]), (later, ["priority"])]


def test_the_recount_shares_no_code_with_the_rule():
    for module in (fairness, overtakes):
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        ours = {name for name in imported if name and name.startswith("server.")}
        assert ours <= {"server.domain.entries", "server.domain.overtakes"}
