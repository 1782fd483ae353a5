"""Whoever alters, removes, inserts, reorders or cuts is found out by both verifiers, and the entry is named."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from server.cli import main
from server.domain.entries import canonical, hash_of
from tests.outsiders.book import resealed, rows_of, verify, write_rows
from tests.stored import small_day


@pytest.fixture(scope="module")
def told():
    return small_day()


@pytest.fixture(scope="module")
def rows(told):
    return rows_of(told.entries)


@pytest.fixture
def broken_at(tmp_path):
    """The entry that both name, or None where neither finds anything."""

    def broken_at(rows, *, head=None):
        file = write_rows(tmp_path / "hall.jsonl", rows)
        asked = [] if head is None else ["--head", head]
        found = verify(file, *asked)
        ours = CliRunner().invoke(main, ["verify", str(file), *asked])
        assert found.code == ours.exit_code, (found.said, ours.output)
        if found.code == 0:
            return None
        [(entry, check)] = found.faults
        assert check == "chain"
        assert json.loads(ours.stdout)["entry"] == entry
        return entry

    return broken_at


def changed(row, **changes):
    return canonical({**json.loads(row), **changes})


def rehashed(row, **changes):
    facts = {**json.loads(row), **changes}
    del facts["hash"]
    return canonical({**facts, "hash": hash_of(canonical(facts))})


def test_what_nobody_touched_holds(rows, told, broken_at):
    assert broken_at(rows) is None
    assert broken_at(rows, head=told.hall.hash) is None


@pytest.mark.parametrize("place", [0, 7, 28])
def test_an_altered_entry_is_named(rows, broken_at, place):
    rows = [*rows[:place], changed(rows[place], actor="agent:other"), *rows[place + 1 :]]
    assert broken_at(rows) == place + 1


def test_one_changed_byte_is_named(rows, broken_at):
    assert broken_at([*rows[:4], rows[4].replace("A001", "A002"), *rows[5:]]) == 5


def test_an_altered_entry_with_a_fitting_hash_breaks_the_next_one(rows, broken_at):
    assert broken_at([*rows[:7], rehashed(rows[7], actor="agent:other"), *rows[8:]]) == 9


def test_a_removed_entry_is_named(rows, broken_at):
    assert broken_at([*rows[:7], *rows[8:]]) == 8


def test_an_inserted_entry_is_named(rows, broken_at):
    assert broken_at([*rows[:7], rehashed(rows[7], actor="agent:new"), *rows[7:]]) == 9
    assert broken_at([*rows[:7], rows[6], *rows[7:]]) == 8


def test_two_exchanged_entries_are_named(rows, broken_at):
    assert broken_at([*rows[:7], rows[8], rows[7], *rows[9:]]) == 8


def test_a_tail_cut_before_the_published_head_is_named(rows, told, broken_at):
    assert broken_at(rows[:-2]) is None
    assert broken_at(rows[:-2], head=told.hall.hash) == 28


def test_what_was_written_after_the_head_is_named(rows, told, broken_at):
    assert broken_at(rows, head=told.entries[9].hash) == 11


def test_another_story_with_a_chain_of_its_own_is_found_by_the_head(told, broken_at):
    """All hashes fit; only what was published in the evening does not."""
    other = resealed([replace(told.entries[0], actor="test:2"), *told.entries[1:]])
    assert broken_at(rows_of(other)) is None
    assert broken_at(rows_of(other), head=told.hall.hash) == len(other) + 1


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda row: "", "no entry"),
        (lambda row: row[:-9], "no entry"),
        (lambda row: "[1]", "an entry has exactly"),
        (lambda row: row.replace('"kind":', '"sort":', 1), "an entry has exactly"),
        (lambda row: row.replace('"seq":8,', '"seq":8.0,'), "no integer"),
        (lambda row: row.replace('"seq":8,', '"seq":NaN,'), "no integer"),
        (lambda row: row.replace('"seq":8,', '"seq":true,'), "seq is not what"),
        (lambda row: row.replace('"seq":8,', '"seq":8,"seq":8,'), "stands twice"),
        (lambda row: row.replace('"v":1', '"v":9007199254740992'), "too large"),
        (lambda row: row.replace('"v":1', '"V":1'), "not a name"),
        (lambda row: row.replace('"ar"', '"\\ud800"'), "no entry"),
        (lambda row: "[" * 100_000, "no entry"),
        (lambda row: rehashed(row, at="2026-11-24 09:04:00Z"), "its time is not one"),
        (lambda row: rehashed(row, at="2026-11-24T08:00:00.000Z"), "earlier than the entry before"),
        (lambda row: rehashed(row, site="elsewhere"), "an entry of elsewhere"),
        (lambda row: changed(row, hash="F" * 64), "hash is not what"),
    ],
)
def test_a_line_that_is_no_entry_is_named_with_the_reason(rows, tmp_path, spoil, why):
    found = verify(write_rows(tmp_path / "hall.jsonl", [*rows[:7], spoil(rows[7]), *rows[8:]]))
    assert found.faults == [(8, "chain")]
    assert why in found.why
    assert "line 8" in found.why


def test_the_order_of_names_and_white_space_mean_nothing(rows, tmp_path):
    loose = [json.dumps(dict(reversed(json.loads(row).items()))) for row in rows]
    assert verify(write_rows(tmp_path / "hall.jsonl", loose)).code == 0
