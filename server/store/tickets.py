"""Questions about tickets and their turns, from the state rows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from server.store import schema
from server.store.schema import from_ms


@dataclass(frozen=True, slots=True)
class TicketRow:
    id: str
    site: str
    number: str
    service: str
    klass: str
    language: str
    actor: str
    drawn_at: datetime
    drawn_seq: int
    ahead: int
    point_s: int | None
    low_s: int | None
    median_s: int | None
    high_s: int | None
    level: int | None
    untold: str | None


@dataclass(frozen=True, slots=True)
class TurnRow:
    opened_seq: int
    service: str
    klass: str
    state: str
    ending: str | None
    outcome: str | None
    counter: str | None
    calls: int
    joined_at: datetime
    due_at: datetime
    called_at: datetime | None
    last_call_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None


def ticket(conn: Connection, ticket_id: str) -> TicketRow | None:
    row = conn.execute(select(schema.tickets).where(schema.tickets.c.id == ticket_id)).mappings().first()
    if row is None:
        return None
    return TicketRow(
        id=row["id"],
        site=row["site"],
        number=row["number"],
        service=row["service"],
        klass=row["class"],
        language=row["language"],
        actor=row["actor"],
        drawn_at=from_ms(row["drawn_at"]),
        drawn_seq=row["drawn_seq"],
        ahead=row["ahead"],
        point_s=row["point_s"],
        low_s=row["low_s"],
        median_s=row["median_s"],
        high_s=row["high_s"],
        level=row["level"],
        untold=row["untold"],
    )


def turns_of(conn: Connection, ticket_id: str) -> list[TurnRow]:
    """The ticket's turns, first to last. One whose opening was taken back was never a turn of it."""
    rows = conn.execute(
        select(schema.turns, schema.turns.c["class"].label("klass"))
        .where(schema.turns.c.ticket == ticket_id, func.coalesce(schema.turns.c.ending, "") != "undone")
        .order_by(schema.turns.c.opened_seq)
    )
    return [
        TurnRow(
            opened_seq=row.opened_seq,
            service=row.service,
            klass=row.klass,
            state=row.state,
            ending=row.ending,
            outcome=row.outcome,
            counter=row.counter,
            calls=row.calls,
            joined_at=from_ms(row.joined_at),
            due_at=from_ms(row.due_at),
            called_at=_or_none(row.called_at),
            last_call_at=_or_none(row.last_call_at),
            started_at=_or_none(row.started_at),
            ended_at=_or_none(row.ended_at),
        )
        for row in rows
    ]


def numbered(conn: Connection, site: str, *, day: str, number: str) -> str | None:
    """The ticket of this number on a business day."""
    table = schema.tickets
    found: str | None = conn.execute(
        select(table.c.id).where(table.c.site == site, table.c.day == day, table.c.number == number)
    ).scalar()
    return found


def drawn_after(conn: Connection, site: str, seq: int) -> list[tuple[str, int]]:
    """(ticket, seq) of the tickets drawn after an entry."""
    table = schema.tickets
    rows = conn.execute(select(table.c.id, table.c.drawn_seq).where(table.c.site == site, table.c.drawn_seq > seq))
    return [(row.id, row.drawn_seq) for row in rows]


def seq_before_recent_days(conn: Connection, site: str, *, days: int) -> int:
    """Number of the last entry before the last `days` business days."""
    table = schema.days
    opened = conn.execute(
        select(table.c.opened_seq).where(table.c.site == site).order_by(table.c.day.desc()).limit(days)
    ).scalars()
    return min(opened, default=1) - 1


def _or_none(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)
