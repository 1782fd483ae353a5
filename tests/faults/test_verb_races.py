"""The same ticket, two keys, one moment: one wins, the other gets a clear refusal or the next person. On real databases,
with threads that really run at once.
"""

from functools import partial

import pytest

from server.actions import calling, serving, shifts, turns
from server.actions.calling import Called, CalledOutOfOrder, NobodyWaiting
from server.domain.errors import Refusal
from server.domain.explaining import recalled
from server.domain.fold import apply
from server.domain.hall import Hall
from server.store.transact import Done
from tests.faults.test_races import everybody

ROUNDS = 6
pytestmark = pytest.mark.slow


@pytest.fixture
def open_hall(hall):
    for n in (1, 2, 3):
        assert isinstance(hall.opens(n), Done)
    return hall


def ticket_of(hall, service="a"):
    return hall.draws(service).did.turn.ticket


def move(hall, verb, ticket, n, **facts):
    """A key of agent `n`, as another process would have pressed it."""
    return partial(hall.does, partial(verb, ticket=ticket, agent=f"agent{n}", **facts), actor=f"agent:agent{n}")


def before_others(hall, ticket, n, **facts):
    facts = {"counter": f"hall-{n}", "agent": f"agent{n}", "ticket": ticket, "why": "our_error", **facts}
    return partial(hall.does, partial(calling.call_out_of_order, **facts), actor=f"agent:agent{n}")


def won(outcomes):
    return [one for one in outcomes if isinstance(one, Done)]


def codes(outcomes):
    return {one.code for one in outcomes if isinstance(one, Refusal)}


def proved(hall):
    """The chain holds, rows are what it says, and the rule makes every call once more."""
    assert hall.holds()
    now = Hall(site="hall")
    for entry in hall.entries:
        assert list(recalled(now, entry)) == []
        now = apply(now, entry)


def finish_present(hall, n):
    present = hall_now(hall).at_counter.get(f"hall-{n}")
    if present is not None:
        hall.does(partial(serving.finish, ticket=present, agent=f"agent{n}"))


def hall_now(hall):
    with hall.engine.connect() as conn:
        return hall.writer.halls.caught_up(conn, "hall")


def test_two_agents_call_the_same_person_before_others(open_hall):
    for _ in range(ROUNDS):
        ticket_of(open_hall)
        wanted = ticket_of(open_hall)
        did = everybody(before_others(open_hall, wanted, 1), before_others(open_hall, wanted, 3))
        assert len(won(did)) == 1
        assert codes(did) == {"illegal_move"}
        for n in (1, 3):
            finish_present(open_hall, n)
    proved(open_hall)


def test_one_calls_by_the_rule_while_another_calls_the_same_person_before_others(open_hall):
    for _ in range(ROUNDS):
        first, second = ticket_of(open_hall), ticket_of(open_hall)
        did = everybody(partial(open_hall.calls, 1), before_others(open_hall, first, 3))
        by_rule, preferred = did
        assert isinstance(by_rule.did, Called)
        if isinstance(preferred, Done):
            assert isinstance(preferred.did, CalledOutOfOrder)
            assert (by_rule.did.turn.ticket, preferred.did.turn.ticket) == (second, first)
        else:
            assert preferred.code == "illegal_move"
            assert by_rule.did.turn.ticket == first
            open_hall.calls(3)
        for n in (1, 3):
            finish_present(open_hall, n)
    proved(open_hall)


def test_one_transfers_while_another_calls(open_hall):
    """The transferred person is called at once by the other line's counter, or that counter finds nobody."""
    for _ in range(ROUNDS):
        ticket = ticket_of(open_hall)
        open_hall.calls(1)
        moved, called = everybody(move(open_hall, turns.transfer, ticket, 1, service="b"), partial(open_hall.calls, 2))
        assert isinstance(moved, Done)
        assert isinstance(called.did, Called | NobodyWaiting)
        if isinstance(called.did, NobodyWaiting):
            called = open_hall.calls(2)
        assert called.did.turn.ticket == ticket
        finish_present(open_hall, 2)
    proved(open_hall)


def test_undo_races_the_call_that_builds_on_it(open_hall):
    """Either the transfer is taken back and nobody is called, or somebody was called and nothing is taken back."""
    for _ in range(ROUNDS):
        ticket = ticket_of(open_hall)
        open_hall.calls(1)
        move(open_hall, turns.transfer, ticket, 1, service="b")()
        undone, called = everybody(move(open_hall, turns.undo, ticket, 1), partial(open_hall.calls, 2))
        if isinstance(undone, Done):
            assert isinstance(called.did, NobodyWaiting)
            assert undone.did.turn.state == "called"
            finish_present(open_hall, 1)
        else:
            assert undone.code == "nothing_to_undo"
            assert called.did.turn.ticket == ticket
            finish_present(open_hall, 2)
    proved(open_hall)


@pytest.mark.parametrize("verb", ["finish", "park", "transfer", "no_show", "undo"])
def test_a_double_click_does_it_once(open_hall, verb):
    keys = {
        "finish": (serving.finish, {}),
        "park": (turns.park, {}),
        "transfer": (turns.transfer, {"service": "b"}),
        "no_show": (serving.no_show, {}),
        "undo": (turns.undo, {}),
    }
    action, facts = keys[verb]
    for _ in range(ROUNDS):
        ticket = ticket_of(open_hall)
        open_hall.calls(1)
        if verb == "no_show":
            open_hall.does(partial(calling.recall, ticket=ticket, agent="agent1"))
            open_hall.clock.advance(minutes=2)
        did = everybody(*(move(open_hall, action, ticket, 1, **facts) for _ in range(4)))
        assert len(won(did)) == 1
        assert codes(did) <= {"illegal_move", "nothing_to_undo"}
        open_hall.clock.advance(minutes=1)
        if verb == "undo":
            open_hall.calls(1)
            finish_present(open_hall, 1)
        elif verb == "transfer":
            open_hall.calls(2)
            finish_present(open_hall, 2)
    proved(open_hall)


def test_two_put_the_same_person_back_and_he_stands_in_the_line_once(open_hall):
    for _ in range(2):
        ticket = ticket_of(open_hall)
        open_hall.calls(1)
        open_hall.does(partial(calling.recall, ticket=ticket, agent="agent1"))
        open_hall.clock.advance(minutes=2)
        open_hall.does(partial(serving.no_show, ticket=ticket, agent="agent1"))
        did = everybody(*(move(open_hall, turns.put_back, ticket, n) for n in (1, 2, 3)))
        assert len(won(did)) == 1
        assert codes(did) == {"illegal_move"}
        assert [place[2] for place in hall_now(open_hall).lines["a"]] == [ticket]
        open_hall.calls(1)
        finish_present(open_hall, 1)
    proved(open_hall)


def test_two_colleagues_take_over_one_counter(open_hall):
    open_hall.clock.advance(minutes=5)
    take = lambda agent: partial(  # noqa: E731
        open_hall.does, partial(shifts.take_over, counter="hall-1", agent=agent, seen_at=None)
    )
    did = everybody(take("agent8"), take("agent9"))
    assert len(won(did)) == 1
    assert codes(did) == {"agent_there"}
    proved(open_hall)


def test_who_parks_and_who_calls_next_get_different_counters_and_no_person_twice(open_hall):
    """Counter 1 parks its person while counter 3, which serves the same line, calls and finishes in a row."""
    for _ in range(ROUNDS):
        ticket = ticket_of(open_hall)
        ticket_of(open_hall)
        open_hall.calls(1)
        parked, called = everybody(move(open_hall, turns.park, ticket, 1), partial(open_hall.calls, 3))
        assert isinstance(parked, Done)
        assert called.did.turn.ticket != ticket
        everybody(move(open_hall, turns.resume, ticket, 1), partial(open_hall.calls, 3, ending="finished"))
        present = hall_now(open_hall).at_counter
        if ticket not in present.values():
            assert open_hall.calls(1).did.turn.ticket == ticket
        for n in (1, 3):
            finish_present(open_hall, n)
    proved(open_hall)
