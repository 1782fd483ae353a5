"""Questions about logins, invitations and failed attempts. Only hashes of what people hold are kept."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from server.store import schema


@dataclass(frozen=True, slots=True)
class LoginRow:
    hash: str
    person: str
    address: str
    browser: str
    created_at: int
    seen_at: int


@dataclass(frozen=True, slots=True)
class Failures:
    n: int
    last_at: int
    locked_until: int


# ---------------------------------------------------------------- logins


def add_login(conn: Connection, *, login_hash: str, person: str, address: str, browser: str, at_ms: int) -> None:
    conn.execute(
        insert(schema.logins).values(
            hash=login_hash, person=person, address=address, browser=browser, created_at=at_ms, seen_at=at_ms
        )
    )


def logins_of(conn: Connection, person: str, *, since_ms: int) -> list[LoginRow]:
    """Those that may still act, the newest first."""
    table = schema.logins
    rows = conn.execute(
        select(table)
        .where(table.c.person == person, table.c.ended_at.is_(None), table.c.created_at >= since_ms)
        .order_by(table.c.created_at.desc(), table.c.hash)
    )
    return [
        LoginRow(
            hash=row.hash,
            person=row.person,
            address=row.address,
            browser=row.browser,
            created_at=row.created_at,
            seen_at=row.seen_at,
        )
        for row in rows
    ]


def last_seen(conn: Connection, persons: Collection[str]) -> dict[str, int]:
    """When each of these people last gave a sign of life by a login that still counts."""
    table = schema.logins
    rows = conn.execute(
        select(table.c.person, func.max(table.c.seen_at).label("seen_at"))
        .where(table.c.person.in_(persons), table.c.ended_at.is_(None))
        .group_by(table.c.person)
    )
    return {row.person: row.seen_at for row in rows}


def still_open(conn: Connection, hashes: Collection[str]) -> set[str]:
    """Those of these logins whose person may still act by them."""
    query = (
        select(schema.logins.c.hash)
        .join(schema.people, schema.people.c.code == schema.logins.c.person)
        .where(
            schema.logins.c.hash.in_(hashes), schema.logins.c.ended_at.is_(None), schema.people.c.disabled.is_(False)
        )
    )
    return set(conn.execute(query).scalars())


def end_logins_of(conn: Connection, person: str, *, at_ms: int, but: str | None = None) -> int:
    """All of the person's logins end, but one. Returns how many did."""
    table = schema.logins
    which = and_(table.c.person == person, table.c.ended_at.is_(None))
    if but is not None:
        which = and_(which, table.c.hash != but)
    return conn.execute(update(table).where(which).values(ended_at=at_ms)).rowcount


def end_login(conn: Connection, login_hash: str, *, at_ms: int) -> None:
    table = schema.logins
    conn.execute(update(table).where(table.c.hash == login_hash, table.c.ended_at.is_(None)).values(ended_at=at_ms))


def note_login_seen(conn: Connection, login_hash: str, *, at_ms: int) -> None:
    conn.execute(update(schema.logins).where(schema.logins.c.hash == login_hash).values(seen_at=at_ms))


def purge_logins(conn: Connection, *, before_ms: int) -> None:
    conn.execute(delete(schema.logins).where(schema.logins.c.created_at < before_ms))


# ---------------------------------------------------------------- invitations


def invite(conn: Connection, *, person: str, code_hash: str, until_ms: int) -> None:
    """The person's only invitation from now on."""
    withdraw_invitation(conn, person)
    conn.execute(insert(schema.invitations).values(person=person, hash=code_hash, until=until_ms))


def invited(conn: Connection, *, code_hash: str, at_ms: int) -> str | None:
    """Whose invitation this is; uses nothing up."""
    table = schema.invitations
    return conn.execute(select(table.c.person).where(table.c.hash == code_hash, table.c.until > at_ms)).scalar()


def take_invitation(conn: Connection, *, code_hash: str, at_ms: int) -> str | None:
    """Whose invitation this was, which is used up by this. Two at once: one gets it, the other None."""
    table = schema.invitations
    gone = delete(table).where(table.c.hash == code_hash, table.c.until > at_ms).returning(table.c.person)
    return conn.execute(gone).scalar()


def withdraw_invitation(conn: Connection, person: str) -> None:
    conn.execute(delete(schema.invitations).where(schema.invitations.c.person == person))


def open_invitations(conn: Connection, persons: Collection[str], *, at_ms: int) -> set[str]:
    """Those of these people whose invitation waits to be used."""
    table = schema.invitations
    return set(conn.execute(select(table.c.person).where(table.c.person.in_(persons), table.c.until > at_ms)).scalars())


# ---------------------------------------------------------------- failed attempts


def failures(conn: Connection, key_hash: str) -> Failures | None:
    row = conn.execute(select(schema.failures).where(schema.failures.c.hash == key_hash)).first()
    return None if row is None else Failures(n=row.n, last_at=row.last_at, locked_until=row.locked_until)


def locked_until(conn: Connection, key_hashes: Collection[str], *, at_ms: int) -> int | None:
    """Until when any of these is locked; None if none is now."""
    table = schema.failures
    rows = conn.execute(
        select(table.c.locked_until).where(table.c.hash.in_(key_hashes), table.c.locked_until > at_ms)
    ).scalars()
    return max(rows, default=None)


def note_failures(conn: Connection, key_hash: str, failed: Failures) -> None:
    conn.execute(delete(schema.failures).where(schema.failures.c.hash == key_hash))
    conn.execute(
        insert(schema.failures).values(
            hash=key_hash, n=failed.n, last_at=failed.last_at, locked_until=failed.locked_until
        )
    )


def forget_failures(conn: Connection, key_hash: str) -> None:
    conn.execute(delete(schema.failures).where(schema.failures.c.hash == key_hash))


def purge_failures(conn: Connection, *, before_ms: int) -> None:
    table = schema.failures
    conn.execute(delete(table).where(table.c.last_at < before_ms, table.c.locked_until < before_ms))
