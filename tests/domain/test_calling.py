"""The calling rule: earliest due first, ties by arrival, helps after their minutes, and a bound that anyone can check."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import calling
from server.domain.sites import Counter, Helps, Rule
from tests.world import Story, small_setup


def numbers_called(world: Story, n: int) -> list[str]:
    """Everybody whom this counter gets, one after the other, no time passing."""
    called = []
    while True:
        did = world.calls(n, ending="finished")
        if not hasattr(did, "turn"):
            return called
        called.append(did.turn.number)


def test_who_came_first_is_called_first():
    world = Story()
    world.opens(1)
    for _ in range(3):
        world.draws("a")
        world.clock.advance(minutes=1)
    assert numbers_called(world, 1) == ["A001", "A002", "A003"]


def test_two_who_came_in_the_same_millisecond_are_called_in_the_order_of_their_entries():
    world = Story()
    world.opens(3)
    for service in "abab":
        world.draws(service)
    assert numbers_called(world, 3) == ["A001", "B001", "A002", "B002"]


def test_a_priority_has_a_head_start_of_twenty_minutes_and_nothing_more():
    world = Story()
    world.opens(1)
    world.draws("a")
    world.clock.advance(minutes=1)
    world.draws("a")
    world.clock.advance(minutes=20)
    world.draws("a", klass="priority")
    assert numbers_called(world, 1) == ["A001", "A002", "A003"]

    world = Story()
    world.opens(1)
    world.draws("a")
    world.clock.advance(minutes=2)
    world.draws("a")
    world.clock.advance(minutes=19)
    world.draws("a", klass="priority")
    assert numbers_called(world, 1) == ["A001", "A003", "A002"]


def test_a_priority_who_came_exactly_the_head_start_later_comes_after():
    world = Story()
    world.opens(1)
    world.draws("a")
    world.clock.advance(minutes=20)
    world.draws("a", klass="priority")
    assert numbers_called(world, 1) == ["A001", "A002"]


def test_a_counter_that_serves_two_lines_takes_the_earliest_of_both():
    world = Story()
    world.opens(3)
    world.draws("b")
    world.clock.advance(minutes=1)
    world.draws("a")
    world.clock.advance(minutes=1)
    world.draws("b", klass="priority")
    assert numbers_called(world, 3) == ["B002", "B001", "A001"]


def test_a_counter_helps_once_a_turn_is_ten_minutes_past_due_and_not_a_second_before():
    world = Story()
    world.opens(2)
    world.draws("a")
    world.clock.advance(minutes=9, seconds=59)
    assert not hasattr(world.calls(2), "turn")
    world.clock.advance(seconds=1)
    called = world.calls(2)
    assert called.turn.number == "A001"
    assert called.reason.line == "helps"


def test_who_is_helped_stands_by_due_time_among_those_whom_the_counter_serves():
    world = Story()
    world.opens(2)
    world.draws("b")
    world.clock.advance(seconds=1)
    world.draws("a")
    world.clock.advance(seconds=1)
    world.draws("b")
    world.clock.advance(minutes=10)
    assert numbers_called(world, 2) == ["B001", "A001", "B002"]


def test_a_line_that_is_both_served_and_helped_counts_as_served():
    both = Counter(id="hall-1", label="1", zone="main", serves=("a",), helps=(Helps(service="a", after_s=0),))
    world = Story(small_setup(counters=(both,)))
    world.opens(1)
    world.draws("a")
    assert world.calls(1).reason.line == "serves"


def test_nobody_is_called_from_a_line_that_the_counter_does_not_serve():
    world = Story()
    world.opens(1)
    world.draws("b")
    world.clock.advance(hours=1)
    assert not hasattr(world.calls(1), "turn")


def test_the_reason_is_in_the_entry_and_names_rule_line_and_due_time():
    world = Story(small_setup(rule=Rule(version=7)))
    world.opens(1)
    world.draws("a", klass="priority")
    world.calls(1)
    assert world.entries[-1].body["reason"] == {"rule": 7, "line": "serves", "due_at": "2026-11-24T08:40:00.000Z"}


def test_the_same_hall_gives_the_same_choice_however_often_it_is_asked():
    world = Story()
    world.opens(3)
    for service in "abab":
        world.draws(service)
    shift = world.hall.shifts["hall-3"]
    choices = {calling.choose_next(world.hall, shift, world.clock.now()).ticket for _ in range(5)}
    assert len(choices) == 1


@pytest.mark.parametrize(
    ("head_starts", "bound_s"),
    [
        ({"ordinary": 0, "priority": 1200, "appointment": 600}, 1200),
        ({"priority": 1200}, 1200),
        ({"ordinary": 300, "priority": 1200, "appointment": 300}, 900),
        ({"ordinary": 300, "priority": 1200}, 1200),
        ({}, 0),
    ],
)
def test_the_bound_is_the_widest_difference_of_head_starts_and_an_unnamed_class_has_none(head_starts, bound_s):
    assert Rule(head_starts=head_starts).bound_s == bound_s


arrivals = st.lists(
    st.tuples(st.integers(0, 900), st.sampled_from(["ordinary", "priority"]), st.sampled_from("ab")),
    min_size=2,
    max_size=14,
)
rules = st.dictionaries(st.sampled_from(["ordinary", "priority"]), st.integers(0, 2400)).map(
    lambda head_starts: Rule(head_starts=head_starts)
)
calls = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 600)), max_size=20)


@given(arrivals, rules, calls)
def test_nobody_who_joined_later_than_the_bound_in_the_same_line_is_called_first(came, rule, called):
    world = Story(small_setup(rule=rule))
    for n in (1, 2, 3):
        world.opens(n)
    waiting = {}
    pending = list(called)
    for gap_s, klass, service in came:
        world.clock.advance(seconds=gap_s)
        turn = world.draws(service, klass=klass).turn
        waiting[turn.ticket] = turn
        if pending:
            _call_and_check(world, pending.pop(0), waiting, rule)
    for call in pending:
        _call_and_check(world, call, waiting, rule)


def _call_and_check(world, call, waiting, rule):
    n, gap_s = call
    world.clock.advance(seconds=gap_s)
    did = world.calls(n, ending="finished")
    if not hasattr(did, "turn"):
        return
    turn = waiting.pop(did.turn.ticket)
    for other in waiting.values():
        if other.service == turn.service:
            assert (turn.joined_at - other.joined_at).total_seconds() <= rule.bound_s
            assert turn.place < other.place


@given(arrivals)
def test_people_ahead_is_exactly_the_number_who_are_called_before_you(came):
    world = Story()
    told = {}
    for gap_s, klass, _service in came:
        world.clock.advance(seconds=gap_s / 10)
        told[world.draws("a", klass=klass).turn.ticket] = None
    line = world.hall.lines["a"]
    assert [place[2] for place in line] == sorted(told, key=lambda ticket: world.hall.turns[ticket].place)
    last = world.draws("a", klass="priority")
    world.opens(1)
    order = numbers_called(world, 1)
    assert order.index(last.turn.number) == last.ahead


def test_a_paused_shift_is_told_apart_from_an_open_one():
    world = Story()
    world.opens(1)
    shift = world.hall.shifts["hall-1"]
    assert shift.calling
    assert not replace(shift, paused_at=world.clock.now()).calling
    assert not replace(shift, closed_at=world.clock.now()).calling
