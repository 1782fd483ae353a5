"""A person's own account: the second factor, an invitation, the pass phrase, where they are logged in.

Everything here is about the person who asks; other people are the manager's pages' business.
"""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request

from server.actions import logins
from server.actions import second_factor as factors
from server.actions.people import token_hash
from server.domain import calendar
from server.domain.errors import Refusal
from server.domain.roles import ROLES
from server.store import people
from server.store.people import PersonRow
from server.store.schema import from_ms
from server.web import access, commands, entering, language, oidc, qr_drawing
from server.web.access import guard, public
from server.web.context import house
from server.web.entering import see_other
from server.web.errors import Refused, message, status_of

account_pages = Blueprint("account", __name__, template_folder="templates")
account_pages.add_url_rule("/login/oidc", "by_provider", view_func=oidc.by_provider)
account_pages.add_url_rule("/login/oidc/callback", "from_provider", view_func=oidc.from_provider)

Page = Response | str | tuple[str, int]


# ---------------------------------------------------------------- second factor


@account_pages.get("/login/second-factor")
@public
def second_factor() -> Page:
    person = entering.half_in()
    return see_other("/login") if person is None else _second_factor_page(person, None)


@account_pages.post("/login/second-factor", endpoint="second_factor_given")
@public
def second_factor_given() -> Page:
    _check_csrf()
    person = entering.half_in()
    if person is None:
        return see_other("/login")
    code, wanted = request.form.get("code", "")[:40], entering.wanted_after()
    if factors.is_set_up(house(), person.code):
        refusal = factors.check(house(), person=person.code, code=code)
        if refusal is not None:
            return _refused(_second_factor_page(person, refusal), refusal)
        access.log_in_session(person)
        return see_other(wanted)
    confirmed = factors.confirm(house(), person=person.code, code=code)
    if isinstance(confirmed, Refusal):
        return _refused(_second_factor_page(person, confirmed), confirmed)
    access.log_in_session(person)
    return _page("web/second_factor.html", step="codes", codes=confirmed, refusal=None, wanted=wanted)


@account_pages.route("/account/second-factor", methods=["GET", "POST"])
@guard(*ROLES)
def set_up_second_factor() -> Page:
    """For whoever wants one without having to."""
    person, refusal = _myself(), None
    if house().settings.second_factor == "off":
        return see_other("/account")
    if request.method == "POST":
        confirmed = factors.confirm(house(), person=person.code, code=request.form.get("code", "")[:40])
        if not isinstance(confirmed, Refusal):
            return _page("web/second_factor.html", step="codes", codes=confirmed, refusal=None, wanted="/account")
        refusal = confirmed
    if factors.is_set_up(house(), person.code):
        return see_other("/account")
    page = _second_factor_page(person, refusal)
    return page if refusal is None else _refused(page, refusal)


def _second_factor_page(person: PersonRow, refusal: Refusal | None) -> str:
    proposal = factors.proposal(house(), person=person.code, name=person.name)
    if isinstance(proposal, Refusal):
        return _page("web/second_factor.html", step="ask", refusal=refusal)
    secret = proposal.secret
    return _page(
        "web/second_factor.html",
        step="set_up",
        refusal=refusal,
        key=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        uri=proposal.uri,
        required=factors.needed(house(), person.code) == "set_up",
        qr=qr_drawing.drawing(proposal.uri),
    )


# ---------------------------------------------------------------- invitation


@account_pages.get("/invitation/<code>")
@public
def invitation(code: str) -> Page:
    """Uses nothing up: a mail program may look at the address first."""
    return _invitation_page(code, None)


@account_pages.post("/invitation/<code>")
@public
def accept_invitation(code: str) -> Page:
    _check_csrf()
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        refusal: Refusal | PersonRow = Refusal("passwords_differ")
    else:
        refusal = logins.accept_invitation(house(), code=code, password=password)
    if isinstance(refusal, Refusal):
        return _refused(_invitation_page(code, refusal), refusal)
    return entering.enter(refusal, wanted="/")


def _invitation_page(code: str, refusal: Refusal | None) -> str:
    person = logins.invited(house(), code=code)
    if person is None:
        raise Refused(Refusal("invitation_unknown"))
    return _page("web/invitation.html", name=person.name, refusal=refusal)


# ---------------------------------------------------------------- my account


@account_pages.get("/account")
@guard(*ROLES)
def account() -> Page:
    person, own = _myself(), token_hash(access.own_login())
    return _page(
        "web/sessions.html",
        name=person.name,
        logins=[
            {
                "browser": login.browser,
                "address": login.address,
                "since": _local(from_ms(login.created_at)),
                "seen": _local(from_ms(login.seen_at)),
                "own": login.hash == own,
            }
            for login in logins.open_logins(house(), person.code)
        ],
        second_factor=factors.is_set_up(house(), person.code),
        second_factor_offered=house().settings.second_factor != "off",
        codes_left=factors.recovery_codes_left(house(), person.code),
    )


@account_pages.post("/account/other-logins/endings")
@guard(*ROLES)
def end_other_logins() -> Page:
    logins.end_other_logins(house(), person=_myself().code, login=access.own_login())
    access.cut_sockets()
    return see_other("/account")


@account_pages.get("/account/password")
@guard(*ROLES)
def password() -> Page:
    return _page("web/password.html", name=_myself().name, refusal=None)


@account_pages.post("/account/password")
@guard(*ROLES)
def change_password() -> Page:
    person, new = _myself(), request.form.get("password", "")
    if new != request.form.get("again", ""):
        refusal: Refusal | None = Refusal("passwords_differ")
    else:
        refusal = logins.change_password(
            house(),
            person=person.code,
            old=request.form.get("old", "")[:200],
            new=new,
            login=access.own_login(),
        )
    if refusal is not None:
        return _refused(_page("web/password.html", name=person.name, refusal=refusal), refusal)
    access.cut_sockets()
    return see_other("/account")


def _myself() -> PersonRow:
    """The person whose login this is; a token has no account page."""
    who = commands.identity()
    if not who.login:
        raise Refused(Refusal("login_required"))
    with house().read() as conn:
        person = people.person_coded(conn, who.code)
    assert person is not None
    return person


def _check_csrf() -> None:
    if not access.csrf_fits():
        raise Refused(Refusal("csrf"))


def _page(template: str, *, refusal: Refusal | None = None, **facts: Any) -> str:
    lang = language.of_request()
    said = None if refusal is None else message(refusal, lang)
    return render_template(template, refusal=said, **facts, **language.for_template(lang))


def _refused(page: str, refusal: Refusal) -> Response:
    response = Response(page, status=status_of(refusal.code), mimetype="text/html")
    if "seconds" in refusal.params:
        response.headers["Retry-After"] = str(refusal.params["seconds"])
    return response


def _local(at: datetime) -> datetime:
    """In the zone of the person's own site; for whoever has all of them, of the first."""
    site = commands.identity().site
    halls = (house().recent_hall(code) for code in ([site] if site else house().site_codes()))
    zones = [hall.setup.timezone for hall in halls if hall is not None and hall.setup is not None]
    return calendar.local(at, zones[0]) if zones else at
