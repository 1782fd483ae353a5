"""The figures of tickets with more than one turn or more than one visit to a counter: nothing is lost or counted twice."""

import pytest

from server.reports import counters, replay, waits
from server.store.engine import snapshot
from tests.reports.on_database import StoryOnDatabase
from tests.world import MORNING, small_setup

DAY = {"site": "hall", "from_on": MORNING.date(), "to_on": MORNING.date()}


@pytest.fixture
def world(engine):
    """A001: called after 5 min, served 3, aside 10, served 2 by counter 3. A002: served 10, sent on to b, called at once."""
    world = StoryOnDatabase(engine, small_setup(), at=MORNING)
    world.opens(1)
    world.opens(3)
    first, second = world.draws("a").turn.ticket, world.draws("a").turn.ticket
    world.clock.advance(minutes=5)
    world.calls(1)
    world.starts(first, 1)
    world.clock.advance(minutes=3)
    world.parks(first, 1)
    world.calls(1)
    world.starts(second, 1)
    world.clock.advance(minutes=10)
    world.transfers(second, 1, service="b")
    world.takes_up(first, 3)
    world.calls(3)
    world.starts(first, 3)
    world.clock.advance(minutes=2)
    world.parks(first, 3)
    world.undoes(first, 3)
    world.finishes(first, 3)
    world.calls(3)
    world.transfers(second, 3, service="a")
    world.undoes(second, 3)
    world.finishes(second, 3)
    yield world
    world.writer.close()


def test_each_turn_is_counted_once_and_what_was_undone_not_at_all(world):
    with world.engine.connect() as conn:
        rows = {row.key: row for row in waits.waits(conn, **DAY, by="service", timezone="UTC", targets={}).rows}
    assert {name: count for name, count in rows["a"].counts.items() if count} == {
        "turns": 2,
        "called": 2,
        "served": 1,
        "transferred": 1,
    }
    assert {name: count for name, count in rows["b"].counts.items() if count} == {"turns": 1, "called": 1, "served": 1}


def test_the_times_of_a_parked_turn_are_sums_without_the_time_aside(world):
    with world.engine.connect() as conn:
        rows = {row.key: row for row in waits.waits(conn, **DAY, by="service", timezone="UTC", targets={}).rows}
    assert rows["a"].times["service_time"].max_s == rows["a"].times["transaction_time"].max_s == 300
    assert rows["a"].times["waiting_time"].max_s == 480


def test_each_counter_is_attended_as_long_as_somebody_was_there(world):
    with world.engine.connect() as conn:
        told = counters.counters(conn, **DAY, at=world.clock.now(), targets={})
    attended = {worked.key: worked.times_s["attended_time"] for worked in told.by_counter}
    assert attended == {"hall-1": 13 * 60, "hall-3": 2 * 60}


def test_the_rows_are_what_the_journal_says(world):
    with snapshot(world.engine) as conn:
        assert replay.replay(conn, "hall") == []
