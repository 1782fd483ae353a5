"""The verbs of the orientation desk: a ticket for somebody, a false priority corrected, paper once more, people sent home.

The desk goes by the same rules as everybody: it can't put anybody before others but by the published classes, and what it
does is an entry under the code of whoever did it. Whether a kiosk or a document exists is known outside the journal and
checked before.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from server.actions import reception
from server.actions.reception import Drawn, Moved, open_turn
from server.domain import calling, desk, draw_limits
from server.domain.entries import instant_text
from server.domain.errors import Refusal
from server.domain.story import Pen
from server.domain.tickets import Turn

#: A document's code in the pack, or its place on the card of a discreet site.
DOCUMENT = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Reprinted:
    turn: Turn
    copy: int
    kiosk: str
    seq: int


@dataclass(frozen=True, slots=True)
class SentHome:
    #: How many were sent home today for this.
    count: int
    seq: int


@dataclass(frozen=True, slots=True)
class Lifted:
    kiosk: str
    until: datetime
    seq: int


def draw_for(
    pen: Pen,
    *,
    service: str,
    language: str,
    klass: str = "ordinary",
    appointed_at: datetime | None = None,
    kiosk: str | None = None,
) -> Drawn | Refusal:
    """A ticket for somebody, and its paper from that kiosk's printer. Refused as `reception.draw` is."""
    did = reception.draw(
        pen, service=service, language=language, klass=klass, channel="desk", appointed_at=appointed_at
    )
    if isinstance(did, Drawn) and kiosk is not None:
        _write_reprint(pen, did.turn, kiosk)
    return did


def reclassify(pen: Pen, *, ticket: str, klass: str) -> Moved | Refusal:
    """Correct what was declared, while the person waits: the place in the line is as if it had been so from the start.

    Refused as: no_such_class, no_such_ticket, illegal_move, class_unchanged.
    """
    if klass not in reception.DECLARED_CLASSES:
        return Refusal("no_such_class")
    turn = open_turn(pen, ticket, "reclassify")
    if isinstance(turn, Refusal):
        return turn
    if turn.klass == klass:
        return Refusal("class_unchanged", {"number": turn.number})
    assert pen.hall.setup is not None
    due_at = calling.due_at(turn.arrived_at, pen.hall.setup.rule.head_start_s(klass))
    entry = pen.write("ticket.reclassified", {**_names(turn), "class": klass, "due_at": instant_text(due_at)})
    return Moved(turn=pen.hall.turns[turn.ticket], seq=entry.seq)


def reprint(pen: Pen, *, ticket: str, kiosk: str) -> Reprinted | Refusal:
    """Paper once more, of a ticket of today that is not over. Refused as: no_such_ticket, illegal_move."""
    turn = pen.hall.turns.get(ticket)
    if turn is None:
        known = pen.was_drawn(ticket)
        return Refusal("illegal_move" if known else "no_such_ticket", {"number": ticket})
    if pen.hall.day is None or turn.day != pen.hall.day.on:
        return Refusal("illegal_move", {"number": turn.number})
    return _write_reprint(pen, turn, kiosk)


def send_home(pen: Pen, *, service: str, document: str) -> SentHome | Refusal:
    """Count a person who lacked a document. Refused as: no_such_site, no_such_service, invalid_input."""
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    if service not in setup.service_by_code:
        return Refusal("no_such_service")
    if not DOCUMENT.fullmatch(document):
        return Refusal("invalid_input")
    entry = pen.write("desk.sent_home", {"service": service, "document": document})
    return SentHome(count=pen.hall.desk.sent_home[service, document], seq=entry.seq)


def lift_limit(pen: Pen, *, kiosk: str) -> Lifted:
    """Let a kiosk draw as fast as it likes for half an hour."""
    until = pen.at + draw_limits.LIFTED_FOR
    entry = pen.write("desk.limit_lifted", {"kiosk": kiosk, "until": instant_text(until)})
    return Lifted(kiosk=kiosk, until=until, seq=entry.seq)


def _write_reprint(pen: Pen, turn: Turn, kiosk: str) -> Reprinted:
    copy = desk.copies_of(pen.hall.desk, turn.ticket) + 1
    entry = pen.write("ticket.reprinted", {**_names(turn), "copy": copy, "kiosk": kiosk})
    return Reprinted(turn=turn, copy=copy, kiosk=kiosk, seq=entry.seq)


def _names(turn: Turn) -> dict[str, str]:
    return {"ticket": turn.ticket, "number": turn.number, "service": turn.service}
