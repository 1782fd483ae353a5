"""The table of moves is the whole law of what may happen to a turn."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import tickets
from server.domain.tickets import MOVES
from tests.world import Story

STATES = ("waiting", "called", "serving", "parked", "ended")

#: Verb: states it may be done in → state after. The same table stands in docs/architecture.md.
LAW = """
call               waiting                -> called
call_out_of_order  waiting                -> called
recall             called                 -> called
start              called                 -> serving
finish             called serving         -> ended
no_show            called                 -> ended
put_back           ended                  -> ended
transfer           called parked serving  -> ended
transfer_suspended waiting                -> ended
withdraw           parked waiting         -> ended
expire             called parked waiting  -> ended
park               called serving         -> parked
resume             parked                 -> waiting
reclassify         waiting                -> waiting
"""


def printed() -> str:
    rows = (
        f"{move.verb:<18} {' '.join(sorted(move.from_states)):<22} -> {move.to_state}".rstrip()
        for move in MOVES.values()
    )
    return "\n" + "\n".join(rows) + "\n"


def test_the_table_can_be_printed_and_reads_as_the_law_says():
    assert printed() == LAW


def test_a_move_that_ends_a_turn_says_how_and_no_other_does():
    for move in MOVES.values():
        assert (move.to_state == "ended") == (move.ending is not None), move.verb


def test_every_move_is_written_down_under_a_name_of_its_own_but_the_two_transfers():
    others = [move.entry for move in MOVES.values() if move.verb != "transfer_suspended"]
    assert len(set(others)) == len(others)
    assert MOVES["transfer_suspended"].entry == MOVES["transfer"].entry
    assert all(move.entry.startswith("ticket.") for move in MOVES.values())


def test_every_state_but_the_end_leads_on_and_can_reach_the_end():
    reach = {"ended"}
    while more := {
        state for move in MOVES.values() for state in move.from_states if move.to_state in reach and state not in reach
    }:
        reach |= more
    assert reach == set(STATES)


def test_whatever_is_unserved_at_the_days_end_can_expire_and_who_is_being_served_can_not():
    assert MOVES["expire"].from_states == tickets.UNSERVED
    assert "serving" not in tickets.UNSERVED


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", MOVES)
def test_a_verb_may_be_done_in_the_states_of_its_row_alone(verb, state):
    turn = replace(Story().draws("a").turn, state=state)
    allowed = next(row for row in LAW.strip().splitlines() if row.split()[0] == verb).split("->")[0].split()[1:]
    assert tickets.may(verb, turn) == (state in allowed)


@given(st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True), st.integers(1, 10**15 - 1))
def test_a_tickets_id_names_its_site_and_the_entry_that_drew_it(site, seq):
    assert tickets.site_and_seq(tickets.ticket_id(site, seq)) == (site, seq)


@pytest.mark.parametrize(
    "text", ["", "-", "hall", "hall-", "-3", "hall-03", "hall-x", "hall-٣", "hall-0", "hall-" + "9" * 16]
)
def test_what_can_not_be_a_tickets_id_is_seen_at_once(text):
    assert tickets.site_and_seq(text) is None


def test_a_turn_that_is_carried_over_the_night_is_the_same_in_the_morning():
    world = Story()
    world.opens(1)
    ticket = world.draws("a", klass="priority").turn.ticket
    world.calls(1)
    world.starts(ticket, 1)
    turn = replace(world.hall.turns[ticket], point_s=None, told=None)
    assert tickets.turn_from_body(tickets.turn_to_body(turn)) == turn
