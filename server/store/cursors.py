"""How far each consumer of the journal has come at each site: the last entry that it has dealt with.

A consumer moves its cursor in the transaction in which it keeps what the entries ask of it, so that after a crash
nothing is missed and nothing is done twice. The cursor's row is also what two processes take turns by.
"""

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.store import schema


def begin(conn: Connection, consumer: str, site: str, *, seq: int) -> None:
    """Give the consumer a cursor at this entry, if it has none yet."""
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    conn.execute(
        dialect.insert(schema.cursors)
        .values(consumer=consumer, site=site, seq=seq)
        .on_conflict_do_nothing(index_elements=["consumer", "site"])
    )


def positions(conn: Connection, consumer: str) -> dict[str, int]:
    """Site → last entry dealt with."""
    table = schema.cursors
    return {row.site: row.seq for row in conn.execute(select(table).where(table.c.consumer == consumer))}


def take(conn: Connection, consumer: str, site: str) -> int:
    """The cursor, ours alone until the transaction ends. It must have begun."""
    table = schema.cursors
    query = select(table.c.seq).where(table.c.consumer == consumer, table.c.site == site).with_for_update()
    seq: int = conn.execute(query).scalar_one()
    return seq


def put(conn: Connection, consumer: str, site: str, *, seq: int) -> None:
    """Wherever it was before; for what counts by other things than entries."""
    table = schema.cursors
    conn.execute(update(table).where(table.c.consumer == consumer, table.c.site == site).values(seq=seq))


def move(conn: Connection, consumer: str, site: str, *, seq: int) -> None:
    """Never back: whoever read the journal's end before waiting for its turn knows less than whoever was there."""
    table = schema.cursors
    conn.execute(
        update(table).where(table.c.consumer == consumer, table.c.site == site, table.c.seq < seq).values(seq=seq)
    )
