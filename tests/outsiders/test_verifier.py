"""The stand-alone verifier as a stranger meets it: one file, any Python, whole journals and single days."""

import ast
import gzip
import subprocess
import sys
from base64 import b32encode
from dataclasses import replace

import pytest

from tests.outsiders.book import VERIFIER, resealed, rows_of, verify, write_rows
from tests.stored import small_day


@pytest.fixture(scope="module")
def told():
    return small_day()


@pytest.fixture
def file(told, tmp_path):
    return write_rows(tmp_path / "hall.jsonl", rows_of(told.entries))


def code_of(entry):
    return b32encode(bytes.fromhex(entry.hash)[:10]).decode()


def parts_of(told, folder):
    """The story cut after its first closed day, and what was in force at the cut."""
    closed = next(entry for entry in told.entries if entry.kind == "day.closed")
    setup = next(entry for entry in told.entries if entry.kind == "setup.changed")
    days = (told.entries[: closed.seq], told.entries[closed.seq :])
    one, other = (write_rows(folder / f"{n}.jsonl", rows_of(day)) for n, day in enumerate(days))
    return one, other, write_rows(folder / "before.jsonl", rows_of([setup, closed]))


def test_it_needs_nothing_but_the_standard_library_of_an_old_python():
    tree = ast.parse(VERIFIER.read_text(encoding="utf-8"), feature_version=(3, 9))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_a_day_with_visitors_of_every_fate_holds(file, told):
    found = verify(file)
    assert found.code == 0
    assert found.faults == []
    assert found.verdict["hash"] == told.hall.hash
    assert found.verdict["seq"] == told.hall.seq
    counts = {"drawn": 5, "served": 1, "no_shows": 1, "withdrawn": 1, "not_served": 1}
    assert {name: found.day[name] for name in counts} == counts
    assert found.day["overtakes"] == {"priority": 1}
    assert found.day["unexplained"] == 0


def test_people_read_it_as_sentences(file):
    done = subprocess.run([sys.executable, VERIFIER, file], capture_output=True, text=True, check=True)
    assert "2026-11-24: drawn 5, served 1" in done.stdout
    assert "The chain of hall holds from entry 1 to 29." in done.stdout
    assert "Everything is as it should be." in done.stdout


def test_the_head_can_be_the_code_that_stands_on_paper(file, told):
    last = told.entries[-1]
    spaced = " ".join(code_of(last)[n : n + 4] for n in range(0, 16, 4))
    for head in (last.hash, last.hash.upper(), code_of(last), code_of(last).lower(), spaced):
        assert verify(file, "--head", head).code == 0
    assert verify(file, "--head", "A" * 16).faults == [(30, "chain")]


def test_it_says_which_entry_a_ticket_is(file, told):
    drawn = next(entry for entry in told.entries if entry.kind == "ticket.drawn")
    [found] = verify(file, "--find", code_of(drawn)).all("found")
    assert (found["seq"], found["kind"], found["number"]) == (drawn.seq, "ticket.drawn", "A001")
    missing = verify(file, "--find", "A" * 16)
    assert missing.code == 1
    assert "no entry here" in missing.why


def test_what_is_no_hash_is_told_at_once(file):
    assert verify(file, "--head", "12345").code == 2
    assert verify(file.with_name("nothing.jsonl")).code == 2


def test_an_empty_file_proves_nothing(tmp_path):
    assert verify(write_rows(tmp_path / "hall.jsonl", [])).code == 2


def test_files_follow_each_other(told, tmp_path):
    one, other, _before = parts_of(told, tmp_path)
    assert verify(one, other).verdict["hash"] == told.hall.hash
    assert verify(other, one).code == 1


def test_a_file_that_begins_in_the_middle_says_what_it_goes_on_from(told, tmp_path):
    one, other, _before = parts_of(told, tmp_path)
    closed = verify(one).verdict
    found = verify(other)
    assert found.code == 0
    assert (found.verdict["first"], found.verdict["prev"]) == (closed["seq"] + 1, closed["hash"])
    assert verify(other, "--after", closed["hash"]).code == 0
    assert verify(other, "--after", closed["short"]).code == 0
    assert verify(other, "--after", "0" * 64).faults == [(1, "chain")]


def test_one_day_alone_is_checked_with_what_was_in_force_before_it(told, tmp_path):
    one, other, before = parts_of(told, tmp_path)
    assert verify(other, "--before", before).code == 0
    assert verify(one, "--before", before).code == 1


def test_what_was_in_force_must_be_what_the_day_goes_on_from(told, tmp_path):
    one, other, before = parts_of(told, tmp_path)
    count = len(one.read_text().splitlines())
    forged = resealed([replace(told.entries[0], actor="test:2"), *told.entries[1:count]])
    found = verify(other, "--before", write_rows(before, rows_of([forged[0], forged[-1]])))
    assert found.faults == [(1, "chain")]
    assert "in force before" in found.why


def test_a_file_that_begins_within_a_day_judges_no_call_before_the_next_day(told, tmp_path):
    rest = write_rows(tmp_path / "rest.jsonl", rows_of(told.entries[8:]))
    found = verify(rest)
    assert found.code == 0
    assert [day["whole"] for day in found.all("day")] == [False, True]


def test_it_reads_compressed_files_and_standard_input(file, told):
    packed = file.with_suffix(".jsonl.gz")
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert verify(packed).verdict["hash"] == told.hall.hash
    done = subprocess.run([sys.executable, VERIFIER, "-"], input=file.read_bytes(), capture_output=True, check=False)
    assert done.returncode == 0
