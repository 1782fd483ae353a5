"""The second factor: a code that changes every half minute (TOTP, RFC 6238), from an app on the person's phone.

It is set up at the first login that needs it, by a QR code, and counts from the first right code on. Each code works
once; one before and one after the present are taken, for clocks that differ. Ten recovery codes, shown once, each work
once in its place. API tokens have nothing to do with it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import pyotp
from pyotp.utils import strings_equal
from sqlalchemy import Connection

from server.actions import lockout
from server.actions.house import House
from server.actions.people import token_hash
from server.domain.errors import Refusal
from server.domain.roles import SECOND_FACTOR_ROLES
from server.store import people, second_factors
from server.store.schema import to_ms

STEP_S = 30
#: Steps before and after the present one whose codes are taken too.
TOLERANCE = 1
RECOVERY_CODES = 10
ISSUER = "Idarati"
_CLEAR = "abcdefghkmnpqrstuvwxyz23456789"

Need = Literal["nothing", "ask", "set_up"]


@dataclass(frozen=True, slots=True)
class Proposal:
    secret: str
    #: What the QR code says: the address that authenticator apps understand.
    uri: str


def needed(house: House, person: str) -> Need:
    """What stands between a right pass phrase and a login."""
    wanted = house.settings.second_factor
    if wanted == "off":
        return "nothing"
    with house.read() as conn:
        factor = second_factors.second_factor(conn, person)
        roles = people.roles_of(conn, person)
    if factor is not None and factor.confirmed:
        return "ask"
    high = any(role.role in SECOND_FACTOR_ROLES for role in roles)
    return "set_up" if wanted == "required" and high else "nothing"


def is_set_up(house: House, person: str) -> bool:
    with house.read() as conn:
        factor = second_factors.second_factor(conn, person)
    return factor is not None and factor.confirmed


def proposal(house: House, *, person: str, name: str) -> Proposal | Refusal:
    """The secret to set up; the same until it is confirmed, so that a page can be opened again.

    Refused as: second_factor_set_up.
    """
    fresh = pyotp.random_base32()

    def write(conn: Connection) -> str | Refusal:
        factor = second_factors.second_factor(conn, person)
        if factor is None:
            second_factors.propose(conn, person=person, secret=fresh)
            return fresh
        return Refusal("second_factor_set_up") if factor.confirmed else factor.secret

    secret = house.writer.run(write)
    if isinstance(secret, Refusal):
        return secret
    return Proposal(secret=secret, uri=pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER))


def confirm(house: House, *, person: str, code: str) -> tuple[str, ...] | Refusal:
    """The app knows the secret: from now on it is asked. The recovery codes, shown once.

    Refused as: wrong_code, second_factor_set_up, too_many_requests.
    """
    refusal = lockout.locked(house, lockout.second_factor(person))
    if refusal is not None:
        return refusal
    now, fresh = house.clock.now(), tuple(fresh_recovery_code() for _ in range(RECOVERY_CODES))

    def write(conn: Connection) -> Refusal | None:
        factor = second_factors.second_factor(conn, person)
        if factor is None:
            return Refusal("wrong_code")
        if factor.confirmed:
            return Refusal("second_factor_set_up")
        step = step_of(factor.secret, code, now)
        if step is None:
            return Refusal("wrong_code")
        second_factors.confirm(conn, person=person, secret=factor.secret, at_ms=to_ms(now))
        second_factors.take_step(conn, person=person, step=step)
        second_factors.set_recovery_codes(conn, person=person, hashes=[recovery_hash(one) for one in fresh])
        return None

    refused = house.writer.run(write)
    if refused is not None:
        lockout.failed(house, lockout.second_factor(person))
        return refused
    return fresh


def check(house: House, *, person: str, code: str) -> Refusal | None:
    """A code of the app or a recovery code, used up by this. Refused as: wrong_code, too_many_requests."""
    target = lockout.second_factor(person)
    refusal = lockout.locked(house, target)
    if refusal is not None:
        return refusal
    now = house.clock.now()

    def write(conn: Connection) -> bool:
        factor = second_factors.second_factor(conn, person)
        if factor is None or not factor.confirmed:
            return False
        step = step_of(factor.secret, code, now)
        if step is not None:
            return second_factors.take_step(conn, person=person, step=step)
        return second_factors.take_recovery_code(conn, person=person, code_hash=recovery_hash(code))

    if not house.writer.run(write):
        lockout.failed(house, target)
        return Refusal("wrong_code")
    lockout.passed(house, target)
    return None


def remove_of(house: House, *, name: str) -> str | Refusal:
    """For whoever lost phone and codes: set up anew at the next login, where it is required. The person's code.

    Refused as: no_such_person.
    """

    def write(conn: Connection) -> str | Refusal:
        person = people.person_named(conn, name)
        if person is None:
            return Refusal("no_such_person")
        second_factors.remove(conn, person.code)
        return person.code

    return house.writer.run(write)


def recovery_codes_left(house: House, person: str) -> int:
    with house.read() as conn:
        return second_factors.recovery_codes_left(conn, person)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step whose code this is, near `at`; None for a wrong one."""
    digits = "".join(code.split())
    now = int(at.timestamp()) // STEP_S
    app = pyotp.TOTP(secret, interval=STEP_S)
    steps = range(now - TOLERANCE, now + TOLERANCE + 1)
    return next((step for step in steps if strings_equal(app.generate_otp(step), digits)), None)


def fresh_recovery_code() -> str:
    """Fifteen letters and digits: about 73 bits."""
    return "-".join("".join(secrets.choice(_CLEAR) for _ in range(5)) for _ in range(3))


def recovery_hash(code: str) -> str:
    return token_hash("".join(sign for sign in code.lower() if sign.isalnum()))
