"""The people of a site, as its manager or an administrator keeps them: invited, given a role, sent away, let back in.

Who may do it to whom is `roles.GRANTS`: a manager keeps agents and orienters who work at this site alone, an
administrator everybody. Nobody does any of it to himself, so nobody can raise himself. Of people who have no role at
the site it is not even said that they exist.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from server.actions import people as accounts
from server.actions.house import House
from server.actions.logins import INVITED_FOR
from server.actions.people import fresh_code, fresh_token, token_hash
from server.domain.errors import Refusal
from server.domain.roles import EVERYWHERE, GRANTS, ROLES
from server.store import logins, people, second_factors, sites, tokens
from server.store.people import PersonRow, RoleRow
from server.store.schema import to_ms

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who keeps people, at the site whose page it is."""

    code: str
    role: str
    site: str

    @property
    def grants(self) -> frozenset[str]:
        return GRANTS.get(self.role, frozenset())


@dataclass(frozen=True, slots=True)
class Invited:
    person: str
    name: str
    #: Part of the address by which the person sets a pass phrase; shown once.
    code: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works here, as the people page lists them."""

    person: PersonRow
    #: At this site; a role for all sites where it is an administrator who looks.
    role: str
    #: Whether the keeper may do something to them.
    kept: bool
    invited: bool
    second_factor: bool


def members(house: House, keeper: Keeper) -> list[Member]:
    """Everybody with a role at the site; for an administrator also those with a role for all sites."""
    at_ms = to_ms(house.clock.now())
    with house.read() as conn:
        found = people.everybody_at(conn, keeper.site)
        if keeper.role == "admin":
            found += people.everybody_at(conn, "")
        codes = [person.code for person, _roles in found]
        invited = logins.open_invitations(conn, codes, at_ms=at_ms)
        second = second_factors.confirmed_among(conn, codes)
    return [
        Member(
            person=person,
            role=role.role,
            kept=_refused(keeper, person.code, roles) is None,
            invited=person.code in invited,
            second_factor=person.code in second,
        )
        for person, roles in found
        for role in roles
        if role.site in _places(keeper)
    ]


def invite_new(house: House, keeper: Keeper, *, name: str, role: str) -> Invited | Refusal:
    """A new person with a role here, and the invitation to set the first pass phrase.

    Refused as: invalid_input, not_allowed, no_such_site, name_taken.
    """
    name = " ".join(name.split())
    if role not in ROLES or not name or len(name) > 80:
        return Refusal("invalid_input")
    if role not in keeper.grants:
        return Refusal("not_allowed")
    site = "" if role in EVERYWHERE else keeper.site
    person, code, now = fresh_code(), fresh_token(), house.clock.now()

    def write(conn: Connection) -> Invited | Refusal:
        if site and sites.site_row(conn, site) is None:
            return Refusal("no_such_site")
        if people.person_named(conn, name) is not None:
            return Refusal("name_taken")
        people.add_person(conn, code=person, name=name, password="", at_ms=to_ms(now))
        people.add_role(conn, person=person, role=role, site=site)
        logins.invite(conn, person=person, code_hash=token_hash(code), until_ms=to_ms(now + INVITED_FOR))
        return Invited(person=person, name=name, code=code)

    return _noted(house.writer.run(write), keeper, person, f"invited as {role}")


def invite_again(house: House, keeper: Keeper, *, person: str) -> Invited | Refusal:
    """A fresh invitation: for a new person who let the first one lapse, or who has forgotten the pass phrase.

    The old pass phrase works until it is used. Refused as: no_such_person, not_allowed, not_yourself, account_disabled.
    """
    code, until = fresh_token(), to_ms(house.clock.now() + INVITED_FOR)

    def write(conn: Connection, row: PersonRow) -> Invited | Refusal:
        if row.disabled:
            return Refusal("account_disabled")
        logins.invite(conn, person=person, code_hash=token_hash(code), until_ms=until)
        return Invited(person=person, name=row.name, code=code)

    return _keep(house, keeper, person, write, "invited again")


def change_role(house: House, keeper: Keeper, *, person: str, role: str) -> PersonRow | Refusal:
    """One role here instead of another. Refused as: not_allowed, invalid_input, no_such_person, not_yourself, last_admin."""
    if role not in ROLES:
        return Refusal("invalid_input")
    if role not in keeper.grants:
        return Refusal("not_allowed")
    site, at_ms = "" if role in EVERYWHERE else keeper.site, to_ms(house.clock.now())

    def write(conn: Connection, row: PersonRow) -> PersonRow | Refusal:
        if role != "admin" and people.active_with_role(conn, "admin") == [person]:
            return Refusal("last_admin")
        for place in _places(keeper):
            people.remove_roles(conn, person=person, site=place)
        people.add_role(conn, person=person, role=role, site=site)
        # A token says its role by itself and would keep the old one.
        tokens.revoke_tokens_of(conn, code=person, at_ms=at_ms)
        return row

    return _keep(house, keeper, person, write, f"made {role}")


def disable(house: House, keeper: Keeper, *, person: str) -> PersonRow | Refusal:
    """The person acts no more from now on. Refused as: no_such_person, not_allowed, not_yourself, last_admin."""
    at_ms = to_ms(house.clock.now())

    def write(conn: Connection, row: PersonRow) -> PersonRow | Refusal:
        return accounts.disable_in(conn, code=person, at_ms=at_ms) or row

    return _keep(house, keeper, person, write, "disabled")


def enable(house: House, keeper: Keeper, *, person: str) -> PersonRow | Refusal:
    """Let back in, with the pass phrase from before; older logins and tokens stay ended."""

    def write(conn: Connection, row: PersonRow) -> PersonRow:
        people.enable(conn, code=person)
        return row

    return _keep(house, keeper, person, write, "enabled")


def remove_second_factor(house: House, keeper: Keeper, *, person: str) -> PersonRow | Refusal:
    """For whoever lost phone and recovery codes. Refused as: no_such_person, not_allowed, not_yourself."""

    def write(conn: Connection, row: PersonRow) -> PersonRow:
        second_factors.remove(conn, person)
        return row

    return _keep(house, keeper, person, write, "second factor removed")


def _keep(
    house: House, keeper: Keeper, person: str, write: Callable[[Connection, PersonRow], T | Refusal], what: str
) -> T | Refusal:
    """`write` in one transaction with the question whether the keeper may."""

    def guarded(conn: Connection) -> T | Refusal:
        row = people.person_coded(conn, person)
        roles = () if row is None else tuple(people.roles_of(conn, person))
        if row is None or not any(role.site in _places(keeper) for role in roles):
            return Refusal("no_such_person")
        return _refused(keeper, person, roles) or write(conn, row)

    return _noted(house.writer.run(guarded), keeper, person, what)


def _noted(done: T | Refusal, keeper: Keeper, person: str, what: str) -> T | Refusal:
    """One line for the operator, by codes alone: the journal is no place for it."""
    if not isinstance(done, Refusal):
        log.info("%s: person %s %s by %s %s", keeper.site, person, what, keeper.role, keeper.code)
    return done


def _refused(keeper: Keeper, person: str, roles: tuple[RoleRow, ...]) -> Refusal | None:
    if person == keeper.code:
        return Refusal("not_yourself")
    if keeper.role == "admin":
        return None
    kept = all(role.site == keeper.site and role.role in keeper.grants for role in roles)
    return None if kept else Refusal("not_allowed")


def _places(keeper: Keeper) -> tuple[str, ...]:
    return (keeper.site, "") if keeper.role == "admin" else (keeper.site,)
