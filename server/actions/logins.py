"""Logins of people: opened by a pass phrase, an invitation or another house's word, seen, ended. Not in the journal.

A login is known by a random value in the person's cookie; only its hash is kept. It lasts a day at most, and ends at
once when the person says so, changes the pass phrase or is disabled.
"""

from datetime import timedelta

from sqlalchemy import Connection

from server.actions import lockout, people
from server.actions.house import House
from server.actions.people import fresh_token, token_hash
from server.domain.errors import Refusal
from server.store import logins
from server.store import people as stored
from server.store.logins import LoginRow
from server.store.people import PersonRow
from server.store.schema import to_ms

LASTS = timedelta(hours=24)
INVITED_FOR = timedelta(days=3)


def check_password(house: House, *, name: str, password: str, address: str) -> PersonRow | Refusal:
    """The person whose pass phrase this is. Refused as: too_many_requests, wrong_password, account_disabled."""
    on_name, on_address = lockout.name(name), lockout.address(address)
    refusal = lockout.locked(house, on_name, on_address)
    if refusal is not None:
        return refusal
    person = people.log_in(house, name=name, password=password)
    if isinstance(person, Refusal):
        lockout.failed(house, on_name, on_address)
        return person
    lockout.passed(house, on_name)
    return person


def open_login(house: House, *, person: str, address: str, browser: str) -> str:
    """A login of a person who has shown who they are: what their cookie holds from now on."""
    login, now = fresh_token(), house.clock.now()

    def write(conn: Connection) -> None:
        logins.purge_logins(conn, before_ms=to_ms(now - 2 * LASTS))
        logins.add_login(
            conn,
            login_hash=token_hash(login),
            person=person,
            address=address[:60],
            browser=browser[:60],
            at_ms=to_ms(now),
        )

    house.writer.run(write)
    return login


def open_logins(house: House, person: str) -> list[LoginRow]:
    with house.read() as conn:
        return logins.logins_of(conn, person, since_ms=to_ms(house.clock.now() - LASTS))


def end_login(house: House, login: str) -> None:
    at_ms = to_ms(house.clock.now())
    house.writer.run(lambda conn: logins.end_login(conn, token_hash(login), at_ms=at_ms))


def end_other_logins(house: House, *, person: str, login: str) -> int:
    """How many of the person's other logins ended."""
    at_ms = to_ms(house.clock.now())
    return house.writer.run(lambda conn: logins.end_logins_of(conn, person, at_ms=at_ms, but=token_hash(login)))


def change_password(house: House, *, person: str, old: str, new: str, login: str) -> Refusal | None:
    """The person's other logins end, this one goes on. Refused as: too_many_requests, wrong_password, weak_password."""
    with house.read() as conn:
        row = stored.person_coded(conn, person)
    assert row is not None
    target = lockout.name(row.name)
    refusal = lockout.locked(house, target)
    if refusal is not None:
        return refusal
    if not people.fits(row.password, old):
        lockout.failed(house, target)
        return Refusal("wrong_password")
    if people.is_weak(new, name=row.name) or new == old:
        return Refusal("weak_password")
    hashed, at_ms = people.hash_password(new), to_ms(house.clock.now())

    def write(conn: Connection) -> None:
        stored.change_password(conn, code=person, password=hashed)
        logins.withdraw_invitation(conn, person)
        logins.end_logins_of(conn, person, at_ms=at_ms, but=token_hash(login))

    house.writer.run(write)
    return None


def invited(house: House, *, code: str) -> PersonRow | None:
    """Whose invitation this is; looking uses nothing up."""
    at_ms = to_ms(house.clock.now())
    with house.read() as conn:
        person = logins.invited(conn, code_hash=token_hash(code), at_ms=at_ms)
        return None if person is None else stored.person_coded(conn, person)


def accept_invitation(house: House, *, code: str, password: str) -> PersonRow | Refusal:
    """The person sets a pass phrase, the invitation is used up, older logins end.

    Refused as: invitation_unknown, weak_password.
    """
    person = invited(house, code=code)
    if person is None or person.disabled:
        return Refusal("invitation_unknown")
    if people.is_weak(password, name=person.name):
        return Refusal("weak_password")
    hashed, at_ms = people.hash_password(password), to_ms(house.clock.now())

    def write(conn: Connection) -> PersonRow | Refusal:
        taken = logins.take_invitation(conn, code_hash=token_hash(code), at_ms=at_ms)
        if taken is None:
            return Refusal("invitation_unknown")
        stored.change_password(conn, code=taken, password=hashed)
        logins.end_logins_of(conn, taken, at_ms=at_ms)
        row = stored.person_coded(conn, taken)
        assert row is not None
        return row

    done = house.writer.run(write)
    if isinstance(done, PersonRow):
        lockout.passed(house, lockout.name(done.name))
    return done
