"""The stretches of a turn add up, and one whose end is unknown is None and never nought."""

from hypothesis import given
from hypothesis import strategies as st

from server.domain.timings import timings
from tests.world import Story

seconds = st.integers(0, 3000)


def told(world: Story, ticket: str):
    return next(
        stroke.hall.touched_turn
        for stroke in reversed(world.written)
        if stroke.hall.touched_turn is not None and stroke.hall.touched_turn.ticket == ticket
    )


@given(seconds, st.lists(seconds, max_size=3), seconds, seconds)
def test_waiting_calling_walking_and_service_are_the_whole_visit(waits, recalls, walks, served):
    world = Story()
    world.opens(1)
    ticket = world.draws("a").turn.ticket
    world.clock.advance(seconds=waits)
    world.calls(1)
    for pause in recalls:
        world.clock.advance(seconds=pause)
        world.recalls(ticket, 1)
    world.clock.advance(seconds=walks)
    world.starts(ticket, 1)
    world.clock.advance(seconds=served)
    world.finishes(ticket, 1)
    turn = told(world, ticket)
    found = timings(turn)
    assert (found.waiting_s, found.calling_s, found.walking_s, found.service_s) == (waits, sum(recalls), walks, served)
    assert found.transaction_s == found.calling_s + found.walking_s + found.service_s
    assert found.waiting_s + found.transaction_s == (turn.ended_at - turn.joined_at).total_seconds()


def test_a_person_who_is_waiting_has_no_waiting_time_yet():
    assert set(vars_of(timings(Story().draws("a").turn))) == {None}


def test_a_turn_finished_without_a_start_has_a_transaction_but_no_service_time():
    world = Story()
    world.opens(1)
    ticket = world.draws("a").turn.ticket
    world.calls(1)
    world.clock.advance(seconds=90)
    world.finishes(ticket, 1)
    found = timings(told(world, ticket))
    assert (found.walking_s, found.service_s, found.transaction_s) == (None, None, 90)


def test_a_no_show_waited_and_was_called_but_has_neither_service_nor_transaction():
    world = Story()
    world.opens(1)
    ticket = world.draws("a").turn.ticket
    world.clock.advance(seconds=30)
    world.calls(1)
    world.clock.advance(seconds=60)
    world.recalls(ticket, 1)
    world.no_show(ticket, 1)
    assert vars_of(timings(told(world, ticket))) == [30, 60, None, None, None]


def vars_of(found):
    return [found.waiting_s, found.calling_s, found.walking_s, found.service_s, found.transaction_s]
