"""What the set-up page of a site shows: services, messages, days, counters, each with the name that staff read.

Managers are staff and read real service names, also at a discreet site; the codes in the forms are those of the hall.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from server.actions import admission
from server.domain import calendar
from server.domain import hall as halls
from server.domain.calendar import Spans, SpecialOpening
from server.domain.notices import MESSAGE_LONGEST, MESSAGES_MOST, SUSPEND_REASONS, Message
from server.domain.sites import OPENING_REASONS, QUOTA_MOST, Counter
from server.manager import holidays
from server.manager.presenters import Names, by_language
from server.manager.setup_forms import HELPS_AFTER_MOST_MIN, LIMITS, SPANS_A_DAY
from server.translations import dates
from server.web.i18n import Text

#: Any Monday: the days of the week are named by it.
MONDAY = date(2026, 11, 23)


def page(names: Names, today: date) -> dict[str, Any]:
    setup = names.place.setup
    return {
        "services": [_service(names, service.code) for service in setup.services],
        "suspend_reasons": [(reason, names.words.t(f"suspend.{reason}")) for reason in SUSPEND_REASONS],
        "messages": [_message(names, message) for message in setup.messages],
        "message_longest": MESSAGE_LONGEST,
        "discreet": setup.discreet,
        "messages_full": sum(not one.over(names.place.at) for one in setup.messages) >= MESSAGES_MOST,
        "message_languages": setup.languages,
        "specials": [_special(names, one) for one in sorted(setup.hours.specials, key=_on) if one.on >= today],
        "opening_reasons": [(reason, opening_reason(names, reason)) for reason in OPENING_REASONS],
        "today": today.isoformat(),
        "quota_most": QUOTA_MOST,
        "holidays": [_holiday(names, one) for one in holidays.asked(setup.hours.holidays, setup.timezone, today)],
        "week": [_weekday(names, n, spans) for n, spans in enumerate(setup.hours.weekly)],
        "spans_a_day": SPANS_A_DAY,
        "dated": [_dated(names, rule) for rule in setup.hours.dated if rule.to_on >= today],
        "limits": [
            (name, names.words.t(f"setup.{name}"), getattr(setup.draw_limits, name), highest)
            for name, highest in LIMITS.items()
        ],
        "counters": [counter_row(names, counter) for counter in setup.counters],
        "zones": zones(names),
    }


def counter_page(names: Names, counter: Counter | None) -> dict[str, Any]:
    """One counter's form, or an empty one for a new counter."""
    helps = {} if counter is None else {helped.service: helped.after_s // 60 for helped in counter.helps}
    serves = () if counter is None else counter.serves
    return {
        "counter": None if counter is None else counter_row(names, counter),
        "zones": zones(names),
        "helps_after_most": HELPS_AFTER_MOST_MIN,
        "lines": [
            {
                "code": service.code,
                "name": names.service(service.code),
                "choice": "serves" if service.code in serves else "helps" if service.code in helps else "",
                "after": helps.get(service.code, 0),
            }
            for service in names.place.setup.services
        ],
    }


def counter_row(names: Names, counter: Counter) -> dict[str, Any]:
    shift = names.place.hall.shifts.get(counter.id)
    return {
        "id": counter.id,
        "label": counter.label,
        "zone": zone_name(names, counter.zone),
        "serves": [names.service(service) for service in counter.serves],
        "helps": [
            (names.service(helped.service), names.words.t("common.minutes_short", minutes=helped.after_s // 60))
            for helped in counter.helps
        ],
        "agent": None if shift is None else names.agents.get(shift.agent, shift.agent),
    }


def zones(names: Names) -> list[tuple[str, Text | str]]:
    return [(zone, zone_name(names, zone)) for zone in names.place.setup.zones]


def zone_name(names: Names, code: str) -> Text | str:
    known = next((zone for zone in names.place.pack.zones if zone.code == code), None)
    return code if known is None else names.words.name(by_language(known.names))


def opening_reason(names: Names, reason: str) -> Text | str:
    """A special opening of a pack may rest on a reason in its own words."""
    return names.words.t(f"opening.{reason}") if reason in OPENING_REASONS else reason


def spans_text(spans: Spans) -> str:
    return ", ".join(text.replace("-", "–") for text in calendar.spans_to_text(spans))


def _service(names: Names, code: str) -> dict[str, Any]:
    hall, setup = names.place.hall, names.place.setup
    reason, service = setup.why_suspended.get(code), setup.service_by_code[code]
    instead = setup.instead_of.get(code)
    return {
        "code": code,
        "name": names.service(code),
        "waiting": halls.waiting_count(hall, code),
        "suspended": None if reason is None else names.words.t(f"suspend.{reason}"),
        "reason": reason,
        "instead": None if instead is None else names.service(instead),
        "instead_code": instead,
        "quota": service.quota,
        "left": admission.left_today(hall, service, names.place.at),
        "by_forecast": service.last_ticket_by_forecast,
        "unserved": not any(code in counter.serves for counter in setup.counters),
    }


def _message(names: Names, message: Message) -> dict[str, Any]:
    at = names.place.at
    state = "shown_before" if message.over(at) else "shown_now" if message.shown(at) else "shown_later"
    return {
        "id": message.id,
        "texts": message.texts,
        "state": state,
        "from": _moment(names, message.from_at),
        "until": _moment(names, message.until_at),
    }


def _moment(names: Names, at: datetime | None) -> str | None:
    if at is None:
        return None
    there = calendar.local(at, names.place.setup.timezone)
    return f"{names.words.date(there.date())} {names.words.time(there)}"


def _special(names: Names, special: SpecialOpening) -> dict[str, Any]:
    return {
        "on": special.on.isoformat(),
        "date": names.words.full_date(special.on),
        "spans": spans_text(special.spans),
        "reason": opening_reason(names, special.reason),
    }


def _holiday(names: Names, asked: holidays.Asked) -> dict[str, Any]:
    by, code = asked.confirmed_by, asked.confirmed_by.rpartition(":")[2]
    return {
        "on": asked.on.isoformat(),
        "name": asked.name,
        "said": holidays.name_in(asked, names.place.setup.timezone, names.words.lang) or asked.name,
        "date": names.words.full_date(asked.on),
        "moon": asked.moon,
        "confirmed": bool(asked.confirmed_by),
        "by": names.agents.get(code, by),
    }


def _weekday(names: Names, n: int, spans: Spans) -> dict[str, Any]:
    fields: list[Sequence[str]] = [_clocks(span.opens_min, span.closes_min) for span in spans]
    return {
        "n": n,
        "name": weekday(names, n),
        "spans": spans_text(spans),
        "fields": [*fields, *[("", "")] * (SPANS_A_DAY - len(fields))],
    }


def weekday(names: Names, n: int) -> str:
    return dates.weekday(MONDAY + timedelta(days=n), names.words.lang)


def _clocks(opens_min: int, closes_min: int) -> tuple[str, str]:
    opens, closes = divmod(opens_min, 60), divmod(closes_min % calendar.DAY_MIN, 60)
    return f"{opens[0]:02}:{opens[1]:02}", f"{closes[0]:02}:{closes[1]:02}"


def _dated(names: Names, rule: calendar.DatedHours) -> dict[str, Any]:
    return {
        "name": rule.name,
        "from": names.words.date(rule.from_on),
        "to": names.words.date(rule.to_on),
        "days": [(weekday(names, n), spans_text(rule.weekly[n])) for n in sorted(rule.weekdays) if rule.weekly[n]],
        "source": rule.source,
    }


def _on(special: SpecialOpening) -> date:
    return special.on
