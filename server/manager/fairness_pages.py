"""The manager's page on fairness: who was passed and why, counters within their limits, and what no rule prevents.

A month is shown where no days are asked for: of one day alone there is too little to say. Calls out of order of each
agent are for the manager alone; an inspector sees the site.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from flask import Blueprint, Response, render_template, request, url_for

from server.domain.errors import Refusal
from server.domain.fair_days import DayFacts
from server.manager import fairness_tables, presenters
from server.manager.presenters import Names
from server.reports import csv_export, fairness, filters
from server.reports.fairness import By
from server.reports.filters import Asked
from server.store import people
from server.web import commands, fair_reporting, fairness_shown, i18n, language, reporting
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused
from server.web.reporting import Place

#: Without any other question the last so many days, today among them.
SHOWN_DAYS = 30
#: Who may know which agent called whom out of order, beside the agent.
MANAGERS = ("manager", "admin")

fairness_pages = Blueprint("fairness", __name__)


@fairness_pages.get("/manager/<site>/fairness")
@guard("manager", "inspector", "admin")
def page(site: str) -> str:
    """All that is told of fairness, from one counting of the days."""
    place = _place(site)
    question = _question(place)
    facts = fair_reporting.facts(place, question)
    reports = {by: fair_reporting.table(place, question, facts, by) for by in fairness.BYS}
    agents = [one for one in fairness.by_agent(facts) if one.reasons] if commands.identity().kind in MANAGERS else []
    names = _names(place, {one.agent for one in agents})
    total = reports["counter"].total
    return render_template(
        "manager/fairness.html",
        site=site,
        site_name=names.words.name(presenters.by_language(place.pack.names)),
        asked=question,
        total=total,
        headline=fairness_tables.headline(total, names),
        kinds=fairness_tables.kind_bars(total, names),
        slips=fairness_tables.slip_bars(total, names),
        reasons=fairness_tables.reason_bars(total, names),
        limits=fairness_tables.limit_charts(reports["counter"], names),
        tables=[fairness_tables.told_apart(reports[by], names) for by in fairness.BYS],
        agents=fairness_tables.agent_lines(agents, names),
        not_prevented=fairness_tables.not_prevented(reports["counter"], names),
        holes=fairness_shown.holes(total, names.words),
        unexplained_days=_days_with_unexplained(facts),
        address=_address,
        lang_href=_in_language,
        **language.for_template(names.words.lang, tuple(place.pack.languages)),
    )


@fairness_pages.get("/manager/<site>/fairness.csv")
@guard("manager", "inspector", "admin")
def csv(site: str) -> Response:
    place = _place(site)
    question = _question(place)
    by = cast("By", question.by)
    report = fair_reporting.table(place, question, fair_reporting.facts(place, question), by)
    name = f"{site}-fairness-by-{by}-{question.from_on.isoformat()}-{question.to_on.isoformat()}"
    return _file(csv_export.fairness_csv(report, _names(place, ()).plain), name)


@fairness_pages.get("/manager/<site>/overtakes.csv")
@guard("manager", "inspector", "admin")
def overtakes_csv(site: str) -> Response:
    """Every overtake of one day."""
    report = fair_reporting.overtakes_report(site, request.args.get("day"))
    if isinstance(report, Refusal):
        raise Refused(report)
    return _file(csv_export.overtakes_csv(report), f"{site}-overtakes-{report.day.isoformat()}")


def _file(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text, mimetype="text/csv", headers=headers)


def _days_with_unexplained(facts: Iterable[DayFacts]) -> list[str]:
    return [day.day for day in facts if any(cell.overtakes["unexplained"] for cell in day.cells.values())]


def _place(site: str) -> Place:
    place = reporting.place_of(site)
    if isinstance(place, Refusal):
        raise Refused(place)
    return place


def _question(place: Place) -> Asked:
    month_ago = (place.today - timedelta(days=SHOWN_DAYS - 1)).isoformat()
    question = filters.asked(
        from_text=request.args.get("from") or month_ago,
        to_text=request.args.get("to"),
        by=request.args.get("by") or "counter",
        today=place.today,
        bys=fairness.BYS,
    )
    if isinstance(question, Refusal):
        raise Refused(question)
    return question


def _names(place: Place, agents: Iterable[str]) -> Names:
    lang = language.of_request(tuple(place.pack.languages))
    with house().read() as conn:
        return Names(place=place, words=i18n.words(lang), agents=people.names_of(conn, set(agents)))


def _address(endpoint: str, **changes: Any) -> str:
    kept = {name: value for name, value in request.args.items() if name in {"from", "to", "by"}}
    return url_for(f"fairness.{endpoint}", **{**(request.view_args or {}), **kept, **changes})


def _in_language(code: str) -> str:
    return _address("page", lang=code)
