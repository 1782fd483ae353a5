"""The recount of overtakes: each kind by hand, a day that has all of them, and cheats that nothing explains."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from server.domain import fairness, overtakes
from server.domain.entries import instant_text
from server.domain.fairness import recount
from server.domain.overtakes import ELSEWHERE, KINDS, PASSING
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


# ---------------------------------------------------------------- kinds that the published rule explains


@pytest.mark.parametrize("klass", ["priority", "appointment"])
def test_the_head_start_of_a_class(ledger, klass):
    first = ledger.draws("a", minute=0)
    later = ledger.draws("a", minute=9, klass=klass)
    ledger.calls(later, 1, minute=10)
    assert pairs(ledger) == [(later, first, klass)]


def test_a_head_start_does_not_reach_across_more_than_its_minutes(ledger):
    first = ledger.draws("a", minute=0)
    later = ledger.draws("a", minute=21, klass="priority")
    ledger.calls(later, 1, minute=22)
    assert pairs(ledger) == [(later, first, "unexplained")]


def test_a_correction_of_the_class_counts_from_the_time_of_drawing(ledger):
    first = ledger.draws("a", minute=0)
    later = ledger.draws("a", minute=5)
    ledger.moves("reclassified", later, minute=6, **{"class": "priority"}, due_at=instant_text(MORNING))
    ledger.calls(later, 1, minute=7)
    assert pairs(ledger) == [(later, first, "priority")]


def test_an_appointment_that_is_not_yet_due_is_passed_because_it_is_one(ledger):
    """Here since 0, for minute 60: in the line from 45. Who came at 30 is due before."""
    early = ledger.draws("a", minute=0, klass="appointment", appointed_at=ledger.before(-3600))
    ordinary = ledger.draws("a", minute=30)
    ledger.calls(ordinary, 1, minute=50)
    assert pairs(ledger) == [(ordinary, early, "appointment")]


def test_a_line_that_this_counter_does_not_serve(ledger):
    first = ledger.draws("b", minute=0)
    later = ledger.draws("a", minute=1)
    ledger.calls(later, 1, minute=2)
    assert pairs(ledger) == [(later, first, "other_service")]


def test_a_line_that_it_only_helps_with_and_that_is_not_yet_past_due(ledger):
    first = ledger.draws("a", minute=0)
    later, last = ledger.draws("b", minute=1), ledger.draws("b", minute=2)
    ledger.calls(later, 2, minute=9.9)
    assert pairs(ledger) == [(later, first, "helps")]
    seq = ledger.calls(last, 2, minute=10)
    assert pairs(ledger, seq) == [(last, first, "unexplained")]


def test_somebody_who_waits_for_one_counter_alone(ledger):
    first = ledger.draws("a", minute=0)
    ledger.calls(first, 1, minute=1)
    ledger.transfers(first, 1, "b", to_counter=2, minute=2)
    later, last = ledger.draws("b", minute=3), ledger.draws("b", minute=4)
    ledger.calls(later, 3, minute=5)
    assert pairs(ledger) == [(later, first, "bound")]
    seq = ledger.calls(last, 2, minute=6)
    assert pairs(ledger, seq) == [(last, first, "unexplained")]


def test_a_counter_may_call_whoever_waits_for_it_alone_whatever_it_serves(ledger):
    waits, bound = ledger.draws("b", minute=0), ledger.draws("a", minute=1)
    ledger.calls(bound, 3, minute=2)
    ledger.transfers(bound, 3, "b", to_counter=1, minute=3)
    ledger.calls(bound, 1, minute=4)
    assert pairs(ledger)[-1] == (bound, waits, "bound")


def test_somebody_who_was_put_back_has_a_small_head_start_from_then_on(ledger):
    absent = ledger.draws("a", minute=0)
    ledger.calls(absent, 1, minute=1)
    long_ago, lately = ledger.draws("a", minute=2), ledger.draws("a", minute=15)
    ledger.moves("no_show", absent, minute=3)
    ledger.moves("put_back", absent, minute=20, times=1, due_at="")
    seq = ledger.calls(absent, 1, minute=21)
    assert pairs(ledger, seq) == [(absent, long_ago, "unexplained"), (absent, lately, "put_back")]


def test_somebody_who_was_put_back_has_no_older_right(ledger):
    absent = ledger.draws("a", minute=0)
    ledger.calls(absent, 1, minute=1)
    between = ledger.draws("a", minute=2)
    ledger.moves("no_show", absent, minute=3)
    ledger.moves("put_back", absent, minute=20, times=1, due_at="")
    ledger.calls(between, 1, minute=21)
    assert pairs(ledger) == []


def test_a_transfer_keeps_the_time_of_coming(ledger):
    moved, there = ledger.draws("a", minute=0), ledger.draws("b", minute=1)
    ledger.calls(moved, 1, minute=2)
    ledger.transfers(moved, 1, "b", minute=3)
    seq = ledger.calls(moved, 2, minute=4)
    assert pairs(ledger, seq) == [(moved, there, "transferred")]


def test_a_transferred_person_who_is_left_waiting_has_been_passed(ledger):
    moved, there = ledger.draws("a", minute=0), ledger.draws("b", minute=1)
    ledger.calls(moved, 1, minute=2)
    ledger.transfers(moved, 1, "b", minute=3)
    seq = ledger.calls(there, 2, minute=4)
    assert pairs(ledger, seq) == [(there, moved, "unexplained")]


def test_a_resumed_person_stands_where_he_stood(ledger):
    parked, next_one = ledger.draws("a", minute=0), ledger.draws("a", minute=1)
    ledger.calls(parked, 1, minute=2)
    ledger.moves("parked", parked, minute=3)
    ledger.moves("resumed", parked, minute=4, due_at="")
    seq = ledger.calls(parked, 1, minute=5)
    assert pairs(ledger, seq) == [(parked, next_one, "resumed")]


def test_nobody_is_overtaken_while_he_is_parked(ledger):
    parked, next_one = ledger.draws("a", minute=0), ledger.draws("a", minute=1)
    ledger.calls(parked, 1, minute=2)
    ledger.moves("parked", parked, minute=3)
    ledger.calls(next_one, 1, minute=4)
    assert pairs(ledger) == []


def test_a_new_rule_holds_for_tickets_from_then_on(ledger):
    first = ledger.draws("a", minute=0, klass="priority")
    ledger.puts_in_force(version=2, head_starts={"priority": 3600})
    later = ledger.draws("a", minute=5, klass="priority")
    ledger.calls(later, 1, minute=6)
    assert pairs(ledger) == [(later, first, "rule_changed")]


def test_a_rule_for_the_next_day_holds_from_its_opening(ledger):
    ledger.body_of_setup["next_rule"] = {**ledger.body_of_setup["rule"], "head_starts": {"priority": 3600}}
    ledger.writes("setup.changed", what="rule", setup=ledger.body_of_setup)
    for day, kind in (("2026-11-25", "unexplained"), ("2026-11-26", "priority")):
        first = ledger.draws("a", minute=0)
        later = ledger.draws("a", minute=30, klass="priority")
        seq = ledger.calls(later, 1, minute=31)
        assert pairs(ledger, seq) == [(later, first, kind)]
        ledger.writes("day.closed", day="", opened_seq=0, carried=[], estimator={})
        ledger.writes("day.opened", day=day, timezone="UTC", tz_version="", begins_at="", ends_at="")
        ledger.opens(1, serves="a")


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


# ---------------------------------------------------------------- out of order


def test_a_call_out_of_order_says_whom_it_passes(ledger):
    first, second, third = (ledger.draws("a", minute=minute) for minute in range(3))
    ledger.calls_out_of_order(third, 1, overtaken=[first, second], minute=5)
    assert pairs(ledger) == [(third, first, "out_of_order"), (third, second, "out_of_order")]
    assert [call.why for call in recount(ledger.entries)] == ["technical"]


def test_whom_it_does_not_say_was_passed_unexplained(ledger):
    first, second, third = (ledger.draws("a", minute=minute) for minute in range(3))
    ledger.calls_out_of_order(third, 1, overtaken=[second], minute=5)
    assert pairs(ledger) == [(third, first, "unexplained"), (third, second, "out_of_order")]


def test_whom_the_rule_would_have_passed_too_was_not_passed_out_of_order(ledger):
    elsewhere, behind = ledger.draws("b", minute=0), ledger.draws("a", minute=0)
    head = ledger.draws("a", minute=1, klass="priority")
    called = ledger.draws("a", minute=2, klass="priority")
    ledger.calls_out_of_order(called, 1, overtaken=[head], minute=5)
    assert pairs(ledger) == [
        (called, elsewhere, "other_service"),
        (called, behind, "priority"),
        (called, head, "out_of_order"),
    ]


def test_a_call_out_of_order_that_is_taken_back_stays_a_call_out_of_order(ledger):
    first, second = ledger.draws("a", minute=0), ledger.draws("a", minute=1)
    seq = ledger.calls_out_of_order(second, 1, overtaken=[first], minute=2)
    ledger.undoes(seq, minute=2.1)
    (call,) = recount(ledger.entries)
    assert (call.why, call.undone) == ("technical", True)
    assert pairs(ledger) == [(second, first, "undone")]


# ---------------------------------------------------------------- cheats


def test_a_friend_called_first(ledger):
    first, second, friend = (ledger.draws("a", minute=minute) for minute in range(3))
    ledger.calls(friend, 1, minute=5)
    assert pairs(ledger) == [(friend, first, "unexplained"), (friend, second, "unexplained")]


def test_taking_a_cheat_back_does_not_make_it_good(ledger):
    first, friend = ledger.draws("a", minute=0), ledger.draws("a", minute=1)
    ledger.undoes(ledger.calls(friend, 1, minute=2), minute=2.1)
    assert pairs(ledger) == [(friend, first, "unexplained")]


def test_a_due_time_that_the_rule_does_not_give_is_not_believed(ledger):
    first = ledger.draws("a", minute=0)
    friend = ledger.draws("a", minute=30, klass="priority", due_at=ledger.before(-3600))
    reason = {"rule": 1, "line": "serves", "due_at": ledger.before(3600)}
    ledger.calls(friend, 1, minute=31, reason=reason)
    assert pairs(ledger) == [(friend, first, "unexplained")]


def test_a_transfer_that_claims_an_earlier_coming_is_not_believed(ledger):
    first, friend = ledger.draws("b", minute=0), ledger.draws("a", minute=1)
    ledger.calls(friend, 1, minute=2)
    ledger.transfers(friend, 1, "b", minute=3)
    body = {**ledger.entries[-1].body, "arrived_at": instant_text(MORNING.replace(hour=7))}
    ledger.entries[-1] = replace(ledger.entries[-1], body=body)
    seq = ledger.calls(friend, 2, minute=4)
    assert pairs(ledger, seq) == [(friend, first, "unexplained")]


def test_a_counter_that_calls_from_a_line_it_does_not_serve(ledger):
    first, second, own = ledger.draws("b", minute=0), ledger.draws("b", minute=1), ledger.draws("a", minute=2)
    ledger.calls(second, 1, minute=3)
    assert pairs(ledger) == [(second, first, "unexplained")]
    friend = ledger.draws("b", minute=4)
    seq = ledger.calls(friend, 1, minute=5)
    assert pairs(ledger, seq) == [(friend, first, "unexplained"), (friend, own, "unexplained")]


def test_a_counter_that_nobody_opened_may_call_nobody(ledger):
    first, second = ledger.draws("a", minute=0), ledger.draws("a", minute=1)
    ledger.writes("shift.closed", counter="hall-1", agent="agent1", why="agent")
    ledger.calls(second, 1, minute=2)
    assert pairs(ledger) == [(second, first, "unexplained")]


def test_a_priority_that_is_denied_its_head_start_has_been_passed(ledger):
    first = ledger.draws("a", minute=0)
    priority = ledger.draws("a", minute=5, klass="priority")
    ledger.calls(first, 1, minute=6)
    assert pairs(ledger) == [(first, priority, "unexplained")]


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


def test_each_kind_counts_as_passing_or_not():
    assert set(PASSING) | set(ELSEWHERE) == set(KINDS)
    assert len(KINDS) == len(PASSING) + len(ELSEWHERE)


def test_the_recount_shares_no_code_with_the_rule():
    for module in (fairness, overtakes):
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        ours = {name for name in imported if name and name.startswith("server.")}
        assert ours <= {"server.domain.entries", "server.domain.overtakes"}
