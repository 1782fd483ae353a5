"""A past made in memory: plausible, repeatable, and proved like any journal once it lies in a database."""

from collections import Counter
from datetime import UTC, datetime
from functools import partial
from statistics import median

import pytest

from server.actions import days, reception
from server.demo.past import append_past, make_pasts, play_past
from server.domain import hall as halls
from server.domain.calendar import Holiday, Hours, Span
from server.reports.replay import replay
from server.store import journal, schema
from server.store.engine import open_engine
from server.store.sites import add_site
from server.store.transact import Command, Done
from server.store.writer import BatchWriter
from tests.demo.small import small_site
from tests.world import weekly

#: A Tuesday, before noon; the days before are Tuesday to Monday, with a weekend.
NOW = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
play = partial(play_past, small_site(), until=NOW, days_back=7)


@pytest.fixture(scope="module")
def batches():
    return list(play())


@pytest.fixture(scope="module")
def entries(batches):
    return [stroke.entry for written in batches for stroke in written]


@pytest.fixture
def url(tmp_path):
    url = f"sqlite:///{tmp_path}/t.db"
    engine = open_engine(url)
    schema.metadata.create_all(engine)
    with engine.execution_options(writes=True).begin() as conn:
        add_site(conn, code="hall", pack="", public_key="k", demo=True)
    engine.dispose()
    return url


def test_it_begins_with_the_setup_and_ends_with_a_clean_today(batches, entries):
    assert entries[0].kind == "setup.changed"
    assert [stroke.entry.kind for stroke in batches[-1]] == ["day.closed", "day.opened"]
    today = batches[-1][-1].hall
    assert today.day.on == "2026-11-24"
    assert today.day.begins_at <= today.at <= NOW
    assert not today.turns
    assert not today.shifts
    assert today.tally == halls.Tally()


def test_every_business_day_is_opened_and_closed_once(entries):
    dates = [f"2026-11-{day}" for day in range(17, 25)]
    assert [entry.body["day"] for entry in entries if entry.kind == "day.opened"] == dates
    assert [entry.body["day"] for entry in entries if entry.kind == "day.closed"] == dates[:-1]


def test_nobody_comes_on_a_day_that_the_calendar_closes():
    holiday = Holiday(on=datetime(2026, 11, 18, tzinfo=UTC).date(), name="Independence", confirmed_by="manager")
    hours = Hours(weekly=weekly().weekly, holidays=(holiday,))
    written = [stroke for day in play_past(small_site(hours=hours), until=NOW, days_back=7) for stroke in day]
    drawn_on = {stroke.hall.day.on for stroke in written if stroke.entry.kind == "ticket.drawn"}
    assert drawn_on == {"2026-11-17", "2026-11-19", "2026-11-20", "2026-11-23"}


def test_it_falls_the_same_way_for_the_same_seed_and_another_way_for_another(entries):
    again = [stroke.entry for written in play() for stroke in written]
    other = [stroke.entry for written in play(seed=2) for stroke in written]
    assert again == entries
    assert other[-1].hash != entries[-1].hash


def test_a_week_has_a_little_of_what_an_agent_can_do():
    kinds = Counter(
        entry.kind
        for seed in range(3)
        for written in play(seed=seed)
        for stroke in written
        for entry in (stroke.entry,)
    )
    called = kinds["ticket.called"]
    for kind, most in (
        ("ticket.called_out_of_order", 0.02),
        ("ticket.put_back", 0.06),
        ("ticket.parked", 0.03),
        ("ticket.transferred", 0.04),
        ("action.undone", 0.02),
    ):
        assert 0 < kinds[kind] < most * called, kind


def test_a_day_is_plausible(entries):
    """Most are served, some are not there when called, some give up; every ticket ends once."""
    kinds = Counter(entry.kind for entry in entries)
    drawn = kinds["ticket.drawn"]
    assert 5 * 70 < drawn < 5 * 110
    assert kinds["ticket.finished"] > 0.75 * drawn
    assert 0.04 * drawn < kinds["ticket.no_show"] < 0.2 * drawn
    assert 0 < kinds["ticket.withdrawn"] < 0.1 * drawn
    assert kinds["shift.paused"] == kinds["shift.resumed"] > 5
    ended = sum(kinds[f"ticket.{how}"] for how in ("finished", "no_show", "withdrawn", "expired"))
    # Whoever was put back ends once more.
    assert ended - kinds["ticket.put_back"] == drawn


def test_people_wait_for_minutes_and_not_for_days(batches):
    turns = [
        stroke.hall.touched_turn for written in batches for stroke in written if stroke.entry.kind == "ticket.finished"
    ]
    waits = sorted((turn.called_at - turn.joined_at).total_seconds() / 60 for turn in turns)
    took = median((turn.ended_at - turn.started_at).total_seconds() / 60 for turn in turns if turn.started_at)
    assert waits[-1] < 5 * 60
    assert median(waits) < 40
    assert 3 < took < 12


def test_people_are_told_a_range_once_the_hall_has_learned(entries):
    drawn = [entry.body for entry in entries if entry.kind == "ticket.drawn"]
    assert drawn[0]["told"] is None
    told = [body["told"] for body in drawn[len(drawn) // 2 :]]
    assert sum(1 for each in told if each) > 0.8 * len(told)


def test_the_tally_of_each_day_counts_its_entries(batches):
    for written in batches:
        closed = next((stroke.entry.body for stroke in written if stroke.entry.kind == "day.closed"), None)
        if closed is not None:
            ended = closed["served"] + closed["no_shows"] + closed["withdrawn"] + closed["not_served"]
            assert ended == closed["drawn"]


def test_a_hall_that_never_closes_has_a_past_too():
    hours = weekly(opens=0, closes=1440)
    written = [stroke for day in play_past(small_site(hours=hours), until=NOW, days_back=2) for stroke in day]
    assert written[-1].entry.kind == "day.opened"
    assert not written[-1].hall.turns


def test_a_friday_with_two_spans_has_a_prayer_break():
    spans = (Span(opens_min=510, closes_min=690), Span(opens_min=780, closes_min=990))
    hours = Hours(weekly=(spans,) * 7)
    written = [stroke for day in play_past(small_site(hours=hours), until=NOW, days_back=1) for stroke in day]
    reasons = [stroke.entry.body["reason"] for stroke in written if stroke.entry.kind == "shift.paused"]
    assert "prayer" in reasons


def test_appended_it_verifies_and_its_rows_are_what_the_journal_says(url, entries):
    engine = open_engine(url)
    assert append_past(engine, "hall", play()) == len(entries)
    with engine.connect() as conn:
        head = journal.verify("hall", journal.rows_after(conn, "hall"), head=entries[-1].hash)
        assert head == journal.Head(seq=len(entries), hash=entries[-1].hash)
        assert journal.head(conn, "hall") == head
        assert replay(conn, "hall") == []
    engine.dispose()


def test_a_site_with_a_story_gets_no_other_past(url):
    engine = open_engine(url)
    append_past(engine, "hall", play())
    with pytest.raises(ValueError, match="story"):
        append_past(engine, "hall", play())
    engine.dispose()


def test_the_writer_goes_on_where_the_past_ends(url):
    make_pasts(url, [small_site()], until=NOW)
    engine = open_engine(url)
    writer = BatchWriter(engine, now=lambda: NOW, prelude=days.turn_the_page)
    draw = Command(site="hall", actor="kiosk:1", action=partial(reception.draw, service="a", language="ar"))
    did = writer.submit(draw)
    writer.close()
    engine.dispose()
    assert isinstance(did, Done)
    assert did.did.turn.number == "A001"
