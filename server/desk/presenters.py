"""What the desk's pages show: services to choose from, the card to check, a ticket that somebody asks about, today's counts.

Whoever stands at the desk is staff and reads real names, at a discreet site too. Nothing here names a citizen, because
nothing anywhere does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.actions import admission, reception
from server.domain import appointments, calendar
from server.domain import hall as halls
from server.domain.board import counter_label
from server.domain.draw_limits import KIOSK
from server.domain.entries import instant_text
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.sites import Setup
from server.packs.pack import Pack
from server.packs.parts import LANGUAGES, PackService
from server.packs.parts import Words as PackWords
from server.store.devices import DeviceRow
from server.store.print_jobs import PrintJob
from server.store.tickets import TicketRow, TurnRow
from server.web import at_desk, errors, i18n
from server.web import presenters as shared


@dataclass(frozen=True, slots=True)
class Place:
    """One site at one moment, in the language of the page."""

    site: str
    hall: Hall
    setup: Setup
    pack: Pack
    words: i18n.Words
    at: datetime

    def local(self, at: datetime) -> datetime:
        return calendar.local(at, self.setup.timezone)


def groups(place: Place) -> list[dict[str, Any]]:
    """The menu: groups with their services, how many wait for each, and why one is closed."""
    return [
        {
            "name": _name(place, group.names),
            "services": [_tile(place, service) for service in place.pack.services if service.group == group.code],
        }
        for group in place.pack.groups
    ]


def service(place: Place, code: str) -> dict[str, Any]:
    """A service with its card, and whether a ticket can be had. Raises Refused: no_such_service."""
    found = place.pack.service(code)
    if found is None:
        raise errors.Refused(Refusal("no_such_service"))
    card = found.card
    return {
        **_tile(place, found),
        "documents": None
        if card.documents is None
        else [_document(place, one) for one in place.pack.documents_of(found)],
        "fee_mad": card.fee_mad,
        "fee_note": None if card.fee_note is None else _name(place, card.fee_note),
        "deadline_days": card.deadline_days,
        "cap_days": card.cap_days,
        "forms": [_name(place, form) for form in card.forms or ()],
        "filed_at": None if card.filed_at is None else _name(place, card.filed_at),
        "demo": card.demo,
        "appointments": _appointments(place, found.public_code),
        "grounds": [_name(place, ground.names) for ground in place.pack.priority],
    }


def ticket(place: Place, row: TicketRow, turns: list[TurnRow], job: PrintJob | None) -> dict[str, Any]:
    """A ticket as it stands: where, how many before it, what was told and what would be told now."""
    last, words = turns[-1], place.words
    reason = place.setup.why_suspended.get(last.service) if last.ending is None else None
    wait = shared.present_wait(place.hall, row.id, place.at)
    waiting = wait["ahead"] is not None
    today = (
        place.hall.day is not None and row.id in place.hall.turns and place.hall.turns[row.id].day == place.hall.day.on
    )
    return {
        "id": row.id,
        "number": row.number,
        "state": words.t(f"state.{_state(last)}"),
        "open": last.ending is None,
        "waiting": waiting,
        "parked": last.state == "parked" and last.ending is None,
        "missed": row.id in place.hall.no_shows,
        "printable": today,
        "service": service_name(place, last.service),
        "class": words.t(f"class.{last.klass}"),
        "suspended": None if reason is None else words.error("suspended", reason=words.t(f"suspend.{reason}")),
        "destinations": _destinations(place, last.service) if reason is not None and waiting else [],
        "other_classes": [klass for klass in reception.DECLARED_CLASSES if klass != last.klass],
        "language": i18n.AUTONYMS.get(row.language, row.language),
        "language_code": row.language,
        "drawn_at": place.local(row.drawn_at),
        "told": shared.wait_text(words, _told(row), row.untold),
        "ahead": words.t("desk.ahead", count=wait["ahead"]) if waiting else None,
        "wait": shared.wait_text(words, wait["estimate"], wait.get("estimate_why")) if waiting else None,
        "counter": counter_label(place.hall, last.counter) if last.counter and last.ending is None else None,
        "paper": None if job is None else job.copy,
        "print_problem": None if job is None or job.problem is None else words.t(f"alert.{job.problem}"),
    }


def _destinations(place: Place, service: str) -> list[tuple[str, i18n.Text | str]]:
    """Where somebody who waits for a suspended service may be transferred: what the manager has named, else any other."""
    named = place.setup.instead_of.get(service)
    return [
        (one.code, service_name(place, one.code))
        for one in place.setup.services
        if one.code != service and one.code not in place.setup.why_suspended and named in (None, one.code)
    ]


def helps(place: Place) -> list[dict[str, Any]]:
    """Counters that call for help. The key stays the same as long as the call does, so that a page asked again is the same."""
    calls = sorted(place.hall.helps.items(), key=lambda call: call[1].seq)
    return [
        {
            "counter": counter,
            "label": counter_label(place.hall, counter),
            "since": place.local(call.at),
            "key": f"help-{call.seq}",
        }
        for counter, call in calls
    ]


def kiosks(place: Place, rows: Iterable[DeviceRow], alerts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The site's kiosks: whether one prints, what is wrong with it, and until when its limit is lifted."""
    wrong: dict[str, list[str]] = {}
    for alert in alerts:
        wrong.setdefault(alert["device"], []).append(alert["code"])
    lifted = place.hall.draws.lifted
    return [
        {
            "code": row.code,
            "name": row.name,
            "prints": bool(row.printer),
            "alerts": [place.words.t(f"alert.{code}") for code in wrong.get(row.code, [])],
            "lifted_until": place.local(until)
            if (until := lifted.get(KIOSK + row.code, place.at)) > place.at
            else None,
        }
        for row in rows
    ]


def sent_home(place: Place) -> list[dict[str, Any]]:
    """Today's counts, the most first."""
    counts = sorted(place.hall.desk.sent_home.items(), key=lambda counted: (-counted[1], counted[0]))
    return [
        {
            "service": service_name(place, service),
            "document": sealed
            if (found := at_desk.document_of(place.pack, service, sealed)) is None
            else _name(place, found.names),
            "count": count,
        }
        for (service, sealed), count in counts
    ]


def service_name(place: Place, code: str) -> i18n.Text | str:
    found = place.pack.service(code)
    return code if found is None else _name(place, found.names)


def site_name(place: Place) -> i18n.Text:
    return _name(place, place.pack.names)


def refused(place: Place, refusal: Refusal) -> dict[str, Any]:
    lang = place.words.lang
    return {"why": errors.message(refusal, lang), "hint": errors.hint(refusal, lang)}


def _tile(place: Place, service: PackService) -> dict[str, Any]:
    closed = admission.why_no_ticket(place.hall, place.setup.service_by_code[service.public_code], place.at)
    return {
        "code": service.code,
        "name": _name(place, service.names),
        "names": service.names,
        "picture": service.picture,
        "ordinal": service.ordinal,
        "waiting": halls.waiting_count(place.hall, service.public_code),
        "closed": None if closed is None else refused(place, closed),
    }


def _appointments(place: Place, code: str) -> list[dict[str, Any]]:
    """Times that somebody with an appointment for this service can have come for, with the next one chosen."""
    if not place.setup.service_by_code[code].appointments:
        return []
    openings = calendar.openings_today(place.setup.hours, place.setup.timezone, place.at)
    offered = appointments.times(openings, place.at)
    nearest = min(offered, key=lambda at: abs(at - place.at), default=None)
    return [{"at": instant_text(at), "local": place.local(at), "nearest": at == nearest} for at in offered]


def _document(place: Place, document: Any) -> dict[str, Any]:
    return {
        "id": document.id,
        "name": _name(place, document.names),
        "only_if": None if document.only_if is None else _name(place, document.only_if),
    }


def _state(turn: TurnRow) -> str:
    ended = {"served": "finished", "expired": "not_served"}
    return turn.state if turn.ending is None else ended.get(turn.ending, turn.ending)


def _told(row: TicketRow) -> dict[str, int] | None:
    return None if row.low_s is None or row.high_s is None else {"low_s": row.low_s, "high_s": row.high_s}


def _name(place: Place, names: PackWords) -> i18n.Text:
    return place.words.name({lang: names.own(lang) for lang in LANGUAGES})
