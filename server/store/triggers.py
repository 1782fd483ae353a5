"""What keeps the journal append-only in the database itself: a change or a removal is refused, whoever asks for it.

This guards against mistakes and against a program that means well. Somebody who owns the database file can drop a
trigger; that is what the chain of hashes is for. A migration that rebuilds the journal's table calls `drop` before and
`create` after, because rebuilding on SQLite loses them.
"""

from sqlalchemy import Connection

_SQLITE_CREATE = (
    "CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    # INSERT OR REPLACE removes the old row without asking the trigger on DELETE.
    """CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal
    WHEN EXISTS (SELECT 1 FROM journal WHERE site = NEW.site AND seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
)
_SQLITE_DROP = tuple(f"DROP TRIGGER IF EXISTS journal_no_{verb}" for verb in ("update", "delete", "replace"))

_POSTGRES_CREATE = (
    """CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'the journal is append-only'; END$$""",
    """CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()""",
    """CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()""",
)
_POSTGRES_DROP = (
    "DROP TRIGGER IF EXISTS journal_no_change ON journal",
    "DROP TRIGGER IF EXISTS journal_no_truncate ON journal",
    "DROP FUNCTION IF EXISTS journal_is_append_only()",
)


def create(conn: Connection) -> None:
    for statement in _SQLITE_CREATE if conn.dialect.name == "sqlite" else _POSTGRES_CREATE:
        conn.exec_driver_sql(statement)


def drop(conn: Connection) -> None:
    for statement in _SQLITE_DROP if conn.dialect.name == "sqlite" else _POSTGRES_DROP:
        conn.exec_driver_sql(statement)
