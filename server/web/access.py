"""Who is asking, and may they.

A request comes with a bearer token (programs), with a device's cookie (a kiosk's or display's page) or with a person's
login. Each view says by `@guard(...)` which kinds of people and devices it is for, or by `@public` that it is for
anybody; a view that says neither does not start. The check runs before the request's body is looked at.

Cookies named `idarati-<kind>-<site>` hold a device's token, so that one browser can stand in for several machines. A
request that changes something and is known by a cookie must bring the CSRF token of its page.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hmac import compare_digest
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from flask import current_app, g, request, session

from server.actions import logins
from server.actions.house import House
from server.actions.people import token_hash
from server.domain.errors import Refusal
from server.domain.roles import DEVICE_KINDS, EVERYWHERE
from server.domain.tickets import site_and_seq
from server.store import people, tokens
from server.store.schema import to_ms
from server.web.context import house

View = TypeVar("View", bound=Callable[..., Any])

DEVICES: frozenset[str] = frozenset(DEVICE_KINDS)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
#: How long a token is believed without asking the database again: a revocation takes effect within this.
BELIEVED_S = 1.0
BELIEVED_MOST = 4096


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody or something that acts: `kind` is a role or a kind of device, `site` is empty for all sites."""

    kind: str
    site: str
    code: str
    #: Whose idempotency keys these are: the token's hash, or the person's login.
    token: str
    #: An agent's token may be bound to one counter.
    counter: str | None = None
    #: A kiosk's token that a program draws with is exempt from the limit on draws.
    unlimited: bool = False
    #: Hash of the login that a person acts by; empty where it is a token.
    login: str = ""

    @property
    def actor(self) -> str:
        """As the journal names it."""
        return f"{self.kind}:{self.code}"

    def sees(self, site: str) -> bool:
        return self.site in ("", site)


def guard(*kinds: str) -> Callable[[View], View]:
    """The view is for these roles and kinds of device, each at its own site."""

    def mark(view: View) -> View:
        view.guarded_by = frozenset(kinds)  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """The view is for anybody. A test keeps the list of these short."""
    view.guarded_by = None  # type: ignore[attr-defined]
    return view


def check_request() -> Refusal | None:
    """Before each request: find the identity that may do this and put it into `g.identity`, or refuse."""
    g.identity = None
    view = current_app.view_functions.get(request.endpoint or "")
    kinds = getattr(view, "guarded_by", None)
    if view is None or kinds is None:
        return None
    site = target_site()
    found = list(identities())
    fitting = [identity for identity in found if identity.kind in kinds]
    if site is not None and (fitting or not found) and not _site_exists(site):
        return Refusal("no_such_site") if fitting else Refusal(_who_are_you(kinds))
    allowed = [identity for identity in fitting if site is None or identity.sees(site)]
    if allowed:
        g.identity = allowed[0]
        return _check_csrf()
    if fitting and (_bearer() is not None or not kinds <= DEVICES):
        return Refusal("wrong_site")
    return Refusal("not_allowed") if found and _bearer() is not None else Refusal(_who_are_you(kinds))


def identities() -> Iterator[Identity]:
    """Everybody this request may speak for: the bearer token alone, or else the cookies' devices and the person."""
    bearer = _bearer()
    if bearer is not None:
        identity = identity_of_token(house(), bearer)
        if identity is not None:
            yield identity
        return
    yield from _person()
    for name, value in request.cookies.items():
        if name.startswith("idarati-"):
            identity = identity_of_token(house(), value)
            if identity is not None and name == device_cookie(identity.kind, identity.site):
                yield identity


def identity_of_token(place: House, token: str) -> Identity | None:
    believed = current_app.extensions.setdefault("believed_tokens", _Believed())
    assert isinstance(believed, _Believed)
    return believed.identity(place, token)


def device_cookie(kind: str, site: str) -> str:
    return f"idarati-{kind}-{site}"


def target_site() -> str | None:
    """The site this request is about: named in the address, or part of a counter's or ticket's id."""
    found = request.view_args or {}
    if "site" in found:
        return str(found["site"])
    if "counter" in found:
        return str(found["counter"]).rpartition("-")[0] or "?"
    if "ticket" in found:
        named = site_and_seq(str(found["ticket"]))
        return "?" if named is None else named[0]
    return None


def wanted_device() -> str | None:
    """The kind of machine that this request's page is for; None for pages of people."""
    view = current_app.view_functions.get(request.endpoint or "")
    kinds: frozenset[str] = getattr(view, "guarded_by", None) or frozenset()
    return min(kinds) if kinds and kinds <= DEVICES else None


def csrf_token() -> str:
    """The token that a page's forms and scripts send back; lives in the signed session cookie."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    token: str = session["csrf"]
    return token


def csrf_fits() -> bool:
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token") or ""
    return compare_digest(sent.encode(), str(session.get("csrf", "")).encode()) and sent != ""


def log_in_session(person: people.PersonRow) -> None:
    """From here on the browser acts as this person, who has shown everything that is asked of them."""
    browser = browser_named(request.headers.get("User-Agent", ""))
    login = logins.open_login(house(), person=person.code, address=request.remote_addr or "", browser=browser)
    before = own_login()
    if before:
        # One browser, one person: whoever was here until now is out, also where the cookie was kept.
        logins.end_login(house(), before)
    session.clear()
    session["person"] = person.code
    session["login"] = login
    session["csrf"] = secrets.token_urlsafe(24)
    session.permanent = True


def log_out_session() -> None:
    login = own_login()
    if login:
        logins.end_login(house(), login)
    session.pop("person", None)
    session.pop("login", None)


def own_login() -> str:
    """What this browser's cookie holds of a person's login; empty for none."""
    login = session.get("login")
    return login if isinstance(login, str) else ""


def browser_named(agent: str) -> str:
    """Program and system, as a person would say it; the rest of what browsers tell about themselves is not kept."""
    programs = (
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    systems = ("Windows", "Android", "iPhone", "iPad", "Macintosh", "Linux")
    program = next((name for sign, name in programs if sign in agent), "")
    system = next((name for name in systems if name in agent), "")
    return " · ".join(part for part in (program, system) if part)


def forget(code: str) -> None:
    """Believe no token of this person or device any longer without asking the database."""
    believed = current_app.extensions.get("believed_tokens")
    if isinstance(believed, _Believed):
        believed.forget(code)


def cut_sockets(code: str = "") -> None:
    """At once in this process, whatever the next turn would do: the tokens of `code` and the sockets of all that ended."""
    if code:
        forget(code)
    cut = current_app.extensions.get("cut_sockets")
    if cut is not None:
        cut()


def _check_csrf() -> Refusal | None:
    if request.method in SAFE_METHODS or _bearer() is not None or csrf_fits():
        return None
    return Refusal("csrf")


def _bearer() -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _who_are_you(kinds: frozenset[str]) -> str:
    if _bearer() is not None:
        return "token_unknown"
    if request.path.startswith("/api/"):
        return "token_missing"
    return "device_not_enrolled" if kinds <= DEVICES else "login_required"


def _site_exists(site: str) -> bool:
    return house().recent_hall(site) is not None


def _person() -> Iterator[Identity]:
    login = own_login()
    if not login:
        return
    hashed = token_hash(login)
    since_ms = to_ms(house().clock.now() - logins.LASTS)
    with house().read() as conn:
        person = people.person_of_login(conn, hashed, since_ms=since_ms)
        if person is None or person.code != session.get("person"):
            return
        roles = people.roles_of(conn, person.code)
    for role in roles:
        site = "" if role.role in EVERYWHERE else role.site
        yield Identity(kind=role.role, site=site, code=person.code, token=f"person:{person.code}", login=hashed)


class _Believed:
    """Tokens that were looked up a moment ago. Unknown ones are not kept: nobody can fill this from outside."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Identity]] = {}
        self._lock = Lock()

    def identity(self, place: House, token: str) -> Identity | None:
        hashed, now = token_hash(token), monotonic()
        kept = self._kept.get(hashed)
        if kept is not None and kept[0] > now:
            return kept[1]
        with place.read() as conn:
            row = tokens.valid_token(conn, hashed)
        with self._lock:
            if row is None:
                self._kept.pop(hashed, None)
                return None
            if len(self._kept) >= BELIEVED_MOST:
                self._kept.clear()
            identity = Identity(
                kind=row.kind,
                site=row.site,
                code=row.code,
                token=hashed,
                counter=row.counter,
                unlimited=row.unlimited,
            )
            self._kept[hashed] = (now + BELIEVED_S, identity)
        return identity

    def forget(self, code: str) -> None:
        with self._lock:
            for hashed in [hashed for hashed, (_until, identity) in self._kept.items() if identity.code == code]:
                del self._kept[hashed]
