"""A journal as a file: whoever changes a byte of it is found, at the first entry that doesn't hold."""

import json

import pytest

from server.domain.entries import canonical, hash_of
from server.reports import journal_file
from server.store.engine import open_engine, snapshot
from server.store.journal import Broken, Head
from tests.stored import small_day, store


@pytest.fixture(scope="module")
def told():
    return small_day()


@pytest.fixture
def rows(told):
    return [line(stroke.entry, stroke.text) for stroke in told.written]


def line(entry, text):
    return canonical({**json.loads(text), "hash": entry.hash}).encode() + b"\n"


def changed(row, **facts):
    return json.dumps({**json.loads(row), **facts}).encode()


def rehashed(row, **facts):
    facts = {**json.loads(row), **facts}
    facts.pop("hash")
    return json.dumps({**facts, "hash": hash_of(canonical(facts))}).encode()


def test_an_export_holds(engine):
    story = store(engine, small_day())
    with snapshot(engine) as conn:
        rows = [row.encode() for row in journal_file.lines(conn, "hall")]
    assert len(rows) == len(story.written)
    assert journal_file.verify(rows) == ("hall", Head(seq=story.hall.seq, hash=story.hall.hash))
    assert journal_file.verify(rows, head=story.hall.hash)[1] == Head(seq=story.hall.seq, hash=story.hall.hash)


def test_an_export_may_begin_in_the_middle(engine):
    story = store(engine, small_day())
    with snapshot(engine) as conn:
        rows = [row.encode() for row in journal_file.lines(conn, "hall", after=5)]
    assert json.loads(rows[0])["seq"] == 6
    assert journal_file.verify(rows)[1] == Broken(seq=1, why="line 1: entry 1 is missing; entry 6 stands in its place")
    assert isinstance(journal_file.verify(rows, after=story.entries[4].hash)[1], Head)
    assert broken_at(rows, after="0" * 64) == 6


def test_the_order_of_names_and_the_white_space_of_a_line_mean_nothing(rows):
    loose = [json.dumps(dict(reversed(json.loads(row).items())), indent=None).encode() for row in rows]
    assert isinstance(journal_file.verify(loose)[1], Head)


def broken_at(rows, **facts):
    broken = journal_file.verify(rows, **facts)[1]
    assert isinstance(broken, Broken), broken
    return broken.seq


def test_an_altered_entry_is_named(rows):
    for place in (0, 7, len(rows) - 1):
        assert broken_at([*rows[:place], changed(rows[place], actor="agent:other"), *rows[place + 1 :]]) == place + 1


def test_an_altered_entry_with_a_new_hash_breaks_the_next_one(rows):
    altered = [*rows[:7], rehashed(rows[7], actor="agent:other"), *rows[8:]]
    assert broken_at(altered) == 9


def test_an_altered_last_entry_with_a_new_hash_is_found_by_the_head(rows, told):
    altered = [*rows[:-1], rehashed(rows[-1], actor="agent:other")]
    assert isinstance(journal_file.verify(altered)[1], Head)
    assert broken_at(altered, head=told.hall.hash) == len(rows) + 1


def test_a_removed_entry_is_named(rows):
    assert broken_at([*rows[:7], *rows[8:]]) == 8
    assert broken_at(rows[1:]) == 1


def test_an_inserted_entry_is_named(rows):
    assert broken_at([*rows[:7], rehashed(rows[7], actor="agent:new"), *rows[7:]]) == 9
    assert broken_at([*rows[:7], rows[6], *rows[7:]]) == 8


def test_exchanged_entries_are_named(rows):
    assert broken_at([*rows[:7], rows[8], rows[7], *rows[9:]]) == 8


def test_a_tail_cut_off_is_found_by_the_head_alone(rows, told):
    assert isinstance(journal_file.verify(rows[:-2])[1], Head)
    assert broken_at(rows[:-2], head=told.hall.hash) == len(rows) - 1


def test_entries_after_the_head_are_named(rows, told):
    assert broken_at(rows, head=told.entries[9].hash) == 11


def test_an_entry_of_another_site_is_named(rows):
    assert broken_at([*rows[:7], rehashed(rows[7], site="elsewhere"), *rows[8:]]) == 8


def test_an_entry_older_than_the_one_before_is_named(rows):
    assert broken_at([*rows[:-1], rehashed(rows[-1], at="2026-11-24T08:00:00.000Z")]) == len(rows)


def test_an_empty_file_has_no_entry():
    assert journal_file.verify([]) == (None, Head(seq=0, hash="0" * 64))
    assert broken_at([], head="ab" * 32) == 1


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda row: b"\n", "not JSON"),
        (lambda row: row[:-9], "not JSON"),
        (lambda row: b"[1]", "an entry has exactly"),
        (lambda row: row.replace(b'"kind":', b'"sort":', 1), "an entry has exactly"),
        (lambda row: row.replace(b"}\n", b',"more":1}\n'), "an entry has exactly"),
        (lambda row: row.replace(b'"seq":8,', b'"seq":8.0,'), "no integer"),
        (lambda row: row.replace(b'"seq":8,', b'"seq":NaN,'), "no integer"),
        (lambda row: row.replace(b'"seq":8,', b'"seq":true,'), "seq is not what"),
        (lambda row: row.replace(b'"seq":8,', b'"seq":"8",'), "seq is not what"),
        (lambda row: row.replace(b'"seq":8,', b'"seq":8,"seq":8,'), "stands twice"),
        (lambda row: row.replace(b'"v":1', b'"v":9007199254740992'), "not a value"),
        (lambda row: row.replace(b'"v":1', b'"V":1'), "not a key"),
        (lambda row: row.replace(b'"ar"', b'"\\ud800"'), "its text"),
        (lambda row: row.replace(b'"ar"', b'"\xff"'), "not UTF-8"),
        (lambda row: b"[" * 100_000, "not JSON"),
        (lambda row: rehashed(row, at="2026-11-24 09:04:00Z"), "its time is not written"),
        (lambda row: rehashed(row, prev="0" * 64), "hash of the entry before"),
        (lambda row: changed(row, hash="F" * 64), "hash is not what"),
    ],
)
def test_a_line_that_is_no_entry_is_named_with_the_reason(rows, spoil, why):
    broken = journal_file.verify([*rows[:7], spoil(rows[7]), *rows[8:]])[1]
    assert isinstance(broken, Broken)
    assert broken.seq == 8
    assert why in broken.why


def test_a_changed_text_in_the_database_is_named(tmp_path):
    """Somebody who owns the file drops the triggers first; the chain still tells."""
    from server.store import journal, migrate, triggers

    engine = open_engine(f"sqlite:///{tmp_path}/t.db")
    migrate.upgrade(engine)
    store(engine, small_day())
    with engine.begin() as conn:
        triggers.drop(conn)
        conn.exec_driver_sql("UPDATE journal SET text = replace(text, 'test:1', 'test:2') WHERE seq = 9")
    with snapshot(engine) as conn:
        broken = journal.verify("hall", journal.rows_after(conn, "hall"))
    engine.dispose()
    assert broken == Broken(seq=9, why="its text does not have its hash")
