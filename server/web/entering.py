"""Between the right pass phrase and the login: the second factor, for whoever needs one.

Whoever has shown the first and not yet the second is *half in*: that is kept in the signed session for ten minutes, and
nothing can be reached by it but the page that asks for the rest.
"""

from flask import Response, redirect, session, url_for

from server.actions import second_factor
from server.store import people
from server.store.people import PersonRow
from server.store.schema import to_ms
from server.web import access
from server.web.context import house

HALF_FOR_MS = 10 * 60 * 1000


def enter(person: PersonRow, *, wanted: str, proved_more: bool = False) -> Response:
    """Log in, or go on to the second factor. `proved_more`: somebody we trust has asked for a second one already."""
    wanted = own_address(wanted)
    if proved_more or second_factor.needed(house(), person.code) == "nothing":
        access.log_in_session(person)
        return see_other(wanted)
    session["half"] = {
        "person": person.code,
        "version": person.login_version,
        "at": to_ms(house().clock.now()),
        "wanted": wanted,
    }
    return see_other(url_for("account.second_factor"))


def half_in() -> PersonRow | None:
    """Who has shown the pass phrase a moment ago and nothing else yet."""
    half = session.get("half")
    if not isinstance(half, dict) or to_ms(house().clock.now()) - half["at"] > HALF_FOR_MS:
        return None
    with house().read() as conn:
        person = people.person_coded(conn, half["person"])
    # A new pass phrase or a disabling since then ends this too.
    known = person is not None and not person.disabled and person.login_version == half["version"]
    return person if known else None


def wanted_after() -> str:
    half = session.get("half")
    return own_address(str(half.get("wanted", "/"))) if isinstance(half, dict) else "/"


def own_address(wanted: str) -> str:
    """Only an address of ours, never one that sends the person elsewhere after the login."""
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and "\n" not in wanted
    return wanted if ours else "/"


def see_other(address: str) -> Response:
    response = redirect(address, code=303)
    assert isinstance(response, Response)
    return response
