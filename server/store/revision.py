"""Which schema a database has, and whether it is the one that this code knows.

Asked by every server at its start and again while it runs; the tool that migrates weighs as much as a tenth of a server
and is loaded by `server.store.migrate` alone.
"""

from pathlib import Path

from sqlalchemy import Engine, column, inspect, select, table

_VERSIONS = Path(__file__).parent / "migrations" / "versions"
#: Where the migrating tool keeps it.
_KEPT = table("alembic_version", column("version_num"))


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None if it was never migrated."""
    with engine.connect() as conn:
        if not inspect(conn).has_table(_KEPT.name):
            return None
        found: str | None = conn.execute(select(_KEPT.c.version_num)).scalar_one_or_none()
        return found


def newest() -> str:
    """The newest revision in the code: a migration's file is named by its number."""
    return max(path.name.partition("_")[0] for path in _VERSIONS.glob("[0-9]*.py"))


def is_current(engine: Engine) -> bool:
    return current(engine) == newest()
