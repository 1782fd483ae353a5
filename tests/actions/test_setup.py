"""Changing the set-up: whole, once, and never under the feet of somebody who is being served."""

from dataclasses import replace
from datetime import date

from server.actions import setup as setups
from server.actions import shifts
from server.actions.setup import Changed
from server.domain.calendar import Span, SpecialOpening
from server.domain.errors import Refusal
from server.domain.sites import Rule
from tests.world import Story, small_setup

NIGHT = SpecialOpening(on=date(2026, 11, 24), spans=(Span(opens_min=0, closes_min=1440),), reason="backlog")


def test_the_first_set_up_opens_the_first_day():
    assert Story().kinds == ["setup.changed", "day.opened"]


def test_the_same_set_up_once_more_writes_nothing():
    world = Story()
    assert world.does(setups.put_in_force, setup=small_setup()) == Changed(seq=None)
    assert len(world.written) == 2


def test_a_change_carries_the_whole_set_up_and_holds_at_once():
    world = Story()
    changed = world.does(setups.put_in_force, setup=small_setup(rule=Rule(version=2, head_starts={"priority": 60})))
    assert changed.seq == world.hall.seq == 3
    assert set(world.entries[-1].body["setup"]) == set(world.entries[0].body["setup"])
    world.draws("a", klass="priority")
    assert world.entries[-1].body["due_at"] == "2026-11-24T08:59:00.000Z"


def test_a_special_opening_opens_the_night_and_leaves_the_rest_as_it_was():
    world = Story()
    world.clock.advance(hours=11)
    assert world.draws("a").code == "service_closed"
    world.does(setups.open_specially, opening=NIGHT)
    assert world.draws("a").turn.number == "A001"
    assert replace(world.hall.setup, hours=world.setup.hours) == world.setup


def test_the_same_special_opening_once_more_writes_nothing_and_another_replaces_it():
    world = Story()
    world.does(setups.open_specially, opening=NIGHT)
    assert world.does(setups.open_specially, opening=NIGHT) == Changed(seq=None)
    world.does(setups.open_specially, opening=replace(NIGHT, spans=()))
    assert [special.spans for special in world.hall.setup.hours.specials] == [()]


def test_a_site_without_a_set_up_has_no_hours_to_change():
    assert Story(set_up=False).does(setups.open_specially, opening=NIGHT) == Refusal("no_such_site")


def test_a_counter_where_an_agent_works_stays_in_the_set_up():
    world = Story()
    world.opens(1)
    smaller = small_setup(counters=small_setup().counters[1:])
    assert world.does(setups.put_in_force, setup=smaller) == Refusal("counter_taken", {"counter": "1"})
    world.closes(1)
    assert world.does(setups.put_in_force, setup=smaller).seq == world.hall.seq


def test_a_counter_where_somebody_is_served_stays_even_without_an_agent():
    world = Story()
    world.opens(1)
    ticket = world.draws("a").turn.ticket
    world.calls(1)
    world.does(shifts.close_for_agent, counter="hall-1")
    smaller = small_setup(counters=small_setup().counters[1:])
    assert world.does(setups.put_in_force, setup=smaller) == Refusal("counter_busy", {"number": "A001", "counter": "1"})
    world.finishes(ticket, 1)
    assert world.does(setups.put_in_force, setup=smaller).seq == world.hall.seq


def test_a_shift_keeps_what_it_serves_until_it_is_opened_again():
    world = Story()
    world.opens(1)
    counters = (replace(small_setup().counters[0], serves=("b",)), *small_setup().counters[1:])
    world.does(setups.put_in_force, setup=small_setup(counters=counters))
    world.draws("a")
    world.draws("b")
    assert world.calls(1).turn.number == "A001"
    world.calls(1, ending="finished")
    world.closes(1)
    world.opens(1)
    assert world.calls(1).turn.number == "B001"
