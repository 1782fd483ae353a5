"""Print jobs: what was to be printed, on which kiosk, and how that went. Beside the journal.

    queued → claimed → sending → done | unknown | blocked

`unknown` means sent but not confirmed; `blocked` means the printer could not be reached. One copy of a ticket has one
job, whatever happens, by a constraint.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.store import schema


@dataclass(frozen=True, slots=True)
class PrintJob:
    id: int
    site: str
    ticket: str
    device: str
    copy: int
    state: str
    problem: str | None
    changed_at: int


def queue(conn: Connection, *, site: str, ticket: str, device: str, at_ms: int) -> None:
    """A job for the first copy of a ticket. Queued twice, it is one job."""
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    conn.execute(
        dialect.insert(schema.print_jobs)
        .values(site=site, ticket=ticket, device=device, copy=1, state="queued", created_at=at_ms, changed_at=at_ms)
        .on_conflict_do_nothing(index_elements=["ticket", "copy"])
    )


def claim(conn: Connection, *, at_ms: int) -> PrintJob | None:
    """The oldest queued job, now ours alone: whoever else wants it finds it claimed."""
    table = schema.print_jobs
    oldest = conn.execute(select(table.c.id).where(table.c.state == "queued").order_by(table.c.id).limit(1)).scalar()
    if oldest is None:
        return None
    row = conn.execute(
        update(table)
        .where(table.c.id == oldest, table.c.state == "queued")
        .values(state="claimed", changed_at=at_ms)
        .returning(table)
    ).first()
    return _job(row)


def move(conn: Connection, job_id: int, *, state: str, at_ms: int, problem: str | None = None) -> None:
    conn.execute(
        update(schema.print_jobs)
        .where(schema.print_jobs.c.id == job_id)
        .values(state=state, problem=problem, changed_at=at_ms)
    )


def expire_older(conn: Connection, *, before_ms: int, at_ms: int) -> None:
    """Queued jobs of people who have gone: nobody wants a burst of old tickets after a change of paper."""
    table = schema.print_jobs
    conn.execute(
        update(table)
        .where(table.c.state.in_(("queued", "claimed", "sending")), table.c.created_at < before_ms)
        .values(state="expired", changed_at=at_ms)
    )


def latest_of(conn: Connection, ticket: str) -> PrintJob | None:
    table = schema.print_jobs
    return _job(
        conn.execute(select(table).where(table.c.ticket == ticket).order_by(table.c.copy.desc()).limit(1)).first()
    )


def last_by_device(conn: Connection, site: str, *, since_ms: int) -> dict[str, PrintJob]:
    """The newest finished job of each kiosk since an instant."""
    table = schema.print_jobs
    rows = conn.execute(
        select(table)
        .where(
            table.c.site == site,
            table.c.changed_at >= since_ms,
            table.c.state.in_(("done", "unknown", "blocked")),
        )
        .order_by(table.c.id)
    )
    return {job.device: job for row in rows if (job := _job(row)) is not None}


def _job(row: Row[tuple[object, ...]] | None) -> PrintJob | None:
    if row is None:
        return None
    return PrintJob(
        id=row.id,
        site=row.site,
        ticket=row.ticket,
        device=row.device,
        copy=row.copy,
        state=row.state,
        problem=row.problem,
        changed_at=row.changed_at,
    )
