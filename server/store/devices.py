"""Questions about devices: kiosks, displays, counters' machines, relays."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, Row, insert, or_, select, update

from server.store import schema


@dataclass(frozen=True, slots=True)
class DeviceRow:
    code: str
    site: str
    kind: str
    name: str
    printer: str
    revoked_at: int | None
    last_seen_at: int | None = None
    version: str | None = None
    #: Until when its enrolment code, if it has an unused one, may be used.
    enrol_until: int | None = None
    #: When it was last refused a ticket for drawing too fast.
    too_fast_at: int | None = None


def add_device(
    conn: Connection,
    *,
    code: str,
    site: str,
    kind: str,
    name: str,
    printer: str,
    enrol_hash: str,
    enrol_until: int,
    at_ms: int,
) -> None:
    conn.execute(
        insert(schema.devices).values(
            code=code,
            site=site,
            kind=kind,
            name=name,
            printer=printer,
            enrol_hash=enrol_hash,
            enrol_until=enrol_until,
            created_at=at_ms,
        )
    )


def device(conn: Connection, code: str) -> DeviceRow | None:
    return _device(conn.execute(select(schema.devices).where(schema.devices.c.code == code)).first())


def devices_of(conn: Connection, site: str | None = None) -> list[DeviceRow]:
    query = select(schema.devices).order_by(schema.devices.c.site, schema.devices.c.kind, schema.devices.c.name)
    if site is not None:
        query = query.where(schema.devices.c.site == site)
    return [found for row in conn.execute(query) if (found := _device(row)) is not None]


def take_enrolment(conn: Connection, *, enrol_hash: str, at_ms: int) -> DeviceRow | None:
    """The device of an enrolment code, which is used up by this. Two at once: one gets it, the other None."""
    table = schema.devices
    taken = conn.execute(
        update(table)
        .where(table.c.enrol_hash == enrol_hash, table.c.enrol_until > at_ms, table.c.revoked_at.is_(None))
        .values(enrol_hash=None, enrol_until=None)
        .returning(table.c.code)
    ).scalar()
    return None if taken is None else device(conn, taken)


def set_enrolment(conn: Connection, *, code: str, enrol_hash: str, enrol_until: int) -> None:
    conn.execute(
        update(schema.devices)
        .where(schema.devices.c.code == code)
        .values(enrol_hash=enrol_hash, enrol_until=enrol_until)
    )


def set_printer(conn: Connection, *, code: str, printer: str) -> None:
    conn.execute(update(schema.devices).where(schema.devices.c.code == code).values(printer=printer))


def rename(conn: Connection, *, code: str, name: str) -> None:
    conn.execute(update(schema.devices).where(schema.devices.c.code == code).values(name=name))


def note_seen(conn: Connection, *, code: str, at_ms: int, version: str | None) -> None:
    """A sign of life; the version stays as it was where this one does not say it."""
    values: dict[str, object] = {"last_seen_at": at_ms} | ({} if version is None else {"version": version})
    table = schema.devices
    older = or_(table.c.last_seen_at.is_(None), table.c.last_seen_at < at_ms)
    conn.execute(update(table).where(table.c.code == code, older).values(values))


def silent(
    conn: Connection, site: str, *, kinds: Collection[str], seen_from_ms: int, seen_until_ms: int
) -> list[DeviceRow]:
    """Devices of these kinds that were last seen within a time; revoked ones are no matter."""
    table = schema.devices
    query = (
        select(table)
        .where(
            table.c.site == site,
            table.c.kind.in_(kinds),
            table.c.revoked_at.is_(None),
            table.c.last_seen_at >= seen_from_ms,
            table.c.last_seen_at < seen_until_ms,
        )
        .order_by(table.c.kind, table.c.name, table.c.code)
    )
    return [found for row in conn.execute(query) if (found := _device(row)) is not None]


def note_too_fast(conn: Connection, *, code: str, at_ms: int | None) -> None:
    conn.execute(update(schema.devices).where(schema.devices.c.code == code).values(too_fast_at=at_ms))


def too_fast_since(conn: Connection, site: str, since_ms: int) -> list[DeviceRow]:
    """Kiosks that were refused for drawing too fast since then."""
    table = schema.devices
    rows = conn.execute(
        select(table).where(table.c.site == site, table.c.too_fast_at >= since_ms).order_by(table.c.code)
    )
    return [found for row in rows if (found := _device(row)) is not None]


def revoke(conn: Connection, *, code: str, at_ms: int) -> None:
    conn.execute(
        update(schema.devices)
        .where(schema.devices.c.code == code, schema.devices.c.revoked_at.is_(None))
        .values(revoked_at=at_ms, enrol_hash=None, enrol_until=None)
    )


def _device(row: Row[tuple[object, ...]] | None) -> DeviceRow | None:
    if row is None:
        return None
    return DeviceRow(
        code=row.code,
        site=row.site,
        kind=row.kind,
        name=row.name,
        printer=row.printer,
        revoked_at=row.revoked_at,
        last_seen_at=row.last_seen_at,
        version=row.version,
        enrol_until=row.enrol_until,
        too_fast_at=row.too_fast_at,
    )
