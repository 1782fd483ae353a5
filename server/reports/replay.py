"""Rows = journal, proved: the story of a site told once more from its first entry and compared with the tables.

Uses the fold and the projection that wrote the rows, so it finds what was changed, lost or added beside them; that the
entries themselves are what they were is the chain's business (`verify`). Changes nothing. Rows that no later entry can
touch are compared and dropped as it goes, so that years of a site fit in memory.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from sqlalchemy import Connection, Table, select

from server.domain import fold
from server.domain.entries import entry_from_text, hash_of
from server.domain.hall import Hall
from server.reports import fairness_days
from server.store import halls as stored_halls
from server.store import journal, projection
from server.store.projection import Row, Rows
from server.store.schema import to_ms

#: The column by which the rows of each table stand in the order of the journal.
_SEQ_COLUMN: Mapping[str, str] = {
    "days": "opened_seq",
    "tickets": "drawn_seq",
    "turns": "opened_seq",
    "shifts": "opened_seq",
}
#: Compare once so many entries have been read.
STRETCH = 20_000

What = Literal["missing", "extra", "different"]


@dataclass(frozen=True, slots=True)
class Difference:
    """`missing`: the journal says it, the table doesn't; `extra`: the other way round. `key` is the seq it is about."""

    table: str
    key: int
    what: What
    column: str | None = None
    journal: Any = None
    stored: Any = None

    def __str__(self) -> str:
        where = f"{self.table} of entry {self.key}"
        if self.what == "different":
            return f"{where}: {self.column} is {self.stored!r}, the journal says {self.journal!r}"
        return f"{where}: {self.what}"

    def to_json(self) -> dict[str, Any]:
        return {
            "table": self.table,
            "key": self.key,
            "what": self.what,
            "column": self.column,
            "journal": self.journal,
            "stored": self.stored,
        }


def replay(conn: Connection, site: str) -> list[Difference]:
    """All differences between the journal of `site` and what the database holds beside it.

    `conn` must see one moment (server.store.engine.snapshot), else a running server makes differences of its own.
    """
    found: list[Difference] = []
    hall, rows, compared_to = Hall(site=site), Rows(), 0
    for row in journal.rows_after(conn, site):
        try:
            entry = entry_from_text(row.text, row.hash)
            hall = fold.apply(hall, entry)
            projection.take_entry(rows, entry, hall)
        except (ValueError, KeyError, TypeError, AttributeError, AssertionError) as error:
            return [*found, Difference("journal", row.seq, "different", "text", journal=repr(error), stored=row.text)]
        facts = {"kind": entry.kind, "at": to_ms(entry.at)}
        found.extend(_different("journal", row.seq, facts, {"kind": row.kind, "at": row.at}))
        if hall.seq % STRETCH == 0:
            settled = _first_open_seq(hall)
            found.extend(_compare(conn, site, rows, compared_to, settled))
            rows, compared_to = _from(rows, settled), settled
    found.extend(_compare(conn, site, rows, compared_to, None))
    found.extend(_compare_head(conn, site, hall))
    found.extend(_compare_facts(conn, site))
    return found


def _first_open_seq(hall: Hall) -> int:
    """Rows that an earlier entry opened are settled: nothing that is still open in the hall began before this one."""
    opened = [turn.opened_seq for turn in hall.turns.values()]
    opened += [shift.opened_seq for shift in hall.shifts.values()]
    if hall.day is not None:
        opened.append(hall.day.opened_seq)
    return min(opened, default=hall.seq + 1)


def _compare(conn: Connection, site: str, rows: Rows, begin: int, end: int | None) -> Iterator[Difference]:
    """Rows with `begin` <= seq < `end`: as the journal makes them against as they are stored."""
    for table in projection.STATE_TABLES:
        told = _by_seq(table, rows, end)
        for seq, stored in _stored(conn, table, site, begin, end):
            row = told.pop(seq, None)
            if row is None:
                yield Difference(table.name, seq, "extra", stored=stored)
            else:
                yield from _different(table.name, seq, row, stored)
        for seq, row in told.items():
            yield Difference(table.name, seq, "missing", journal=dict(row))


def _compare_head(conn: Connection, site: str, hall: Hall) -> Iterator[Difference]:
    head = journal.head(conn, site)
    stored = {} if head is None else {"last_seq": head.seq, "last_hash": head.hash}
    yield from _different("site_heads", hall.seq, {"last_seq": hall.seq, "last_hash": hall.hash}, stored)
    rebuilt = stored_halls.rebuilt(conn, site)
    for field in fields(Hall):
        ours, theirs = getattr(hall, field.name), getattr(rebuilt, field.name)
        if ours != theirs:
            yield Difference("hall", hall.seq, "different", field.name, journal=repr(ours), stored=repr(theirs))


def _compare_facts(conn: Connection, site: str) -> Iterator[Difference]:
    """What is kept of closed days, told by its hash."""
    for row, counted, kept in fairness_days.kept_wrongly(conn, site):
        told, stored = hash_of(counted), hash_of(kept)
        yield Difference("fairness_days", row.opened_seq, "different", "facts", journal=told, stored=stored)


def _different(table: str, seq: int, told: Row, stored: Row) -> Iterator[Difference]:
    for column, value in told.items():
        held = stored.get(column)
        if held != value:
            yield Difference(table, seq, "different", column, journal=value, stored=held)


def _by_seq(table: Table, rows: Rows, end: int | None) -> dict[int, Row]:
    column = _SEQ_COLUMN[table.name]
    return {row[column]: row for row in rows.by_table[table.name].values() if end is None or row[column] < end}


def _from(rows: Rows, begin: int) -> Rows:
    later = Rows()
    for name, held in rows.by_table.items():
        column = _SEQ_COLUMN[name]
        later.by_table[name] = {key: row for key, row in held.items() if row[column] >= begin}
    return later


def _stored(
    conn: Connection, table: Table, site: str, begin: int, end: int | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    column = table.c[_SEQ_COLUMN[table.name]]
    query = select(table).where(table.c.site == site, column >= begin).order_by(column)
    if end is not None:
        query = query.where(column < end)
    for row in conn.execute(query).mappings():
        yield row[column.name], dict(row)
