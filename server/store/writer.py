"""How every action runs, and how everything beside the journal is written.

Commands that come while one transaction runs are the next one, up to 256: one lock, one COMMIT, all answered. On
SQLite one thread takes them from a queue. On PostgreSQL the callers of a site do it themselves: the first to come runs
what has gathered behind it, so that sites run in parallel and a process has one connection at each. Actions don't know
which.
"""

import logging
import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from server.domain.errors import Refusal
from server.store.batching import BATCH, Batches, Busy, Job
from server.store.halls import Halls
from server.store.transact import Command, Done, Now, Outcome, Prelude

__all__ = ["BatchWriter", "Busy", "RowLockWriter", "Writer"]

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Longest that a request waits for its answer before it is told to try again.
PATIENCE_S = 20.0
#: Pauses between tries. SQLite has waited for its lock already, so once more is enough; PostgreSQL may be restarting.
SQLITE_PAUSES_S = (0.0,)
POSTGRES_PAUSES_S = (0.005, 0.02, 0.1, 0.3, 1.0, 2.0)
#: The writing connection touches the same leaves of the indexes again and again, however long the history is.
CACHE_KB = 32_000
#: What a process that lost its writer ends with: EX_SOFTWARE.
DEAD = 70


class Writer(Protocol):
    halls: Halls

    def submit(self, command: Command) -> Done | Refusal:
        """Run one command. Raises Busy, or whatever the action itself broke on."""

    def run(self, work: Callable[[Connection], T]) -> T:
        """Write something beside the journal in a transaction of its own. Raises Busy, or what `work` broke on."""

    def close(self) -> None: ...


def die() -> None:
    """A server whose writer is gone would take requests and answer none. Whoever supervises it starts a whole one."""
    os._exit(DEAD)


class BatchWriter:
    """SQLite: one real thread, one transaction at a time, one COMMIT for all who came meanwhile."""

    def __init__(
        self,
        engine: Engine,
        *,
        now: Now,
        prelude: Prelude,
        told: Callable[[], None] = lambda: None,
        patience_s: float = PATIENCE_S,
        on_death: Callable[[], None] = die,
    ) -> None:
        self._writing = engine.execution_options(writes=True)
        self._conn: Connection | None = None
        self._batches = Batches(
            self._writing, self._transaction, now=now, prelude=prelude, told=told, pauses_s=SQLITE_PAUSES_S
        )
        self.halls = self._batches.halls
        self._patience_s = patience_s
        self._on_death = on_death
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._open = True
        #: Nothing is put behind the word to stop, where nobody would take it.
        self._gate = threading.Lock()
        self._thread = Thread(target=self._live, name="writer", daemon=True)
        self._thread.start()

    def submit(self, command: Command) -> Done | Refusal:
        outcome: Outcome = self._ask(Job(command=command)).outcome(self._patience_s)
        return _said(outcome)

    def run(self, work: Callable[[Connection], T]) -> T:
        result: T = self._ask(Job(work=work)).outcome(self._patience_s)
        return result

    def close(self) -> None:
        with self._gate:
            if self._open:
                self._open = False
                self._jobs.put(None)
        self._thread.join(timeout=self._patience_s)

    def _ask(self, job: Job) -> Job:
        with self._gate:
            if not self._open:
                raise Busy("the writer is closed")
            self._jobs.put(job)
        return job

    # ------------------------------------------------------------ the thread

    def _live(self) -> None:
        try:
            while (job := self._jobs.get()) is not None:
                commands, works, stop = self._gather(job)
                if commands:
                    self._batches.answer(commands)
                for work in works:
                    self._work(work)
                if stop:
                    break
        except BaseException:
            log.critical("the writer died", exc_info=True)
            self._open = False
            self._on_death()
        finally:
            self._drop_connection()

    def _gather(self, first: Job) -> tuple[list[Job], list[Job], bool]:
        """What has come meanwhile and is still wanted, up to a batch; True if the last of it says to stop."""
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
        wanted = [job for job in jobs if job.still_wanted()]
        return [job for job in wanted if job.command], [job for job in wanted if job.work], stop

    def _work(self, job: Job) -> None:
        assert job.work is not None
        try:
            with self._transaction() as conn:
                result = job.work(conn)
        except OperationalError as error:
            job.answer.set_exception(Busy(str(error)))
        except Exception as error:  # noqa: BLE001 - it belongs to the caller, who raises it
            job.answer.set_exception(error)
        else:
            job.answer.set_result(result)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """On a connection that is kept, so that no crowd of readers can use it up; one that failed is replaced."""
        if self._conn is None:
            self._conn = self._writing.connect()
            # On the driver's own connection: this is no transaction.
            self._conn.connection.cursor().execute(f"PRAGMA cache_size=-{CACHE_KB}")
        try:
            with self._conn.begin():
                yield self._conn
        except BaseException:
            self._drop_connection()
            raise

    def _drop_connection(self) -> None:
        conn, self._conn = self._conn, None
        if conn is not None:
            try:
                conn.close()
            except SQLAlchemyError:
                log.warning("a connection could not be closed", exc_info=True)


class _Counter:
    """Where the commands of one site wait in this process."""

    __slots__ = ("jobs", "turn")

    def __init__(self) -> None:
        self.jobs: deque[Job] = deque()
        # By its module's name: gevent patches that name, after this module was imported by whoever starts the workers.
        self.turn = threading.Lock()


class RowLockWriter:
    """PostgreSQL: who comes first at a site takes the head's row lock, for itself and for all who wait behind it.

    Other processes wait at the row lock; waiting for it inside the process would only keep connections busy.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        now: Now,
        prelude: Prelude,
        told: Callable[[], None] = lambda: None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._engine = engine
        self._batches = Batches(engine, engine.begin, now=now, prelude=prelude, told=told, pauses_s=POSTGRES_PAUSES_S)
        self.halls = self._batches.halls
        self._patience_s = patience_s
        self._counters: dict[str, _Counter] = {}

    def submit(self, command: Command) -> Done | Refusal:
        counter, job = self._counters.setdefault(command.site, _Counter()), Job(command=command)
        counter.jobs.append(job)
        if counter.turn.acquire(timeout=self._patience_s):
            try:
                while counter.jobs and not job.answer.done():
                    self._answer_some(counter)
            finally:
                counter.turn.release()
        outcome: Outcome = job.outcome(0)
        return _said(outcome)

    def run(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._engine.begin() as conn:
                return work(conn)
        except OperationalError as error:
            raise Busy(str(error)) from error

    def close(self) -> None:
        """Nothing to stop: who is in the middle of a command ends it."""

    def _answer_some(self, counter: _Counter) -> None:
        jobs = [counter.jobs.popleft() for _ in range(min(BATCH, len(counter.jobs)))]
        wanted = [job for job in jobs if job.still_wanted()]
        try:
            if wanted:
                self._batches.answer(wanted)
        except BaseException:
            # This caller is being stopped from outside; the others were only unlucky to stand behind it.
            for job in wanted:
                if not job.answer.done():
                    job.answer.set_exception(Busy("it is not known whether the journal was written"))
            raise


def _said(outcome: Outcome) -> Done | Refusal:
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome
