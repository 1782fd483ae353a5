"""When somebody with an appointment joins the line, and which times a kiosk offers."""

from datetime import timedelta
from itertools import pairwise

import pytest

from server.domain import appointments, calendar
from tests.world import MORNING, small_setup


@pytest.mark.parametrize(
    ("minutes_before", "standing", "joins_after"),
    [
        (240, "early", 225),
        (16, "early", 1),
        (15, "on_time", 0),
        (0, "on_time", 0),
        (-15, "on_time", 0),
        (-16, "late", 0),
    ],
)
def test_a_quarter_of_an_hour_on_either_side_is_in_time(minutes_before, standing, joins_after):
    appointed_at = MORNING + timedelta(minutes=minutes_before)
    appointment = appointments.checked_in(appointed_at, MORNING)
    assert (appointment.standing, appointment.joins_at) == (standing, MORNING + timedelta(minutes=joins_after))
    assert appointment.klass == ("ordinary" if standing == "late" else "appointment")


def test_the_times_offered_are_quarters_of_the_opening_from_two_hours_ago_to_four_ahead():
    setup = small_setup()
    openings = calendar.openings_today(setup.hours, setup.timezone, MORNING)
    offered = appointments.times(openings, MORNING)
    assert offered[0] == openings[0].begins_at
    assert offered[-1] == MORNING + timedelta(hours=4)
    assert {late - early for early, late in pairwise(offered)} == {timedelta(minutes=15)}


def test_near_closing_no_time_after_it_is_offered():
    setup = small_setup()
    at = MORNING + timedelta(hours=7, minutes=30)
    openings = calendar.openings_today(setup.hours, setup.timezone, at)
    assert appointments.times(openings, at)[-1] == openings[-1].ends_at - timedelta(minutes=15)
