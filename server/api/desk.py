"""The orientation desk: paper once more, a declaration corrected, people sent home, a kiosk's limit lifted.

A ticket for somebody is drawn like any other, with `channel` as `desk`.
"""

from functools import partial
from typing import Any

from flask import Response, jsonify
from pydantic import BaseModel, ConfigDict, Field

from server.actions import desk
from server.actions.reception import Moved
from server.api.blueprint import api
from server.api.bodies import SitePath, TicketPath
from server.api.sites import hall_and_pack
from server.domain.entries import instant_text
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.tickets import site_and_seq
from server.packs.pack import Pack
from server.store.transact import Answer
from server.web import at_desk, commands, presenters
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused

AT_THE_DESK = ("orienter", "manager", "admin")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Reprint(_Body):
    """Paper once more, from this kiosk's printer."""

    kiosk: str = Field(max_length=20, description="Code of the kiosk.")


class Reclassification(_Body):
    """What should have been declared."""

    klass: str = Field(alias="class", max_length=12)


class Missing(_Body):
    """A document of the service's card that somebody did not have."""

    service: str = Field(max_length=40)
    document: str = Field(max_length=40)


class Lift(_Body):
    """The kiosk whose limit on draws is lifted for half an hour."""

    kiosk: str = Field(max_length=20)


@api.post("/tickets/<string:ticket>/reprints")
@guard("agent", *AT_THE_DESK)
def reprint(path: TicketPath, body: Reprint) -> Response:
    """Print the ticket again; the paper says that it is a duplicate."""
    site = _site_of(path.ticket)
    action = partial(desk.reprint, ticket=path.ticket, kiosk=at_desk.kiosk(site, body.kiosk, prints=True))

    def present(did: desk.Reprinted, _hall: Hall) -> Answer:
        return 201, {"id": did.turn.ticket, "copy": did.copy, "kiosk": did.kiosk, "seq": did.seq}

    return commands.run(site, action, present)


@api.post("/tickets/<string:ticket>/reclassifications")
@guard("agent", *AT_THE_DESK)
def reclassify(path: TicketPath, body: Reclassification) -> Response:
    """Correct a false or missing declaration of priority, while the person waits."""
    site = _site_of(path.ticket)
    view = presenters.ticket_view(house(), site)

    def present(did: Moved, _hall: Hall) -> Answer:
        return 201, presenters.moved(view, did.turn, did.seq)

    return commands.run(site, partial(desk.reclassify, ticket=path.ticket, klass=body.klass), present)


@api.post("/sites/<string:site>/sent-home")
@guard(*AT_THE_DESK)
def send_home(path: SitePath, body: Missing) -> Response:
    """Count somebody who was sent home because a document was missing."""
    _hall, pack = hall_and_pack(path.site)
    named = {"service": body.service, "document": body.document}

    def present(did: desk.SentHome, _hall: Hall) -> Answer:
        return 201, {**named, "today": did.count, "seq": did.seq}

    return commands.run(path.site, at_desk.sending_home(pack, body.service, body.document), present)


@api.get("/sites/<string:site>/sent-home")
@guard(*AT_THE_DESK, "programme", "inspector")
def sent_home(path: SitePath) -> Response:
    """How many were sent home today, by service and document."""
    hall, pack = hall_and_pack(path.site)
    counts = [_counted(pack, service, document, n) for (service, document), n in sorted(hall.desk.sent_home.items())]
    return jsonify({"day": None if hall.day is None else hall.day.on, "sent_home": counts})


@api.post("/sites/<string:site>/limit-lifts")
@guard(*AT_THE_DESK)
def lift_limit(path: SitePath, body: Lift) -> Response:
    """Let a kiosk draw as fast as it likes for half an hour."""

    def present(did: desk.Lifted, _hall: Hall) -> Answer:
        return 201, {"kiosk": did.kiosk, "until": instant_text(did.until), "seq": did.seq}

    action = partial(desk.lift_limit, kiosk=at_desk.kiosk(path.site, body.kiosk, prints=False))
    answered = commands.run(path.site, action, present)
    at_desk.forget_too_fast(body.kiosk)
    return answered


def _counted(pack: Pack, service: str, sealed: str, count: int) -> dict[str, Any]:
    document = at_desk.document_of(pack, service, sealed)
    return {
        "service": presenters.real_code(pack, service),
        "document": sealed if document is None else document.id,
        "count": count,
    }


def _site_of(ticket: str) -> str:
    named = site_and_seq(ticket)
    if named is None:
        raise Refused(Refusal("no_such_ticket", {"number": ticket}))
    return named[0]
