"""How every action runs, and how everything beside the journal is written.

SQLite has one writing thread that takes commands from a queue, runs up to 256 in one transaction, commits once and
answers all. PostgreSQL has a pooled connection per command and the site's row lock. Actions don't know which.

A COMMIT that fails, or whose outcome is unknown, drops the halls; if the journal's heads turn out to be exactly what
was about to be committed, it was committed; otherwise the batch is run once more, where the keys of what did get
through answer for it. What fails again is `Busy`: try later.
"""

import logging
import queue
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from threading import Thread
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.store import journal
from server.store.halls import Halls
from server.store.transact import Command, Done, Outcome, Prelude, Prepared, prepare

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Enough to serve a burst with one fsync, small enough that nobody waits for a batch (32 clients never fill it).
BATCH = 256
#: Longest that a request waits for its answer before it is told to try again.
PATIENCE_S = 20.0
#: PostgreSQL: serialisation failure, deadlock.
RETRY_CODES = frozenset({"40001", "40P01"})
TRIES = 5


class Busy(Exception):  # noqa: N818 - reads as what the caller is told
    """The database did not take it. Nothing is lost, nothing is known to have happened; the same key may try again."""


class Writer(Protocol):
    halls: Halls

    def submit(self, command: Command) -> Done | Refusal:
        """Run one command. Raises Busy, or whatever the action itself broke on."""

    def run(self, work: Callable[[Connection], T]) -> T:
        """Write something beside the journal in a transaction of its own."""

    def close(self) -> None: ...


class _Job:
    __slots__ = ("answer", "command", "work")

    def __init__(self, *, command: Command | None = None, work: Callable[[Connection], Any] | None = None) -> None:
        self.command = command
        self.work = work
        self.answer: Future[Any] = Future()


class BatchWriter:
    """SQLite: one real thread, one transaction at a time, one COMMIT for all who came meanwhile."""

    def __init__(
        self,
        engine: Engine,
        *,
        now: Callable[[], datetime],
        prelude: Prelude,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self.halls = Halls()
        self._engine = engine
        self._writing = engine.execution_options(writes=True)
        self._now = now
        self._prelude = prelude
        self._told = told
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = Thread(target=self._live, name="writer", daemon=True)
        self._thread.start()

    def submit(self, command: Command) -> Done | Refusal:
        job = _Job(command=command)
        self._jobs.put(job)
        return _outcome(job.answer.result(timeout=PATIENCE_S))

    def run(self, work: Callable[[Connection], T]) -> T:
        job = _Job(work=work)
        self._jobs.put(job)
        result: T = job.answer.result(timeout=PATIENCE_S)
        return result

    def close(self) -> None:
        self._jobs.put(None)
        self._thread.join(timeout=PATIENCE_S)

    def _live(self) -> None:
        while (job := self._jobs.get()) is not None:
            commands, works, stop = self._gather(job)
            if commands:
                self._answer(commands)
            for work in works:
                self._work(work)
            if stop:
                return

    def _gather(self, first: _Job) -> tuple[list[_Job], list[_Job], bool]:
        """What has come meanwhile, up to a batch; True if the last of it says to stop."""
        jobs, stop = [first], False
        while len(jobs) < BATCH:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                stop = True
                break
            jobs.append(job)
        return [job for job in jobs if job.command], [job for job in jobs if job.work], stop

    def _answer(self, jobs: Sequence[_Job]) -> None:
        commands = [job.command for job in jobs if job.command is not None]
        try:
            outcomes = self._batch(commands)
        except SQLAlchemyError:
            log.exception("a batch of %d commands failed and is run again one by one", len(commands))
            outcomes = [self._alone(command) for command in commands]
        for job, outcome in zip(jobs, outcomes, strict=True):
            job.answer.set_result(outcome)
        self._told()

    def _alone(self, command: Command) -> Outcome:
        try:
            return self._batch([command])[0]
        except SQLAlchemyError as error:
            log.exception("a command failed twice")
            return Busy(str(error))

    def _batch(self, commands: Sequence[Command]) -> list[Outcome]:
        prepared: Prepared | None = None
        try:
            with self._writing.connect() as conn:
                prepared = prepare(conn, self.halls, commands, now=self._now(), prelude=self._prelude)
                conn.commit()
        except SQLAlchemyError:
            for site in {command.site for command in commands}:
                self.halls.forget(site)
            if prepared is None or not _did_commit(self._engine, prepared):
                raise
        assert prepared is not None
        _publish(self.halls, prepared)
        return prepared.outcomes

    def _work(self, job: _Job) -> None:
        assert job.work is not None
        try:
            with self._writing.begin() as conn:
                result = job.work(conn)
        except Exception as error:  # noqa: BLE001 - it belongs to the caller, who raises it
            job.answer.set_exception(error)
        else:
            job.answer.set_result(result)


class RowLockWriter:
    """PostgreSQL: a connection per command; everybody else at the site waits for the head's row lock."""

    def __init__(
        self,
        engine: Engine,
        *,
        now: Callable[[], datetime],
        prelude: Prelude,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self.halls = Halls()
        self._engine = engine
        self._now = now
        self._prelude = prelude
        self._told = told

    def submit(self, command: Command) -> Done | Refusal:
        for attempt in range(TRIES):
            try:
                outcome = self._once(command)
            except DBAPIError as error:
                if attempt == TRIES - 1 or not _may_retry(error):
                    raise Busy(str(error)) from error
                time.sleep(0.005 * 2**attempt)
            except SQLAlchemyError as error:
                raise Busy(str(error)) from error
            else:
                self._told()
                return _outcome(outcome)
        raise Busy("too many tries")

    def run(self, work: Callable[[Connection], T]) -> T:
        with self._engine.begin() as conn:
            return work(conn)

    def close(self) -> None:
        self._engine.dispose()

    def _once(self, command: Command) -> Outcome:
        prepared: Prepared | None = None
        try:
            with self._engine.connect() as conn:
                prepared = prepare(conn, self.halls, [command], now=self._now(), prelude=self._prelude)
                conn.commit()
        except SQLAlchemyError:
            self.halls.forget(command.site)
            if prepared is None or not _did_commit(self._engine, prepared):
                raise
        assert prepared is not None
        _publish(self.halls, prepared)
        return prepared.outcomes[0]


def _outcome(outcome: Outcome) -> Done | Refusal:
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _publish(halls: Halls, prepared: Prepared) -> None:
    for hall in prepared.halls.values():
        halls.commit(hall)


def _did_commit(engine: Engine, prepared: Prepared) -> bool:
    """After a COMMIT whose outcome is unknown: does the journal hold exactly what was about to be committed?"""
    last: dict[str, Hall] = {stroke.entry.site: stroke.hall for stroke in prepared.written}
    if not last:
        return False
    try:
        with engine.connect() as conn:
            return all(journal.hash_at(conn, site, hall.seq) == hall.hash for site, hall in last.items())
    except SQLAlchemyError:
        return False


def _may_retry(error: DBAPIError) -> bool:
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in RETRY_CODES
