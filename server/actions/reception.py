"""Taking a ticket and giving it up.

A number is given in the same stroke as its entry, so none is lost and none is given twice. What the person was told
about the wait is part of the entry and never recomputed.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from server.domain import calendar, calling, draw_limits, estimates, numbering, tickets
from server.domain import hall as halls
from server.domain.entries import instant_text
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.sites import Service, Setup
from server.domain.story import Pen
from server.domain.tickets import TicketId, Turn

CHANNELS = ("kiosk", "desk", "phone")
#: Classes that a person can have by declaring it.
DECLARED_CLASSES = ("ordinary", "priority")


@dataclass(frozen=True, slots=True)
class Drawn:
    turn: Turn
    ahead: int
    estimate: estimates.Estimate
    seq: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A turn after a move, and the number of the entry that says so."""

    turn: Turn
    seq: int


def draw(
    pen: Pen,
    *,
    service: str,
    language: str,
    klass: str = "ordinary",
    channel: str = "kiosk",
    limited: bool = False,
) -> Drawn | Refusal:
    """A ticket for `service`; `limited` where whoever writes is a kiosk that people touch.

    Refused as: no_such_site, no_such_service, language_not_offered, no_such_class, suspended, site_closed,
    service_closed, last_ticket_passed, too_fast.
    """
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    wanted = setup.service_by_code.get(service)
    if wanted is None:
        return Refusal("no_such_service")
    if language not in setup.languages:
        return Refusal("language_not_offered")
    if klass not in DECLARED_CLASSES:
        return Refusal("no_such_class")
    if channel not in CHANNELS:
        return Refusal("invalid_input")
    closed = why_closed(setup, wanted, pen.at)
    if closed is not None:
        return closed
    wait_s = draw_limits.wait_s(pen.hall.draws, pen.actor, pen.at, setup.draw_limits) if limited else 0
    if wait_s:
        return Refusal("too_fast", {"seconds": wait_s})
    return _write_ticket(pen, setup, wanted, language=language, klass=klass, channel=channel)


def withdraw(pen: Pen, *, ticket: str) -> Moved | Refusal:
    """The person gives the ticket up. Refused as: no_such_ticket, illegal_move."""
    turn = open_turn(pen, ticket, "withdraw")
    if isinstance(turn, Refusal):
        return turn
    entry = pen.write("ticket.withdrawn", {"ticket": turn.ticket, "number": turn.number, "service": turn.service})
    assert pen.hall.touched_turn is not None
    return Moved(turn=pen.hall.touched_turn, seq=entry.seq)


def why_closed(setup: Setup, service: Service, at: datetime) -> Refusal | None:
    """Why no ticket can be had for `service` at this moment, with the next opening where it is known.

    A suspension is said first: whoever is told only "we open at 8" comes at 8 for nothing.
    """
    reason = setup.why_suspended.get(service.code)
    if reason is not None:
        return Refusal("suspended", {"reason": reason})
    opening = calendar.opening_at(setup.hours, setup.timezone, at)
    if opening is None:
        return _closed(setup, at)
    last_at = opening.ends_at - timedelta(seconds=service.last_ticket_before_s)
    if at >= last_at:
        opens_at = calendar.next_opening_at(setup.hours, setup.timezone, at)
        return _with_opening(Refusal("last_ticket_passed", {"time": last_at}), setup, at, opens_at)
    return None


def estimate_for(hall: Hall, service: str, ahead: int, at: datetime) -> estimates.Estimate:
    line = estimates.LineNow(
        service=service,
        ahead=ahead,
        open_counters=halls.counters_open(hall, service),
        at=at,
        suspended=halls.why_suspended(hall, service) is not None,
    )
    return estimates.estimate(hall.learned, line)


def open_turn(pen: Pen, ticket: str, verb: str) -> Turn | Refusal:
    """The open turn of `ticket` if `verb` may be done to it."""
    turn = pen.hall.turns.get(ticket)
    if turn is None:
        known = pen.was_drawn(ticket)
        return Refusal("illegal_move", {"number": ticket}) if known else Refusal("no_such_ticket", {"number": ticket})
    if not tickets.may(verb, turn):
        return Refusal("illegal_move", {"number": turn.number})
    return turn


def _write_ticket(pen: Pen, setup: Setup, service: Service, *, language: str, klass: str, channel: str) -> Drawn:
    at = pen.at
    ticket = tickets.ticket_id(pen.hall.site, pen.hall.seq + 1)
    due_at = calling.due_at(at, setup.rule.head_start_s(klass))
    ahead = halls.people_ahead(pen.hall, service.code, (due_at, pen.hall.seq + 1, TicketId(ticket)))
    estimate = estimate_for(pen.hall, service.code, ahead, at)
    told = estimate.told
    n = pen.hall.numbers.get(service.series, 0) + 1
    entry = pen.write(
        "ticket.drawn",
        {
            "ticket": ticket,
            "number": numbering.number(service.series, n),
            "series": service.series,
            "n": n,
            "service": service.code,
            "zone": service.zone,
            "class": klass,
            "language": language,
            "channel": channel,
            "due_at": instant_text(due_at),
            "ahead": ahead,
            "point_s": estimate.point_s,
            "told": None
            if told is None
            else {"low_s": told.low_s, "median_s": told.median_s, "high_s": told.high_s, "level": told.level},
            "untold": estimate.untold,
        },
    )
    return Drawn(turn=pen.hall.turns[ticket], ahead=ahead, estimate=estimate, seq=entry.seq)


def _closed(setup: Setup, at: datetime) -> Refusal:
    opens_at = calendar.next_opening_at(setup.hours, setup.timezone, at)
    works_today = calendar.spans_on(setup.hours, calendar.local(at, setup.timezone).date())
    return _with_opening(Refusal("service_closed" if works_today else "site_closed"), setup, at, opens_at)


def _with_opening(refusal: Refusal, setup: Setup, at: datetime, opens_at: datetime | None) -> Refusal:
    """The refusal with the next opening as its hint, where one is known: what the person can do is come then."""
    if opens_at is None:
        return refusal
    if calendar.local(opens_at, setup.timezone).date() == calendar.local(at, setup.timezone).date():
        return replace(refusal, hint="opens_at", hint_params={"time": opens_at})
    return replace(refusal, hint="opens_on", hint_params={"date": opens_at, "time": opens_at})
