"""Questions about second factors: the secret that a person's app shares with us, and the codes for when it is lost."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from server.store import schema


@dataclass(frozen=True, slots=True)
class SecondFactor:
    secret: str
    confirmed: bool


def second_factor(conn: Connection, person: str) -> SecondFactor | None:
    row = conn.execute(select(schema.second_factors).where(schema.second_factors.c.person == person)).first()
    return None if row is None else SecondFactor(secret=row.secret, confirmed=row.confirmed_at is not None)


def confirmed_among(conn: Connection, persons: Collection[str]) -> set[str]:
    table = schema.second_factors
    query = select(table.c.person).where(table.c.person.in_(persons), table.c.confirmed_at.is_not(None))
    return set(conn.execute(query).scalars())


def propose(conn: Connection, *, person: str, secret: str) -> None:
    """A secret that counts once it has been confirmed."""
    remove(conn, person)
    conn.execute(insert(schema.second_factors).values(person=person, secret=secret, last_step=0))


def confirm(conn: Connection, *, person: str, secret: str, at_ms: int) -> bool:
    """False: somebody proposed another secret meanwhile, or this one is confirmed already."""
    table = schema.second_factors
    which = (table.c.person == person, table.c.secret == secret, table.c.confirmed_at.is_(None))
    return conn.execute(update(table).where(*which).values(confirmed_at=at_ms)).rowcount == 1


def take_step(conn: Connection, *, person: str, step: int) -> bool:
    """Use up the code of a time step. False: it, or a later one, was used before."""
    table = schema.second_factors
    which = (table.c.person == person, table.c.last_step < step)
    return conn.execute(update(table).where(*which).values(last_step=step)).rowcount == 1


def remove(conn: Connection, person: str) -> None:
    conn.execute(delete(schema.recovery_codes).where(schema.recovery_codes.c.person == person))
    conn.execute(delete(schema.second_factors).where(schema.second_factors.c.person == person))


def set_recovery_codes(conn: Connection, *, person: str, hashes: Collection[str]) -> None:
    conn.execute(delete(schema.recovery_codes).where(schema.recovery_codes.c.person == person))
    conn.execute(insert(schema.recovery_codes), [{"person": person, "hash": one} for one in hashes])


def take_recovery_code(conn: Connection, *, person: str, code_hash: str) -> bool:
    """Use a recovery code up. False: it is none, or was used before."""
    table = schema.recovery_codes
    return conn.execute(delete(table).where(table.c.person == person, table.c.hash == code_hash)).rowcount == 1


def recovery_codes_left(conn: Connection, person: str) -> int:
    table = schema.recovery_codes
    return conn.execute(select(func.count()).select_from(table).where(table.c.person == person)).scalar_one()
