"""What the kiosk needs to know: a site's catalogue, which rarely changes, what is open now, and a ticket just drawn.

Everything is plain JSON with texts that are ready to be shown, so that the page adds nothing up. Real names of services
are for the person who stands at the kiosk and chooses; the ticket carries the public one.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from kiosk import pictures
from server.actions import admission
from server.domain import appointments, calendar
from server.domain import hall as halls
from server.domain.entries import instant, instant_text
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.notices import Message
from server.packs.pack import Pack
from server.packs.parts import LANGUAGES, PackService, Words
from server.translations import dates
from server.web import errors, qr_drawing

Texts = dict[str, str | None]
#: A text by language: one part, or French and Arabic where the language has none.
Parts = list[tuple[str, str]]


def catalogue(pack: Pack) -> dict[str, Any]:
    """Names, groups, services with their cards, and the published priority list."""
    zones = {zone.code: _texts(zone.names) for zone in pack.zones}
    return {
        "site": pack.site,
        "names": _texts(pack.names),
        "languages": list(pack.languages),
        "not_queued": [_texts(notice) for notice in pack.not_queued],
        "groups": [
            {"code": group.code, "names": _texts(group.names), "picture": group.picture} for group in pack.groups
        ],
        "services": [_service(pack, service, zones[service.zone]) for service in pack.services],
        "priority": [_texts(ground.names) for ground in pack.priority],
    }


def state(hall: Hall, pack: Pack, lang: str, at: datetime) -> dict[str, Any]:
    """Which services are open now and how many wait; of a closed one why, and when it opens; messages of the site."""
    assert hall.setup is not None
    return {
        "services": [_service_now(hall, service, lang, at) for service in pack.services],
        "closed": _closed_everywhere(hall, pack, at),
        "times": _times(hall, pack, at),
        "messages": [_message(message, pack) for message in hall.setup.messages if message.shown(at)],
    }


def ticket(answer: Mapping[str, Any], pack: Pack, *, follow: bool) -> dict[str, Any]:
    """The answer to a draw as the page shows it: the API's, with whole minutes, local times and the code for a phone."""
    estimate, appointment = answer["estimate"], answer.get("appointment")
    return {
        **answer,
        "wait": None
        if estimate is None
        else {
            "low_min": estimate["low_s"] // 60,
            "high_min": -(-estimate["high_s"] // 60),
            "level": estimate["level"],
        },
        "closes": _clock(answer["closes_at"], pack) if answer["may_not_be_served"] else None,
        "appointed": None
        if appointment is None
        else {
            "standing": appointment["standing"],
            "time": _clock(appointment["at"], pack),
            "opens": _clock(appointment["counts_from"], pack),
        },
        "qr": asdict(qr_drawing.drawing(str(answer["follow_url"]))) if follow else None,
    }


def refused(refusal: Refusal, lang: str) -> dict[str, Any]:
    """Why there is no ticket, and what the person can do, in the language of the page."""
    hint = errors.hint(refusal, lang)
    return {
        "code": refusal.code,
        "why": errors.message(refusal, lang).parts,
        "hint": None if hint is None else hint.parts,
    }


def _service(pack: Pack, service: PackService, zone: Texts) -> dict[str, Any]:
    return {
        "code": service.code,
        "group": service.group,
        "picture": service.picture,
        "names": _texts(service.names),
        "ordinal": service.ordinal,
        "zone": zone,
        "direct_desk": service.direct_desk,
        "appointments": service.appointment != "none",
        "card": _card(pack, service),
    }


def _card(pack: Pack, service: PackService) -> dict[str, Any]:
    card = service.card
    return {
        "documents": None
        if card.documents is None
        else [
            {
                "picture": pictures.of_document(document.id),
                "names": _texts(document.names),
                "only_if": _texts_or_none(document.only_if),
            }
            for document in pack.documents_of(service)
        ],
        "fee_mad": card.fee_mad,
        "fee_note": _texts_or_none(card.fee_note),
        "deadline_days": card.deadline_days,
        "cap_days": card.cap_days,
        "citizens_deadline": _texts_or_none(card.citizens_deadline),
        "legal_text": _texts_or_none(card.legal_text),
        "filed_at": _texts_or_none(card.filed_at),
        "delivered_by": _texts_or_none(card.delivered_by),
        "forms": [_texts(form) for form in card.forms or ()],
        "appeal": _texts_or_none(card.appeal),
        "complete": not card.missing() and not card.demo,
        "demo": card.demo,
    }


def _service_now(hall: Hall, service: PackService, lang: str, at: datetime) -> dict[str, Any]:
    assert hall.setup is not None
    closed = admission.why_no_ticket(hall, hall.setup.service_by_code[service.public_code], at)
    closes_at = admission.closes_before_a_newcomer_at(hall, service.public_code, at) if closed is None else None
    return {
        "code": service.code,
        "waiting": halls.waiting_count(hall, service.public_code),
        "closed": None if closed is None else refused(closed, lang),
        "closes": None if closes_at is None else _local_clock(closes_at, hall.setup.timezone),
    }


def _closed_everywhere(hall: Hall, pack: Pack, at: datetime) -> Parts | None:
    """Where no service gives a ticket: why, in each language of the site, for the screen that nobody has touched yet."""
    assert hall.setup is not None
    refusals = [admission.why_no_ticket(hall, service, at) for service in hall.setup.services]
    known = [refusal for refusal in refusals if refusal is not None]
    if not known or len(known) < len(refusals):
        return None
    first = next((refusal for refusal in known if refusal.code != "suspended"), known[0])
    told: Parts = []
    for lang in pack.languages:
        hint = errors.hint(first, lang)
        told += [
            (spoken, f"{why} {dict(hint.parts).get(spoken, '')}".strip() if hint else why)
            for spoken, why in errors.message(first, lang).parts
        ]
    return list(dict.fromkeys(told))


def _times(hall: Hall, pack: Pack, at: datetime) -> list[dict[str, str]]:
    """Times of today that somebody with an appointment can choose; none where no service takes any."""
    assert hall.setup is not None
    if not any(service.appointments for service in hall.setup.services):
        return []
    openings = calendar.openings_today(hall.setup.hours, hall.setup.timezone, at)
    return [
        {"at": instant_text(time_at), "time": _local_clock(time_at, pack.timezone)}
        for time_at in appointments.times(openings, at)
    ]


def _clock(text: str, pack: Pack) -> str:
    return _local_clock(instant(text), pack.timezone)


def _local_clock(at: datetime, timezone: str) -> str:
    return dates.clock_time(calendar.local(at, timezone))


def _message(message: Message, pack: Pack) -> Parts:
    """In the languages of the site in which somebody wrote it."""
    texts = dict(message.texts)
    return [(lang, texts[lang]) for lang in pack.languages if lang in texts]


def _texts(words: Words) -> Texts:
    return {lang: words.own(lang) for lang in LANGUAGES}


def _texts_or_none(words: Words | None) -> Texts | None:
    return None if words is None else _texts(words)
