"""The fairness report as a request asks for it, and the facts of closed days kept once they have been counted.

The API, the manager's page and the public page come through here, so that all of them show the same figures. It decides
nothing about who may see what.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import cast

from server.domain import fair_days
from server.domain.errors import Refusal
from server.domain.fair_days import DayFacts
from server.packs.pack import Pack
from server.reports import fairness, fairness_days, filters
from server.reports.fairness import By, Fairness
from server.reports.filters import Asked
from server.store import fairness_days as kept_days
from server.web import presenters, reporting
from server.web.context import house
from server.web.reporting import Place


def fairness_report(site: str, from_text: str | None, to_text: str | None, by: str | None) -> Fairness | Refusal:
    """Refused as: no_such_site, invalid_input."""
    place = reporting.place_of(site)
    if isinstance(place, Refusal):
        return place
    question = filters.asked(from_text=from_text, to_text=to_text, by=by, today=place.today, bys=fairness.BYS)
    if isinstance(question, Refusal):
        return question
    return table(place, question, facts(place, question), cast("By", question.by))


def facts(place: Place, question: Asked) -> list[DayFacts]:
    return facts_between(place, from_on=question.from_on, to_on=question.to_on)


def facts_between(place: Place, *, from_on: date, to_on: date) -> list[DayFacts]:
    site, timezone = place.hall.site, place.setup.timezone
    with house().read() as conn:
        found = fairness_days.facts_between(conn, site, from_on=from_on, to_on=to_on, timezone=timezone)
    if found.fresh:
        house().writer.run(partial(kept_days.keep, site=site, rows=found.fresh, version=fair_days.VERSION))
    return found.facts


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
