"""Bringing a database to the schema that this code knows. `server.store.revision` says whether it is there already.

One history of migrations serves both databases. Each upgrade is one transaction: it happens whole or not at all, and
of two processes that start it at once, the second finds it done. Nothing migrates by itself but the demo; a server
that finds an older schema says what to run and stops.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select

from server.store import schema

_FOLDER = Path(__file__).parent / "migrations"
#: Name of the advisory lock under which PostgreSQL is migrated; any number that nobody else uses.
LOCK = 7_265_346_001
#: Where the migrating tool keeps the revision.
VERSION_TABLE = "alembic_version"


def upgrade(engine: Engine, *, to: str = "head") -> None:
    with _alone(engine) as conn:
        command.upgrade(config(conn), to)


def upgrade_within(conn: Connection, *, to: str = "head") -> None:
    """As part of a transaction on PostgreSQL, whoever began it; with the lock below taken."""
    command.upgrade(config(conn), to)


def downgrade(engine: Engine, *, to: str) -> None:
    with _alone(engine) as conn:
        command.downgrade(config(conn), to)


def heads() -> tuple[str, ...]:
    """The newest revisions in the code: exactly one, which a test holds."""
    return tuple(ScriptDirectory(str(_FOLDER)).get_heads())


def differences(engine: Engine) -> list[Any]:
    """What the migrated database has that schema.py has not, and the other way round."""
    with engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"render_as_batch": True, "compare_type": True})
        found: list[Any] = compare_metadata(context, schema.metadata)
        return found


def config(conn: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = conn
    return config


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction in which nobody else migrates. SQLite rebuilds a table by dropping it, so that foreign keys are
    off meanwhile and looked at once before the end.
    """
    with engine.execution_options(writes=True).connect() as conn:
        if conn.dialect.name != "sqlite":
            with conn.begin():
                conn.execute(select(func.pg_advisory_xact_lock(LOCK)))
                yield conn
            return
        _foreign_keys(conn, "OFF")
        try:
            with conn.begin():
                yield conn
                lost = conn.exec_driver_sql("PRAGMA foreign_key_check").all()
                assert not lost, f"the migration left rows without what they refer to: {lost[:5]}"
        finally:
            _foreign_keys(conn, "ON")


def _foreign_keys(conn: Connection, state: str) -> None:
    # On the driver's connection: SQLite ignores this inside a transaction, and SQLAlchemy would open one.
    driver = conn.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys={state}")
