"""The orientation desk's addresses: choose a service, check its documents, give a ticket, and help with one that was drawn.

Every form brings a key of its own, so that a tablet that is touched twice, or a page that is sent again, does a thing
once. What is refused is said on the same page; what was done is said on the next. The printer that the orienter chose
last stays chosen.
"""

import secrets
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for

from server.actions import desk, reception, turns
from server.actions import help as help_calls
from server.desk import finding, presenters
from server.desk.presenters import Place
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.tickets import site_and_seq
from server.reports import alerts
from server.store import print_jobs, tickets
from server.store.transact import Action, Answer, Key
from server.web import at_desk, commands, drawing, errors, i18n, language, static_files
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused

desk_pages = Blueprint(
    "desk",
    __name__,
    template_folder="templates",
)
static_files.add("desk", Path(__file__).parent / "static" / "desk")

AT_THE_DESK = ("orienter", "manager", "admin")
#: What a page may say was done just before.
DONE = frozenset(
    {"ticket_given", "class_changed", "printing_copy", "withdrawn", "transferred", "sent_home_counted", "limit_lifted"}
    | {"back_in_line", "help_answered"}
)


@desk_pages.get("/desk/<site>")
@guard(*AT_THE_DESK)
def home(site: str) -> Response:
    """Services to choose from, a ticket to find, and today's counts."""
    return _home(_place(site))


@desk_pages.get("/desk/<site>/services/<service>")
@guard(*AT_THE_DESK)
def card(site: str, service: str) -> Response:
    """The documents to check, and the ticket."""
    return _card(_place(site), service)


@desk_pages.get("/desk/<site>/tickets/<ticket>")
@guard(*AT_THE_DESK)
def ticket_of(site: str, ticket: str) -> Response:
    """A ticket as it stands, and what can be done with it."""
    return _ticket(_place(site), ticket)


@desk_pages.post("/desk/<site>/found")
@guard(*AT_THE_DESK)
def find(site: str) -> Response:
    """The page of the ticket that somebody holds out."""
    place, asked = _place(site), request.form.get("asked", "")
    ticket = finding.find(place, asked)
    if ticket is None:
        return _home(place, Refusal("ticket_not_found", {"number": asked.strip()[:12]}))
    return _see_other(url_for("desk.ticket_of", site=site, ticket=ticket))


@desk_pages.post("/desk/<site>/services/<service>/tickets")
@guard(*AT_THE_DESK)
def draw(site: str, service: str) -> Response:
    """A ticket for somebody, printed where the orienter wants it."""
    place, form = _place(site), request.form
    printer = session["desk_printer"] = form.get("kiosk", "")[:20]
    klass = form.get("class", "ordinary")[:12]
    found = place.pack.service(service)
    action = partial(
        desk.draw_for,
        service=service if found is None else found.public_code,
        language=form.get("language", "")[:3],
        klass=klass,
        appointed_at=drawing.appointed_at(form.get("appointment", "")) if klass == "appointment" else None,
        kiosk=at_desk.kiosk(site, printer, prints=True) if printer else None,
    )

    def present(did: reception.Drawn, _hall: Hall) -> Answer:
        return 201, {"ticket": did.turn.ticket}

    done = _do(site, action, present)
    if isinstance(done, Refusal):
        return _card(_place(site), service, done)
    return _see_other(url_for("desk.ticket_of", site=site, ticket=done["ticket"], done="ticket_given"))


@desk_pages.post("/desk/<site>/services/<service>/sent-home")
@guard(*AT_THE_DESK)
def send_home(site: str, service: str) -> Response:
    """One more who lacked a document."""
    action = at_desk.sending_home(_place(site).pack, service, request.form.get("document", "")[:40])

    def present(did: desk.SentHome, _hall: Hall) -> Answer:
        return 201, {"count": did.count}

    done = _do(site, action, present)
    if isinstance(done, Refusal):
        return _card(_place(site), service, done)
    return _see_other(url_for("desk.card", site=site, service=service, done="sent_home_counted", count=done["count"]))


@desk_pages.post("/desk/<site>/tickets/<ticket>/reclassifications")
@guard(*AT_THE_DESK)
def reclassify(site: str, ticket: str) -> Response:
    action = partial(desk.reclassify, ticket=ticket, klass=request.form.get("class", "")[:12])
    return _about_ticket(site, ticket, action, _nothing_to_say, done="class_changed")


@desk_pages.post("/desk/<site>/tickets/<ticket>/reprints")
@guard(*AT_THE_DESK)
def reprint(site: str, ticket: str) -> Response:
    printer = session["desk_printer"] = request.form.get("kiosk", "")[:20]
    action = partial(desk.reprint, ticket=ticket, kiosk=at_desk.kiosk(site, printer, prints=True))

    def present(did: desk.Reprinted, _hall: Hall) -> Answer:
        return 201, {"count": did.copy}

    return _about_ticket(site, ticket, action, present, done="printing_copy")


@desk_pages.post("/desk/<site>/tickets/<ticket>/withdrawals")
@guard(*AT_THE_DESK)
def withdraw(site: str, ticket: str) -> Response:
    return _about_ticket(site, ticket, partial(reception.withdraw, ticket=ticket), _nothing_to_say, done="withdrawn")


@desk_pages.post("/desk/<site>/tickets/<ticket>/transfers")
@guard(*AT_THE_DESK)
def transfer(site: str, ticket: str) -> Response:
    """On to another service while his own is suspended, with the time at which he came."""
    wanted = request.form.get("service", "")[:40]
    action = partial(turns.transfer, ticket=ticket, agent=commands.identity().code, service=wanted)
    return _about_ticket(site, ticket, action, _nothing_to_say, done="transferred")


@desk_pages.post("/desk/<site>/tickets/<ticket>/put-backs")
@guard("orienter")
def put_back(site: str, ticket: str) -> Response:
    """Somebody who missed the call is here."""
    action = partial(turns.put_back, ticket=ticket, agent=commands.identity().code)
    return _about_ticket(site, ticket, action, _nothing_to_say, done="back_in_line")


@desk_pages.post("/desk/<site>/tickets/<ticket>/resumes")
@guard("orienter")
def take_up(site: str, ticket: str) -> Response:
    """Somebody who stood aside is ready."""
    action = partial(turns.resume, ticket=ticket, agent=commands.identity().code)
    return _about_ticket(site, ticket, action, _nothing_to_say, done="back_in_line")


@desk_pages.get("/desk/<site>/helps")
@guard(*AT_THE_DESK)
def helps(site: str) -> str:
    """Counters that call for help, as each page of the desk shows them and asks again."""
    place = _place(site)
    lang = language.for_template(place.words.lang, tuple(place.pack.languages))
    return render_template("desk/helps.html", site=site, helps=presenters.helps(place), **lang)


@desk_pages.post("/desk/<site>/helps/<counter>/answers")
@guard(*AT_THE_DESK)
def answer_help(site: str, counter: str) -> Response:
    """Somebody of the desk goes there."""
    action = partial(help_calls.answer, counter=counter, agent=commands.identity().code)
    done = _do(site, action, _nothing_to_say)
    if isinstance(done, Refusal):
        return _home(_place(site), done)
    return _see_other(url_for("desk.home", site=site, done="help_answered"))


@desk_pages.post("/desk/<site>/limit-lifts")
@guard(*AT_THE_DESK)
def lift_limit(site: str) -> Response:
    """A group has come: let one kiosk draw as fast as it likes for half an hour."""
    kiosk = at_desk.kiosk(site, request.form.get("kiosk", "")[:20], prints=False)
    done = _do(site, partial(desk.lift_limit, kiosk=kiosk), _nothing_to_say)
    if isinstance(done, Refusal):
        return _home(_place(site), done)
    at_desk.forget_too_fast(kiosk)
    return _see_other(url_for("desk.home", site=site))


# ---------------------------------------------------------------- pages


def _home(place: Place, refusal: Refusal | None = None) -> Response:
    with house().read() as conn:
        wrong = alerts.alerts(conn, place.site, place.at, setup=place.setup)
    return _page(
        place,
        "desk/home.html",
        refusal,
        groups=presenters.groups(place),
        drawn=place.hall.tally.drawn,
        kiosks=presenters.kiosks(place, at_desk.kiosks_of(place.site), wrong),
        limits=place.setup.draw_limits,
        sent_home=presenters.sent_home(place),
    )


def _card(place: Place, service: str, refusal: Refusal | None = None) -> Response:
    return _page(
        place,
        "desk/card.html",
        refusal,
        service=presenters.service(place, service),
        offered=[(lang, i18n.AUTONYMS[lang]) for lang in place.pack.languages],
        **_printers(place),
    )


def _ticket(place: Place, ticket: str, refusal: Refusal | None = None) -> Response:
    named = site_and_seq(ticket)
    with house().read() as conn:
        row = tickets.ticket(conn, ticket) if named is not None and named[0] == place.site else None
        if row is None:
            raise Refused(Refusal("no_such_ticket", {"number": ticket}))
        turns, job = tickets.turns_of(conn, ticket), print_jobs.latest_of(conn, ticket)
    shown = presenters.ticket(place, row, turns, job)
    return _page(place, "desk/ticket.html", refusal, ticket=shown, **_printers(place))


def _page(place: Place, template: str, refusal: Refusal | None, **shown: Any) -> Response:
    lang, done = place.words.lang, request.args.get("done", "")
    page = render_template(
        template,
        site=place.site,
        site_name=presenters.site_name(place),
        refusal=None if refusal is None else presenters.refused(place, refusal),
        done=done if done in DONE and refusal is None else None,
        count=request.args.get("count", 0, type=int),
        now=place.local(place.at),
        helps=presenters.helps(place),
        key=secrets.token_hex(8),
        **shown,
        **language.for_template(lang, tuple(place.pack.languages)),
    )
    return make_response(page, 200 if refusal is None else errors.status_of(refusal.code))


def _printers(place: Place) -> dict[str, Any]:
    able = [kiosk for kiosk in at_desk.kiosks_of(place.site) if kiosk.printer]
    first = able[0].code if able else ""
    return {"printers": able, "printer": session.get("desk_printer", first)}


# ---------------------------------------------------------------- doing


def _place(site: str) -> Place:
    hall, pack = house().hall(site), house().pack(site)
    if hall is None or hall.setup is None or pack is None:
        raise Refused(Refusal("no_such_site"))
    words = i18n.words(language.of_request(tuple(pack.languages)))
    return Place(site=site, hall=hall, setup=hall.setup, pack=pack, words=words, at=house().clock.now())


def _about_ticket(site: str, ticket: str, action: Action, present: Any, *, done: str) -> Response:
    did = _do(site, action, present)
    if isinstance(did, Refusal):
        return _ticket(_place(site), ticket, did)
    return _see_other(url_for("desk.ticket_of", site=site, ticket=ticket, done=done, count=did.get("count")))


def _do(site: str, action: Action, present: Any) -> dict[str, Any] | Refusal:
    """Run the action under the form's key and return what it answered; sent twice, the first answer again."""
    who = commands.identity()
    outcome = house().submit(site, who.actor, action, key=_key(who.token), present=present)
    if isinstance(outcome, Refusal):
        return outcome
    assert outcome.answer is not None
    return outcome.answer[1] or {}


def _key(token: str) -> Key | None:
    sent = request.form.get("key", "")[:40]
    if not sent:
        return None
    said = "\0".join((request.path, *(f"{name}={request.form[name]}" for name in sorted(request.form))))
    return Key(token=token, key=f"desk {sent}", fingerprint=sha256(said.encode()).hexdigest())


def _nothing_to_say(_did: Any, _hall: Hall) -> Answer:
    return 200, {}


def _see_other(address: str) -> Response:
    response = redirect(address, code=303)
    assert isinstance(response, Response)
    return response
