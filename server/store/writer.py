"""How every action runs, and how everything beside the journal is written.

SQLite has one writing thread that takes commands from a queue, runs up to 256 in one transaction, commits once and
answers all. PostgreSQL has a pooled connection per command and the site's row lock. Actions don't know which.

A COMMIT that fails, or whose outcome is unknown, drops the halls. If the journal holds exactly what was about to be
committed, it was committed. If it surely does not, the commands are run once more. If nobody can tell, or it fails
again, the answer is `Busy`: try later, with the same key.
"""

import logging
import os
import queue
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Lock, Thread
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from server.domain.errors import Refusal
from server.store import journal
from server.store.halls import Halls
from server.store.transact import Command, Done, Now, Outcome, Prelude, Prepared, prepare

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Enough to serve a burst with one fsync, small enough that nobody waits for a batch (32 clients never fill it).
BATCH = 256
#: Longest that a request waits for its answer before it is told to try again.
PATIENCE_S = 20.0
#: PostgreSQL: serialisation failure, deadlock; a key that another site's command took meanwhile.
RETRY_CODES = frozenset({"40001", "40P01", "23505"})
#: PostgreSQL: pauses between tries; together a little longer than a restart of the database takes.
TRY_AGAIN_AFTER_S = (0.005, 0.02, 0.1, 0.3, 1.0, 2.0)
#: No further try after this long, when it was the tries themselves that took it.
TRY_FOR_S = 5.0
#: Pauses between the questions whether a COMMIT happened, while the database is away.
ASK_AFTER_S = (0.0, 0.2, 1.0, 3.0)
#: What a process that lost its writer ends with: EX_SOFTWARE.
DEAD = 70


class Busy(Exception):  # noqa: N818 - reads as what the caller is told
    """The database did not take it. Nothing is lost, nothing is known to have happened; the same key may try again."""


class _NotCommitted(Exception):  # noqa: N818 - reads as what is known
    """A COMMIT failed and surely did not happen."""


class Writer(Protocol):
    halls: Halls

    def submit(self, command: Command) -> Done | Refusal:
        """Run one command. Raises Busy, or whatever the action itself broke on."""

    def run(self, work: Callable[[Connection], T]) -> T:
        """Write something beside the journal in a transaction of its own. Raises Busy, or what `work` broke on."""

    def close(self) -> None: ...


class _Job:
    __slots__ = ("answer", "command", "work")

    def __init__(self, *, command: Command | None = None, work: Callable[[Connection], Any] | None = None) -> None:
        self.command = command
        self.work = work
        self.answer: Future[Any] = Future()


def die() -> None:
    """A server whose writer is gone would take requests and answer none. Whoever supervises it starts a whole one."""
    os._exit(DEAD)


class BatchWriter:
    """SQLite: one real thread, one transaction at a time, one COMMIT for all who came meanwhile.

    Who has waited too long is told so; a command that had not begun by then never will.
    """

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
        self.halls = Halls()
        self._writing = engine.execution_options(writes=True)
        self._conn: Connection | None = None
        self._now = now
        self._prelude = prelude
        self._told = told
        self._patience_s = patience_s
        self._on_death = on_death
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._open = True
        #: Nothing is put behind the word to stop, where nobody would take it.
        self._gate = Lock()
        self._thread = Thread(target=self._live, name="writer", daemon=True)
        self._thread.start()

    def submit(self, command: Command) -> Done | Refusal:
        return _outcome(self._ask(_Job(command=command)))

    def run(self, work: Callable[[Connection], T]) -> T:
        result: T = self._ask(_Job(work=work))
        return result

    def close(self) -> None:
        with self._gate:
            if self._open:
                self._open = False
                self._jobs.put(None)
        self._thread.join(timeout=self._patience_s)

    def _ask(self, job: _Job) -> Any:
        with self._gate:
            if not self._open:
                raise Busy("the writer is closed")
            self._jobs.put(job)
        try:
            return job.answer.result(timeout=self._patience_s)
        except TimeoutError:
            if job.answer.done() and not job.answer.cancelled():
                raise
            job.answer.cancel()
            raise Busy(f"no answer within {self._patience_s:g} s") from None

    # ------------------------------------------------------------ the thread

    def _live(self) -> None:
        try:
            while (job := self._jobs.get()) is not None:
                commands, works, stop = self._gather(job)
                if commands:
                    self._answer(commands)
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

    def _gather(self, first: _Job) -> tuple[list[_Job], list[_Job], bool]:
        """What has come meanwhile and is still waited for, up to a batch; True if the last of it says to stop."""
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
        jobs = [job for job in jobs if job.answer.set_running_or_notify_cancel()]
        return [job for job in jobs if job.command], [job for job in jobs if job.work], stop

    def _answer(self, jobs: Sequence[_Job]) -> None:
        outcomes = self._outcomes([job.command for job in jobs if job.command is not None])
        for job, outcome in zip(jobs, outcomes, strict=True):
            job.answer.set_result(outcome)
        _tell(self._told)

    def _outcomes(self, commands: Sequence[Command]) -> list[Outcome]:
        """A batch that fails is run once more: together when it was the database, else one by one, because then one
        of the commands may be the cause and the others have nothing to do with it.
        """
        try:
            return self._batch(commands)
        except Busy as busy:
            return [Busy(str(busy)) for _ in commands]
        except OperationalError:
            log.exception("a batch of %d commands failed and is run again", len(commands))
            return self._again(commands)
        except Exception:
            log.exception("a batch of %d commands failed and is run again one by one", len(commands))
            return [outcome for command in commands for outcome in self._again([command])]

    def _again(self, commands: Sequence[Command]) -> list[Outcome]:
        try:
            return self._batch(commands)
        except Busy as busy:
            return [Busy(str(busy)) for _ in commands]
        except SQLAlchemyError as error:
            log.exception("%d commands failed twice", len(commands))
            return [Busy(str(error)) for _ in commands]
        except Exception as error:
            log.exception("%d commands failed twice", len(commands))
            return [error] * len(commands)

    def _batch(self, commands: Sequence[Command]) -> list[Outcome]:
        prepared: Prepared | None = None
        try:
            with self._transaction() as conn:
                prepared = prepare(conn, self.halls, commands, now=self._now, prelude=self._prelude)
        except Exception as error:
            for site in {command.site for command in commands}:
                self.halls.forget(site)
            if prepared is None or not _did_commit(self._writing, prepared, error):
                raise
        assert prepared is not None
        _publish(self.halls, prepared)
        return prepared.outcomes

    def _work(self, job: _Job) -> None:
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


class RowLockWriter:
    """PostgreSQL: a connection per command; everybody else at the site waits for the head's row lock."""

    def __init__(
        self,
        engine: Engine,
        *,
        now: Now,
        prelude: Prelude,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self.halls = Halls()
        self._engine = engine
        self._now = now
        self._prelude = prelude
        self._told = told

    def submit(self, command: Command) -> Done | Refusal:
        give_up_at = time.monotonic() + TRY_FOR_S
        for pause_s in (*TRY_AGAIN_AFTER_S, None):
            try:
                outcome = self._once(command)
            except (_NotCommitted, DBAPIError) as error:
                if pause_s is None or not _may_retry(error) or time.monotonic() > give_up_at:
                    raise Busy(str(error)) from error
                time.sleep(pause_s)
            except SQLAlchemyError as error:
                raise Busy(str(error)) from error
            else:
                _tell(self._told)
                return _outcome(outcome)
        raise AssertionError("the last try answers or raises")

    def run(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._engine.begin() as conn:
                return work(conn)
        except OperationalError as error:
            raise Busy(str(error)) from error

    def close(self) -> None:
        """Nothing to stop: who is in the middle of a command ends it."""

    def _once(self, command: Command) -> Outcome:
        prepared: Prepared | None = None
        try:
            with self._engine.begin() as conn:
                prepared = prepare(conn, self.halls, [command], now=self._now, prelude=self._prelude)
        except Exception as error:
            self.halls.forget(command.site)
            if prepared is None:
                raise
            if not _did_commit(self._engine, prepared, error):
                raise _NotCommitted(str(error)) from error
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


def _tell(told: Callable[[], None]) -> None:
    """What is committed is answered, whatever those who only listen make of it."""
    try:
        told()
    except Exception:
        log.exception("waking a listener failed")


def _did_commit(engine: Engine, prepared: Prepared, error: Exception) -> bool:
    """After a COMMIT that failed: does the journal hold exactly what was about to be committed? Raises Busy when
    nobody can tell.

    The heads are locked first: a COMMIT that is still on its way somewhere is then waited for.
    """
    last = {stroke.entry.site: stroke.entry for stroke in prepared.written}
    if not last:
        return False
    for pause_s in ASK_AFTER_S:
        time.sleep(pause_s)
        try:
            with engine.connect() as conn:
                for site in sorted(last):
                    journal.head(conn, site, lock=True)
                return all(journal.hash_at(conn, site, entry.seq) == entry.hash for site, entry in last.items())
        except SQLAlchemyError:
            log.warning("whether the journal was written is not known yet", exc_info=True)
    raise Busy("it is not known whether the journal was written") from error


def _may_retry(error: DBAPIError | _NotCommitted) -> bool:
    """Nothing was written: the database was away, or it chose this transaction to give way to another."""
    if isinstance(error, _NotCommitted | OperationalError):
        return True
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in RETRY_CODES
