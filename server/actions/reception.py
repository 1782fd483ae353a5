"""Taking a ticket and giving it up.

A number is given in the same stroke as its entry, so none is lost and none is given twice. What the person was told
about the wait is part of the entry and never recomputed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.actions import admission
from server.domain import appointments, calendar, calling, draw_limits, estimates, numbering, tickets, waiting
from server.domain import hall as halls
from server.domain.appointments import Appointment
from server.domain.entries import instant_text
from server.domain.errors import Refusal
from server.domain.hall import Hall, Place
from server.domain.sites import Service, Setup
from server.domain.story import Pen
from server.domain.tickets import Turn

CHANNELS = ("kiosk", "desk", "phone")
#: Classes that a person can have by declaring it.
DECLARED_CLASSES = ("ordinary", "priority")


#: What a person is told who waits for one counter alone: how long its one visit lasts, nobody knows.
BOUND = estimates.Estimate(point_s=None, told=None, untold="bound")
#: What a person is told who has come before the time from which his place counts.
NOT_YET = estimates.Estimate(point_s=None, told=None, untold="appointment")


@dataclass(frozen=True, slots=True)
class Drawn:
    turn: Turn
    ahead: int
    estimate: estimates.Estimate
    seq: int
    appointment: Appointment | None = None
    #: When the site closes for today, where the wait is likely to last longer than that.
    may_close_before_at: datetime | None = None


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
    appointed_at: datetime | None = None,
    limited: bool = False,
) -> Drawn | Refusal:
    """A ticket for `service`; `limited` where whoever writes is a kiosk that people touch. The class `appointment` goes
    with the time of it; whoever is late for that gets an ordinary ticket.

    Refused as: no_such_site, no_such_service, language_not_offered, no_such_class, no_appointments,
    appointment_not_today, suspended, site_closed, service_closed, last_ticket_passed, quota_reached,
    not_served_today, too_fast.
    """
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    wanted = setup.service_by_code.get(service)
    if wanted is None:
        return Refusal("no_such_service")
    if language not in setup.languages:
        return Refusal("language_not_offered")
    if klass not in (DECLARED_CLASSES if appointed_at is None else ("appointment",)):
        return Refusal("no_such_class")
    if channel not in CHANNELS:
        return Refusal("invalid_input")
    none_left = admission.why_no_ticket(pen.hall, wanted, pen.at, klass=klass, appointed=appointed_at is not None)
    if none_left is not None:
        return none_left
    wait_s = draw_limits.wait_s(pen.hall.draws, pen.actor, pen.at, setup.draw_limits) if limited else 0
    if wait_s:
        return Refusal("too_fast", {"seconds": wait_s})
    if appointed_at is None:
        return _write_ticket(pen, setup, wanted, language=language, klass=klass, channel=channel)
    refused = _why_no_appointment(setup, wanted, appointed_at, pen.at)
    if refused is not None:
        return refused
    appointment = appointments.checked_in(appointed_at, pen.at)
    return _write_ticket(
        pen, setup, wanted, language=language, klass=appointment.klass, channel=channel, appointment=appointment
    )


def withdraw(pen: Pen, *, ticket: str) -> Moved | Refusal:
    """The person gives the ticket up. Refused as: no_such_ticket, illegal_move."""
    turn = open_turn(pen, ticket, "withdraw")
    if isinstance(turn, Refusal):
        return turn
    entry = pen.write("ticket.withdrawn", {"ticket": turn.ticket, "number": turn.number, "service": turn.service})
    assert pen.hall.touched_turn is not None
    return Moved(turn=pen.hall.touched_turn, seq=entry.seq)


def estimate_of(hall: Hall, turn: Turn, at: datetime) -> estimates.Estimate:
    """What to expect from here on. Nothing is told to somebody whose time has not come: others may still join before."""
    assert hall.setup is not None
    if turn.bound is not None:
        return BOUND
    if turn.due_at + timedelta(seconds=hall.setup.rule.head_start_s(turn.klass)) > at:
        return NOT_YET
    return estimate_at(hall, turn.service, turn.place, at)


def estimate_at(hall: Hall, service: str, place: Place, at: datetime) -> estimates.Estimate:
    return estimates.estimate(hall.learned, waiting.line_now(hall, service, place, at))


def open_turn(pen: Pen, ticket: str, verb: str) -> Turn | Refusal:
    """The open turn of `ticket` if `verb` may be done to it."""
    turn = pen.hall.turns.get(ticket)
    if turn is None:
        known = pen.was_drawn(ticket)
        return Refusal("illegal_move", {"number": ticket}) if known else Refusal("no_such_ticket", {"number": ticket})
    if not tickets.may(verb, turn):
        return Refusal("illegal_move", {"number": turn.number})
    return turn


def _why_no_appointment(setup: Setup, service: Service, appointed_at: datetime, at: datetime) -> Refusal | None:
    if not service.appointments:
        return Refusal("no_appointments")
    if calendar.local(appointed_at, setup.timezone).date() != calendar.local(at, setup.timezone).date():
        return Refusal("appointment_not_today")
    return None


def _write_ticket(
    pen: Pen,
    setup: Setup,
    service: Service,
    *,
    language: str,
    klass: str,
    channel: str,
    appointment: Appointment | None = None,
) -> Drawn:
    at = pen.at
    ticket = tickets.ticket_id(pen.hall.site, pen.hall.seq + 1)
    joins_at = at if appointment is None else appointment.joins_at
    due_at = calling.due_at(joins_at, setup.rule.head_start_s(klass))
    place = (due_at, pen.hall.seq + 1, ticket)
    ahead = halls.people_ahead(pen.hall, service.code, place)
    estimate = estimate_at(pen.hall, service.code, place, at) if joins_at <= at else NOT_YET
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
            "appointed_at": None if appointment is None else instant_text(appointment.at),
            "ahead": ahead,
            "point_s": estimate.point_s,
            "told": None
            if told is None
            else {"low_s": told.low_s, "median_s": told.median_s, "high_s": told.high_s, "level": told.level},
            "untold": estimate.untold,
        },
    )
    return Drawn(
        turn=pen.hall.turns[ticket],
        ahead=ahead,
        estimate=estimate,
        seq=entry.seq,
        appointment=appointment,
        may_close_before_at=admission.likely_to_close_before_at(setup, estimate.point_s, at),
    )
