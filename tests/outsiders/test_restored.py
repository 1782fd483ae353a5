"""A restored journal before the outsider: numbers may be left out by its entry alone, and never go back."""

from dataclasses import replace

from server.actions.restoring import Note
from server.domain.entries import GENESIS, seal
from server.store.journal import Head
from tests.outsiders.book import rows_of, verify, write_rows
from tests.world import Story

NOTE = Note(
    backup=Head(seq=2, hash="b" * 64), lost=None, there=None, said={"A": 30}, by="aaaaaa", confirmed_by="bbbbbb"
)


def told(**changes):
    world = Story()
    world.draws("a")
    world.does(replace(NOTE, **changes))
    world.draws("a")
    return world.entries


def rewritten(entries, change):
    """The same journal with other bodies, sealed anew."""
    found, prev = [], GENESIS
    for entry in entries:
        facts = {name: getattr(entry, name) for name in ("site", "seq", "at", "kind", "actor")}
        again, _text = seal(**facts, body=change(entry), prev=prev)
        found.append(again)
        prev = again.hash
    return found


def checked(tmp_path, entries):
    return verify(write_rows(tmp_path / "journal.jsonl", rows_of(entries)))


def test_the_numbers_that_a_restored_backup_leaves_out_are_no_fault(tmp_path):
    entries = told()
    assert entries[-1].body["number"] == "A031"
    assert checked(tmp_path, entries).faults == []


def test_without_the_entry_they_are_one(tmp_path):
    def nothing_left_out(entry):
        return {**entry.body, "series": []} if entry.kind == "journal.restored" else entry.body

    entries = told()
    assert checked(tmp_path, rewritten(entries, nothing_left_out)).faults == [(entries[-1].seq, "numbers")]


def test_a_series_that_goes_back_and_one_person_alone_are_faults(tmp_path):
    def back(entry):
        if entry.kind != "journal.restored":
            return entry.body
        return {**entry.body, "series": [{"series": "A", "n": 0}], "confirmed_by": entry.body["by"]}

    entries = told(said={"A": 1})
    seq = entries[-2].seq
    assert sorted(checked(tmp_path, rewritten(entries, back)).faults) == [(seq, "chain"), (seq, "numbers")]


def test_a_restored_backup_is_told_with_what_it_lost(tmp_path):
    found = checked(tmp_path, told(lost=Head(seq=9, hash="c" * 64)))
    [restored] = found.all("restored")
    assert (restored["backup_seq"], restored["lost_seq"], restored["lost_hash"]) == (2, 9, "c" * 64)
