"""Undo: the state goes back to exactly what it was, the story stays, and nobody else's move is taken back with it."""

import pytest

from server.actions import help as help_calls
from server.domain import hall as halls
from server.domain.errors import Refusal
from tests.actions.test_turns import in_state, line
from tests.world import Story


def undo_after(verb):
    """A world in which agent 1 has just done `verb` to A001, and the hall before it."""
    state = {"starts": "called", "takes_up": "parked", "puts_back": "no_show"}.get(verb, "serving")
    world, ticket = in_state("called" if verb == "no_show" else state)
    world.draws("a")
    if verb == "no_show":
        world.recalls(ticket, 1)
        world.clock.advance(seconds=61)
    before = world.hall
    did = getattr(world, verb)(ticket, 1, **({"service": "b"} if verb == "transfers" else {}))
    assert not isinstance(did, Refusal)
    return world, ticket, before


#: What an entry of an undo may change: the story goes on, the state does not.
STORY = {"seq", "hash", "at", "acted", "touched", "touched_shift", "strokes", "learned", "calls"}


@pytest.mark.parametrize("verb", ["starts", "finishes", "no_show", "puts_back", "parks", "takes_up", "transfers"])
def test_an_undo_gives_back_exactly_what_was(verb):
    world, ticket, before = undo_after(verb)
    did = world.undoes(ticket, 1)
    assert world.kinds[-1] == "action.undone"
    assert did.seq == world.hall.seq
    for name in halls.Hall.__dataclass_fields__:
        # The board no longer says that he missed his call; an undo doesn't announce it again.
        if name not in STORY | ({"missed"} if verb == "puts_back" else set()):
            now, then = getattr(world.hall, name), getattr(before, name)
            assert _without_empty(now) == _without_empty(then), name


def _without_empty(value):
    return {key: held for key, held in value.items() if held != ()} if isinstance(value, dict) else value


def test_an_undone_call_gives_the_person_the_old_place_back():
    world = Story()
    world.opens(1)
    first, second = world.draws("a").turn, world.draws("a").turn
    call = world.calls(1)
    assert world.undoes(first.ticket, 1).turn == first
    assert line(world) == [first.number, second.number]
    assert [call.undone for call in world.hall.calls if call.number == first.number] == [True]
    assert world.entries[-1].body["undone"] == [
        {"seq": call.seq, "kind": "ticket.called", "ticket": first.ticket, "number": first.number}
    ]
    assert world.calls(1).turn.ticket == first.ticket


def test_undoing_next_brings_back_the_person_who_was_there():
    world, ticket = in_state("serving")
    other = world.draws("a").turn
    finished_seq = world.hall.seq + 1
    world.calls(1, ending="finished", outcome="done")
    assert world.undoes(other.ticket, 1).turn.state == "waiting"
    assert halls.turn_at(world.hall, "hall-1").ticket == ticket
    assert world.hall.turns[ticket].state == "serving"
    assert world.hall.tally.served == 0
    assert [one["seq"] for one in world.entries[-1].body["undone"]] == [finished_seq + 1, finished_seq]


def test_an_undone_turn_stays_in_the_story_as_undone():
    world, ticket = in_state("serving")
    opened_seq = world.transfers(ticket, 1, service="b").turn.opened_seq
    world.undoes(ticket, 1)
    unmade, back = world.hall.touched
    assert (unmade.opened_seq, unmade.ending) == (opened_seq, "undone")
    assert (back.state, back.service) == ("serving", "a")


def test_an_undo_comes_too_late_after_fifteen_seconds():
    world, ticket, _before = undo_after("finishes")
    world.clock.advance(seconds=15)
    assert not isinstance(world.undoes(ticket, 1), Refusal)
    world.finishes(ticket, 1)
    world.clock.advance(seconds=15.001)
    before = world.hall
    assert world.undoes(ticket, 1) == Refusal("undo_too_late")
    assert world.hall == before


def test_an_undo_can_not_be_undone():
    world, ticket, _before = undo_after("parks")
    world.undoes(ticket, 1)
    assert world.undoes(ticket, 1) == Refusal("nothing_to_undo")


@pytest.mark.parametrize("agent", [2, 4])
def test_nobody_undoes_a_colleague_s_key(agent):
    world, ticket, _before = undo_after("finishes")
    assert world.undoes(ticket, agent).code == ("nothing_to_undo" if agent == 2 else "no_shift")


def test_what_somebody_has_built_on_is_not_undone():
    """Transferred here, called there: the undo lost the race."""
    world, ticket, _before = undo_after("transfers")
    assert world.calls(2).turn.ticket == ticket
    assert world.undoes(ticket, 1) == Refusal("nothing_to_undo")


def test_nobody_is_given_back_to_a_counter_that_has_closed():
    """Taken up while counter 3, which he was sent to, was open; it has closed since."""
    world, ticket = in_state("serving")
    world.opens(3)
    world.transfers(ticket, 1, counter="hall-3")
    world.calls(3)
    world.parks(ticket, 3)
    world.takes_up(ticket, 1)
    world.closes(3)
    assert world.undoes(ticket, 1) == Refusal("nothing_to_undo")


def test_a_later_key_at_the_counter_is_the_last_one():
    world, ticket, _before = undo_after("finishes")
    world.calls(1)
    assert world.undoes(ticket, 1) == Refusal("nothing_to_undo")


def test_a_pause_is_a_later_key_but_a_draw_and_a_call_for_help_are_none():
    world, ticket, _before = undo_after("finishes")
    world.draws("a")
    world.does(help_calls.call, counter="hall-1", agent="agent1")
    assert not isinstance(world.undoes(ticket, 1), Refusal)
    world.finishes(ticket, 1)
    world.pauses(1)
    assert world.undoes(ticket, 1) == Refusal("nothing_to_undo")


def test_the_estimate_forgets_what_was_undone():
    world, ticket, before = undo_after("finishes")
    assert world.hall.learned != before.learned
    world.undoes(ticket, 1)
    learned = world.hall.learned
    assert not any(learned.turns_s.values())
