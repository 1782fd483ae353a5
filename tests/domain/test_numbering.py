"""Numbers: from 1, one after the other, each once."""

import pytest

from server.domain.numbering import number
from tests.world import Story, small_setup


@pytest.mark.parametrize(("n", "text"), [(1, "A001"), (17, "A017"), (999, "A999"), (1000, "A1000"), (1203, "A1203")])
def test_a_number_has_three_digits_until_it_needs_more(n, text):
    assert number("A", n) == text


def test_a_busy_day_goes_past_999_without_a_gap():
    world = Story()
    drawn = [world.draws("a").turn.number for _ in range(1002)]
    assert drawn == [number("A", n) for n in range(1, 1003)]
    assert drawn[-3:] == ["A1000", "A1001", "A1002"]


def test_each_series_counts_by_itself():
    world = Story()
    assert [world.draws(service).turn.number for service in "abba"] == ["A001", "B001", "B002", "A002"]


def test_services_that_share_a_series_share_its_count():
    setup = small_setup()
    shared = tuple(type(service)(code=service.code, series="A", zone=service.zone) for service in setup.services)
    world = Story(small_setup(services=shared, series=("A",)))
    assert [world.draws(service).turn.number for service in "abba"] == ["A001", "A002", "A003", "A004"]


def test_a_refused_draw_takes_no_number():
    world = Story()
    world.draws("a")
    world.draws("a", language="de")
    world.draws("nothing")
    assert world.draws("a").turn.number == "A002"


def test_a_new_day_begins_at_one_again():
    world = Story()
    world.draws("a")
    world.draws("a")
    world.clock.advance(hours=24)
    assert world.draws("a").turn.number == "A001"
