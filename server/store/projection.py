"""State rows from the story: which rows an entry writes. `replay` uses the same function to prove rows = journal.

Each row is whole: a later stroke on the same turn simply replaces the earlier row, so a batch writes each row once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from server.domain.entries import Entry, instant
from server.domain.hall import Hall, Shift
from server.domain.story import Written
from server.domain.tickets import Turn
from server.store import schema
from server.store.schema import to_ms, to_ms_or_none

Row = Mapping[str, Any]
#: The tables that the journal alone decides, in the order they are written.
STATE_TABLES: tuple[Table, ...] = (schema.days, schema.tickets, schema.turns, schema.shifts)


@dataclass(slots=True)
class Rows:
    """Rows to write, newest state of each, by table and primary key."""

    by_table: dict[str, dict[tuple[Any, ...], Row]] = field(
        default_factory=lambda: {table.name: {} for table in STATE_TABLES}
    )

    def put(self, table: Table, row: Row) -> None:
        key = tuple(row[column.name] for column in table.primary_key.columns)
        self.by_table[table.name][key] = row

    def take(self, stroke: Written) -> None:
        take_entry(self, stroke.entry, stroke.hall)


def take_entry(rows: Rows, entry: Entry, hall: Hall) -> None:
    """The rows that `entry` writes; `hall` is the hall after it."""
    for turn in hall.touched:
        rows.put(schema.turns, turn_row(hall.site, turn))
    if hall.touched_shift is not None:
        rows.put(schema.shifts, _shift_row(hall, hall.touched_shift))
    if entry.kind == "ticket.drawn":
        rows.put(schema.tickets, _ticket_row(hall, entry))
    elif entry.kind == "day.opened":
        rows.put(schema.days, _day_row(entry, opened_seq=entry.seq, closed_seq=None))
    elif entry.kind == "day.closed":
        rows.put(schema.days, _day_row(entry, opened_seq=entry.body["opened_seq"], closed_seq=entry.seq))


def write(conn: Connection, written: Iterable[Written]) -> None:
    rows = Rows()
    for stroke in written:
        rows.take(stroke)
    save(conn, rows)


def save(conn: Connection, rows: Rows) -> None:
    for table in STATE_TABLES:
        batch = list(rows.by_table[table.name].values())
        if batch:
            _upsert(conn, table, batch)


def turn_row(site: str, turn: Turn) -> Row:
    return {
        "site": site,
        "opened_seq": turn.opened_seq,
        "ticket": turn.ticket,
        "day": turn.day,
        "service": turn.service,
        "class": turn.klass,
        "state": turn.state,
        "ending": turn.ending,
        "outcome": turn.outcome,
        "counter": turn.counter,
        "agent": turn.agent,
        "calls": turn.calls,
        "joined_at": to_ms(turn.joined_at),
        "due_at": to_ms(turn.due_at),
        "arrived_at": to_ms(turn.arrived_at),
        "bound": turn.bound,
        "put_backs": turn.put_backs,
        "called_at": to_ms_or_none(turn.called_at),
        "stretch_at": to_ms_or_none(turn.stretch_at),
        "last_call_at": to_ms_or_none(turn.last_call_at),
        "started_at": to_ms_or_none(turn.started_at),
        "ended_at": to_ms_or_none(turn.ended_at),
        "calling_ms": turn.earlier.calling_ms,
        "walking_ms": turn.earlier.walking_ms,
        "service_ms": turn.earlier.service_ms,
        "aside_ms": turn.earlier.aside_ms,
        "aside_at": to_ms_or_none(turn.aside_at),
    }


def _ticket_row(hall: Hall, entry: Entry) -> Row:
    body = entry.body
    told = body["told"] or {}
    return {
        "id": body["ticket"],
        "site": entry.site,
        "drawn_seq": entry.seq,
        "day": hall.day.on if hall.day else "",
        "series": body["series"],
        "n": body["n"],
        "number": body["number"],
        "service": body["service"],
        "class": body["class"],
        "language": body["language"],
        "channel": body["channel"],
        "actor": entry.actor,
        "drawn_at": to_ms(entry.at),
        "ahead": body["ahead"],
        "point_s": body["point_s"],
        "low_s": told.get("low_s"),
        "median_s": told.get("median_s"),
        "high_s": told.get("high_s"),
        "level": told.get("level"),
        "untold": body["untold"],
    }


def _shift_row(hall: Hall, shift: Shift) -> Row:
    return {
        "site": hall.site,
        "opened_seq": shift.opened_seq,
        "day": hall.day.on if hall.day else "",
        "counter": shift.counter,
        "agent": shift.agent,
        "opened_at": to_ms(shift.opened_at),
        "paused_s": shift.paused_s,
        "paused_at": to_ms_or_none(shift.paused_at),
        "pause_reason": shift.pause_reason,
        "closed_at": to_ms_or_none(shift.closed_at),
    }


def _day_row(entry: Entry, *, opened_seq: int, closed_seq: int | None) -> Row:
    return {
        "site": entry.site,
        "day": entry.body["day"],
        "opened_seq": opened_seq,
        "closed_seq": closed_seq,
        "begins_at": to_ms(instant(entry.body["begins_at"])),
        "ends_at": to_ms(instant(entry.body["ends_at"])),
    }


def _upsert(conn: Connection, table: Table, batch: list[Row]) -> None:
    conn.execute(_replacing(conn.dialect.name, table), batch)


@lru_cache(maxsize=16)
def _replacing(dialect: str, table: Table) -> Insert:
    """Made once: naming the columns of `excluded` costs more than the statement takes to run."""
    statement = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    keys = [column.name for column in table.primary_key.columns]
    rest = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=rest)
