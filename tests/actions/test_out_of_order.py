"""Calling somebody before others: possible, with a reason, and everybody who is passed stands in the entry."""

import pytest

from server.domain.errors import Refusal
from tests.world import Story, small_setup


@pytest.fixture
def world():
    world = Story()
    world.opens(1)
    world.opens(2)
    return world


def test_those_who_are_passed_stand_in_the_entry_in_order(world):
    tickets = []
    for klass in ("ordinary", "ordinary", "priority", "ordinary"):
        tickets.append(world.draws("a", klass=klass).turn.ticket)
        world.clock.advance(minutes=1)
    did = world.calls_out_of_order(tickets[3], 1, why="medical")
    assert did.turn.state == "called"
    assert list(did.overtaken) == [tickets[2], tickets[0], tickets[1]]
    body = world.entries[-1].body
    assert body["overtaken"] == list(did.overtaken)
    assert (body["why"], body["rule"], body["sealed"]) == ("medical", 1, None)
    assert world.calls(1, ending="finished").turn.ticket == tickets[2]


def test_whom_the_counter_would_have_called_from_other_lines_is_passed_too(world):
    world.opens(3)
    other = world.draws("b").turn
    world.clock.advance(minutes=1)
    wanted = world.draws("a").turn
    assert list(world.calls_out_of_order(wanted.ticket, 3).overtaken) == [other.ticket]


def test_a_counter_that_only_helps_may_call_before_the_time_and_it_counts_as_out_of_order(world):
    world.draws("a")
    wanted = world.draws("a").turn
    did = world.calls_out_of_order(wanted.ticket, 2)
    assert len(did.overtaken) == 1


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"why": "a friend"}, Refusal("no_such_reason")),
        ({"why": "other"}, Refusal("note_required")),
        ({"counter": "hall-9"}, Refusal("no_such_counter")),
        ({"counter": "hall-3"}, Refusal("counter_closed", {"counter": "3"})),
        ({"agent": "agent2"}, Refusal("not_your_counter", {"counter": "1"})),
        ({"ticket": "hall-999"}, Refusal("no_such_ticket", {"number": "hall-999"})),
    ],
)
def test_it_is_refused_with_a_code_and_changes_nothing(world, facts, refusal):
    ticket = world.draws("a").turn.ticket
    before = world.hall
    assert world.calls_out_of_order(**{"ticket": ticket, "n": 1, **facts}) == refusal
    assert world.hall == before


def test_a_line_that_the_counter_has_nothing_to_do_with_is_refused(world):
    ticket = world.draws("b").turn.ticket
    assert world.calls_out_of_order(ticket, 1) == Refusal("not_served_here", {"number": "B001", "counter": "1"})


def test_whoever_waits_for_another_counter_alone_is_refused(world):
    world.opens(3)
    ticket = world.draws("a").turn.ticket
    world.calls(1)
    world.transfers(ticket, 1, counter="hall-3")
    assert world.calls_out_of_order(ticket, 1) == Refusal("bound_elsewhere", {"number": "A001", "counter": "3"})


def test_nobody_is_called_who_does_not_wait(world):
    ticket = world.draws("a").turn.ticket
    world.calls(1)
    world.finishes(ticket, 1)
    assert world.calls_out_of_order(ticket, 1).code == "illegal_move"


def test_with_somebody_at_the_counter_it_needs_an_ending_and_ends_nothing_when_refused(world):
    present, wanted = world.draws("a").turn, world.draws("a").turn
    world.calls(1)
    assert world.calls_out_of_order(wanted.ticket, 1).code == "counter_busy"
    before = world.hall
    assert world.calls_out_of_order(present.ticket, 1, ending="finished").code == "illegal_move"
    assert world.hall == before
    assert world.calls_out_of_order(wanted.ticket, 1, ending="finished").turn.ticket == wanted.ticket
    assert world.entries[-1].body["ended_seq"] == world.hall.seq - 1


def test_undone_it_stays_in_the_story(world):
    world.draws("a")
    wanted = world.draws("a").turn
    seq = world.calls_out_of_order(wanted.ticket, 1).seq
    assert world.undoes(wanted.ticket, 1).turn == wanted
    assert world.entries[-1].body["undone"][0]["seq"] == seq


def test_a_site_may_have_reasons_of_its_own():
    world = Story(small_setup(call_reasons=("storm",)))
    world.opens(1)
    ticket = world.draws("a").turn.ticket
    assert world.calls_out_of_order(ticket, 1, why="medical") == Refusal("no_such_reason")
    assert world.calls_out_of_order(ticket, 1, why="storm").why == "storm"
