"""One agent per counter, one counter per agent; and a turn never leaves its counter because a machine died."""

from datetime import timedelta

import pytest

from server.actions import serving, shifts
from server.domain.errors import Refusal
from tests.world import MORNING, Story


@pytest.fixture
def world():
    world = Story()
    world.opens(1)
    return world


def manager_closes(world, n):
    return world.does(shifts.close_for_agent, counter=world.counter(n))


def test_a_shift_says_what_the_counter_serves_and_helps_with():
    world = Story()
    opened = world.opens(2)
    assert (opened.shift.serves, opened.shift.helps[0].service, opened.shift.agent) == (("b",), "a", "agent2")
    assert world.entries[-1].body["helps"] == [{"service": "a", "after_s": 600}]


def test_a_counter_is_taken_by_one_agent(world):
    assert world.opens(1, agent="other") == Refusal("counter_taken", {"counter": "1"})
    assert world.opens(1) == Refusal("counter_taken", {"counter": "1"})


def test_an_agent_is_at_one_counter(world):
    assert world.opens(3, agent="agent1") == Refusal("agent_elsewhere", {"counter": "1"})
    world.closes(1)
    assert hasattr(world.opens(3, agent="agent1"), "shift")


def test_a_counter_that_is_not_there_can_be_neither_opened_nor_closed(world):
    assert world.opens(9) == Refusal("no_such_counter")
    assert world.closes(9) == Refusal("no_such_counter")
    assert manager_closes(world, 9) == Refusal("no_such_counter")
    assert world.pauses(9) == Refusal("no_such_counter")


def test_a_closed_counter_can_be_neither_closed_nor_paused(world):
    for did in (world.closes(3), world.pauses(3), world.resumes(3), manager_closes(world, 3)):
        assert did == Refusal("counter_closed", {"counter": "3"})


def test_only_the_agent_himself_closes_pauses_and_resumes(world):
    refused = Refusal("not_your_counter", {"counter": "1"})
    assert world.closes(1, agent="other") == refused
    for action, more in ((shifts.pause, {"reason": "rest"}), (shifts.resume, {})):
        assert world.does(action, counter="hall-1", agent="other", **more) == refused


def test_a_pause_has_a_reason_of_the_list_begins_once_and_ends_once(world):
    assert world.pauses(1, "shopping") == Refusal("no_such_pause_reason")
    assert world.resumes(1) == Refusal("not_paused", {"counter": "1"})
    assert world.pauses(1, "meal").shift.pause_reason == "meal"
    assert world.pauses(1) == Refusal("already_paused", {"counter": "1"})
    world.clock.advance(minutes=10)
    assert world.resumes(1).shift.paused_s == 600


def test_nobody_goes_home_while_somebody_is_at_the_counter(world):
    ticket = world.draws("a").turn.ticket
    world.calls(1)
    assert world.closes(1) == Refusal("counter_busy", {"number": "A001", "counter": "1"})
    world.finishes(ticket, 1)
    assert hasattr(world.closes(1), "shift")


def test_a_shift_that_a_dead_machine_left_open_is_closed_by_the_same_agent(world):
    world.clock.advance(hours=2)
    assert hasattr(world.closes(1), "shift")
    assert hasattr(world.opens(1), "shift")


def test_the_manager_closes_a_shift_and_the_person_stays_with_the_counter(world):
    ticket = world.draws("a").turn.ticket
    world.draws("a")
    world.calls(1)
    closed = manager_closes(world, 1)
    assert closed.shift.closed_at == world.clock.now()
    assert (world.entries[-1].body["agent"], world.entries[-1].body["why"]) == ("agent1", "manager")
    assert world.hall.at_counter["hall-1"] == ticket

    world.opens(1, agent="other")
    assert world.does(shifts.close, counter="hall-1", agent="other").code == "counter_busy"
    assert world.starts(ticket, 1).code == "not_your_counter"
    assert world.calls(1, agent="other", ending="finished").turn.number == "A002"


def test_after_the_manager_closed_it_the_agent_may_still_end_whom_he_called(world):
    ticket = world.draws("a").turn.ticket
    world.calls(1)
    manager_closes(world, 1)
    assert world.recalls(ticket, 3).code == "not_your_counter"
    assert world.finishes(ticket, 1).turn.ending == "served"


def test_of_two_who_close_the_same_shift_the_second_finds_it_closed(world):
    assert hasattr(manager_closes(world, 1), "shift")
    assert world.closes(1).code == "counter_closed"


# ---------------------------------------------------------------- a machine that is gone


def takes_over(world, agent="agent2", seen_at=None, counter="hall-1"):
    return world.does(shifts.take_over, counter=counter, agent=agent, seen_at=seen_at)


def test_a_colleague_goes_on_where_a_machine_is_gone_and_finds_the_person_there():
    world = Story()
    world.opens(1)
    ticket = world.draws("a").turn.ticket
    world.calls(1)
    world.starts(ticket, 1)
    world.clock.advance(minutes=3)
    did = takes_over(world, seen_at=MORNING)
    assert (did.shift.agent, did.seq) == ("agent2", world.hall.seq)
    assert [entry.kind for entry in world.entries[-2:]] == ["shift.closed", "shift.opened"]
    assert world.entries[-2].body["why"] == "taken_over"
    assert world.entries[-2].body["agent"] == "agent1"
    turn = world.does(serving.finish, ticket=ticket, agent="agent2").turn
    assert turn.ending == "served"


def test_a_machine_that_gives_signs_is_not_taken_over():
    world = Story()
    world.opens(1)
    world.clock.advance(minutes=10)
    before = world.hall
    refused = takes_over(world, seen_at=world.clock.now() - timedelta(minutes=2, seconds=59))
    assert refused == Refusal("agent_there", {"counter": "1"})
    assert world.hall == before


def test_what_was_done_at_the_counter_is_a_sign_too():
    world = Story()
    world.opens(1)
    world.draws("a")
    world.clock.advance(minutes=10)
    world.calls(1)
    world.clock.advance(minutes=2)
    assert takes_over(world).code == "agent_there"
    world.clock.advance(minutes=1)
    assert takes_over(world).shift.agent == "agent2"


def test_nobody_takes_over_two_counters_or_a_closed_one_or_his_own():
    world = Story()
    world.opens(1)
    world.opens(2)
    world.clock.advance(minutes=5)
    assert takes_over(world, agent="agent2").code == "agent_elsewhere"
    assert takes_over(world, agent="agent1").code == "agent_elsewhere"
    assert takes_over(world, agent="agent3", counter="hall-3").code == "counter_closed"
    assert takes_over(world, agent="agent3", counter="hall-9").code == "no_such_counter"


def test_of_two_who_take_over_one_is_too_late():
    world = Story()
    world.opens(1)
    world.clock.advance(minutes=5)
    assert takes_over(world, agent="agent2").shift.agent == "agent2"
    assert takes_over(world, agent="agent3").code == "agent_there"
