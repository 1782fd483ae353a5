"""Changing the set-up: whole, once, and never under the feet of somebody who is being served."""

from dataclasses import replace
from datetime import date

from server.actions import setup as setups
from server.actions import shifts
from server.actions.setup import Changed
from server.domain.calendar import Holiday, Span, SpecialOpening
from server.domain.draw_limits import DrawLimits
from server.domain.errors import Refusal
from server.domain.sites import Counter, Helps
from tests.world import Story, small_setup, weekly

NIGHT = SpecialOpening(on=date(2026, 11, 24), spans=(Span(opens_min=0, closes_min=1440),), reason="backlog")


def test_the_first_set_up_opens_the_first_day():
    assert Story().kinds == ["setup.changed", "day.opened"]


def test_the_same_set_up_once_more_writes_nothing():
    world = Story()
    assert world.does(setups.put_in_force, setup=small_setup()) == Changed(seq=None)
    assert len(world.written) == 2


def test_a_change_carries_the_whole_set_up_and_holds_at_once():
    world = Story()
    changed = world.does(setups.put_in_force, setup=small_setup(languages=("ar", "fr", "es")))
    assert changed.seq == world.hall.seq == 3
    assert set(world.entries[-1].body["setup"]) == set(world.entries[0].body["setup"])
    assert world.draws("a", language="es").turn.language == "es"


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


def test_a_special_opening_needs_a_reviewed_reason_and_a_date_to_come():
    world = Story()
    assert world.does(setups.open_specially, opening=replace(NIGHT, reason="so")) == Refusal("no_such_reason")
    yesterday = replace(NIGHT, on=date(2026, 11, 23))
    assert world.does(setups.open_specially, opening=yesterday) == Refusal("date_passed")


def test_a_special_opening_can_be_taken_back():
    world = Story()
    world.does(setups.open_specially, opening=NIGHT)
    world.does(setups.take_special_opening_back, on=NIGHT.on)
    assert world.hall.setup == world.setup
    assert world.does(setups.take_special_opening_back, on=NIGHT.on) == Refusal("no_such_date")


def test_a_holiday_closes_the_site_once_somebody_confirms_it_and_no_longer_when_taken_back():
    world = Story()
    world.does(setups.confirm_holiday, on=date(2026, 11, 24), name="Aïd")
    assert world.hall.setup.hours.holidays == (Holiday(on=date(2026, 11, 24), name="Aïd", confirmed_by="test:1"),)
    assert world.draws("a").code == "site_closed"
    confirmed = {"on": date(2026, 11, 24), "name": "Aïd"}
    assert world.does(setups.confirm_holiday, **confirmed) == Changed(seq=None)
    world.does(setups.take_holiday_back, **confirmed)
    assert world.draws("a").turn.number == "A001"
    assert world.does(setups.take_holiday_back, **confirmed) == Refusal("no_such_date")


def test_a_holiday_that_is_over_is_not_confirmed_any_more():
    yesterday = date(2026, 11, 23)
    assert Story().does(setups.confirm_holiday, on=yesterday, name="Aïd") == Refusal("date_passed")


def test_other_usual_hours_hold_at_once():
    world = Story()
    world.does(setups.change_week, weekly=weekly(opens=14 * 60).weekly)
    assert world.draws("a").code == "service_closed"
    assert world.entries[-1].body["what"] == "weekly_hours"


def test_a_counter_serves_what_it_is_told_to_from_its_next_opening_on():
    world = Story()
    changed = {"counter": "hall-1", "serves": ("b",), "helps": (Helps(service="b", after_s=60), Helps("a", 300))}
    world.does(setups.change_counter, **changed)
    counter = world.hall.setup.counter_by_id["hall-1"]
    assert (counter.serves, counter.helps) == (("b",), (Helps("a", 300),))
    world.opens(1)
    world.draws("b")
    assert world.calls(1).turn.number == "B001"
    assert world.does(setups.change_counter, **{**changed, "serves": ("z",)}) == Refusal("no_such_service")
    assert world.does(setups.change_counter, **{**changed, "counter": "hall-9"}) == Refusal("no_such_counter")


def test_a_counter_can_be_added_and_taken_away_again():
    world = Story()
    world.does(setups.add_counter, label="12B", zone="main", serves=("a",), helps=())
    assert world.hall.setup.counters[-1] == Counter(id="hall-12b", label="12B", zone="main", serves=("a",))
    world.does(setups.remove_counter, counter="hall-12b")
    assert world.hall.setup == world.setup


def test_a_counter_needs_a_short_name_of_its_own_in_a_zone_that_exists():
    world = Story()
    facts = {"label": "4", "zone": "main", "serves": ("a",), "helps": ()}
    for changes, refusal in (
        ({"label": "1"}, Refusal("counter_exists", {"counter": "1"})),
        ({"label": "a-b"}, Refusal("counter_label")),
        ({"label": "شباك"}, Refusal("counter_label")),
        ({"zone": "roof"}, Refusal("no_such_zone")),
        ({"serves": ("z",)}, Refusal("no_such_service")),
    ):
        assert world.does(setups.add_counter, **{**facts, **changes}) == refusal


def test_a_counter_in_use_is_not_taken_away():
    world = Story()
    world.opens(1)
    assert world.does(setups.remove_counter, counter="hall-1") == Refusal("counter_taken", {"counter": "1"})
    assert world.does(setups.remove_counter, counter="hall-9") == Refusal("no_such_counter")


def test_how_fast_a_kiosk_draws_is_a_setting_of_the_site():
    world = Story()
    world.does(setups.change_draw_limits, limits=DrawLimits(gap_s=0, most=2, within_s=60))
    assert world.entries[-1].body["what"] == "draw_limits"
    assert [getattr(world.draws("a", limited=True), "code", "drawn") for _ in range(2)] == ["drawn", "drawn"]
