"""Another database in the place of the one that is there, or of none. What was there is put aside and never deleted.

Nobody may be at work meanwhile: on SQLite the whole file is locked, which a running server's open connections don't
allow; on PostgreSQL no other session may be in the database. It happens whole or not at all: on SQLite a file is filled
beside and takes the place at the end; on PostgreSQL everything is one transaction.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, func, inspect, select, text
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError

from server.store import migrate, schema
from server.store.backup_file import sync_folder
from server.store.engine import open_engine

T = TypeVar("T")
Work = Callable[[Connection], T]

#: How long another connection to a SQLite file is waited for, in milliseconds.
PATIENCE_MS = 1_000


class InUse(Exception):  # noqa: N818 - reads as what it says
    """A server, or somebody else, is at work in the database."""


class Place(Protocol):
    def ask(self, question: Work[T]) -> T | None:
        """Ask the database that is there; None if there is none, or none that can answer."""

    def replace(self, *, revision: str, load: Work[None], work: Work[T], stamp: str) -> tuple[T, str | None]:
        """A fresh database of the older `revision`, filled by `load`, brought to the present schema, then `work` in it. Where
        the one before was put, if there was one.
        """


@contextmanager
def held(url: str) -> Iterator[Place]:
    """The place of the database at `url`, with nobody else in it. Raises InUse."""
    if url.startswith("sqlite"):
        with _held_file(Path(url.removeprefix("sqlite:///"))) as place:
            yield place
        return
    engine = open_engine(url, pool_size=1)
    try:
        with engine.begin() as conn:
            _require_nobody_else(conn)
            yield _Database(conn)
    finally:
        engine.dispose()


# ---------------------------------------------------------------- SQLite


class _File:
    """A database file; `conn` holds it for us alone, where there is one that can be opened."""

    def __init__(self, path: Path, conn: Connection | None) -> None:
        self._path, self._conn = path, conn

    def ask(self, question: Work[T]) -> T | None:
        if self._conn is None:
            return None
        try:
            return question(self._conn)
        except (SQLAlchemyError, ValueError, KeyError, TypeError, AssertionError):
            return None

    def replace(self, *, revision: str, load: Work[None], work: Work[T], stamp: str) -> tuple[T, str | None]:
        fresh = self._path.with_name(self._path.name + ".restoring")
        for old in _with_companions(fresh):
            old.unlink(missing_ok=True)
        engine = open_engine(f"sqlite:///{fresh}")
        try:
            migrate.upgrade(engine, to=revision)
            _within(engine, load)
            migrate.upgrade(engine)
            did = _within(engine, work)
        finally:
            # The last connection to leave takes the log with it.
            engine.dispose()
        aside = self._put_aside(stamp)
        fresh.rename(self._path)
        sync_folder(self._path.parent)
        return did, aside

    def _put_aside(self, stamp: str) -> str | None:
        if self._conn is not None and self._path.exists():
            try:
                # Everything into the one file, so that nothing of it is left beside under the name that comes free.
                self._conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                self._conn.exec_driver_sql("PRAGMA journal_mode=DELETE")
            except DatabaseError:
                self._conn.close()
        aside = self._path.with_name(f"{self._path.name}.before-{stamp}")
        moved = [part for part in _with_companions(self._path) if part.exists()]
        for part in moved:
            part.rename(aside.with_name(part.name.replace(self._path.name, aside.name, 1)))
        return str(aside) if moved else None


@contextmanager
def _held_file(path: Path) -> Iterator[_File]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        yield _File(path, None)
        return
    engine = create_engine(f"sqlite:///{path}", poolclass=StaticPool)
    event.listen(engine, "connect", _for_us_alone)
    try:
        try:
            conn = engine.connect()
            conn.exec_driver_sql("BEGIN EXCLUSIVE")
            conn.exec_driver_sql("SELECT count(*) FROM sqlite_master")
            conn.exec_driver_sql("COMMIT")
        except OperationalError as error:
            if "locked" in str(error):
                raise InUse("the database is in use") from error
            yield _File(path, None)
        except DatabaseError:
            # No database, or one that is damaged beyond being opened: nobody can be at work in it.
            yield _File(path, None)
        else:
            yield _File(path, conn)
    finally:
        engine.dispose()


def _for_us_alone(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]
    connection.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")  # type: ignore[attr-defined]
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")  # type: ignore[attr-defined]


def _within(engine: Engine, work: Work[T]) -> T:
    with engine.execution_options(writes=True).begin() as conn:
        return work(conn)


def _with_companions(path: Path) -> list[Path]:
    return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]


# ---------------------------------------------------------------- PostgreSQL


class _Database:
    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def ask(self, question: Work[T]) -> T | None:
        try:
            with self._conn.begin_nested():
                return question(self._conn)
        except (SQLAlchemyError, ValueError, KeyError, TypeError, AssertionError):
            return None

    def replace(self, *, revision: str, load: Work[None], work: Work[T], stamp: str) -> tuple[T, str | None]:
        aside = self._put_aside(f"before_{stamp}")
        migrate.upgrade_within(self._conn, to=revision)
        load(self._conn)
        migrate.upgrade_within(self._conn)
        return work(self._conn), aside

    def _put_aside(self, name: str) -> str | None:
        """Our tables into a schema of their own, whole, with the triggers that guard the journal."""
        there = set(inspect(self._conn).get_table_names())
        ours = [one for one in (*schema.metadata.tables, migrate.VERSION_TABLE) if one in there]
        if not ours:
            return None
        self._conn.execute(text(f'CREATE SCHEMA "{name}"'))
        for table in ours:
            self._conn.execute(text(f'ALTER TABLE "{table}" SET SCHEMA "{name}"'))
        guard = "SELECT 1 FROM pg_proc WHERE proname = 'journal_is_append_only' AND pronamespace = current_schema()::regnamespace"
        if self._conn.execute(text(guard)).first() is not None:
            self._conn.execute(text(f'ALTER FUNCTION journal_is_append_only() SET SCHEMA "{name}"'))
        return name


def _require_nobody_else(conn: Connection) -> None:
    conn.execute(select(func.pg_advisory_xact_lock(migrate.LOCK)))
    others = conn.execute(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    ).scalar()
    if others:
        raise InUse(f"{others} other sessions are in the database")
