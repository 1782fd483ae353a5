"""The parts of a pack as the plain dicts that are written to YAML, in the order of the format and every key present but
those that came later: they stand only where they are used, so that a pack that does without keeps its text and digest.

One way only: what comes in from a file goes through `server.packs.reader`, which can say where a mistake stands.
"""

from typing import Any

from server.domain.calendar import DatedHours, Hours, Week, spans_to_text
from server.domain.sites import Counter, Rule, ServiceTarget
from server.packs.parts import (
    Card,
    DemoLoad,
    Document,
    Kiosk,
    PackService,
    PriorityGround,
    Provenance,
    Remark,
    ServiceGroup,
    Words,
    Zone,
)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def words_body(words: Words) -> dict[str, str | None]:
    return {"ar": words.ar, "fr": words.fr, "en": words.en, "es": words.es, "zgh": words.zgh}


def provenance_text(provenance: Provenance) -> str:
    return " ".join((provenance.mark, *provenance.sources))


def clock_text(minute_of_day: int) -> str:
    return f"{minute_of_day // 60:02d}:{minute_of_day % 60:02d}"


def hours_body(hours: Hours) -> dict[str, Any]:
    return {
        "weekly": week_body(hours.weekly),
        "dated": [_dated_body(rule) for rule in hours.dated],
        "holidays": [
            {"date": holiday.on, "name": holiday.name, "confirmed_by": holiday.confirmed_by or None}
            for holiday in hours.holidays
        ],
        "specials": [
            {"date": special.on, "open": spans_to_text(special.spans), "reason": special.reason}
            for special in hours.specials
        ],
    }


def week_body(week: Week) -> dict[str, list[str]]:
    return {day: spans_to_text(spans) for day, spans in zip(WEEKDAYS, week, strict=True)}


def group_body(group: ServiceGroup) -> dict[str, Any]:
    return {"code": group.code, "picture": group.picture, "names": words_body(group.names)}


def zone_body(zone: Zone) -> dict[str, Any]:
    return {"code": zone.code, "names": words_body(zone.names)}


def documents_body(documents: tuple[Document, ...]) -> dict[str, Any]:
    return {document.id: words_body(document.names) for document in documents}


def service_body(service: PackService) -> dict[str, Any]:
    return {
        "code": service.code,
        "neutral": service.neutral,
        "group": service.group,
        "picture": service.picture,
        "names": words_body(service.names),
        "series": service.series,
        "zone": service.zone,
        "target": _target_body(service.target),
        "last_ticket_before_min": service.last_ticket_before_min,
        **where_used(
            last_ticket_by_forecast=service.last_ticket_by_forecast,
            quota=service.quota,
            outcomes=list(service.outcomes),
        ),
        "appointment": service.appointment,
        "direct_desk": service.direct_desk,
        "duration": {"p50_min": service.duration.p50_min, "p90_min": service.duration.p90_min},
        "card": card_body(service.card),
        "remarks": [remark_body(remark) for remark in service.remarks],
    }


def card_body(card: Card) -> dict[str, Any]:
    return {
        "documents": None if card.documents is None else list(card.documents),
        "conditions": {document: words_body(words) for document, words in card.conditions},
        "fee_mad": card.fee_mad,
        "fee_note": _optional_words_body(card.fee_note),
        "deadline_days": card.deadline_days,
        "cap_days": card.cap_days,
        "citizens_deadline": _optional_words_body(card.citizens_deadline),
        "legal_text": _optional_words_body(card.legal_text),
        "filed_at": _optional_words_body(card.filed_at),
        "delivered_by": _optional_words_body(card.delivered_by),
        "forms": None if card.forms is None else [words_body(form) for form in card.forms],
        "appeal": _optional_words_body(card.appeal),
        "provenance": {fact: provenance_text(provenance) for fact, provenance in card.provenance},
        "confirmed_by": card.confirmed_by or None,
    }


def counter_body(counter: Counter) -> dict[str, Any]:
    return {
        "id": counter.id,
        "label": counter.label,
        "zone": counter.zone,
        "serves": list(counter.serves),
        "helps": {helped.service: helped.after_s // 60 for helped in counter.helps},
    }


def rule_body(rule: Rule) -> dict[str, Any]:
    return {
        "version": rule.version,
        "algorithm": rule.algorithm,
        "head_starts_min": {klass: seconds // 60 for klass, seconds in rule.head_starts.items()},
        "no_show_min_calls": rule.no_show_min_calls,
        "no_show_min_s": rule.no_show_min_s,
        **_put_back_body(rule),
    }


def ground_body(ground: PriorityGround) -> dict[str, Any]:
    return {"id": ground.id, "checked_by": ground.checked_by, "names": words_body(ground.names)}


def kiosk_body(kiosk: Kiosk) -> dict[str, Any]:
    return {"name": kiosk.name, "zone": kiosk.zone, "printer": kiosk.printer}


def load_body(load: DemoLoad) -> dict[str, Any]:
    return {
        "visits_per_day": load.visits_per_day,
        "mix": dict(load.mix),
        "peak_hours": spans_to_text(load.peak_hours),
        "no_show_percent": load.no_show_percent,
        "provenance": provenance_text(load.provenance),
    }


def remark_body(remark: Remark) -> dict[str, Any]:
    return {"about": remark.about, "text": remark.text, "provenance": provenance_text(remark.provenance)}


def _dated_body(rule: DatedHours) -> dict[str, Any]:
    return {
        "name": rule.name,
        "from": rule.from_on,
        "to": rule.to_on,
        "weekdays": [WEEKDAYS[weekday] for weekday in rule.weekdays],
        "weekly": week_body(rule.weekly),
        "source": rule.source,
    }


def where_used(**later: Any) -> dict[str, Any]:
    """Keys that an older pack has not: none of them without a value."""
    return {key: value for key, value in later.items() if value}


def _put_back_body(rule: Rule) -> dict[str, int]:
    """Only what differs from the usual."""
    usual, body = Rule(), dict[str, int]()
    if rule.put_back_head_start_s != usual.put_back_head_start_s:
        body["put_back_head_start_min"] = rule.put_back_head_start_s // 60
    if rule.put_backs_max != usual.put_backs_max:
        body["put_backs_max"] = rule.put_backs_max
    return body


def _target_body(target: ServiceTarget | None) -> dict[str, int] | None:
    return None if target is None else {"percent": target.percent, "within_min": target.within_s // 60}


def _optional_words_body(words: Words | None) -> dict[str, str | None] | None:
    return None if words is None else words_body(words)
