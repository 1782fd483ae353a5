"""Tickets and services as the API, the kiosk and the phone page show them: exact dicts, no arithmetic left to do.

At a discreet site whoever holds a token reads the service's own code here; what is public (board, lines, live channel,
journal) never comes through this module.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.actions import admission, reception
from server.actions.house import House
from server.domain import hall as halls
from server.domain.entries import instant_text
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.tickets import Told, Turn
from server.domain.timings import timings
from server.packs.pack import Pack
from server.store.tickets import TicketRow, TurnRow
from server.web import i18n
from server.web.errors import Refused
from server.web.public_ids import public_id


@dataclass(frozen=True, slots=True)
class TicketView:
    """What every ticket of one site is presented with."""

    pack: Pack
    public_key: str
    public_url: str


def ticket_view(house: House, site: str) -> TicketView:
    """Raises Refused: no_such_site."""
    pack = house.pack(site)
    if pack is None:
        raise Refused(Refusal("no_such_site"))
    return TicketView(pack=pack, public_key=house.public_key(site), public_url=house.settings.public_url.rstrip("/"))


def drawn(view: TicketView, did: reception.Drawn) -> dict[str, Any]:
    """The answer to a draw."""
    shown = {
        **_identity(view, did.turn.ticket),
        "number": did.turn.number,
        "state": did.turn.state,
        "ending": did.turn.ending,
        "service": real_code(view.pack, did.turn.service),
        "class": did.turn.klass,
        "language": did.turn.language,
        "drawn_at": instant_text(did.turn.joined_at),
        "ahead": did.ahead,
        "estimate": told(did.estimate.told),
        "may_not_be_served": did.may_close_before_at is not None,
        "seq": did.seq,
    }
    if did.may_close_before_at is not None:
        shown["closes_at"] = instant_text(did.may_close_before_at)
    if did.appointment is not None:
        shown["appointment"] = {
            "at": instant_text(did.appointment.at),
            "standing": did.appointment.standing,
            "counts_from": instant_text(did.appointment.joins_at),
        }
    return shown if did.estimate.untold is None else {**shown, "estimate_why": did.estimate.untold}


def moved(view: TicketView, turn: Turn, seq: int) -> dict[str, Any]:
    """The answer to a move: the ticket as it is now, and the entry that the move made."""
    return {
        **_identity(view, turn.ticket),
        "number": turn.number,
        "state": turn.state,
        "ending": turn.ending,
        "service": real_code(view.pack, turn.service),
        "class": turn.klass,
        "language": turn.language,
        "counter": turn.counter,
        "calls": turn.calls,
        "joined_at": instant_text(turn.joined_at),
        "called_at": _text(turn.called_at),
        "started_at": _text(turn.started_at),
        "ended_at": _text(turn.ended_at),
        "waited_s": _whole(timings(turn).waiting_s),
        "seq": seq,
    }


def found(view: TicketView, row: TicketRow, turns: list[TurnRow], hall: Hall, at: datetime) -> dict[str, Any]:
    """A ticket that somebody asks for: as it stands, with its turns and their times, and the present wait."""
    last = turns[-1]
    return {
        **_identity(view, row.id),
        "number": row.number,
        "state": last.state,
        "ending": last.ending,
        "service": real_code(view.pack, last.service),
        "class": last.klass,
        "language": row.language,
        "counter": last.counter,
        "drawn_at": instant_text(row.drawn_at),
        **present_wait(hall, row.id, at),
        "told": told(_told(row)),
        "turns": [_turn(view, turn) for turn in turns],
        "seq": row.drawn_seq,
    }


def present_wait(hall: Hall, ticket: str, at: datetime) -> dict[str, Any]:
    """People ahead and the range as they are now; null once the ticket is called or ended."""
    turn = hall.turns.get(ticket)
    if turn is None or turn.state != "waiting":
        return {"ahead": None, "estimate": None}
    ahead = halls.ahead_of(hall, turn)
    estimate = reception.estimate_of(hall, turn, at)
    shown = {"ahead": ahead, "estimate": told(estimate.told)}
    return shown if estimate.untold is None else {**shown, "estimate_why": estimate.untold}


def told(range_told: Told | None) -> dict[str, int] | None:
    if range_told is None:
        return None
    return {
        "low_s": range_told.low_s,
        "median_s": range_told.median_s,
        "high_s": range_told.high_s,
        "level": range_told.level,
    }


def wait_text(words: i18n.Words, estimate: Mapping[str, int] | None, untold: str | None) -> i18n.Text:
    """The range in whole minutes, down for the low end and up for the high one; or why there is none."""
    if estimate is None:
        return words.t(f"estimate.{untold or 'learning'}")
    return words.wait_range(estimate["low_s"] // 60, -(-estimate["high_s"] // 60))


def real_code(pack: Pack, code: str) -> str:
    service = pack.service(code)
    return code if service is None else service.code


def hall_code(pack: Pack, code: str) -> str:
    """The code that the hall and the journal know: the neutral one at a discreet site. Unknown ones pass unchanged."""
    service = pack.service(code)
    return code if service is None else service.public_code


def service_row(pack: Pack, hall: Hall, code: str, at: datetime) -> dict[str, Any]:
    """One of `GET /sites/{site}/services`."""
    service = pack.service(code)
    assert service is not None
    assert hall.setup is not None
    known = hall.setup.service_by_code[service.public_code]
    closed = admission.why_no_ticket(hall, known, at)
    row: dict[str, Any] = {
        "code": service.code,
        "names": {lang: service.names.own(lang) for lang in pack.languages},
        "group": service.group,
        "picture": service.picture,
        "zone": service.zone,
        "series": service.series,
        "card": card(pack, code),
        "open": closed is None,
        "quota": known.quota,
        "left": admission.left_today(hall, known, at),
    }
    if closed is not None:
        row["closed_reason"] = closed.code
        row["suspended"] = hall.setup.why_suspended.get(service.public_code)
        opens_at = closed.hint_params.get("time")
        row["opens_at"] = instant_text(opens_at) if isinstance(opens_at, datetime) else None
    return row


def card(pack: Pack, code: str) -> dict[str, Any]:
    """The procedure card (Law 55-19): what is known, and by name what a complete card still lacks."""
    service = pack.service(code)
    assert service is not None
    facts = service.card
    langs = pack.languages
    return {
        "documents": [
            {
                "id": document.id,
                "names": {lang: document.names.own(lang) for lang in langs},
                "only_if": None if document.only_if is None else {lang: document.only_if.own(lang) for lang in langs},
            }
            for document in pack.documents_of(service)
        ],
        "fee_mad": facts.fee_mad,
        "deadline_days": facts.deadline_days,
        "cap_days": facts.cap_days,
        "missing": list(facts.missing()),
        "demo": facts.demo,
    }


def _identity(view: TicketView, ticket: str) -> dict[str, Any]:
    shown = public_id(view.public_key, ticket)
    return {"id": ticket, "public_id": shown, "follow_url": f"{view.public_url}/t/{shown}"}


def _turn(view: TicketView, turn: TurnRow) -> dict[str, Any]:
    return {
        "service": real_code(view.pack, turn.service),
        "class": turn.klass,
        "state": turn.state,
        "ending": turn.ending,
        "outcome": turn.outcome,
        "counter": turn.counter,
        "calls": turn.calls,
        "joined_at": instant_text(turn.joined_at),
        "due_at": instant_text(turn.due_at),
        "called_at": _text(turn.called_at),
        "last_call_at": _text(turn.last_call_at),
        "started_at": _text(turn.started_at),
        "ended_at": _text(turn.ended_at),
    }


def _told(row: TicketRow) -> Told | None:
    if row.low_s is None or row.median_s is None or row.high_s is None or row.level is None:
        return None
    return Told(low_s=row.low_s, median_s=row.median_s, high_s=row.high_s, level=row.level)


def _text(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else int(seconds)
