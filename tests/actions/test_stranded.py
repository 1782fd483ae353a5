"""Whoever waits for a service that is suspended: told where else to go, moved only if he wants, and by nobody else's choice."""

from server.actions import notices
from server.domain.entries import instant
from server.domain.errors import Refusal
from server.domain.line import line
from server.domain.sites import setup_from_body, setup_to_body
from tests.days.auditor import audit
from tests.world import Story, small_setup


def suspended(**facts):
    world = Story()
    world.opens(1)
    world.opens(2)
    ticket = world.draws("a").turn.ticket
    world.clock.advance(minutes=10)
    world.draws("b")
    world.does(notices.suspend, service="a", reason="system_down", **facts)
    return world, ticket


def test_who_waits_for_a_suspended_service_is_transferred_with_the_time_at_which_he_came():
    world, ticket = suspended(instead="b")
    before = world.hall.turns[ticket]
    turn = world.transfers(ticket, 9, service="b").turn
    assert (turn.number, turn.service, turn.state) == ("A001", "b", "waiting")
    assert (turn.arrived_at, turn.due_at) == (before.arrived_at, before.due_at)
    body = world.entries[-1].body
    assert (body["counter"], body["zone"], body["to_counter"], body["served"]) == (None, None, None, False)
    assert instant(body["arrived_at"]) == before.joined_at
    assert world.hall.lines["a"] == ()
    assert world.calls(2).turn.ticket == ticket
    world.finishes(ticket, 2)
    world.clock.advance(hours=24)
    world.ticks()
    audit(world.entries)


def test_nobody_is_moved_by_the_suspension_itself_and_calling_goes_on():
    world, ticket = suspended(instead="b")
    assert world.hall.turns[ticket].service == "a"
    assert world.calls(1).turn.ticket == ticket


def test_out_of_a_line_that_is_not_suspended_nobody_is_transferred():
    world, ticket = suspended(instead="b")
    world.does(notices.lift, service="a")
    assert world.transfers(ticket, 1, service="b").code == "illegal_move"
    assert world.transfers(world.draws("a").turn.ticket, 1, service="b").code == "illegal_move"


def test_nobody_is_taken_from_the_line_to_a_counter_or_to_where_he_stands():
    world, ticket = suspended()
    before = world.hall
    for target in ({"counter": "hall-1"}, {"service": "b", "counter": "hall-2"}, {"service": "a"}):
        assert world.transfers(ticket, 1, **target).code == "transfer_nowhere"
    assert world.transfers(ticket, 1, service="b", served=True).code == "illegal_move"
    assert world.hall == before
    assert world.transfers(ticket, 1, service="b").turn.service == "b"


def test_where_a_service_is_named_it_is_that_one_and_no_suspended_one():
    world, ticket = suspended(instead="b")
    world.does(notices.suspend, service="b", reason="safety")
    assert world.hall.setup.instead_of == {}
    assert world.transfers(ticket, 1, service="b") == Refusal("suspended", {"reason": "safety"})
    assert world.does(notices.suspend, service="a", reason="safety", instead="b").code == "suspended"
    assert world.does(notices.suspend, service="a", reason="safety", instead="a") == Refusal("invalid_input")
    assert world.does(notices.suspend, service="a", reason="safety", instead="z") == Refusal("no_such_service")


def test_the_line_that_phones_read_names_it_and_the_set_up_keeps_it():
    world, _ticket = suspended(instead="b")
    assert line(world.hall, "a", world.clock.now())["instead"] == "b"
    assert "instead" not in line(world.hall, "b", world.clock.now())
    body = setup_to_body(world.hall.setup)
    assert setup_from_body(body) == world.hall.setup
    del body["suspended"][0]["instead"]
    assert setup_from_body(body).instead_of == {}
    assert small_setup().instead_of == {}
