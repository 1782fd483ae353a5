"""A batch of commands as one transaction: run, tried again, its COMMIT asked after, its failure kept to who caused it.

A COMMIT that fails, or whose outcome is unknown, drops the halls. If the journal holds exactly what was about to be
committed, it was committed. If it surely does not, the batch is run again. If nobody can tell, or it fails for too
long, the answer is `Busy`: try later, with the same key.
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from server.store import journal
from server.store.halls import Halls
from server.store.transact import Command, Now, Outcome, Prelude, Prepared, prepare

log = logging.getLogger(__name__)

#: Enough to serve a burst with one fsync, small enough that nobody waits for a batch (32 clients never fill it).
BATCH = 256
#: PostgreSQL: serialisation failure, deadlock; a key that another site's command took meanwhile.
RETRY_CODES = frozenset({"40001", "40P01", "23505"})
#: No further try after this long: about a restart of the database.
TRY_FOR_S = 5.0
#: Pauses between the questions whether a COMMIT happened, while the database is away.
ASK_AFTER_S = (0.0, 0.2, 1.0, 3.0)


class Busy(Exception):  # noqa: N818 - reads as what the caller is told
    """The database did not take it. Nothing is lost, nothing is known to have happened; the same key may try again."""


class NotCommitted(Exception):  # noqa: N818 - reads as what is known
    """A COMMIT failed and surely did not happen."""


class Job:
    """A command or other work that somebody waits for."""

    __slots__ = ("answer", "command", "work")

    def __init__(self, *, command: Command | None = None, work: Callable[[Connection], Any] | None = None) -> None:
        self.command = command
        self.work = work
        self.answer: Future[Any] = Future()

    def still_wanted(self) -> bool:
        """Begin it, unless whoever asked has given up; afterwards it can't be given up any more."""
        return self.answer.set_running_or_notify_cancel()

    def outcome(self, patience_s: float) -> Any:
        """Wait for it. Who has waited too long is told Busy, and what had not begun by then never will."""
        try:
            return self.answer.result(timeout=patience_s)
        except TimeoutError:
            if self.answer.done():
                raise
            self.answer.cancel()
            raise Busy("no answer in time") from None


class Batches:
    def __init__(
        self,
        engine: Engine,
        transaction: Callable[[], AbstractContextManager[Connection]],
        *,
        now: Now,
        prelude: Prelude,
        told: Callable[[], None],
        pauses_s: Sequence[float],
    ) -> None:
        self.halls = Halls()
        self._engine = engine
        self._transaction = transaction
        self._now = now
        self._prelude = prelude
        self._told = told
        self._pauses_s = pauses_s

    def answer(self, jobs: Sequence[Job]) -> None:
        """Run the jobs' commands together and answer each. Whatever happens, nobody is left waiting."""
        commands = [job.command for job in jobs if job.command is not None]
        for job, outcome in zip(jobs, self._outcomes(commands), strict=True):
            job.answer.set_result(outcome)
        try:
            self._told()
        except Exception:
            # What is committed is answered, whatever those who only listen make of it.
            log.exception("waking a listener failed")

    def _outcomes(self, commands: Sequence[Command]) -> list[Outcome]:
        """One spoiled command must not take the others with it: a batch that fails is run again one by one."""
        try:
            return self._together(commands)
        except Busy as busy:
            return [Busy(str(busy)) for _ in commands]
        except Exception as error:
            if len(commands) == 1:
                log.exception("a command failed")
                return [Busy(str(error)) if isinstance(error, SQLAlchemyError) else error]
            log.warning("a batch of %d commands failed and is run again one by one: %s", len(commands), error)
        return [outcome for command in commands for outcome in self._outcomes([command])]

    def _together(self, commands: Sequence[Command]) -> list[Outcome]:
        """When it was the database and no command: again, all together, a little later. Raises Busy in the end."""
        give_up_at = time.monotonic() + TRY_FOR_S
        for pause_s in (*self._pauses_s, None):
            try:
                return self._once(commands)
            except (NotCommitted, DBAPIError) as error:
                if not _may_retry(error):
                    raise
                log.warning("%d commands could not be written: %s", len(commands), error)
                if pause_s is None or time.monotonic() > give_up_at:
                    raise Busy(str(error)) from error
                time.sleep(pause_s)
        raise AssertionError("the last try answers or raises")

    def _once(self, commands: Sequence[Command]) -> list[Outcome]:
        prepared: Prepared | None = None
        try:
            with self._transaction() as conn:
                prepared = prepare(conn, self.halls, commands, now=self._now, prelude=self._prelude)
        except Exception as error:
            for site in {command.site for command in commands}:
                self.halls.forget(site)
            if prepared is None:
                raise
            if not _did_commit(self._engine, prepared, error):
                raise NotCommitted(str(error)) from error
        assert prepared is not None
        for hall in prepared.halls.values():
            self.halls.commit(hall)
        return prepared.outcomes


def _did_commit(engine: Engine, prepared: Prepared, error: Exception) -> bool:
    """After a COMMIT that failed: does the journal hold exactly what was about to be committed? Raises Busy when
    nobody can tell: without a key, a second run could be a second ticket.

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


def _may_retry(error: DBAPIError | NotCommitted) -> bool:
    """Nothing was written: the database was away, or it chose this transaction to give way to another."""
    if isinstance(error, NotCommitted | OperationalError):
        return True
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in RETRY_CODES
