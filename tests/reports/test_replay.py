"""Replay finds whatever the tables say that the journal does not."""

import pytest
from sqlalchemy import text

from server.reports import replay as replays
from server.reports.replay import Difference, replay
from server.store import triggers
from server.store.engine import snapshot
from tests.stored import small_day, store


@pytest.fixture
def story(engine):
    return store(engine, small_day())


def differences(engine):
    with snapshot(engine) as conn:
        return replay(conn, "hall")


def tamper(engine, statement):
    with engine.begin() as conn:
        assert conn.execute(text(statement)).rowcount == 1


def test_tables_that_were_written_with_the_journal_say_what_it_says(engine, story):
    assert differences(engine) == []


def test_rows_are_compared_in_stretches_too(engine, story, monkeypatch):
    monkeypatch.setattr(replays, "STRETCH", 3)
    assert differences(engine) == []
    tamper(engine, "UPDATE turns SET calls = 9 WHERE opened_seq = 5")
    tamper(engine, "DELETE FROM tickets WHERE drawn_seq = 6")
    assert [(found.table, found.key, found.what) for found in differences(engine)] == [
        ("tickets", 6, "missing"),
        ("turns", 5, "different"),
    ]


def test_a_changed_row_is_named_with_both_values(engine, story):
    tamper(engine, "UPDATE tickets SET ahead = 7 WHERE drawn_seq = 5")
    assert differences(engine) == [Difference("tickets", 5, "different", "ahead", journal=0, stored=7)]


def test_a_lost_row_is_named(engine, story):
    tamper(engine, "DELETE FROM shifts WHERE opened_seq = 4")
    (found,) = differences(engine)
    assert (found.table, found.key, found.what) == ("shifts", 4, "missing")


def test_an_added_row_is_named(engine, story):
    tamper(
        engine,
        "INSERT INTO days (site, day, opened_seq, closed_seq, begins_at, ends_at)"
        " VALUES ('hall', '2020-01-01', 999, NULL, 0, 1)",
    )
    (found,) = differences(engine)
    assert (found.table, found.key, found.what) == ("days", 999, "extra")


def test_rows_of_another_site_are_none_of_its_business(engine, story):
    tamper(
        engine,
        "INSERT INTO days (site, day, opened_seq, closed_seq, begins_at, ends_at)"
        " VALUES ('other', '2020-01-01', 1, NULL, 0, 1)",
    )
    assert differences(engine) == []


def test_a_head_that_is_not_the_last_entry_is_named(engine, story):
    tamper(engine, "UPDATE site_heads SET last_seq = last_seq + 1")
    assert Difference("site_heads", 29, "different", "last_seq", journal=29, stored=30) in differences(engine)


def test_a_column_beside_the_text_that_says_otherwise_is_named(engine, story):
    with engine.begin() as conn:
        triggers.drop(conn)
    tamper(engine, "UPDATE journal SET kind = 'ticket.drawn' WHERE seq = 9")
    found = Difference("journal", 9, "different", "kind", journal="ticket.called", stored="ticket.drawn")
    assert found in differences(engine)


def test_an_entry_that_means_nothing_ends_the_replay_and_is_named(engine, story):
    with engine.begin() as conn:
        triggers.drop(conn)
    tamper(engine, "UPDATE journal SET text = replace(text, 'hall-5', 'hall-99') WHERE seq = 13")
    (found,) = differences(engine)
    assert (found.table, found.key, found.column) == ("journal", 13, "text")


def test_the_hall_from_the_last_closed_day_is_the_hall_from_the_first_entry(engine, story):
    with snapshot(engine) as conn:
        from server.store.halls import rebuilt

        assert rebuilt(conn, "hall") == story.hall
