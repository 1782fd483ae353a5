"""Changing what a site is set up to do, for programs that act for its manager: suspensions, messages, special openings.

The manager's pages do the same through the same actions. What changes nothing is answered with 200 and without an entry.
"""

from functools import partial
from typing import Any

from flask import Response

from server.actions import notices, setup
from server.api.blueprint import api
from server.api.bodies import SitePath
from server.api.setup_bodies import MessagePath, OpenSpecially, Post, Suspend, SuspensionPath
from server.domain import calendar
from server.domain.calendar import Spans, SpecialOpening
from server.domain.entries import instant_text
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.store.transact import Action, Answer
from server.web import commands, presenters
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused

MAY_CHANGE = ("manager", "admin")


@api.post("/sites/<string:site>/suspensions")
@guard(*MAY_CHANGE)
def suspend(path: SitePath, body: Suspend) -> Response:
    """Suspend a service: no more tickets; those who hold one are told, and calling goes on."""
    action = partial(
        notices.suspend,
        service=_hall_code(path.site, body.service),
        reason=body.reason,
        instead="" if body.instead is None else _hall_code(path.site, body.instead),
    )
    shown = {"service": body.service, "reason": body.reason, "instead": body.instead}
    return _run(path.site, action, shown, made=201)


@api.delete("/sites/<string:site>/suspensions/<string:service>")
@guard(*MAY_CHANGE)
def lift(path: SuspensionPath) -> Response:
    """Give tickets again."""
    action = partial(notices.lift, service=_hall_code(path.site, path.service))
    return _run(path.site, action, {"service": path.service})


@api.post("/sites/<string:site>/messages")
@guard(*MAY_CHANGE)
def post_message(path: SitePath, body: Post) -> Response:
    """Hang a message in the hall."""
    action = partial(notices.post_message, texts=body.texts, from_at=body.from_at, until_at=body.until_at)
    return commands.run(path.site, action, _posted)


@api.delete("/sites/<string:site>/messages/<string:message>")
@guard(*MAY_CHANGE)
def take_message_down(path: MessagePath) -> Response:
    """Take a message down."""
    action = partial(notices.take_message_down, message=path.message)
    return _run(path.site, action, {"id": path.message})


@api.post("/sites/<string:site>/special-openings")
@guard(*MAY_CHANGE)
def open_specially(path: SitePath, body: OpenSpecially) -> Response:
    """Other hours on one date; a second one for the same date replaces the first."""
    opening = SpecialOpening(on=body.on, spans=_spans(body.spans), reason=body.reason)
    shown = {"on": body.on.isoformat(), "spans": body.spans, "reason": body.reason}
    return _run(path.site, partial(setup.open_specially, opening=opening), shown, made=201)


def _run(site: str, action: Action, shown: dict[str, Any], *, made: int = 200) -> Response:
    def present(did: setup.Changed, _hall: Hall) -> Answer:
        return 200 if did.seq is None else made, {**shown, "seq": did.seq}

    return commands.run(site, action, present)


def _posted(did: notices.Posted, _hall: Hall) -> Answer:
    message = did.message
    shown = {
        "id": message.id,
        "texts": dict(message.texts),
        "from": None if message.from_at is None else instant_text(message.from_at),
        "until": None if message.until_at is None else instant_text(message.until_at),
        "seq": did.seq,
    }
    return 201, shown


def _hall_code(site: str, service: str) -> str:
    pack = house().pack(site)
    if pack is None:
        raise Refused(Refusal("no_such_site"))
    return presenters.hall_code(pack, service)


def _spans(texts: list[str]) -> Spans:
    try:
        return calendar.spans_from_text(texts)
    except ValueError as error:
        raise Refused(Refusal("invalid_input")) from error
