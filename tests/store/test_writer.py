"""The writer on a real database: answers, keys, refusals, two of them at once, a clock that goes back."""

import queue
from datetime import timedelta

import pytest
from sqlalchemy import text

from server.actions import days
from server.domain.errors import Refusal
from server.store import journal
from server.store.halls import rebuilt
from server.store.journal import Head
from server.store.transact import Command, Done, JournalDamaged
from tests.stored import small_day, store


def test_a_ticket_is_drawn_called_and_chained(hall):
    assert hall.draws().answer == (201, {"number": "A001", "seq": 3})
    assert hall.number("b") == "B001"
    hall.opens(1)
    called = hall.calls(1)
    assert isinstance(called, Done)
    assert called.did.turn.number == "A001"
    assert [entry.seq for entry in hall.entries] == [1, 2, 3, 4, 5, 6]
    assert hall.holds()


def test_a_refusal_writes_nothing(hall):
    before = len(hall.entries)
    assert hall.calls(1) == Refusal("counter_closed", {"counter": "1"})
    assert len(hall.entries) == before


def test_a_site_that_does_not_exist_is_refused(hall):
    assert hall.writer.submit(Command(site="nowhere", actor="x", action=lambda pen: None)) == Refusal("no_such_site")


def test_the_same_key_gives_the_same_answer_and_another_body_is_refused(hall):
    first = hall.draws(key="k1")
    again = hall.draws(key="k1")
    assert first.answer == again.answer
    assert hall.draws(key="k1", fingerprint="g") == Refusal("key_reused")
    assert hall.number(key="k1", token="another") == "A002"
    assert hall.drawn == ["A001", "A002"]


def test_a_key_is_known_after_a_restart(hall):
    first = hall.draws(key="k1")
    assert hall.draws(key="k1", writer=hall.another_writer()).answer == first.answer
    assert hall.drawn == ["A001"]


def test_a_refusal_is_not_kept_under_its_key(hall, clock):
    clock.advance(hours=12)
    assert isinstance(hall.draws(key="k1"), Refusal)
    clock.advance(hours=12)
    assert hall.number(key="k1") == "A001"


def test_a_command_that_breaks_tells_its_caller_and_leaves_nothing(hall):
    def write_and_break(pen):
        pen.write("ticket.withdrawn", {"ticket": "x", "number": "x", "service": "a"})

    def break_after_writing(pen):
        pen.write("outage.declared", {})
        raise ZeroDivisionError

    before = len(hall.entries)
    with pytest.raises(KeyError):
        hall.does(write_and_break)
    with pytest.raises(ZeroDivisionError):
        hall.does(break_after_writing)
    assert len(hall.entries) == before
    assert hall.number() == "A001"


def test_an_answer_that_cannot_be_made_takes_the_entry_back(hall):
    def draw_and_spoil(did, _hall):
        raise LookupError

    from functools import partial

    from server.actions import reception

    with pytest.raises(LookupError):
        hall.does(partial(reception.draw, service="a", language="ar"), present=draw_and_spoil)
    assert hall.drawn == []
    assert hall.number() == "A001"


def test_what_is_written_beside_stands_or_falls_with_the_entry(hall):
    def beside(conn, _did):
        conn.execute(text("INSERT INTO secrets (name, value) VALUES ('pack', 'new')"))

    def fail(conn, did):
        beside(conn, did)
        conn.execute(text("INSERT INTO secrets (name, value) VALUES ('pack', 'twice')"))

    with pytest.raises(Exception, match=r"(?i)unique"):
        hall.does(lambda pen: pen.write("outage.declared", {}), beside=fail)
    before = len(hall.entries)
    hall.does(lambda pen: Refusal("site_closed"), beside=beside)
    with hall.engine.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM secrets")).scalar() == 0
    hall.does(lambda pen: pen.write("outage.declared", {}), beside=beside)
    assert len(hall.entries) == before + 1
    with hall.engine.connect() as conn:
        assert conn.execute(text("SELECT value FROM secrets")).scalar() == "new"


def test_writing_beside_the_journal_gives_its_result_or_its_error(hall):
    assert hall.writer.run(lambda conn: conn.execute(text("SELECT 7")).scalar()) == 7

    def write_and_break(conn):
        conn.execute(text("INSERT INTO secrets (name, value) VALUES ('a', 'b')"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        hall.writer.run(write_and_break)
    with hall.engine.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM secrets")).scalar() == 0


def test_two_writers_on_one_database_see_each_other(hall):
    other = hall.another_writer()
    numbers = [hall.number(writer=writer) for writer in (hall.writer, other) * 4]
    assert numbers == [f"A00{n}" for n in range(1, 9)]
    assert hall.holds()


def test_time_does_not_go_back_when_the_clock_does(hall, clock):
    hall.draws()
    last_at = hall.entries[-1].at
    clock.advance(minutes=-10)
    hall.draws()
    assert hall.entries[-1].at == last_at
    clock.advance(minutes=11)
    hall.draws()
    assert hall.entries[-1].at == last_at + timedelta(minutes=1)
    assert hall.holds()


def test_a_new_day_begins_at_one_again(hall, clock):
    assert hall.number() == "A001"
    clock.advance(hours=24)
    assert hall.number() == "A001"
    assert hall.number() == "A002"
    assert hall.holds()


def test_the_hall_from_the_last_closed_day_is_the_hall_that_followed_every_entry(engine, clock):
    story = store(engine, small_day())
    with engine.connect() as conn:
        assert rebuilt(conn, "hall") == story.hall


def test_readers_see_a_hall_that_is_as_new_as_the_journal(hall):
    other = hall.another_writer()
    hall.draws()
    with hall.engine.connect() as conn:
        assert other.halls.caught_up(conn, "hall") == hall.writer.halls.committed("hall")
    hall.draws()
    with hall.engine.connect() as conn:
        assert other.halls.caught_up(conn, "hall").seq == 4
        assert other.halls.caught_up(conn, "nowhere") is None


def test_a_reader_whose_question_is_older_gets_the_newer_hall_and_rebuilds_nothing(hall, monkeypatch):
    hall.draws()
    monkeypatch.setattr("server.store.halls.rebuilt", None)
    monkeypatch.setattr("server.store.journal.head", lambda conn, site: Head(seq=2, hash="older"))
    with hall.engine.connect() as conn:
        assert hall.writer.halls.caught_up(conn, "hall").seq == 3


def test_a_hall_of_another_chain_is_not_built_upon(hall):
    """A database that was put back under a running server: same numbers, other entries."""
    hall.draws()
    from dataclasses import replace

    halls = hall.writer.halls
    strange = replace(halls.committed("hall"), hash="f" * 64, numbers={"A": 40})
    for seq in (2, 3):
        halls.forget("hall")
        halls.commit(replace(strange, seq=seq))
        assert hall.number() in {"A002", "A003"}
    assert hall.holds()


def test_nothing_is_written_after_a_tail_that_is_missing(hall):
    hall.draws()
    hall.writer.run(lambda conn: conn.execute(text("UPDATE site_heads SET last_seq = 5")))
    for writer in (hall.writer, hall.another_writer()):
        with pytest.raises(JournalDamaged, match="the head is entry 5, the journal ends at 3"):
            hall.draws(writer=writer)
    assert len(hall.entries) == 3


def test_a_listener_that_breaks_does_not_hurt_the_answer(hall):
    def told():
        raise ZeroDivisionError

    assert hall.number(writer=hall.another_writer(told=told)) == "A001"
    assert hall.number() == "A002"


def test_listeners_are_told_after_the_commit(hall):
    seen = queue.SimpleQueue()

    def told():
        with hall.engine.connect() as conn:
            seen.put(journal.head(conn, "hall").seq)

    hall.draws(writer=hall.another_writer(told=told))
    assert seen.get(timeout=10) == 3


def test_an_empty_command_turns_the_page(hall, clock):
    clock.advance(hours=24)
    hall.does(lambda pen: None, actor=days.ACTOR)
    hall.does(lambda pen: None, actor=days.ACTOR)
    assert [entry.kind for entry in hall.entries] == ["setup.changed", "day.opened", "day.closed", "day.opened"]
