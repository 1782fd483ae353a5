"""The business day: it turns once, at its hour, whoever comes first, and nobody is lost over night."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from server.actions import setup as setups
from server.domain.calendar import Hours, Span
from server.domain.entries import instant
from tests.world import Story, small_setup

ALWAYS = Hours(weekly=((Span(opens_min=0, closes_min=1440),),) * 7)


def utc(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def bodies(world, kind):
    return [entry.body for entry in world.entries if entry.kind == kind]


def test_midnight_is_not_the_end_of_the_day_the_change_over_is():
    world = Story(small_setup(hours=ALWAYS), at=utc(2026, 11, 24, 23, 59))
    assert world.draws("a").turn.number == "A001"
    world.clock.advance(minutes=2)
    drawn = world.draws("a")
    assert (drawn.turn.number, drawn.turn.day) == ("A002", "2026-11-24")
    world.clock.advance(hours=4)
    drawn = world.draws("a")
    assert (drawn.turn.number, drawn.turn.day) == ("A001", "2026-11-25")


def test_the_millisecond_of_the_change_over_belongs_to_the_new_day():
    world = Story(small_setup(hours=ALWAYS), at=utc(2026, 11, 25, 3, 59))
    world.clock.advance(seconds=59.999)
    assert world.draws("a").turn.day == "2026-11-24"
    world.clock.advance(seconds=0.001)
    assert world.draws("a").turn.day == "2026-11-25"


def test_who_waits_or_was_called_at_the_end_is_counted_as_not_served_and_never_deleted():
    world = Story()
    world.opens(1)
    world.opens(3)
    waiting, called, serving = (world.draws("a").turn.ticket for _ in range(3))
    world.withdraws(world.draws("a").turn.ticket)
    for n, ticket in ((1, waiting), (3, called)):
        assert world.calls(n).turn.ticket == ticket
    world.finishes(waiting, 1)
    world.calls(1)
    world.starts(serving, 1)
    last = world.draws("b").turn.ticket
    world.clock.advance(hours=24)
    world.ticks()
    assert [(body["ticket"], body["was"]) for body in bodies(world, "ticket.expired")] == [
        (called, "called"),
        (last, "waiting"),
    ]
    closed = bodies(world, "day.closed")[0]
    counted = {name: closed[name] for name in ("drawn", "served", "no_shows", "withdrawn", "not_served")}
    assert counted == {"drawn": 5, "served": 1, "no_shows": 0, "withdrawn": 1, "not_served": 2}
    assert [turn["ticket"] for turn in closed["carried"]] == [serving]


def test_shifts_end_with_their_day():
    world = Story()
    world.opens(1)
    world.opens(2)
    world.clock.advance(hours=24)
    world.ticks()
    assert world.hall.shifts == {}
    assert [(body["counter"], body["why"]) for body in bodies(world, "shift.closed")] == [
        ("hall-1", "day_end"),
        ("hall-2", "day_end"),
    ]


def test_a_shift_does_not_last_through_the_night_in_which_the_server_was_down():
    world = Story()
    world.opens(1)
    world.clock.advance(hours=1)
    world.pauses(1)
    world.clock.advance(hours=30)
    world.ticks()
    shift = next(stroke.hall.touched_shift for stroke in world.written if stroke.entry.kind == "shift.closed")
    assert shift.closed_at == utc(2026, 11, 25, 4)
    assert shift.paused_s == 18 * 3600


def test_a_person_at_a_counter_over_the_change_is_finished_in_the_morning_and_counts_to_yesterday():
    world = Story()
    world.opens(1)
    ticket = world.draws("a").turn.ticket
    world.calls(1)
    world.starts(ticket, 1)
    world.clock.advance(hours=24)
    world.opens(1)
    assert world.draws("a").turn.number == "A001"
    assert world.calls(1).code == "counter_busy"
    done = world.finishes(ticket, 1)
    assert (done.turn.day, done.turn.ending) == ("2026-11-24", "served")
    assert (world.hall.tally.served, world.hall.tally.drawn) == (0, 1)
    assert world.calls(1).turn.day == "2026-11-25"


def test_a_person_at_a_counter_is_carried_over_as_many_nights_as_it_takes():
    world = Story()
    world.opens(1)
    ticket = world.draws("a").turn.ticket
    world.calls(1)
    world.starts(ticket, 1)
    for _ in range(3):
        world.clock.advance(hours=24)
        world.ticks()
        assert world.hall.at_counter == {"hall-1": ticket}
    assert world.finishes(ticket, 1).turn.day == "2026-11-24"
    assert world.hall.turns == {}


def test_whoever_opens_the_counter_next_morning_finds_the_person_there():
    world = Story()
    world.opens(1)
    ticket = world.draws("a").turn.ticket
    world.calls(1)
    world.starts(ticket, 1)
    world.clock.advance(hours=24)
    world.opens(1, agent="other")
    assert world.finishes(ticket, 1).code == "not_your_counter"
    assert world.finishes(ticket, 1, outcome=None).code == "not_your_counter"
    assert world.calls(1, agent="other", ending="finished").ended.turn.ticket == ticket


def test_of_two_tickers_the_second_finds_it_done():
    world = Story()
    world.clock.advance(hours=24)
    world.ticks()
    count = len(world.written)
    world.ticks()
    world.ticks()
    assert len(world.written) == count
    assert world.kinds == ["setup.changed", "day.opened", "day.closed", "day.opened"]


def test_a_server_that_was_down_for_a_week_closes_the_one_open_day_and_opens_the_present_one():
    world = Story()
    world.draws("a")
    world.clock.advance(hours=24 * 7)
    assert world.draws("a").turn.number == "A001"
    assert [body["day"] for body in bodies(world, "day.opened")] == ["2026-11-24", "2026-12-01"]
    assert [body["not_served"] for body in bodies(world, "day.closed")] == [1]


def test_a_clock_that_jumps_back_over_the_change_does_not_open_yesterday_again():
    world = Story(small_setup(hours=ALWAYS), at=utc(2026, 11, 25, 3, 59))
    world.clock.advance(minutes=2)
    world.ticks()
    world.clock.advance(minutes=-10)
    assert world.draws("a").turn.day == "2026-11-25"


@pytest.mark.parametrize(
    ("timezone", "on", "hours"),
    [
        ("Europe/Madrid", (2026, 3, 28), 23),
        ("Europe/Madrid", (2026, 10, 24), 25),
        ("Europe/Madrid", (2026, 6, 1), 24),
        ("Africa/Casablanca", (2026, 9, 19), 25),
    ],
)
def test_a_day_is_as_long_as_the_wall_clock_says(timezone, on, hours):
    world = Story(small_setup(timezone=timezone, hours=ALWAYS), at=utc(*on, 12))
    day = world.hall.day
    assert day.ends_at - day.begins_at == timedelta(hours=hours)
    assert day.on == f"{on[0]}-{on[1]:02d}-{on[2]:02d}"


def test_numbers_are_unique_through_the_hour_that_madrid_lives_twice():
    """A site whose day changes at half past two: on 25 October that time comes twice."""
    world = Story(
        small_setup(timezone="Europe/Madrid", hours=ALWAYS, change_over_min=150), at=utc(2026, 10, 24, 23, 50)
    )
    drawn = []
    for _ in range(20):
        turn = world.draws("a").turn
        drawn.append((turn.day, turn.number))
        world.clock.advance(minutes=10)
    assert len(set(drawn)) == len(drawn)
    assert [body["day"] for body in bodies(world, "day.opened")] == ["2026-10-24", "2026-10-25"]


@pytest.mark.parametrize(
    "changes",
    [
        {"change_over_min": 720},
        {"change_over_min": 0},
        {"timezone": "America/Los_Angeles"},
        {"timezone": "Pacific/Kiritimati"},
        {"timezone": "Pacific/Kiritimati", "change_over_min": 0},
        {"timezone": "Pacific/Pago_Pago", "change_over_min": 1439},
    ],
)
def test_moving_the_change_over_or_the_zone_never_opens_the_same_date_twice(changes):
    world = Story(small_setup(hours=ALWAYS))
    seen = {(world.draws("a").turn.day, "A001")}
    world.does(setups.put_in_force, setup=replace(world.setup, **changes))
    for _ in range(100):
        world.clock.advance(minutes=47)
        turn = world.draws("a").turn
        assert (turn.day, turn.number) not in seen
        seen.add((turn.day, turn.number))
    opened = bodies(world, "day.opened")
    assert len(opened) > 2
    for earlier, later in pairwise(opened):
        assert earlier["day"] < later["day"]
        assert instant(earlier["ends_at"]) <= instant(later["begins_at"]) < instant(later["ends_at"])


def test_a_day_says_by_which_zone_data_it_was_reckoned():
    body = Story().entries[-1].body
    assert (body["timezone"], body["day"]) == ("Africa/Casablanca", "2026-11-24")
    assert (body["begins_at"], body["ends_at"]) == ("2026-11-24T04:00:00.000Z", "2026-11-25T04:00:00.000Z")
    assert body["tz_version"] >= "2026f"
