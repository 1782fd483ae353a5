"""The journal as it lies in the database: append, read in order, check the chain.

There is no update and no delete here, and the database has triggers that forbid both.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from server.domain.entries import GENESIS, Entry, entry_from_text, hash_of
from server.domain.story import Written
from server.store import schema
from server.store.schema import to_ms

#: After every entry that there can be.
NO_SEQ = 2**53 - 1

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


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


def heads(conn: Connection) -> dict[str, int]:
    """Last seq of every site: what whoever follows the journals looks at."""
    rows = conn.execute(select(schema.site_heads.c.site, schema.site_heads.c.last_seq))
    return {row.site: row.last_seq for row in rows}


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


def all_after(
    conn: Connection, site: str, seq: int = 0, *, until: int | None = None, page: int = 5000
) -> Iterator[Entry]:
    """Every entry after `seq`, up to `until` where it is given, read in pages so that a year fits in memory."""
    while entries := after(conn, site, seq, limit=page if until is None else min(page, until - seq)):
        yield from entries
        seq = entries[-1].seq
        if seq == until:
            return


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


def seqs_of_days(conn: Connection, site: str, from_on: str | None, to_on: str | None) -> tuple[int, int | None]:
    """The entries after the first number, up to the second, are those of these business days; None: to the end."""
    table = schema.days
    days = select(table.c.opened_seq, table.c.closed_seq).where(table.c.site == site).order_by(table.c.day)
    first = None if from_on is None else conn.execute(days.where(table.c.day >= from_on)).first()
    after = None if to_on is None else conn.execute(days.where(table.c.day > to_on)).first()
    begin = (0 if from_on is None else NO_SEQ) if first is None else first.opened_seq - 1
    return begin, None if after is None else after.opened_seq - 1


def of_kind(conn: Connection, site: str, kind: str, *, after: int, until: int) -> list[Entry]:
    """The entries of one kind after entry `after` up to entry `until`."""
    table = schema.journal
    query = (
        select(table.c.text, table.c.hash)
        .where(table.c.site == site, table.c.kind == kind, table.c.seq > after, table.c.seq <= until)
        .order_by(table.c.seq)
    )
    return [entry_from_text(row.text, row.hash) for row in conn.execute(query)]


def of_kinds(conn: Connection, site: str, kinds: Collection[str], *, after: int, until: int | None) -> list[Entry]:
    """The entries of some kinds after entry `after`, up to entry `until` or to the end."""
    table = schema.journal
    query = (
        select(table.c.text, table.c.hash)
        .where(table.c.site == site, table.c.seq > after, table.c.kind.in_(kinds))
        .order_by(table.c.seq)
    )
    if until is not None:
        query = query.where(table.c.seq <= until)
    return [entry_from_text(row.text, row.hash) for row in conn.execute(query)]


def newest_of_kind(conn: Connection, site: str, kind: str, *, before: int | None = None, limit: int) -> list[Entry]:
    """The last entries of one kind, newest first; with `before` those of a smaller number."""
    query = (
        select(schema.journal.c.text, schema.journal.c.hash)
        .where(schema.journal.c.site == site, schema.journal.c.kind == kind)
        .order_by(schema.journal.c.seq.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(schema.journal.c.seq < before)
    return [entry_from_text(row.text, row.hash) for row in conn.execute(query)]


class StoredEntry(NamedTuple):
    """An entry as it lies in its table, unparsed."""

    seq: int
    text: str
    hash: str
    kind: str
    at: int


def rows_after(conn: Connection, site: str, seq: int = 0, *, page: int = 5000) -> Iterator[StoredEntry]:
    """Every entry after `seq`, read in pages: what verification and replay walk."""
    columns = [schema.journal.c[name] for name in StoredEntry._fields]
    while True:
        rows = conn.execute(
            select(*columns)
            .where(schema.journal.c.site == site, schema.journal.c.seq > seq)
            .order_by(schema.journal.c.seq)
            .limit(page)
        ).all()
        if not rows:
            return
        yield from (StoredEntry(*row) for row in rows)
        seq = rows[-1].seq


def verify(site: str, stored: Iterable[StoredEntry], *, head: str | None = None) -> Head | Broken:
    """Walk the chain: the head if all of it holds, else the first entry that doesn't.

    `head` is the hash that the chain must end at, or what it begins with: a tail cut off is found by it and by nothing
    else.
    """
    last, last_at = Head(seq=0, hash=GENESIS), ""
    passed: Head | None = None
    for seq, text, entry_hash, _kind, _at in stored:
        try:
            facts = json.loads(text)
            why = why_broken(site, last, last_at, facts=facts, text=text, entry_hash=entry_hash)
        except (ValueError, KeyError, TypeError):
            return Broken(seq=last.seq + 1, why="its text is not an entry")
        if why is None and seq != facts["seq"]:
            why = f"it is stored as entry {seq}"
        if why is not None:
            return Broken(seq=last.seq + 1, why=why)
        last, last_at = Head(seq=seq, hash=entry_hash), facts["at"]
        passed = last if head is not None and entry_hash.startswith(head) else passed
    return ends_at(last, head, passed)


def why_broken(
    site: str, last: Head, last_at: str, *, facts: Mapping[str, Any], text: str, entry_hash: str
) -> str | None:
    """Why this can't be the entry after `last`; None if it is. `facts` are what `text` says."""
    seq = facts["seq"]
    if seq != last.seq + 1:
        return f"entry {last.seq + 1} is missing; entry {seq} stands in its place"
    if facts["site"] != site:
        return f"it is an entry of {facts['site']}, not of {site}"
    if hash_of(text) != entry_hash:
        return "its text does not have its hash"
    if facts["prev"] != last.hash:
        return "it does not name the hash of the entry before"
    if not _INSTANT.fullmatch(facts["at"]):
        return f"its time is not written as the journal writes it: {facts['at']}"
    if facts["at"] < last_at:
        return "it says that it is older than the entry before"
    return None


def ends_at(last: Head, head: str | None, passed: Head | None) -> Head | Broken:
    """`last` if the chain was to end there; `passed` is where it came by the head it was to end at, if it did."""
    if head is None or last.hash.startswith(head):
        return last
    if passed is not None:
        return Broken(seq=passed.seq + 1, why=f"the head is entry {passed.seq}, and the chain goes on to {last.seq}")
    return Broken(seq=last.seq + 1, why=f"the chain ends at entry {last.seq} with {last.hash}, not with {head}")
