"""The fairness report as a request asks for it, and the facts of closed days kept once they have been counted.

The API, the manager's page and the public page come through here, so that all of them show the same figures. It decides
nothing about who may see what.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, cast

from flask import current_app

from server.domain import fair_days
from server.domain.entries import instant_text
from server.domain.errors import Refusal
from server.domain.fair_days import DayFacts
from server.packs.pack import Pack
from server.reports import fairness, fairness_alerts, fairness_days, filters, overtakes
from server.reports.fairness import By, Fairness
from server.reports.fairness_alerts import Alarm
from server.reports.filters import Asked
from server.reports.overtakes import Overtakes
from server.store import fairness_days as kept_days
from server.web import presenters, reporting
from server.web.context import house
from server.web.reporting import Place

#: Pages ask every few seconds what is wrong; the day is counted anew once in so long.
ALERTS_HOLD = timedelta(minutes=1)


@dataclass(slots=True)
class _Watched:
    """What this process last found at a site, and since when it has found each of it on that day."""

    day: date
    at: datetime
    since: dict[Alarm, datetime] = field(default_factory=dict)
    now: list[Alarm] = field(default_factory=list)


def fairness_report(site: str, from_text: str | None, to_text: str | None, by: str | None) -> Fairness | Refusal:
    """Refused as: no_such_site, invalid_input."""
    place = reporting.place_of(site)
    if isinstance(place, Refusal):
        return place
    question = filters.asked(from_text=from_text, to_text=to_text, by=by, today=place.today, bys=fairness.BYS)
    if isinstance(question, Refusal):
        return question
    return table(place, question, facts(place, question), cast("By", question.by))


def overtakes_report(site: str, day: str | None) -> Overtakes | Refusal:
    """Refused as: no_such_site, invalid_input."""
    place = reporting.place_of(site)
    if isinstance(place, Refusal):
        return place
    question = filters.asked(from_text=day, to_text=day, by=None, today=place.today)
    if isinstance(question, Refusal):
        return question
    with house().read() as conn:
        return overtakes.overtakes(conn, site=site, day=question.from_on)


def facts(place: Place, question: Asked) -> list[DayFacts]:
    return facts_between(place, from_on=question.from_on, to_on=question.to_on)


def facts_between(place: Place, *, from_on: date, to_on: date) -> list[DayFacts]:
    site = place.hall.site
    with house().read() as conn:
        found = fairness_days.facts_between(conn, site, from_on=from_on, to_on=to_on)
    if found.fresh:
        house().writer.run(partial(kept_days.keep, site=site, rows=found.fresh, version=fair_days.VERSION))
    return found.facts


def alerts_today(place: Place) -> list[dict[str, Any]]:
    """Alerts on the fairness figures of the open day, `since` this process first saw each; of a counter with its code.

    For whoever manages: which counter it is, is nobody else's business.
    """
    watched: dict[str, _Watched] = current_app.extensions.setdefault("fairness_alerts", {})
    site, known = place.hall.site, watched.get(place.hall.site)
    if known is None or known.day != place.today:
        known = watched[site] = _Watched(day=place.today, at=place.at - ALERTS_HOLD)
    if place.at - known.at >= ALERTS_HOLD:
        known.at, known.now = place.at, _alarms(place)
        for alarm in known.now:
            known.since.setdefault(alarm, place.at)
    return [_alert(alarm, known.since[alarm]) for alarm in known.now]


def _alarms(place: Place) -> list[Alarm]:
    begins_on = place.today - timedelta(days=fairness_alerts.DAYS - 1)
    month = facts_between(place, from_on=begins_on, to_on=place.today)
    today = [day for day in month if day.day == place.today.isoformat()]
    return fairness_alerts.alarms(today[0], month) if today else []


def _alert(alarm: Alarm, since: datetime) -> dict[str, Any]:
    where = {} if alarm.counter is None else {"counter": alarm.counter}
    return {"code": alarm.code, "since": instant_text(since), **where}


def table(place: Place, question: Asked, days: Iterable[DayFacts], by: By) -> Fairness:
    """Services under their own codes: who may read reports may know what they are."""
    report = fairness.told_apart(
        list(days),
        site=place.hall.site,
        from_on=question.from_on,
        to_on=question.to_on,
        by=by,
        timezone=place.setup.timezone,
    )
    return _under_own_codes(report, place.pack) if by == "service" else report


def _under_own_codes(report: Fairness, pack: Pack) -> Fairness:
    rows = (replace(row, key=presenters.real_code(pack, str(row.key))) for row in report.rows)
    return replace(report, rows=tuple(rows))
