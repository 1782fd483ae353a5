"""Facts of closed days, kept so that a report of a month need not read its journal. Thrown away without harm.

What is kept names the closing entry of its day and the edition of the counting; anything else is as good as missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from server.store import schema


@dataclass(frozen=True, slots=True)
class DayRow:
    """A business day as the journal has it: its first entry, and its last if it is over."""

    day: str
    opened_seq: int
    closed_seq: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    day: str
    closed_hash: str
    facts: str


def days_between(conn: Connection, site: str, from_day: str, to_day: str) -> list[DayRow]:
    table = schema.days
    rows = conn.execute(
        select(table.c.day, table.c.opened_seq, table.c.closed_seq)
        .where(table.c.site == site, table.c.day.between(from_day, to_day))
        .order_by(table.c.opened_seq)
    )
    return [DayRow(*row) for row in rows]


def kept(conn: Connection, site: str, from_day: str, to_day: str, *, version: int) -> Mapping[str, Kept]:
    """By day, of those whose closing entry is still the one that was counted."""
    table, days, journal = schema.fairness_days, schema.days, schema.journal
    rows = conn.execute(
        select(table.c.day, table.c.closed_hash, table.c.facts)
        .join(days, (days.c.site == table.c.site) & (days.c.day == table.c.day))
        .join(journal, (journal.c.site == days.c.site) & (journal.c.seq == days.c.closed_seq))
        .where(
            table.c.site == site,
            table.c.day.between(from_day, to_day),
            table.c.version == version,
            table.c.closed_hash == journal.c.hash,
        )
    )
    return {row.day: Kept(*row) for row in rows}


def keep(conn: Connection, site: str, rows: Iterable[Kept], *, version: int) -> None:
    """Whoever counted the same day at the same time counted the same."""
    values = [
        {"site": site, "day": row.day, "closed_hash": row.closed_hash, "version": version, "facts": row.facts}
        for row in rows
    ]
    if not values:
        return
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(schema.fairness_days)
    taken = {name: statement.excluded[name] for name in ("closed_hash", "version", "facts")}
    conn.execute(statement.on_conflict_do_update(index_elements=["site", "day"], set_=taken), values)
