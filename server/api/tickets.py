"""Tickets: drawing, looking, and the moves of a turn."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, g, jsonify

from server.actions import calling, reception, serving, turns
from server.api.blueprint import api
from server.api.bodies import Draw, Finish, Nothing, SitePath, TicketPath, Transfer
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.tickets import site_and_seq
from server.store import print_jobs, tickets
from server.store.transact import Action, Answer
from server.web import commands, drawing, presenters
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused

AT_THE_COUNTER = ("agent",)


@api.post("/sites/<string:site>/tickets")
@guard("kiosk", "relay", "orienter", "manager", "admin")
def draw(path: SitePath, body: Draw) -> Response:
    """Take a ticket. A device must send an Idempotency-Key."""
    return drawing.draw(
        path.site,
        service=body.service,
        language=body.language,
        klass=body.klass,
        channel=body.channel,
        appointment=body.appointment,
    )


@api.get("/tickets/<string:ticket>")
@guard("kiosk", "relay", "agent", "orienter", "manager", "inspector", "admin")
def ticket_of(path: TicketPath) -> Response:
    """A ticket with its turns, its times and its paper."""
    site = _site_of(path.ticket)
    with house().read() as conn:
        row = tickets.ticket(conn, path.ticket)
        if row is None:
            raise Refused(Refusal("no_such_ticket", {"number": path.ticket}))
        known = tickets.turns_of(conn, path.ticket)
        job = print_jobs.latest_of(conn, path.ticket)
    hall = house().hall(site)
    assert hall is not None
    view = presenters.ticket_view(house(), site)
    shown = presenters.found(view, row, known, hall, house().clock.now())
    printed = None if job is None else {"state": job.state, "copy": job.copy}
    return jsonify({**shown, "print": printed})


@api.post("/tickets/<string:ticket>/recalls")
@guard(*AT_THE_COUNTER)
def recall(path: TicketPath, body: Nothing) -> Response:
    """Call the same person again."""
    del body
    return _move(path.ticket, partial(calling.recall, ticket=path.ticket, agent=_agent()))


@api.post("/tickets/<string:ticket>/starts")
@guard(*AT_THE_COUNTER)
def start(path: TicketPath, body: Nothing) -> Response:
    """The person has arrived at the counter."""
    del body
    return _move(path.ticket, partial(serving.start, ticket=path.ticket, agent=_agent()))


@api.post("/tickets/<string:ticket>/finishes")
@guard(*AT_THE_COUNTER)
def finish(path: TicketPath, body: Finish) -> Response:
    """The person has been served."""
    return _move(path.ticket, partial(serving.finish, ticket=path.ticket, agent=_agent(), outcome=body.outcome))


@api.post("/tickets/<string:ticket>/no-shows")
@guard(*AT_THE_COUNTER)
def no_show(path: TicketPath, body: Nothing) -> Response:
    """The person did not come, after the calls and the time that the rule asks for."""
    del body
    return _move(path.ticket, partial(serving.no_show, ticket=path.ticket, agent=_agent()))


@api.post("/tickets/<string:ticket>/put-backs")
@guard("agent", "orienter")
def put_back(path: TicketPath, body: Nothing) -> Response:
    """Whoever was struck off has come: the ticket joins the line again now, with a small head start."""
    del body
    return _move(path.ticket, partial(turns.put_back, ticket=path.ticket, agent=_agent()))


@api.post("/tickets/<string:ticket>/parks")
@guard(*AT_THE_COUNTER)
def park(path: TicketPath, body: Nothing) -> Response:
    """The person steps aside, and the counter is free."""
    del body
    return _move(path.ticket, partial(turns.park, ticket=path.ticket, agent=_agent()))


@api.post("/tickets/<string:ticket>/resumes")
@guard("agent", "orienter")
def take_up(path: TicketPath, body: Nothing) -> Response:
    """The person is ready again and waits where he stood."""
    del body
    return _move(path.ticket, partial(turns.resume, ticket=path.ticket, agent=_agent()))


@api.post("/tickets/<string:ticket>/transfers")
@guard("agent", "orienter")
def transfer(path: TicketPath, body: Transfer) -> Response:
    """On to another service, or to one counter alone, with the time at which the person came. The orientation desk moves
    only people who are parked, or who wait for a service that is suspended.
    """
    site = _site_of(path.ticket)
    view = presenters.ticket_view(house(), site)
    action = partial(
        turns.transfer,
        ticket=path.ticket,
        agent=_agent(),
        service=None if body.service is None else presenters.hall_code(view.pack, body.service),
        counter=body.counter,
        served=body.served,
        outcome=body.outcome,
    )
    return commands.run(site, action, _presenting(site))


@api.post("/tickets/<string:ticket>/undos")
@guard(*AT_THE_COUNTER)
def undo(path: TicketPath, body: Nothing) -> Response:
    """Take back what the last key of this agent did to the ticket, within 15 seconds. The entries stay."""
    del body
    return _move(path.ticket, partial(turns.undo, ticket=path.ticket, agent=_agent()))


@api.post("/tickets/<string:ticket>/withdrawals")
@guard("kiosk", "relay", "agent", "orienter", "manager", "admin")
def withdraw(path: TicketPath, body: Nothing) -> Response:
    """The person gives the ticket up."""
    del body
    return _move(path.ticket, partial(reception.withdraw, ticket=path.ticket))


def _move(ticket: str, action: Action) -> Response:
    site = _site_of(ticket)
    return commands.run(site, action, _presenting(site))


def _presenting(site: str) -> Callable[[Any, Hall], Answer]:
    view = presenters.ticket_view(house(), site)

    def present(did: reception.Moved, _hall: Hall) -> Answer:
        return 201, presenters.moved(view, did.turn, did.seq)

    return present


def _site_of(ticket: str) -> str:
    named = site_and_seq(ticket)
    if named is None:
        raise Refused(Refusal("no_such_ticket", {"number": ticket}))
    return named[0]


def _agent() -> str:
    code: str = g.identity.code
    return code
