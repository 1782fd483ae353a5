"""The journal as it lies in the database: append, read in order, check the chain.

There is no update and no delete here, and the database has triggers that forbid both.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from server.domain.entries import GENESIS, Entry, entry_from_text, hash_of
from server.domain.story import Written
from server.store import schema
from server.store.schema import to_ms


@dataclass(frozen=True, slots=True)
class Head:
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not hold, and what is wrong with it."""

    seq: int
    why: str


def head(conn: Connection, site: str, *, lock: bool = False) -> Head | None:
    """Last seq and hash of a site; with `lock` everybody else who wants to write at this site waits."""
    query = select(schema.site_heads.c.last_seq, schema.site_heads.c.last_hash).where(schema.site_heads.c.site == site)
    row = conn.execute(query.with_for_update() if lock else query).first()
    return None if row is None else Head(seq=row.last_seq, hash=row.last_hash)


def append(conn: Connection, written: Sequence[Written]) -> None:
    """Append entries of one or several sites, in order, and move the heads. The heads must be locked."""
    conn.execute(
        insert(schema.journal),
        [
            {
                "site": stroke.entry.site,
                "seq": stroke.entry.seq,
                "kind": stroke.entry.kind,
                "at": to_ms(stroke.entry.at),
                "text": stroke.text,
                "hash": stroke.entry.hash,
            }
            for stroke in written
        ],
    )
    for last in {stroke.entry.site: stroke.entry for stroke in written}.values():
        conn.execute(
            update(schema.site_heads)
            .where(schema.site_heads.c.site == last.site)
            .values(last_seq=last.seq, last_hash=last.hash)
        )


def after(conn: Connection, site: str, seq: int, *, limit: int | None = None) -> list[Entry]:
    query = (
        select(schema.journal.c.text, schema.journal.c.hash)
        .where(schema.journal.c.site == site, schema.journal.c.seq > seq)
        .order_by(schema.journal.c.seq)
    )
    if limit is not None:
        query = query.limit(limit)
    return [entry_from_text(row.text, row.hash) for row in conn.execute(query)]


def all_after(conn: Connection, site: str, seq: int = 0, *, page: int = 5000) -> Iterator[Entry]:
    """Every entry after `seq`, read in pages so that a year fits in memory."""
    while entries := after(conn, site, seq, limit=page):
        yield from entries
        seq = entries[-1].seq


def kind_of(conn: Connection, site: str, seq: int) -> str | None:
    query = select(schema.journal.c.kind).where(schema.journal.c.site == site, schema.journal.c.seq == seq)
    kind: str | None = conn.execute(query).scalar()
    return kind


def hash_at(conn: Connection, site: str, seq: int) -> str | None:
    query = select(schema.journal.c.hash).where(schema.journal.c.site == site, schema.journal.c.seq == seq)
    found: str | None = conn.execute(query).scalar()
    return found


def last_of_kind(conn: Connection, site: str, kind: str, *, at_most: int | None = None) -> int | None:
    query = select(func.max(schema.journal.c.seq)).where(schema.journal.c.site == site, schema.journal.c.kind == kind)
    if at_most is not None:
        query = query.where(schema.journal.c.seq <= at_most)
    seq: int | None = conn.execute(query).scalar()
    return seq


def texts_after(conn: Connection, site: str, seq: int = 0, *, page: int = 5000) -> Iterator[tuple[int, str, str]]:
    """(seq, text, hash) as stored, unparsed: what verification reads."""
    while True:
        rows = conn.execute(
            select(schema.journal.c.seq, schema.journal.c.text, schema.journal.c.hash)
            .where(schema.journal.c.site == site, schema.journal.c.seq > seq)
            .order_by(schema.journal.c.seq)
            .limit(page)
        ).all()
        if not rows:
            return
        for row in rows:
            yield row.seq, row.text, row.hash
        seq = rows[-1].seq


def verify(site: str, stored: Iterable[tuple[int, str, str]], expected: Head | None = None) -> Head | Broken:
    """Walk the chain: the head if all of it holds, else the first entry that doesn't.

    `expected` is the head that the chain must end at: a tail cut off is found by it and by nothing else.
    """
    last = Head(seq=0, hash=GENESIS)
    for seq, text, entry_hash in stored:
        broken = _broken(site, last, seq, text, entry_hash)
        if broken is not None:
            return broken
        last = Head(seq=seq, hash=entry_hash)
    if expected is not None and expected != last:
        return Broken(seq=last.seq + 1, why=f"the chain ends at entry {last.seq}, not at the head {expected.hash}")
    return last


def _broken(site: str, last: Head, seq: int, text: str, entry_hash: str) -> Broken | None:
    if seq != last.seq + 1:
        return Broken(seq=last.seq + 1, why=f"entry {last.seq + 1} is missing")
    if hash_of(text) != entry_hash:
        return Broken(seq=seq, why="its text does not have its hash")
    entry = entry_from_text(text, entry_hash)
    if entry.prev != last.hash:
        return Broken(seq=seq, why="it does not name the hash of the entry before")
    if entry.seq != seq or entry.site != site:
        return Broken(seq=seq, why=f"its text says entry {entry.seq} of {entry.site}")
    return None
