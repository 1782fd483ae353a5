"""One day worked out by hand: ten people, two counters, and every figure with its arithmetic beside it.

Local times in Madrid, which in November is an hour ahead of UTC. Line a promises 80 % within 1200 s, line b nothing.

| ticket | joined | called | by | calls again | started | ended | how |
|---|---|---|---|---|---|---|---|
| A001 | 09:02:00 | 09:10:00 | 1 | | 09:10:30 | 09:15:00 | served |
| A002 | 09:03:00 | 09:12:00 | 3 | | never pressed | 09:20:00 | served |
| B001 | 09:05:00 | 09:20:00 | 3 | | never pressed | 09:32:00 | served |
| A003 | 09:06:00 | 09:16:00 | 1 | 09:17:00, 09:18:30 | | 09:19:00 | no-show |
| A004 | 09:35:00 | 10:00:00 | 1 | 10:01:00 | 10:01:40 | 10:10:00 | served |
| B002 | 09:55:00 | 10:25:00 | 3 | | never pressed | 10:30:00 | served |
| A005 | 10:10:00 | | | | | 10:40:00 | withdrawn after 1800 s |
| A006 | 10:30:00 | | | | | 10:32:00 | withdrawn after 120 s |
| B003 | 10:35:00 | | | | | change-over | not served |
| A007 | 15:30:00 | | | | | change-over | not served |

Counter 1, agent1: open 09:00–11:00, paused 09:20–09:40 and 10:08–10:45 (with A004 still there until 10:10).
Counter 3, agent3: open 09:00–10:40.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from server.reports import counters, waits
from server.reports.distribution import Moment, distribution
from tests.reports.on_database import StoryOnDatabase
from tests.world import small_setup

DAY = date(2026, 11, 24)
MIDNIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)

NONE_MEASURED = {"count": 0, "mean_s": None, "median_s": None, "p90_s": None, "max_s": None}


def five(count, mean, median, p90, longest):
    return {"count": count, "mean_s": mean, "median_s": median, "p90_s": p90, "max_s": longest}


@pytest.fixture
def story(engine):
    story = StoryOnDatabase(engine, small_setup(timezone="Europe/Madrid"), at=MIDNIGHT + timedelta(hours=9))
    tell(story)
    yield story
    story.writer.close()


def tell(story):
    def at(clock):
        hours, minutes, seconds = (int(part) for part in clock.split(":"))
        story.clock.at = MIDNIGHT + timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return story

    def draws(clock, service):
        return at(clock).draws(service).turn.ticket

    at("09:00:00").opens(1)
    at("09:00:00").opens(3)
    a001 = draws("09:02:00", "a")
    draws("09:03:00", "a")
    b001 = draws("09:05:00", "b")
    a003 = draws("09:06:00", "a")
    at("09:10:00").calls(1)
    at("09:10:30").starts(a001, 1)
    at("09:12:00").calls(3)
    at("09:15:00").finishes(a001, 1)
    at("09:16:00").calls(1)
    at("09:17:00").recalls(a003, 1)
    at("09:18:30").recalls(a003, 1)
    at("09:19:00").no_show(a003, 1)
    at("09:20:00").calls(3, ending="finished")
    at("09:20:00").pauses(1)
    at("09:32:00").finishes(b001, 3)
    a004 = draws("09:35:00", "a")
    at("09:40:00").resumes(1)
    b002 = draws("09:55:00", "b")
    at("10:00:00").calls(1)
    at("10:01:00").recalls(a004, 1)
    at("10:01:40").starts(a004, 1)
    at("10:08:00").pauses(1, "prayer")
    at("10:10:00").finishes(a004, 1)
    a005 = draws("10:10:00", "a")
    at("10:25:00").calls(3)
    at("10:30:00").finishes(b002, 3)
    a006 = draws("10:30:00", "a")
    at("10:32:00").withdraws(a006)
    draws("10:35:00", "b")
    at("10:40:00").withdraws(a005)
    at("10:40:00").closes(3)
    at("10:45:00").resumes(1)
    at("11:00:00").closes(1)
    draws("15:30:00", "a")
    at("28:30:00").turns_the_page()


def table(story, by):
    with story.engine.connect() as conn:
        found = waits.waits(
            conn,
            site="hall",
            from_on=DAY,
            to_on=DAY,
            by=by,
            timezone="Europe/Madrid",
            targets=waits.targets_of(story.setup),
        )
    return found.to_json()


def rows(story, by):
    return {row.pop("key"): row for row in table(story, by)["rows"]}


def test_the_line_that_promises_something(story):
    assert rows(story, "service")["a"] == {
        "turns": 7,
        "called": 4,  # A001 A002 A003 A004
        "served": 3,  # A001 A002 A004
        "no_shows": 1,  # A003
        "withdrawn": 2,  # A005 A006
        "transferred": 0,
        "not_served": 1,  # A007
        "still_open": 0,
        # 480 540 600 1500: 3120/4; (540+600)/2; 0.9 × 3 = 2.7, so 600 + 0.7 × 900
        "waiting_time": five(4, 780.0, 570.0, 1230.0, 1500.0),
        # 0 0 60 150: 210/4; 30; 60 + 0.7 × 90
        "calling_time": five(4, 52.5, 30.0, 123.0, 150.0),
        # A001 30, A004 40: 35; 35; 30 + 0.9 × 10
        "walking_time": five(2, 35.0, 35.0, 39.0, 40.0),
        # A001 270, A004 500: 385; 385; 270 + 0.9 × 230
        "service_time": five(2, 385.0, 385.0, 477.0, 500.0),
        # A001 300, A002 480, A004 600: 1380/3; 480; 0.9 × 2 = 1.8, so 480 + 0.8 × 120
        "transaction_time": five(3, 460.0, 480.0, 576.0, 600.0),
        # kept: A001 480, A002 540, A003 600; not: A004 1500, A005 gone after 1800, A007 unserved; A006 left at 120
        "within_target": {"count": 3, "of": 6, "percent": 50.0},
        "target": {"percent": 80, "within_s": 1200},
    }


def test_the_line_that_promises_nothing(story):
    assert rows(story, "service")["b"] == {
        "turns": 3,
        "called": 2,
        "served": 2,
        "no_shows": 0,
        "withdrawn": 0,
        "transferred": 0,
        "not_served": 1,  # B003
        "still_open": 0,
        # 900 1800: 1350; 1350; 900 + 0.9 × 900
        "waiting_time": five(2, 1350.0, 1350.0, 1710.0, 1800.0),
        "calling_time": five(2, 0.0, 0.0, 0.0, 0.0),
        # agent3 never pressed start: not 0, but not known
        "walking_time": NONE_MEASURED,
        "service_time": NONE_MEASURED,
        # 300 720: 510; 510; 300 + 0.9 × 420
        "transaction_time": five(2, 510.0, 510.0, 678.0, 720.0),
        "within_target": {"count": 0, "of": 0, "percent": None},
        "target": None,
    }


def test_all_together(story):
    total = table(story, "hour")["total"]
    assert total == {
        "key": None,
        "turns": 10,
        "called": 6,
        "served": 5,
        "no_shows": 1,
        "withdrawn": 2,
        "transferred": 0,
        "not_served": 2,
        "still_open": 0,
        # 480 540 600 900 1500 1800: 5820/6; (600+900)/2; 0.9 × 5 = 4.5, so 1500 + 0.5 × 300
        "waiting_time": five(6, 970.0, 750.0, 1650.0, 1800.0),
        # 0 0 0 0 60 150: 210/6; 0; 60 + 0.5 × 90
        "calling_time": five(6, 35.0, 0.0, 105.0, 150.0),
        "walking_time": five(2, 35.0, 35.0, 39.0, 40.0),
        "service_time": five(2, 385.0, 385.0, 477.0, 500.0),
        # 300 300 480 600 720: 2400/5; 480; 0.9 × 4 = 3.6, so 600 + 0.6 × 120
        "transaction_time": five(5, 480.0, 480.0, 672.0, 720.0),
        "within_target": {"count": 3, "of": 6, "percent": 50.0},
        "target": None,
    }


def test_each_counter_and_who_was_never_called(story):
    by_counter = rows(story, "counter")
    assert list(by_counter) == ["hall-1", "hall-3", None]
    one, three, nobody = by_counter.values()
    # A001 480, A003 600, A004 1500: 2580/3; 600; 600 + 0.8 × 900
    assert one["waiting_time"] == five(3, 860.0, 600.0, 1320.0, 1500.0)
    # A001 300, A004 600: 450; 450; 300 + 0.9 × 300
    assert one["transaction_time"] == five(2, 450.0, 450.0, 570.0, 600.0)
    assert one["within_target"] == {"count": 2, "of": 3, "percent": 66.7}
    assert (one["turns"], one["served"], one["no_shows"]) == (3, 2, 1)
    # A002 540, B001 900, B002 1800: 3240/3; 900; 900 + 0.8 × 900
    assert three["waiting_time"] == five(3, 1080.0, 900.0, 1620.0, 1800.0)
    # 300 480 720: 500; 480; 480 + 0.8 × 240
    assert three["transaction_time"] == five(3, 500.0, 480.0, 672.0, 720.0)
    assert three["within_target"] == {"count": 1, "of": 1, "percent": 100.0}
    assert (nobody["turns"], nobody["called"], nobody["withdrawn"], nobody["not_served"]) == (4, 0, 2, 2)
    assert nobody["waiting_time"] == NONE_MEASURED
    # A005 and A007 were promised 1200 s
    assert nobody["within_target"] == {"count": 0, "of": 2, "percent": 0.0}


def test_each_agent_as_their_counter(story):
    by_agent, by_counter = rows(story, "agent"), rows(story, "counter")
    assert list(by_agent) == ["agent1", "agent3", None]
    assert list(by_agent.values()) == list(by_counter.values())


def test_each_local_hour_of_joining(story):
    by_hour = rows(story, "hour")
    assert {hour: row["turns"] for hour, row in by_hour.items()} == {9: 6, 10: 3, 15: 1}
    # B002 joined at 09:55 and was called at 10:25: its wait belongs to 9
    assert by_hour[9]["waiting_time"] == five(6, 970.0, 750.0, 1650.0, 1800.0)
    assert by_hour[10]["waiting_time"] == NONE_MEASURED


def test_the_one_day_is_the_total(story):
    by_day = table(story, "day")
    assert [{**row, "key": None} for row in by_day["rows"]] == [by_day["total"]]
    assert by_day["rows"][0]["key"] == "2026-11-24"


def test_where_the_time_of_the_counters_went(story):
    with story.engine.connect() as conn:
        found = counters.counters(
            conn,
            site="hall",
            from_on=DAY,
            to_on=DAY,
            at=story.clock.now(),
            targets=waits.targets_of(story.setup),
        ).to_json()
    by_counter, by_agent = rows(story, "counter"), rows(story, "agent")
    one = {
        "shifts": 1,
        "open_shifts": 0,
        "shift_time_s": 7200.0,  # 09:00–11:00
        # 09:20–09:40 is 1200; the second one from 10:10, when A004 left, to 10:45 is 2100
        "pause_time_s": 3300.0,
        "attended_time_s": 1080.0,  # A001 300, A003 180 until the no-show, A004 600
        # 09:00–09:10 600, 09:15–09:16 60, 09:19–09:20 60, 09:40–10:00 1200, 10:45–11:00 900
        "idle_time_s": 2820.0,
    }
    three = {
        "shifts": 1,
        "open_shifts": 0,
        "shift_time_s": 6000.0,  # 09:00–10:40
        "pause_time_s": 0.0,
        "attended_time_s": 1500.0,  # A002 480, B001 720, B002 300
        "idle_time_s": 4500.0,  # 09:00–09:12 720, 09:32–10:25 3180, 10:30–10:40 600
    }
    assert found["counters"] == [
        {"key": key, **by_counter[key], **times} for key, times in (("hall-1", one), ("hall-3", three))
    ]
    assert found["agents"] == [
        {"key": key, **by_agent[key], **times} for key, times in (("agent1", one), ("agent3", three))
    ]
    assert found["total"] == {
        **table(story, "counter")["total"],
        "shifts": 2,
        "open_shifts": 0,
        "shift_time_s": 13200.0,
        "pause_time_s": 3300.0,
        "attended_time_s": 2580.0,
        "idle_time_s": 7320.0,
    }


def spread_out(story, from_on=DAY):
    with story.engine.connect() as conn:
        turns = waits.read_turns(conn, site="hall", from_on=from_on, to_on=DAY)
    return distribution(turns, timezone="Europe/Madrid")


def test_how_the_waits_are_spread_by_length(story):
    steps = spread_out(story).waits_by_length
    assert len(steps) == 13
    assert {(step.from_s, step.to_s): step.count for step in steps if step.count} == {
        (300, 600): 2,  # A001 480, A002 540
        (600, 900): 1,  # A003 exactly 600
        (900, 1200): 1,  # B001 exactly 900
        (1500, 1800): 1,  # A004 exactly 1500
        (1800, 2100): 1,  # B002 exactly 1800
    }
    assert (steps[0].from_s, steps[-1].from_s, steps[-1].to_s) == (0, 3600, None)


def test_how_the_waits_are_spread_over_the_week(story):
    """A Tuesday; those who joined at 10 and at 15 were never called."""
    (moment, waited), *others = spread_out(story).waits_by_weekday_and_hour.items()
    assert others == []
    assert moment == Moment(weekday=2, hour=9)
    assert waited.to_json() == five(6, 970.0, 750.0, 1650.0, 1800.0)


def test_a_wait_of_an_hour_and_a_longer_one_stand_together(engine):
    story = StoryOnDatabase(engine, small_setup(timezone="Europe/Madrid"), at=MIDNIGHT + timedelta(hours=9))
    story.opens(1)
    story.draws("a")
    story.draws("a")
    story.clock.advance(minutes=60)
    story.calls(1)
    story.clock.advance(minutes=120)
    story.calls(1, ending="finished")
    steps = spread_out(story).waits_by_length
    story.writer.close()
    assert [step.count for step in steps] == [*[0] * 12, 2]
