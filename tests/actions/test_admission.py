"""What bounds a line: the quota of the day, and the last ticket that is likely to be called before closing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from server.actions import admission
from server.actions import setup as setups
from server.actions.setup import Changed
from server.domain.errors import Refusal
from server.domain.sites import setup_from_body, setup_to_body
from tests.world import MORNING, Story, small_setup


def limited(**changes):
    """Service `a` with the changes; `b` as it is."""
    setup = small_setup()
    return Story(replace(setup, services=(replace(setup.services[0], **changes), *setup.services[1:])))


def tomorrow_at_eight():
    return (MORNING + timedelta(days=1)).replace(hour=8)


def test_beyond_the_quota_a_draw_is_refused_and_told_the_next_day():
    world = limited(quota=2)
    assert [world.draws("a").turn.number for _ in range(2)] == ["A001", "A002"]
    refused = world.draws("a")
    assert (refused.code, refused.hint) == ("quota_reached", "opens_on")
    assert refused.hint_params["time"] == tomorrow_at_eight()
    assert world.draws("b").turn.number == "B001"


def test_a_ticket_given_up_stays_counted_and_a_new_day_begins_anew():
    world = limited(quota=1)
    world.withdraws(world.draws("a").turn.ticket)
    assert world.draws("a").code == "quota_reached"
    world.clock.advance(hours=24)
    assert world.draws("a").turn.number == "A001"
    assert world.draws("a").code == "quota_reached"


def test_a_second_opening_of_the_same_day_is_no_way_out_of_the_quota():
    setup = small_setup()
    spans = tuple(
        replace(setup.hours.weekly[0][0], opens_min=opens, closes_min=closes)
        for opens, closes in ((480, 720), (840, 1020))
    )
    service = replace(setup.services[0], quota=1)
    world = Story(
        replace(setup, hours=replace(setup.hours, weekly=(spans,) * 7), services=(service, *setup.services[1:]))
    )
    world.draws("a")
    assert world.draws("a").hint_params["time"] == tomorrow_at_eight()
    world.clock.advance(hours=6)
    assert world.draws("a").code == "quota_reached"


def test_a_person_with_an_appointment_counts_like_everybody():
    world = limited(quota=1)
    world.draws("a", klass="appointment", appointed_at=MORNING)
    assert world.draws("a", klass="appointment", appointed_at=MORNING).code == "quota_reached"


def test_the_quota_is_a_setting_of_the_site_and_counts_what_was_drawn_before():
    world = Story()
    world.draws("a")
    world.draws("a")
    changed = world.does(setups.change_quota, service="a", quota=2)
    assert isinstance(changed, Changed)
    assert world.entries[-1].body["what"] == "quota"
    assert world.draws("a").code == "quota_reached"
    assert world.does(setups.change_quota, service="a", quota=2) == Changed(seq=None)
    world.does(setups.change_quota, service="a", quota=None)
    assert world.draws("a").turn.number == "A003"


@pytest.mark.parametrize("quota", [0, -1, 10_000])
def test_a_quota_that_is_none_is_refused(quota):
    world = Story()
    assert world.does(setups.change_quota, service="a", quota=quota) == Refusal("invalid_input")
    assert world.does(setups.change_quota, service="z", quota=3) == Refusal("no_such_service")


def test_what_is_left_is_that_of_the_day_whose_page_is_turned():
    world = limited(quota=3)
    world.draws("a")
    service = world.hall.setup.service_by_code["a"]
    assert admission.left_today(world.hall, service, world.clock.now()) == 2
    assert admission.left_today(world.hall, service, world.clock.now() + timedelta(hours=24)) == 3
    assert admission.left_today(world.hall, world.hall.setup.service_by_code["b"], world.clock.now()) is None


def busy(world):
    """One counter that takes half an hour for each person, and enough of them for the estimate to know."""
    for _ in range(5):
        world.draws("a")
    world.opens(1)
    for _ in range(5):
        ticket = world.calls(1).turn.ticket
        world.clock.advance(minutes=30)
        world.finishes(ticket, 1)


def test_by_forecast_nobody_joins_who_would_be_waiting_at_closing():
    world = limited(last_ticket_by_forecast=True)
    busy(world)
    drawn = [world.draws("a") for _ in range(20)]
    closes_at = world.clock.now().replace(hour=17, minute=0, second=0, microsecond=0)
    given = [one for one in drawn if not isinstance(one, Refusal)]
    assert 0 < len(given) < 20
    assert drawn[: len(given)] == given
    assert all(one.may_close_before_at is None for one in given)
    refused = drawn[-1]
    assert (refused.code, refused.params) == ("not_served_today", {"time": closes_at})
    assert (refused.hint, refused.hint_params["time"]) == ("opens_on", tomorrow_at_eight())


def test_by_forecast_a_head_start_counts_and_an_appointment_is_kept():
    world = limited(last_ticket_by_forecast=True)
    busy(world)
    while not isinstance(world.draws("a"), Refusal):
        pass
    assert world.draws("a", klass="appointment", appointed_at=world.clock.now()).turn.klass == "appointment"
    world.clock.advance(minutes=1)
    # Nobody of the line has waited for twenty minutes: who has that head start stands before all of them.
    assert world.draws("a", klass="priority").turn.klass == "priority"
    assert world.draws("a").code == "not_served_today"


def test_by_forecast_a_ticket_is_given_where_nothing_can_be_told():
    world = limited(last_ticket_by_forecast=True)
    for _ in range(50):
        world.draws("a")
    assert world.hall.drawn == {"a": 50}


def test_an_older_set_up_has_neither_quota_nor_forecast():
    body = setup_to_body(limited(quota=3, last_ticket_by_forecast=True).hall.setup)
    for service in body["services"]:
        del service["quota"], service["last_ticket_by_forecast"]
    assert setup_from_body(body) == small_setup()
