"""The people of a site, for its manager: who has an account and which role, invitations, accounts disabled and enabled.

What a manager may do to whom is decided by `server.actions.staff`; this shows it and passes it on. An invitation is
shown once, in the answer that made it. Nothing here reaches the journal, which knows people by their codes.
"""

from flask import Blueprint, Response, render_template, request, url_for

from server.actions import staff
from server.actions.staff import Invited, Keeper
from server.domain.errors import Refusal
from server.domain.roles import ROLES
from server.manager import presenters
from server.web import access, commands, entering, i18n, language, qr_drawing, reporting
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused, message, status_of

people_pages = Blueprint("people", __name__)

KEEPERS = ("manager", "admin")


@people_pages.get("/manager/<site>/people")
@guard(*KEEPERS)
def people(site: str) -> Response:
    return _page(site)


@people_pages.post("/manager/<site>/people")
@guard(*KEEPERS)
def invite_new(site: str) -> Response:
    name, role = request.form.get("name", "")[:200], request.form.get("role", "")
    return _invited(site, staff.invite_new(house(), _keeper(site), name=name, role=role))


@people_pages.post("/manager/<site>/people/<person>/invitations")
@guard(*KEEPERS)
def invite_again(site: str, person: str) -> Response:
    return _invited(site, staff.invite_again(house(), _keeper(site), person=person))


@people_pages.post("/manager/<site>/people/<person>/role")
@guard(*KEEPERS)
def change_role(site: str, person: str) -> Response:
    role = request.form.get("role", "")
    return _done(site, person, staff.change_role(house(), _keeper(site), person=person, role=role))


@people_pages.post("/manager/<site>/people/<person>/disabled")
@guard(*KEEPERS)
def disable(site: str, person: str) -> Response:
    return _done(site, person, staff.disable(house(), _keeper(site), person=person))


@people_pages.post("/manager/<site>/people/<person>/enabled")
@guard(*KEEPERS)
def enable(site: str, person: str) -> Response:
    return _done(site, person, staff.enable(house(), _keeper(site), person=person))


@people_pages.post("/manager/<site>/people/<person>/second-factor/removals")
@guard(*KEEPERS)
def remove_second_factor(site: str, person: str) -> Response:
    return _done(site, person, staff.remove_second_factor(house(), _keeper(site), person=person))


def _keeper(site: str) -> Keeper:
    who = commands.identity()
    return Keeper(code=who.code, role=who.kind, site=site)


def _invited(site: str, invited: Invited | Refusal) -> Response:
    return _page(site, refusal=invited) if isinstance(invited, Refusal) else _page(site, invited=invited)


def _done(site: str, person: str, done: object) -> Response:
    if isinstance(done, Refusal):
        return _page(site, refusal=done)
    access.cut_sockets(person)
    return entering.see_other(url_for("people.people", site=site))


def _page(site: str, *, refusal: Refusal | None = None, invited: Invited | None = None) -> Response:
    place = reporting.place_of(site)
    if isinstance(place, Refusal):
        raise Refused(place)
    keeper = _keeper(site)
    lang = language.of_request(tuple(place.pack.languages))
    link = None if invited is None else _link(invited)
    page = render_template(
        "manager/people.html",
        site=site,
        site_name=i18n.words(lang).name(presenters.by_language(place.pack.names)),
        members=staff.members(house(), keeper),
        me=keeper.code,
        roles=[role for role in ROLES if role in keeper.grants],
        refusal=None if refusal is None else message(refusal, lang),
        invited=invited,
        link=link,
        qr=None if link is None else qr_drawing.drawing(link),
        **language.for_template(lang, tuple(place.pack.languages)),
    )
    status = 200 if refusal is None else status_of(refusal.code)
    return Response(page, status=status, mimetype="text/html")


def _link(invited: Invited) -> str:
    """Under the public address where there is one: the person may open it anywhere."""
    path, base = url_for("account.invitation", code=invited.code), house().settings.public_url.rstrip("/")
    return base + path if base else url_for("account.invitation", code=invited.code, _external=True)
