"""Print jobs: what was to be printed, on which kiosk, and how that went. Beside the journal.

    queued → claimed → sending → done | unknown | blocked
    queued → expired          claimed, sending → unknown, when whoever held the job has died

`unknown` means sent but not confirmed; `blocked` means the printer could not be reached. One copy of a ticket has one
job, whatever happens, by a constraint. Each move names the state it moves from, so that of two who want it one gets it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Row, exists, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.store import journal, schema
from server.store.schema import to_ms

#: Somebody is printing it, or died over it.
HELD = ("claimed", "sending")


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Paper that an entry asks for: a ticket drawn at a kiosk which has a printer, or one that the desk wants there."""

    ticket: str
    device: str
    asked_at: int
    copy: int = 1


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Jobs of one kiosk in one state that are not over, and the instants of the oldest of them."""

    device: str
    state: str
    created_at: int
    changed_at: int


@dataclass(frozen=True, slots=True)
class Failing:
    """A kiosk whose last ticket could not be printed, and since when none could."""

    device: str
    problem: str | None
    since: int


def wanted(conn: Connection, site: str, *, after: int, until: int) -> list[Wanted]:
    """Paper that the entries after `after` up to `until` ask for, at kiosks with a printer."""
    return [
        *_drawn_at_kiosks(conn, site, after=after, until=until),
        *_reprinted(conn, site, after=after, until=until),
    ]


def _drawn_at_kiosks(conn: Connection, site: str, *, after: int, until: int) -> list[Wanted]:
    ticket, kiosk = schema.tickets.c, schema.devices.c
    rows = conn.execute(
        select(ticket.id, kiosk.code, ticket.drawn_at)
        .join(schema.devices, ticket.actor == literal("kiosk:").concat(kiosk.code))
        .where(
            ticket.site == site,
            ticket.drawn_seq > after,
            ticket.drawn_seq <= until,
            kiosk.site == site,
            kiosk.kind == "kiosk",
            kiosk.printer != "",
        )
        .order_by(ticket.drawn_seq)
    )
    return [Wanted(ticket=row.id, device=row.code, asked_at=row.drawn_at) for row in rows]


def _reprinted(conn: Connection, site: str, *, after: int, until: int) -> list[Wanted]:
    kiosk = schema.devices.c
    asked = journal.of_kind(conn, site, "ticket.reprinted", after=after, until=until)
    if not asked:
        return []
    able = set(
        conn.execute(select(kiosk.code).where(kiosk.site == site, kiosk.kind == "kiosk", kiosk.printer != "")).scalars()
    )
    return [
        Wanted(
            ticket=entry.body["ticket"],
            device=entry.body["kiosk"],
            asked_at=to_ms(entry.at),
            copy=entry.body["copy"],
        )
        for entry in asked
        if entry.body["kiosk"] in able
    ]


def queue(conn: Connection, site: str, papers: Iterable[Wanted]) -> None:
    """A job for each copy. Queued twice, it is one job."""
    dialect = sqlite if conn.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(schema.print_jobs).on_conflict_do_nothing(index_elements=["ticket", "copy"])
    jobs = [
        {
            "site": site,
            "ticket": one.ticket,
            "device": one.device,
            "copy": one.copy,
            "state": "queued",
            "created_at": one.asked_at,
            "changed_at": one.asked_at,
        }
        for one in papers
    ]
    if jobs:
        conn.execute(statement, jobs)


def claim(
    conn: Connection, *, devices: Collection[str], at_ms: int, created_since_ms: int, held_since_ms: int
) -> PrintJob | None:
    """The oldest queued job of these kiosks, which share one printer, now ours alone.

    None while anybody prints there. A job held since before `held_since_ms` keeps nobody waiting: its holder is dead.
    """
    table, kiosk = schema.print_jobs, schema.devices.c
    # Whoever wants this printer comes through here one at a time; on SQLite all writers do anyway.
    conn.execute(select(kiosk.code).where(kiosk.code.in_(devices)).order_by(kiosk.code).with_for_update()).all()
    held = table.c.device.in_(devices) & table.c.state.in_(HELD) & (table.c.changed_at > held_since_ms)
    oldest = (
        select(table.c.id)
        .where(
            table.c.device.in_(devices),
            table.c.state == "queued",
            table.c.created_at >= created_since_ms,
            ~exists(select(table.c.id).where(held).correlate(None)),
        )
        .order_by(table.c.id)
        .limit(1)
    )
    found = conn.execute(oldest).scalar()
    if found is None:
        return None
    row = conn.execute(
        update(table)
        .where(table.c.id == found, table.c.state == "queued")
        .values(state="claimed", changed_at=at_ms)
        .returning(table)
    ).first()
    return _job(row)


def move(
    conn: Connection, job_id: int, *, from_states: Collection[str], state: str, at_ms: int, problem: str | None = None
) -> bool:
    """False when the job is no longer in one of these states: somebody else has settled it."""
    table = schema.print_jobs
    moved = conn.execute(
        update(table)
        .where(table.c.id == job_id, table.c.state.in_(from_states))
        .values(state=state, problem=problem, changed_at=at_ms)
    )
    return moved.rowcount == 1


def unsettled(conn: Connection) -> list[Unsettled]:
    table = schema.print_jobs
    rows = conn.execute(
        select(
            table.c.device,
            table.c.state,
            func.min(table.c.created_at).label("created_at"),
            func.min(table.c.changed_at).label("changed_at"),
        )
        .where(table.c.state.in_(("queued", *HELD)))
        .group_by(table.c.device, table.c.state)
    )
    return [
        Unsettled(device=row.device, state=row.state, created_at=row.created_at, changed_at=row.changed_at)
        for row in rows
    ]


def expire_older(conn: Connection, *, before_ms: int, at_ms: int) -> int:
    """Queued jobs of people who have gone: nobody wants a burst of old tickets after a change of paper."""
    table = schema.print_jobs
    return conn.execute(
        update(table)
        .where(table.c.state == "queued", table.c.created_at < before_ms)
        .values(state="expired", changed_at=at_ms)
    ).rowcount


def give_up_older(conn: Connection, *, before_ms: int, at_ms: int) -> int:
    """Jobs whose holder died over them. Perhaps the paper came out, so they are not printed again."""
    table = schema.print_jobs
    return conn.execute(
        update(table)
        .where(table.c.state.in_(HELD), table.c.changed_at < before_ms)
        .values(state="unknown", changed_at=at_ms)
    ).rowcount


def queue_beside(conn: Connection, site: str, paper: Wanted, *, like: str, most: int, since_ms: int) -> bool:
    """A job that no entry asks for. False when the kiosk has had `most` whose names begin so since then."""
    table = schema.print_jobs.c
    lately = select(func.count()).where(
        table.device == paper.device, table.ticket.startswith(like, autoescape=True), table.created_at >= since_ms
    )
    if latest_of(conn, paper.ticket) is None and conn.execute(lately).scalar_one() >= most:
        return False
    queue(conn, site, [paper])
    return True


def latest_of(conn: Connection, ticket: str) -> PrintJob | None:
    table = schema.print_jobs
    return _job(
        conn.execute(select(table).where(table.c.ticket == ticket).order_by(table.c.copy.desc()).limit(1)).first()
    )


def failing(conn: Connection, site: str, *, since_ms: int) -> list[Failing]:
    """Kiosks of the site that could not print since an instant and have printed nothing since then."""
    table = schema.print_jobs
    blocked = (table.c.site == site) & (table.c.state == "blocked")
    newest = select(func.max(table.c.id)).where(blocked, table.c.changed_at >= since_ms).group_by(table.c.device)
    rows = conn.execute(select(table).where(table.c.id.in_(newest)).order_by(table.c.device)).all()
    found = []
    for row in rows:
        printed = _last_printed(conn, row.device)
        if printed < row.id:
            first = select(func.min(table.c.changed_at)).where(blocked, table.c.device == row.device)
            since = conn.execute(first.where(table.c.id > printed)).scalar_one()
            found.append(Failing(device=row.device, problem=row.problem, since=since))
    return found


def _last_printed(conn: Connection, device: str) -> int:
    table = schema.print_jobs
    query = (
        select(table.c.id)
        .where(table.c.device == device, table.c.state.in_(("done", "unknown")))
        .order_by(table.c.id.desc())
        .limit(1)
    )
    return conn.execute(query).scalar() or 0


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
