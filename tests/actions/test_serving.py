"""Start, finish, no-show: only at the turn's own counter, only in the states of the table."""

import pytest

from server.domain.errors import Refusal
from server.domain.tickets import MOVES
from tests.world import Story

VERBS = ("recalls", "starts", "finishes", "no_show")
NAMES = {"recalls": "recall", "starts": "start", "finishes": "finish", "no_show": "no_show", "withdraws": "withdraw"}


def in_state(state: str) -> tuple[Story, str]:
    world = Story()
    world.opens(1)
    ticket = world.draws("a").turn.ticket
    if state != "waiting":
        world.calls(1)
        world.recalls(ticket, 1)
        world.clock.advance(minutes=2)
    if state in ("serving", "ended"):
        world.starts(ticket, 1)
    if state == "ended":
        world.finishes(ticket, 1)
    return world, ticket


def does(world: Story, verb: str, ticket: str):
    return world.withdraws(ticket) if verb == "withdraws" else getattr(world, verb)(ticket, 1)


@pytest.mark.parametrize("state", ["waiting", "called", "serving", "ended"])
@pytest.mark.parametrize("verb", [*VERBS, "withdraws"])
def test_every_verb_in_every_state_does_what_the_table_says(verb, state):
    world, ticket = in_state(state)
    before, count = world.hall, len(world.written)
    move = MOVES[NAMES[verb]]
    did = does(world, verb, ticket)
    if state in move.from_states:
        assert did.turn.state == move.to_state
        assert did.turn.ending == move.ending
        assert world.kinds[-1] == move.entry
        assert did.seq == world.hall.seq == count + 1
    else:
        assert did.code == "illegal_move"
        assert world.hall == before
        assert len(world.written) == count


@pytest.mark.parametrize("verb", VERBS)
def test_no_other_counter_may_move_a_turn(verb):
    world, ticket = in_state("called")
    world.opens(3)
    assert getattr(world, verb)(ticket, 3) == Refusal("not_your_counter", {"counter": "1"})


@pytest.mark.parametrize(("verb", "again"), [("starts", "starts"), ("finishes", "finishes"), ("no_show", "no_show")])
def test_the_second_of_two_clicks_at_once_finds_it_done(verb, again):
    world, ticket = in_state("called")
    assert hasattr(does(world, verb, ticket), "turn")
    assert does(world, again, ticket).code == "illegal_move"


@pytest.mark.parametrize(
    ("recalls", "seconds", "allowed"), [(0, 600, False), (1, 59, False), (1, 60, True), (2, 59, False), (3, 60, True)]
)
def test_a_no_show_needs_two_calls_and_a_minute(recalls, seconds, allowed):
    world = Story()
    world.opens(1)
    ticket = world.draws("a").turn.ticket
    world.calls(1)
    for _ in range(recalls):
        world.recalls(ticket, 1)
    world.clock.advance(seconds=seconds)
    did = world.no_show(ticket, 1)
    if allowed:
        assert did.turn.ending == "no_show"
    else:
        assert did == Refusal("no_show_too_soon", {"count": 2, "seconds": 60})


def test_a_visit_may_be_finished_without_a_start():
    world, ticket = in_state("called")
    assert world.finishes(ticket, 1).turn.started_at is None


@pytest.mark.parametrize("outcome", [None, "done", "document_missing", "other"])
def test_an_outcome_is_a_code(outcome):
    world, ticket = in_state("serving")
    assert world.finishes(ticket, 1, outcome=outcome).turn.outcome == outcome
    assert world.entries[-1].body["outcome"] == outcome


@pytest.mark.parametrize("outcome", ["", "Done", "two words", "é", "x" * 10_000, "done\n", "<b>done</b>"])
def test_an_outcome_that_is_not_on_the_list_is_refused(outcome):
    world, ticket = in_state("serving")
    assert world.finishes(ticket, 1, outcome=outcome) == Refusal("no_such_outcome")
    assert world.hall.turns[ticket].state == "serving"


def test_what_happened_is_counted_for_the_day():
    world = Story()
    world.opens(1)
    tickets = [world.draws("a").turn.ticket for _ in range(4)]
    world.calls(1)
    world.calls(1, ending="finished")
    world.recalls(tickets[1], 1)
    world.clock.advance(minutes=1)
    world.no_show(tickets[1], 1)
    world.withdraws(tickets[2])
    tally = world.hall.tally
    assert (tally.drawn, tally.served, tally.no_shows, tally.withdrawn, tally.not_served) == (4, 1, 1, 1, 0)
