"""Opening the database. SQLite is one file with a write-ahead log and full durability; PostgreSQL is a pool.

An answered ticket must survive a power cut, so `synchronous=FULL` is set on every SQLite connection and asserted on the
writer's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

#: How long SQLite waits for another process's write (a command-line tool, a backup), in milliseconds.
SQLITE_PATIENCE_MS = 10_000
#: A process that hangs with a site's lock in its hands must not stop the others for ever.
POSTGRES_LIMITS = "-c lock_timeout=10s -c idle_in_transaction_session_timeout=2min"


def open_engine(url: str, *, pool_size: int = 10) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(url, pool_size=pool_size, max_overflow=64)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url, pool_size=pool_size, max_overflow=20, pool_pre_ping=True, connect_args={"options": POSTGRES_LIMITS}
    )


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection whose questions all see the same moment, however long they take."""
    if engine.dialect.name != "sqlite":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as conn:
        yield conn


def _prepare_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:
    del record
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={SQLITE_PATIENCE_MS}")
    # A connection is kept per busy thread, so its cache must be small; the system caches the file anyway.
    cursor.execute("PRAGMA cache_size=-2000")
    assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)
    cursor.close()


def _begin_sqlite(conn: Any) -> None:
    # A transaction that will write says so at once: upgrading a read lock later can't wait, it fails.
    writes = conn.get_execution_options().get("writes", False)
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
