"""The kinds of an overtake: each published reason by hand, calls out of order, and cheats that nothing explains."""

from dataclasses import replace

import pytest

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


def test_somebody_who_waits_for_one_counter_alone_stands_in_its_line_and_not_in_the_services(ledger):
    """Counter 1 does not serve b; who waits for b is not passed there, out of order or not."""
    bound, other = ledger.draws("b", minute=1), ledger.draws("b", minute=0)
    head = ledger.draws("a", minute=0)
    ledger.calls(bound, 3, minute=2)
    ledger.transfers(bound, 3, "b", to_counter=1, minute=3)
    seq = ledger.calls_out_of_order(bound, 1, overtaken=[head], minute=4)
    assert pairs(ledger, seq) == [(bound, other, "bound"), (bound, head, "out_of_order")]


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


def test_each_kind_counts_as_passing_or_not():
    assert set(PASSING) | set(ELSEWHERE) == set(KINDS)
    assert len(KINDS) == len(PASSING) + len(ELSEWHERE)


def test_whoever_was_sent_to_a_counter_that_closed_waits_for_the_service_even_if_it_opens_again(ledger):
    sent = ledger.draws("a", minute=0)
    ledger.calls(sent, 1, minute=1)
    ledger.transfers(sent, 1, "b", to_counter=2, minute=2)
    ledger.calls(sent, 2, minute=3)
    ledger.moves("parked", sent, 2, minute=4)
    ledger.writes("shift.closed", counter="hall-2", agent="agent2", why="agent")
    ledger.opens(2, serves="b", helps="a")
    ledger.moves("resumed", sent, 2, minute=5, due_at="")
    later = ledger.draws("b", minute=6)
    seq = ledger.calls(later, 3, minute=7)
    assert pairs(ledger, seq) == [(later, sent, "unexplained")]
