"""Notes and remarks that the journal only seals: kept, read and erased beside it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from server.domain.sealing import Sealed
from server.store import schema
from server.store.schema import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Kept:
    """`text` and `salt` are None once erased."""

    seq: int
    salt: bytes | None
    text: str | None
    actor: str
    at: datetime


def keep(conn: Connection, *, site: str, seq: int, sealed: Sealed, actor: str, at: datetime) -> None:
    conn.execute(
        insert(schema.sealed).values(
            site=site, seq=seq, salt=sealed.salt.hex(), text=sealed.text, actor=actor, at=to_ms(at)
        )
    )


def of_entries(conn: Connection, site: str, seqs: list[int]) -> dict[int, Kept]:
    """What is kept beside these entries."""
    table = schema.sealed
    rows = conn.execute(select(table).where(table.c.site == site, table.c.seq.in_(seqs)))
    return {
        row.seq: Kept(
            seq=row.seq,
            salt=None if row.salt is None else bytes.fromhex(row.salt),
            text=row.text,
            actor=row.actor,
            at=from_ms(row.at),
        )
        for row in rows
    }


def erase(conn: Connection, *, before: datetime) -> int:
    """Erase texts and random bytes that are older; how many were. The rows stay, as proof that it was done."""
    table = schema.sealed
    done = conn.execute(
        update(table).where(table.c.at < to_ms(before), table.c.text.is_not(None)).values(salt=None, text=None)
    )
    return done.rowcount
