"""Questions about people: who may log in, what they may be, what their name is. Beside the journal, which knows codes."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, insert, select, update

from server.store import schema


@dataclass(frozen=True, slots=True)
class PersonRow:
    code: str
    name: str
    password: str
    disabled: bool
    login_version: int


@dataclass(frozen=True, slots=True)
class RoleRow:
    role: str
    #: Empty for a role held at all sites.
    site: str


def person_named(conn: Connection, name: str) -> PersonRow | None:
    return _person(conn.execute(select(schema.people).where(schema.people.c.name == name)).first())


def person_coded(conn: Connection, code: str) -> PersonRow | None:
    return _person(conn.execute(select(schema.people).where(schema.people.c.code == code)).first())


def person_of_login(conn: Connection, login_hash: str, *, since_ms: int) -> PersonRow | None:
    """Who may act by this login: it has not ended, is not too old, and they are not disabled."""
    query = (
        select(schema.people)
        .join(schema.logins, schema.logins.c.person == schema.people.c.code)
        .where(
            schema.logins.c.hash == login_hash,
            schema.logins.c.ended_at.is_(None),
            schema.logins.c.created_at >= since_ms,
            schema.people.c.disabled.is_(False),
        )
    )
    return _person(conn.execute(query).first())


def roles_of(conn: Connection, code: str) -> list[RoleRow]:
    rows = conn.execute(
        select(schema.person_roles.c.role, schema.person_roles.c.site)
        .where(schema.person_roles.c.person == code)
        .order_by(schema.person_roles.c.site, schema.person_roles.c.role)
    )
    return [RoleRow(role=row.role, site=row.site) for row in rows]


def names_of(conn: Connection, codes: Iterable[str]) -> dict[str, str]:
    """Names by code; who has been erased is missing."""
    rows = conn.execute(select(schema.people.c.code, schema.people.c.name).where(schema.people.c.code.in_(list(codes))))
    return {row.code: row.name for row in rows}


def everybody_at(conn: Connection, site: str) -> list[tuple[PersonRow, tuple[RoleRow, ...]]]:
    """Whoever has a role at this site (empty: at all sites), with all the roles that they have anywhere."""
    at_site = select(schema.person_roles.c.person).where(schema.person_roles.c.site == site)
    found = conn.execute(select(schema.people).where(schema.people.c.code.in_(at_site)).order_by(schema.people.c.name))
    persons = [person for row in found if (person := _person(row)) is not None]
    roles: dict[str, list[RoleRow]] = {}
    rows = conn.execute(
        select(schema.person_roles)
        .where(schema.person_roles.c.person.in_(at_site))
        .order_by(schema.person_roles.c.site, schema.person_roles.c.role)
    )
    for row in rows:
        roles.setdefault(row.person, []).append(RoleRow(role=row.role, site=row.site))
    return [(person, tuple(roles[person.code])) for person in persons]


def active_with_role(conn: Connection, role: str) -> list[str]:
    """Codes of those who hold a role for all sites and can log in, locked so that nobody takes it from them meanwhile."""
    query = (
        select(schema.people.c.code)
        .join(schema.person_roles, schema.person_roles.c.person == schema.people.c.code)
        .where(
            schema.person_roles.c.role == role,
            schema.person_roles.c.site == "",
            schema.people.c.disabled.is_(False),
            schema.people.c.password != "",
        )
        .with_for_update()
    )
    return list(conn.execute(query).scalars())


def people_of(conn: Connection, site: str, role: str) -> list[PersonRow]:
    query = (
        select(schema.people)
        .join(schema.person_roles, schema.person_roles.c.person == schema.people.c.code)
        .where(schema.person_roles.c.site == site, schema.person_roles.c.role == role)
        .order_by(schema.people.c.name)
    )
    return [person for row in conn.execute(query) if (person := _person(row)) is not None]


def add_person(conn: Connection, *, code: str, name: str, password: str, at_ms: int) -> None:
    conn.execute(
        insert(schema.people).values(
            code=code, name=name, password=password, disabled=False, login_version=1, created_at=at_ms
        )
    )


def add_role(conn: Connection, *, person: str, role: str, site: str) -> None:
    conn.execute(
        delete(schema.person_roles).where(
            schema.person_roles.c.person == person,
            schema.person_roles.c.role == role,
            schema.person_roles.c.site == site,
        )
    )
    conn.execute(insert(schema.person_roles).values(person=person, role=role, site=site))


def remove_roles(conn: Connection, *, person: str, site: str) -> None:
    conn.execute(
        delete(schema.person_roles).where(schema.person_roles.c.person == person, schema.person_roles.c.site == site)
    )


def change_password(conn: Connection, *, code: str, password: str) -> None:
    """A new password ends every login made with the old one."""
    conn.execute(
        update(schema.people)
        .where(schema.people.c.code == code)
        .values(password=password, login_version=schema.people.c.login_version + 1)
    )


def disable(conn: Connection, *, code: str) -> None:
    conn.execute(
        update(schema.people)
        .where(schema.people.c.code == code)
        .values(disabled=True, login_version=schema.people.c.login_version + 1)
    )


def enable(conn: Connection, *, code: str) -> None:
    """The logins from before stay ended."""
    conn.execute(update(schema.people).where(schema.people.c.code == code).values(disabled=False))


def _person(row: Row[tuple[object, ...]] | None) -> PersonRow | None:
    if row is None:
        return None
    return PersonRow(
        code=row.code,
        name=row.name,
        password=row.password,
        disabled=row.disabled,
        login_version=row.login_version,
    )
