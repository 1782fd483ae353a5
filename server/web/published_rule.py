"""The calling rule as it is published: as data for programs, in words for everybody. Made from the rule itself.

Nothing here names a person. At a discreet site services go by their neutral names.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from server.domain import appointments
from server.domain.entries import instant_text
from server.domain.sites import CLASSES, Counter, Rule, Setup, rule_to_body, setup_from_body
from server.packs.pack import Pack
from server.store import journal
from server.web import checklists
from server.web.i18n import Text, Words

KIND = "setup.changed"
#: Set-up changes read at once while looking for the one that brought the present version.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Since:
    """The entry that brought the version in force."""

    seq: int
    at: datetime


def since(conn: Connection, setup: Setup) -> Since | None:
    """The first entry of the unbroken stretch of set-ups with the present version; None at a site without a journal."""
    found, before = None, None
    while entries := journal.newest_of_kind(conn, setup.site, KIND, before=before, limit=PAGE):
        for entry in entries:
            if setup_from_body(entry.body["setup"]).rule.version != setup.rule.version:
                return found
            found = Since(seq=entry.seq, at=entry.at)
        before = entries[-1].seq
    return found


def to_json(setup: Setup, known: Since | None) -> dict[str, Any]:
    """Durations in seconds; `bound_s` is the promise of docs/fairness.md."""
    return {
        "site": setup.site,
        "rule": {**rule_to_body(setup.rule), "bound_s": setup.rule.bound_s},
        "since": None if known is None else {"seq": known.seq, "at": instant_text(known.at)},
        "next_rule": None if setup.next_rule is None else rule_to_body(setup.next_rule),
        "appointment_early_s": int(appointments.EARLIEST.total_seconds()),
        "call_reasons": list(setup.possible_call_reasons),
        "counters": [
            {
                "id": counter.id,
                "label": counter.label,
                "serves": list(counter.serves),
                "helps": [{"service": helped.service, "after_s": helped.after_s} for helped in counter.helps],
            }
            for counter in setup.counters
        ],
    }


def sentences(rule: Rule, words: Words, *, with_appointments: bool) -> list[Text]:
    """The rule as one would say it, in the order in which it is applied."""
    t = words.t
    said = [t("rule.due"), t("rule.first"), t("rule.helps")]
    if with_appointments:
        said.append(t("rule.appointment", minutes=_minutes(int(appointments.EARLIEST.total_seconds()))))
    said.append(t("rule.no_show", count=rule.no_show_min_calls, seconds=rule.no_show_min_s))
    if rule.put_backs_max:
        said.append(t("rule.put_back", minutes=_minutes(rule.put_back_head_start_s), count=rule.put_backs_max))
    return [*said, t("rule.kept"), t("rule.out_of_order")]


def head_starts(rule: Rule, words: Words) -> list[tuple[Text, Text]]:
    """Class and minutes of its head start."""
    return [
        (words.t(f"class.{klass}"), words.t("common.minutes_short", minutes=_minutes(rule.head_start_s(klass))))
        for klass in CLASSES
    ]


def promise(rule: Rule, words: Words) -> Text:
    return words.t("rule.promise", minutes=_minutes(rule.bound_s))


def counter_row(counter: Counter, pack: Pack, words: Words) -> dict[str, Any]:
    return {
        "label": counter.label,
        "serves": [_service(pack, code, words) for code in counter.serves],
        "helps": [
            (_service(pack, helped.service, words), words.t("common.minutes_short", minutes=helped.after_s // 60))
            for helped in counter.helps
        ],
    }


def _service(pack: Pack, code: str, words: Words) -> Text | str:
    service = pack.service(code)
    return code if service is None else checklists.title(service, words)


def _minutes(seconds: int) -> int:
    return seconds // 60
