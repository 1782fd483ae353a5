"""Calling: one key, one person; two counters never the same; next ends and calls in one stroke."""

import pytest

from server.actions.calling import NobodyWaiting
from server.domain.errors import Refusal
from tests.world import Story


@pytest.fixture
def world():
    world = Story()
    world.opens(1)
    world.opens(3)
    return world


def test_two_counters_that_press_next_at_once_get_two_people(world):
    world.draws("a")
    world.draws("a")
    assert (world.calls(1).turn.number, world.calls(3).turn.number) == ("A001", "A002")


def test_the_loser_of_the_race_for_the_last_person_hears_that_nobody_waits(world):
    world.draws("a")
    assert world.calls(1).turn.number == "A001"
    assert world.calls(3) == NobodyWaiting(ended=None)


def test_next_while_somebody_is_there_is_refused_and_nobody_is_lost(world):
    world.draws("a")
    world.draws("a")
    world.calls(1)
    assert world.calls(1) == Refusal("counter_busy", {"number": "A001", "counter": "1"})
    assert world.calls(3).turn.number == "A002"


def test_next_with_an_ending_ends_and_calls_in_one_stroke(world):
    world.draws("a")
    world.draws("a")
    first = world.calls(1).turn.ticket
    count = len(world.written)
    called = world.calls(1, ending="finished", outcome="done")
    assert [entry.kind for entry in world.entries[count:]] == ["ticket.finished", "ticket.called"]
    assert world.entries[count].body["outcome"] == "done"
    assert called.turn.number == "A002"
    assert called.seq == world.hall.seq
    assert first not in world.hall.turns


def test_the_last_person_of_the_day_can_be_ended_by_next_though_nobody_follows(world):
    ticket = world.draws("a").turn.ticket
    world.calls(1)
    did = world.calls(1, ending="finished")
    assert isinstance(did, NobodyWaiting)
    assert (did.ended.turn.ticket, did.ended.turn.ending, did.ended.seq) == (ticket, "served", world.hall.seq)


def test_next_that_is_pressed_twice_does_not_end_the_person_just_called(world):
    for _ in range(3):
        world.draws("a")
    first = world.calls(1).turn.ticket
    second = world.calls(1, ending="finished", expected=first)
    again = world.calls(1, ending="finished", expected=first)
    assert again == Refusal("other_at_counter", {"number": second.turn.number, "counter": "1"})
    assert world.hall.turns[second.turn.ticket].state == "called"


def test_next_calls_where_the_expected_person_has_gone_already(world):
    world.draws("a")
    world.draws("a")
    first = world.calls(1).turn.ticket
    world.finishes(first, 1)
    assert world.calls(1, ending="finished", expected=first).turn.number == "A002"


def test_next_with_a_no_show_that_comes_too_soon_calls_nobody(world):
    world.draws("a")
    world.draws("a")
    first = world.calls(1).turn.ticket
    before = world.hall
    assert world.calls(1, ending="no_show").code == "no_show_too_soon"
    assert world.hall == before
    world.recalls(first, 1)
    world.clock.advance(seconds=60)
    assert world.calls(1, ending="no_show").turn.number == "A002"
    assert world.kinds[-2:] == ["ticket.no_show", "ticket.called"]


def test_next_with_an_outcome_that_is_no_code_changes_nothing(world):
    world.draws("a")
    world.draws("a")
    world.calls(1)
    before = world.hall
    assert world.calls(1, ending="finished", outcome="Mr Alami was rude") == Refusal("no_such_outcome")
    assert world.hall == before


def test_an_ending_given_at_an_empty_counter_simply_calls(world):
    world.draws("a")
    assert world.calls(1, ending="finished").turn.number == "A001"


@pytest.mark.parametrize(
    ("n", "agent", "code"),
    [
        (9, "agent1", "no_such_counter"),
        (2, "agent2", "counter_closed"),
        (1, "agent3", "not_your_counter"),
        (1, "stranger", "not_your_counter"),
    ],
)
def test_nobody_calls_from_where_he_is_not(world, n, agent, code):
    world.draws("a")
    assert world.calls(n, agent=agent).code == code
    assert len(world.hall.lines["a"]) == 1


def test_a_paused_counter_calls_nobody_but_can_end_whom_it_has(world):
    world.draws("a")
    world.draws("a")
    ticket = world.calls(1).turn.ticket
    world.pauses(1)
    assert world.calls(1, ending="finished") == Refusal("counter_paused", {"counter": "1"})
    assert world.finishes(ticket, 1).turn.ending == "served"
    world.resumes(1)
    assert world.calls(1).turn.number == "A002"


def test_a_recall_counts_and_is_for_the_called_alone(world):
    ticket = world.draws("a").turn.ticket
    assert world.recalls(ticket, 1).code == "illegal_move"
    world.calls(1)
    assert world.recalls(ticket, 1).turn.calls == 2
    assert world.recalls(ticket, 1).turn.calls == 3
    assert world.recalls(ticket, 3) == Refusal("not_your_counter", {"counter": "1"})
    world.starts(ticket, 1)
    assert world.recalls(ticket, 1) == Refusal("illegal_move", {"number": "A001"})


def test_a_call_names_its_counter_zone_and_agent(world):
    world.draws("a")
    world.calls(3)
    body = world.entries[-1].body
    assert (body["counter"], body["zone"], body["agent"], body["number"]) == ("hall-3", "main", "agent3", "A001")
