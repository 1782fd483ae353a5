"""The hall is one fold of the journal: total, idempotent, and the same from a checkpoint as from the first entry."""

from dataclasses import replace

import pytest

from server.domain import fold
from server.domain import hall as halls
from server.domain.calls import KEPT
from server.domain.entries import seal
from server.domain.hall import Hall
from tests.world import Story


def busy_day() -> Story:
    world = Story()
    for n in (1, 2, 3):
        world.opens(n)
    drawn = [world.draws("ab"[i % 2], klass=("ordinary", "priority")[i % 3 == 0]).turn.ticket for i in range(12)]
    world.clock.advance(minutes=3)
    for n in (1, 2, 3):
        ticket = world.calls(n).turn.ticket
        world.recalls(ticket, n)
        world.clock.advance(seconds=61)
    world.starts(world.hall.at_counter["hall-1"], 1)
    world.no_show(world.hall.at_counter["hall-2"], 2)
    world.finishes(world.hall.at_counter["hall-3"], 3)
    world.withdraws(next(ticket for ticket in reversed(drawn) if world.hall.turns[ticket].state == "waiting"))
    world.pauses(2)
    world.clock.advance(minutes=5)
    return world


def several_days() -> Story:
    """Two nights, over which the person at counter 1 is carried."""
    world = busy_day()
    world.clock.advance(hours=24)
    world.opens(3)
    world.draws("b")
    world.clock.advance(hours=24)
    world.draws("a")
    return world


def test_an_entry_that_is_known_changes_nothing():
    world = several_days()
    for stroke in world.written:
        assert fold.apply(world.hall, stroke.entry) is world.hall


def test_each_entry_applied_twice_is_applied_once():
    hall = Hall(site="hall")
    for entry in several_days().entries:
        once = fold.apply(hall, entry)
        hall = fold.apply(once, entry)
        assert hall is once


def test_a_kind_that_is_not_known_only_moves_the_sequence():
    world = busy_day()
    entry, _text = seal(
        site="hall",
        seq=world.hall.seq + 1,
        at=world.clock.now(),
        kind="moon.risen",
        actor="test:1",
        body={"v": 9, "phase": "full"},
        prev=world.hall.hash,
    )
    after = fold.apply(world.hall, entry)
    moved = replace(world.hall, seq=entry.seq, hash=entry.hash, at=entry.at, touched=(), touched_shift=None)
    assert after == moved


def test_a_gap_in_the_story_is_a_programming_error():
    world = busy_day()
    with pytest.raises(ValueError, match="does not follow"):
        fold.apply(Hall(site="hall"), world.entries[1])


def test_the_hall_of_the_actions_is_the_fold_of_their_entries():
    world = several_days()
    assert fold.fold(Hall(site="hall"), world.entries) == world.hall


def test_a_fold_can_stop_anywhere_and_go_on():
    world = several_days()
    for cut in range(0, len(world.entries), 7):
        first = fold.fold(Hall(site="hall"), world.entries[:cut])
        assert fold.fold(first, world.entries[cut:]) == world.hall


def test_a_fold_from_the_last_closed_day_is_the_full_fold():
    world = several_days()
    closed = [entry for entry in world.entries if entry.kind == "day.closed"]
    assert len(closed) == 2
    for checkpoint in closed:
        start = replace(Hall(site="hall"), seq=checkpoint.seq - 1, setup=world.setup)
        assert fold.fold(start, world.entries[checkpoint.seq - 1 :]) == world.hall


def test_an_entry_touches_the_one_turn_or_shift_that_it_speaks_of():
    for stroke in several_days().written:
        hall, entry = stroke.hall, stroke.entry
        about = entry.kind.split(".")[0]
        assert (hall.touched_turn is not None) == (about == "ticket"), entry.kind
        assert (hall.touched_shift is not None) == (about == "shift"), entry.kind
        if hall.touched_turn is not None:
            assert hall.touched_turn.ticket == entry.body["ticket"]
            assert (hall.touched_turn.state == "ended") == (entry.body["ticket"] not in hall.turns)
        if hall.touched_shift is not None:
            assert hall.touched_shift.counter == entry.body["counter"]


def test_lines_hold_exactly_those_who_wait_in_the_order_of_their_due_times():
    for stroke in several_days().written:
        waiting = {turn.place for turn in stroke.hall.turns.values() if turn.state == "waiting"}
        places = [place for line in stroke.hall.lines.values() for place in line]
        assert len(places) == len(waiting)
        assert set(places) == waiting
        assert all(list(line) == sorted(line) for line in stroke.hall.lines.values())


def test_a_counter_has_at_most_one_person_and_that_person_knows_the_counter():
    for stroke in several_days().written:
        there = {
            turn.ticket: turn.counter for turn in stroke.hall.turns.values() if turn.state in ("called", "serving")
        }
        assert {ticket: counter for counter, ticket in stroke.hall.at_counter.items()} == there


def test_the_board_shows_the_newest_call_first_and_a_recall_moves_up():
    world = Story()
    one, two = world.draws("a").turn.ticket, world.draws("b").turn.ticket
    world.opens(1)
    world.opens(2)
    world.calls(1)
    world.calls(2)
    assert [call.ticket for call in world.hall.calls] == [two, one]
    world.recalls(one, 1)
    assert [call.ticket for call in world.hall.calls] == [one, two]
    assert world.hall.calls[0].seq == world.hall.seq


def test_a_recall_reaches_the_board_even_after_many_later_calls():
    world = Story()
    world.opens(1)
    world.opens(3)
    patient = world.draws("a").turn.ticket
    world.calls(1)
    for _ in range(KEPT + 3):
        world.draws("b")
        world.calls(3, ending="finished")
    assert patient not in {call.ticket for call in world.hall.calls}
    world.recalls(patient, 1)
    assert world.hall.calls[0].ticket == patient
    assert len(world.hall.calls) == KEPT


def test_the_board_forgets_yesterday():
    world = busy_day()
    world.clock.advance(hours=24)
    world.ticks()
    assert world.hall.calls == ()


def test_only_an_open_shift_that_serves_the_line_counts_as_an_open_counter():
    world = Story()
    assert halls.counters_open(world.hall, "a") == 0
    for n in (1, 2, 3):
        world.opens(n)
    assert halls.counters_open(world.hall, "a") == 2
    world.pauses(1)
    assert halls.counters_open(world.hall, "a") == 1
    world.closes(3)
    assert halls.counters_open(world.hall, "a") == 0
    world.resumes(1)
    assert halls.counters_open(world.hall, "a") == 1


def test_pauses_add_up_over_a_shift_and_the_end_of_the_shift_ends_the_last():
    world = Story()
    world.opens(1)
    for minutes in (5, 7):
        world.pauses(1)
        world.clock.advance(minutes=minutes)
        world.resumes(1)
        world.clock.advance(minutes=1)
    world.pauses(1, "prayer")
    assert world.hall.shifts["hall-1"].pause_reason == "prayer"
    world.clock.advance(minutes=3)
    shift = world.closes(1).shift
    assert shift.paused_s == 15 * 60
    assert (shift.paused_at, shift.pause_reason) == (None, None)
    assert shift.closed_at == world.clock.now()
