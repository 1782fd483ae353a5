"""What a change of the set-up changed, in the words of the page: two set-ups are compared, part by part.

An entry holds the whole set-up, so what it changed is the difference to the one before; `what` in it only says how it came
about. Parts that staff don't decide about one by one are named and not spelled out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from server.domain.entries import Entry
from server.domain.notices import Message
from server.domain.sites import Counter, Service, Setup, setup_from_body
from server.manager.presenters import Names
from server.manager.setup_presenters import opening_reason, spans_text, weekday
from server.web.i18n import Text

#: Kind of entry that this is the log of.
KIND = "setup.changed"


def described(names: Names, entry: Entry, before: Entry | None) -> list[Text]:
    """At least one line: an entry says that something has changed."""
    after = setup_from_body(entry.body["setup"])
    if before is None:
        return [names.words.t("changes.first")]
    lines = list(_differences(names, setup_from_body(before.body["setup"]), after))
    if entry.body["what"] == "pack":
        return [names.words.t("changes.pack"), *lines]
    return lines or [names.words.t("changes.other")]


def _differences(names: Names, before: Setup, after: Setup) -> Iterator[Text]:
    yield from _services(names, before, after)
    yield from _messages(names, before, after)
    yield from _days(names, before, after)
    yield from _week(names, before, after)
    yield from _counters(names, before, after)
    t = names.words.t
    if before.hours.dated != after.hours.dated:
        yield t("changes.dated")
    yield from _quotas(names, before, after)
    if _but_quotas(before) != _but_quotas(after):
        yield t("changes.services")
    if before.rule != after.rule:
        yield t("changes.rule", version=after.rule.version)
    elif after.next_rule is not None and after.next_rule != before.next_rule:
        yield t("changes.rule_waits", version=after.next_rule.version)
    elif before.next_rule is not None and after.next_rule is None:
        yield t("changes.rule_taken_back", version=before.next_rule.version)
    if before.draw_limits != after.draw_limits:
        limits = after.draw_limits
        yield t("changes.limits", seconds=limits.gap_s, count=limits.most, position=limits.within_s)
    if _rest(before) != _rest(after):
        yield t("changes.other")


def _services(names: Names, before: Setup, after: Setup) -> Iterator[Text]:
    for one in after.suspended:
        if one in before.suspended:
            continue
        said = names.words.t(f"suspend.{one.reason}")
        yield names.words.t("display.suspended", service=names.service(one.service), reason=said)
        if one.instead:
            yield names.words.t("changes.instead", service=names.service(one.instead))
    for service in before.why_suspended:
        if service not in after.why_suspended:
            yield names.words.t("changes.lifted", service=names.service(service))


def _quotas(names: Names, before: Setup, after: Setup) -> Iterator[Text]:
    for code, service in after.service_by_code.items():
        known = before.service_by_code.get(code)
        if service.quota == (None if known is None else known.quota):
            continue
        key = "changes.quota_removed" if service.quota is None else "changes.quota"
        yield names.words.t(key, service=names.service(code), count=service.quota)


def _but_quotas(setup: Setup) -> list[Service]:
    return [replace(service, quota=None) for service in setup.services]


def _messages(names: Names, before: Setup, after: Setup) -> Iterator[Text]:
    old, new = {one.id: one for one in before.messages}, {one.id: one for one in after.messages}
    yield from _said_of_messages(names, "changes.message", new, old)
    yield from _said_of_messages(names, "changes.message_removed", old, new)


def _said_of_messages(
    names: Names, key: str, these: Mapping[str, Message], but_not: Mapping[str, Message]
) -> Iterator[Text]:
    for code, message in these.items():
        if code not in but_not:
            yield names.words.t(key, text=names.words.name(dict(message.texts)))


def _days(names: Names, before: Setup, after: Setup) -> Iterator[Text]:
    old, new = ({one.on: one for one in setup.hours.specials} for setup in (before, after))
    for on, special in new.items():
        if old.get(on) != special:
            key = "changes.special" if special.spans else "changes.special_closed"
            reason = opening_reason(names, special.reason)
            yield names.words.t(key, date=on, opens=spans_text(special.spans), reason=reason)
    for on in old.keys() - new.keys():
        yield names.words.t("changes.special_removed", date=on)
    was, now = _confirmed(before), _confirmed(after)
    for on, name in sorted(now - was):
        yield names.words.t("changes.holiday", date=on, name=name)
    for on, name in sorted(was - now):
        yield names.words.t("changes.holiday_removed", date=on, name=name)


def _confirmed(setup: Setup) -> set[tuple[date, str]]:
    return {(one.on, one.name) for one in setup.hours.holidays if one.confirmed_by}


def _week(names: Names, before: Setup, after: Setup) -> Iterator[Text]:
    for n, (old, new) in enumerate(zip(before.hours.weekly, after.hours.weekly, strict=True)):
        if old != new:
            key = "changes.week" if new else "changes.week_closed"
            yield names.words.t(key, name=weekday(names, n), opens=spans_text(new))


def _counters(names: Names, before: Setup, after: Setup) -> Iterator[Text]:
    t = names.words.t
    for code, counter in after.counter_by_id.items():
        old = before.counter_by_id.get(code)
        if old is None:
            yield t("changes.counter_added", counter=counter.label)
        yield from _lines(names, old, counter)
    for code, counter in before.counter_by_id.items():
        if code not in after.counter_by_id:
            yield t("changes.counter_removed", counter=counter.label)


def _lines(names: Names, old: Counter | None, counter: Counter) -> Iterator[Text]:
    t = names.words.t
    if counter.serves != (() if old is None else old.serves):
        yield t(
            "changes.counter_serves",
            counter=counter.label,
            text=_listed(names, [str(names.service(one)) for one in counter.serves]),
        )
    if counter.helps != (() if old is None else old.helps):
        helped = [f"{names.service(one.service)} ({_minutes(names, one.after_s)})" for one in counter.helps]
        yield t("changes.counter_helps", counter=counter.label, text=_listed(names, helped))


def _minutes(names: Names, seconds: int) -> str:
    return str(names.words.t("common.minutes_short", minutes=seconds // 60))


def _listed(names: Names, services: Iterable[str]) -> str:
    comma = "، " if names.words.lang == "ar" else ", "
    return comma.join(services) or str(names.words.t("setup.serves_nothing"))


def _rest(setup: Setup) -> tuple[Any, ...]:
    """What has no line of its own above."""
    return (
        setup.timezone,
        setup.languages,
        setup.discreet,
        setup.change_over_min,
        setup.series,
        setup.zones,
        setup.call_reasons,
    )
