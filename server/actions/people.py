"""People: added, reset, disabled; tokens for programs that act for them. Nothing here reaches the journal.

Passwords are hashed with argon2, outside of any transaction. There is no default password: whoever is added gets a
fresh pass phrase, shown once, or brings one.
"""

import secrets
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection

from server.actions.house import House
from server.domain.errors import Refusal
from server.domain.roles import EVERYWHERE, ROLES
from server.store import logins, people, sites, tokens
from server.store.schema import to_ms

#: With the library's own parameters, which are those that RFC 9106 recommends where memory is short.
HASHER = PasswordHasher()
#: Letters and digits that are not mistaken for each other when read aloud or written down.
_CLEAR = "abcdefghkmnpqrstuvwxyz23456789"
SHORTEST_PASSWORD = 10
#: Fewer different characters than this are no pass phrase, however long it is.
FEWEST_CHARACTERS = 5
LONGEST_PASSWORD = 200


@dataclass(frozen=True, slots=True)
class Added:
    code: str
    name: str
    password: str


def add_person(house: House, *, name: str, role: str, site: str = "", password: str | None = None) -> Added | Refusal:
    """A person with a role. Refused as: invalid_input, no_such_site, name_taken."""
    password = password or fresh_password()
    if role not in ROLES or not name.strip() or len(name) > 80 or len(password) < SHORTEST_PASSWORD:
        return Refusal("invalid_input")
    if (role in EVERYWHERE) != (site == ""):
        return Refusal("invalid_input")
    code, hashed = fresh_code(), HASHER.hash(password)
    at_ms = to_ms(house.clock.now())

    def write(conn: Connection) -> Refusal | None:
        if site and sites.site_row(conn, site) is None:
            return Refusal("no_such_site")
        if people.person_named(conn, name) is not None:
            return Refusal("name_taken")
        people.add_person(conn, code=code, name=name, password=hashed, at_ms=at_ms)
        people.add_role(conn, person=code, role=role, site=site)
        return None

    return house.writer.run(write) or Added(code=code, name=name, password=password)


def reset_password(house: House, *, name: str, password: str | None = None) -> Added | Refusal:
    """A new pass phrase; every older login ends. Refused as: invalid_input, no_such_person."""
    password = password or fresh_password()
    if len(password) < SHORTEST_PASSWORD:
        return Refusal("invalid_input")
    hashed, at_ms = HASHER.hash(password), to_ms(house.clock.now())

    def write(conn: Connection) -> Added | Refusal:
        person = people.person_named(conn, name)
        if person is None:
            return Refusal("no_such_person")
        people.change_password(conn, code=person.code, password=hashed)
        logins.withdraw_invitation(conn, person.code)
        logins.end_logins_of(conn, person.code, at_ms=at_ms)
        return Added(code=person.code, name=name, password=password)

    return house.writer.run(write)


def disable(house: House, *, name: str) -> str | Refusal:
    """The person can no longer act, by login or token; the code is returned. Refused as: no_such_person, last_admin."""
    at_ms = to_ms(house.clock.now())

    def write(conn: Connection) -> str | Refusal:
        person = people.person_named(conn, name)
        if person is None:
            return Refusal("no_such_person")
        return disable_in(conn, code=person.code, at_ms=at_ms) or person.code

    return house.writer.run(write)


def disable_in(conn: Connection, *, code: str, at_ms: int) -> Refusal | None:
    """Within a transaction. The last who may add others is never locked out. Refused as: last_admin."""
    if people.active_with_role(conn, "admin") == [code]:
        return Refusal("last_admin")
    people.disable(conn, code=code)
    tokens.revoke_tokens_of(conn, code=code, at_ms=at_ms)
    logins.withdraw_invitation(conn, code)
    logins.end_logins_of(conn, code, at_ms=at_ms)
    return None


def log_in(house: House, *, name: str, password: str) -> people.PersonRow | Refusal:
    """The person whose pass phrase this is. Refused as: wrong_password, account_disabled."""
    with house.read() as conn:
        person = people.person_named(conn, name)
    # An invited person has no pass phrase yet, which must not answer faster than a wrong one.
    hashed = None if person is None else person.password
    if not fits(hashed or _nobody(), password) or person is None:
        return Refusal("wrong_password")
    return Refusal("account_disabled") if person.disabled else person


def create_token(
    house: House, *, role: str, site: str = "", agent: str | None = None, counter: str | None = None
) -> str | Refusal:
    """A token that acts as a person of `role`: the one named `agent`, or one that is nobody's login.

    Refused as: invalid_input, no_such_site, no_such_person.
    """
    if role not in ROLES or (role in EVERYWHERE) != (site == ""):
        return Refusal("invalid_input")
    token, at_ms = fresh_token(), to_ms(house.clock.now())

    def write(conn: Connection) -> Refusal | None:
        if site and sites.site_row(conn, site) is None:
            return Refusal("no_such_site")
        person = None if agent is None else people.person_named(conn, agent)
        if agent is not None and person is None:
            return Refusal("no_such_person")
        tokens.add_token(
            conn,
            token_hash=token_hash(token),
            kind=role,
            site=site,
            code=fresh_code() if person is None else person.code,
            counter=counter,
            at_ms=at_ms,
        )
        return None

    return house.writer.run(partial(write)) or token


def fresh_code() -> str:
    """An opaque code for the journal: says nothing about whose it is."""
    return "".join(secrets.choice(_CLEAR) for _ in range(6))


def fresh_password() -> str:
    """Twenty letters and digits in groups of five: about 97 bits, easy to type from paper."""
    return "-".join("".join(secrets.choice(_CLEAR) for _ in range(5)) for _ in range(4))


def fresh_token() -> str:
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    return HASHER.hash(password)


def is_weak(password: str, *, name: str) -> bool:
    """Too short, too long, hardly different characters, or little more than the person's own name."""
    length = len(password)
    if not SHORTEST_PASSWORD <= length <= LONGEST_PASSWORD or len(set(password)) < FEWEST_CHARACTERS:
        return True
    bare = "".join(name.split()).casefold()
    return bare in "".join(password.split()).casefold() and length - len(bare) < FEWEST_CHARACTERS


@cache
def _nobody() -> str:
    """Checked when the name is unknown, so that the answer takes as long as for a known one."""
    return HASHER.hash(secrets.token_hex(16))


def fits(hashed: str, password: str) -> bool:
    try:
        return HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
