"""A COMMIT that fails, before or after it happened; a batch with a spoiled command; a writer that dies."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from server.domain.errors import Refusal
from server.store import batching, transact, writer
from server.store.transact import Command, Done
from server.store.writer import BatchWriter, Busy

ROOT = Path(__file__).parents[2]
#: More often than any writer tries.
TRIES = 9


@pytest.fixture
def commits(hall, monkeypatch):
    """`commits.fail(2, happened=True)`: the next two COMMITs raise, though they happened."""
    return Commits(hall.engine, monkeypatch)


class Commits:
    def __init__(self, engine, monkeypatch):
        self.failed = 0
        self._left, self._happened = 0, False
        self._error = engine.dialect.loaded_dbapi.OperationalError
        self._commit = engine.dialect.do_commit
        monkeypatch.setattr(engine.dialect, "do_commit", self._fails)
        monkeypatch.setattr(batching, "ASK_AFTER_S", (0.0, 0.01))
        monkeypatch.setattr(batching, "TRY_FOR_S", 60.0)

    def fail(self, times, *, happened):
        self._left, self._happened = times, happened

    def _fails(self, connection):
        if not self._left:
            return self._commit(connection)
        self._left -= 1
        self.failed += 1
        if self._happened:
            self._commit(connection)
        raise self._error("the line was cut")


@pytest.mark.parametrize("key", [None, "k"])
def test_a_commit_that_happened_though_it_failed_is_answered_from_the_journal(hall, commits, key):
    commits.fail(1, happened=True)
    done = hall.draws(key=key)
    assert done.did.turn.number == "A001"
    assert done.answer == (201, {"number": "A001", "seq": 3})
    assert commits.failed == 1
    assert hall.drawn == ["A001"]
    assert hall.number() == "A002"
    assert hall.holds()


@pytest.mark.parametrize("key", [None, "k"])
def test_a_commit_that_did_not_happen_is_done_once_more(hall, commits, key):
    commits.fail(1, happened=False)
    assert hall.number(key=key) == "A001"
    assert hall.drawn == ["A001"]
    assert hall.holds()


def test_a_commit_that_fails_again_and_again_is_busy_and_nothing_is_lost(hall, commits):
    commits.fail(TRIES, happened=False)
    with pytest.raises(Busy):
        hall.draws(key="k")
    commits.fail(0, happened=False)
    assert hall.drawn == []
    assert hall.number(key="k") == "A001"
    assert hall.holds()


def test_a_commit_that_fails_twice_though_it_happened_makes_one_ticket(hall, commits):
    commits.fail(2, happened=True)
    assert hall.number(key="k") == "A001"
    assert hall.number(key="k") == "A001"
    assert hall.drawn == ["A001"]


def test_readers_never_see_what_was_not_committed(hall, commits):
    hall.draws()
    commits.fail(TRIES, happened=False)
    with pytest.raises(Busy):
        hall.draws()
    commits.fail(0, happened=False)
    with hall.engine.connect() as conn:
        assert hall.writer.halls.caught_up(conn, "hall").numbers == {"A": 1}


def test_a_commit_of_unknown_outcome_is_not_run_again(hall, commits, monkeypatch):
    """The database went away with the question whether it committed: without a key a second run could be a second
    ticket, so the caller is told that it is not known.
    """
    real_head = transact.journal.head

    def away(conn, site, *, lock=False):
        if commits.failed and lock:
            raise OperationalError("head", {}, Exception("away"))
        return real_head(conn, site, lock=lock)

    monkeypatch.setattr(transact.journal, "head", away)
    commits.fail(1, happened=True)
    with pytest.raises(Busy, match="not known"):
        hall.draws(key="k")
    monkeypatch.setattr(transact.journal, "head", real_head)
    assert hall.number(key="k") == "A001"
    assert hall.drawn == ["A001"]


# ---------------------------------------------------------------- the batch of SQLite's writer


#: PostgreSQL has neither the thread nor the queue.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def batch(hall):
    return partial(together, hall)


def together(hall, works):
    """Holds the writer until all of them wait behind it, so that they are one batch."""
    gate, waiting = threading.Event(), threading.Event()

    def hold(conn):
        waiting.set()
        assert gate.wait(10)

    with ThreadPoolExecutor(len(works) + 1) as threads:
        held = threads.submit(hall.writer.run, hold)
        assert waiting.wait(10)
        answers = []
        for n, work in enumerate(works, start=1):
            answers.append(threads.submit(work))
            while hall.writer._jobs.qsize() < n:
                time.sleep(0.001)
        gate.set()
        held.result(10)
        return [answer.exception(10) or answer.result(10) for answer in answers]


def breaks(hall, error=ZeroDivisionError):
    def action(pen):
        pen.write("outage.declared", {})
        raise error

    return partial(hall.does, action)


@on_sqlite
def test_a_command_that_breaks_in_the_middle_of_a_batch_hurts_no_other(hall, batch):
    did = batch([hall.number, breaks(hall), hall.number, partial(hall.calls, 1), hall.number])
    assert [did[n] for n in (0, 2, 4)] == ["A001", "A002", "A003"]
    assert isinstance(did[1], ZeroDivisionError)
    assert isinstance(did[3], Refusal)
    assert hall.holds()


@on_sqlite
def test_what_the_database_refuses_of_one_command_hurts_no_other_of_the_batch(hall, batch):
    def twice(conn, _did):
        conn.execute(text("INSERT INTO secrets (name, value) VALUES ('a', 'b')"))
        conn.execute(text("INSERT INTO secrets (name, value) VALUES ('a', 'b')"))

    spoiled = partial(hall.does, lambda pen: pen.write("outage.declared", {}), beside=twice)
    did = batch([hall.number, spoiled, hall.number])
    assert (did[0], did[2]) == ("A001", "A002")
    assert isinstance(did[1], Busy)
    assert [entry.kind for entry in hall.entries if entry.kind == "outage.declared"] == []
    assert hall.holds()


@on_sqlite
def test_one_key_twice_in_a_batch_is_one_ticket(hall, batch):
    did = batch([partial(hall.number, key="k"), hall.number, partial(hall.number, key="k")])
    assert did == ["A001", "A002", "A001"]


@on_sqlite
@pytest.mark.parametrize("happened", [True, False])
def test_a_batch_whose_commit_fails_is_answered_or_run_again_whole(hall, batch, commits, happened):
    once = iter([1])

    def spoil(pen):
        if next(once, None):
            commits.fail(1, happened=happened)
        return pen.write("outage.declared", {})

    before = len(hall.entries)
    did = batch([partial(hall.does, spoil), partial(hall.number, key="k"), hall.number])
    assert isinstance(did[0], Done)
    assert did[1:] == ["A001", "A002"]
    assert commits.failed == 1
    assert len(hall.entries) == before + 3
    assert hall.holds()


@on_sqlite
def test_who_waits_too_long_is_told_and_a_command_that_had_not_begun_never_will(engine, hall):
    slow = hall.another_writer(patience_s=0.05)
    gate = threading.Event()
    with ThreadPoolExecutor(2) as threads:
        held = threads.submit(slow.run, lambda conn: gate.wait(10))
        time.sleep(0.02)
        with pytest.raises(Busy, match="no answer in time"):
            hall.draws(writer=slow)
        assert isinstance(held.exception(10), Busy)
        gate.set()
    assert hall.number(writer=slow) == "A001"
    assert hall.drawn == ["A001"]


@on_sqlite
def test_a_closed_writer_is_busy_and_leaves_nobody_waiting(hall):
    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(hall.draws) for _ in range(50)]
        hall.writer.close()
        outcomes = [answer.exception(10) or answer.result() for answer in answers]
    assert {type(outcome) for outcome in outcomes} <= {Done, Busy}
    assert len(hall.drawn) == sum(isinstance(outcome, Done) for outcome in outcomes)
    hall.writer.close()
    with pytest.raises(Busy, match="closed"):
        hall.draws()


@on_sqlite
def test_a_database_that_another_program_keeps_locked_is_busy_for_all_and_soon(hall, monkeypatch):
    """Not one after the other: two tries for the whole batch, however many wait."""
    monkeypatch.setattr("server.store.engine.SQLITE_PATIENCE_MS", 100)
    hall.writer.run(lambda conn: conn.exec_driver_sql("PRAGMA busy_timeout=100"))
    with hall.engine.execution_options(writes=True).begin(), ThreadPoolExecutor(20) as threads:
        began = time.monotonic()
        outcomes = [answer.exception() for answer in [threads.submit(hall.draws) for _ in range(20)]]
        took_s = time.monotonic() - began
    assert {type(outcome) for outcome in outcomes} == {Busy}
    assert took_s < 5
    assert hall.number() == "A001"


on_postgres = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@on_postgres
def test_commands_that_wait_at_one_site_are_one_transaction(hall, monkeypatch):
    commits = []
    monkeypatch.setattr(hall.engine.dialect, "do_commit", lambda conn: (commits.append(1), conn.commit()))
    counter = hall.writer._counters["hall"]
    with ThreadPoolExecutor(20) as threads:
        with counter.turn:
            answers = [threads.submit(hall.number, key=f"k{n}") for n in range(20)]
            while len(counter.jobs) < 20:
                time.sleep(0.001)
        numbers = [answer.result(10) for answer in answers]
    assert sorted(numbers) == [f"A{n:03d}" for n in range(1, 21)]
    assert len(commits) == 1
    assert hall.holds()


@on_postgres
def test_who_is_stopped_from_outside_leaves_nobody_waiting(hall, monkeypatch):
    real, stops = batching.prepare, iter([1])

    def stopped(*args, **facts):
        if next(stops, None):
            raise SystemExit
        return real(*args, **facts)

    monkeypatch.setattr(batching, "prepare", stopped)
    counter = hall.writer._counters["hall"]
    with ThreadPoolExecutor(5) as threads:
        with counter.turn:
            answers = [threads.submit(hall.number, key=f"k{n}") for n in range(5)]
            while len(counter.jobs) < 5:
                time.sleep(0.001)
        outcomes = [type(answer.exception(10)) for answer in answers]
    assert sorted(outcome.__name__ for outcome in outcomes) == ["Busy"] * 4 + ["SystemExit"]
    assert hall.number() == "A001"


@on_postgres
def test_a_site_that_another_process_keeps_locked_is_busy_and_no_other_site_waits(hall, monkeypatch):
    slow = hall.another_writer(patience_s=0.1)
    with ThreadPoolExecutor(2) as threads, hall.engine.begin() as conn:
        transact.journal.head(conn, "hall", lock=True)
        first = threads.submit(hall.draws, writer=slow)
        while not slow._counters or not slow._counters["hall"].turn.locked():
            time.sleep(0.001)
        with pytest.raises(Busy, match="in time"):
            hall.draws(writer=slow)
        assert slow.submit(Command(site="elsewhere", actor="x", action=None)) == Refusal("no_such_site")
        conn.rollback()
        assert first.result(10).answer[1]["number"] == "A001"
    assert hall.drawn == ["A001"]


def test_a_process_whose_writer_dies_ends_at_once():
    code = """
import sys, tempfile
from sqlalchemy import create_engine
from server.store import writer
class Broken(Exception): pass
def break_off(self, jobs): raise SystemExit
writer.Batches.answer = break_off
w = writer.BatchWriter(create_engine("sqlite://"), now=None, prelude=None)
w.submit(writer.Command(site="hall", actor="x", action=None))
print("still here")
"""
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True, timeout=15
    )
    assert ended.returncode == writer.DEAD
    assert "the writer died" in ended.stderr
    assert ended.stdout == ""


@on_sqlite
def test_the_death_of_a_writer_can_be_watched(engine):
    died = threading.Event()
    w = BatchWriter(engine, now=lambda: None, prelude=lambda pen: None, on_death=died.set, patience_s=0.5)
    w._batches = None
    with pytest.raises(Busy):
        w.submit(Command(site="hall", actor="x", action=lambda pen: None))
    assert died.is_set()
