"""The site manager's page: the hall now, waits and times of some days, and a shift that somebody left open.

The question stands in the address (`from`, `to`, `by`), so that a report can be kept and sent. Each view reads, asks one
report and answers; a manager sees only the site that he manages.
"""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from server.actions import shifts
from server.domain.errors import Refusal
from server.manager import charts, machines, presenters, tables
from server.manager.charts import Chart
from server.reports import alerts, counters_now, csv_export, filters
from server.reports.filters import Asked, By
from server.reports.waits import Key
from server.store import devices, people
from server.web import commands, fair_reporting, i18n, language, reporting, static_files
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused
from server.web.reporting import Figures, Place

#: The table that a chart draws; the others need none.
TABLE_OF: dict[Chart, By] = {"kept": "service", "days": "day"}

manager_pages = Blueprint(
    "manager",
    __name__,
    template_folder="templates",
)
static_files.add("manager", Path(__file__).parent / "static" / "manager")


@manager_pages.get("/manager/<site>")
@guard("manager", "admin")
def waits(site: str) -> str:
    """The hall now, and the figures of the days asked for."""
    place = _place(site)
    by = request.args.get("by")
    question = _question(place, by=by)
    shown = (question.by,) if by else tables.BYS_SHOWN
    drawn = charts.shown_for(by, question)
    found = reporting.figures(place, question, {*shown, *(TABLE_OF[chart] for chart in drawn if chart in TABLE_OF)})
    reports = [found.waits[one] for one in shown]
    names = _names(place, tables.agents_of(reports, found.counters))
    return render_template(
        "manager/waits.html",
        site=site,
        site_name=names.words.name(presenters.by_language(place.pack.names)),
        now=_now(place, names),
        asked=question,
        by=by or "",
        bys=filters.BYS,
        waits=[tables.waits_tables(report, names) for report in reports],
        shifts={table.by: table for table in tables.shift_tables(found.counters, shown, names)},
        charts=_charts(found, drawn, names),
        address=_address,
        lang_href=_in_language,
        **language.for_template(names.words.lang, tuple(place.pack.languages)),
    )


@manager_pages.get("/manager/<site>/now")
@guard("manager", "admin")
def now(site: str) -> str:
    """The part of the page that goes stale, for the script that keeps it fresh: in its language, not to be remembered."""
    place = _place(site)
    names = _names(place, (), lang=request.args.get("in"))
    return render_template(
        "manager/now.html",
        site=site,
        now=_now(place, names),
        **language.for_template(names.words.lang, tuple(place.pack.languages)),
    )


@manager_pages.get("/manager/<site>/waits.csv")
@guard("manager", "admin")
def waits_csv(site: str) -> Response:
    place = _place(site)
    question = _question(place, by=request.args.get("by"))
    (report,) = reporting.waits_tables(place, question, (question.by,))
    names = _names(place, {row.key for row in report.rows})
    return _file(csv_export.waits_csv(report, names.plain), f"{site}-waits", question)


@manager_pages.get("/manager/<site>/counters.csv")
@guard("manager", "admin")
def counters_csv(site: str) -> Response:
    place = _place(site)
    question = _question(place, by=request.args.get("by") or "counter", bys=("counter", "agent"))
    report = reporting.counters_table(place, question)
    rows = report.by_counter if question.by == "counter" else report.by_agent
    names = _names(place, tables.agents_of((), report))
    return _file(csv_export.counters_csv(rows, question.by, names.plain), f"{site}-counters", question)


@manager_pages.post("/manager/<site>/closings")
@guard("manager", "admin")
def close_shift(site: str) -> Response:
    """Close a counter that somebody left open."""
    counter = request.form.get("counter", "")[:80]
    done = house().submit(site, commands.identity().actor, partial(shifts.close_for_agent, counter=counter))
    if isinstance(done, Refusal):
        raise Refused(done)
    return _see_other(url_for("manager.waits", site=site))


def _now(place: Place, names: presenters.Names) -> dict[str, Any]:
    site = place.hall.site
    with house().read() as conn:
        rows = devices.devices_of(conn, site)
        wrong = alerts.alerts(conn, site, place.at, setup=place.setup)
        wrong += counters_now.alerts(conn, place.hall, place.at)
    wrong += fair_reporting.alerts_today(place)
    return {
        **presenters.hall_now(place, names),
        "alerts": machines.alerts_now(wrong, rows, place, names),
        "machines": machines.machines_now(rows, place),
    }


def _charts(found: Figures, drawn: tuple[Chart, ...], names: presenters.Names) -> dict[Chart, Any]:
    draw: dict[Chart, Callable[[], Any]] = {
        "spread": lambda: charts.spread_bars(found.distribution, names),
        "kept": lambda: charts.kept_bars(found.waits["service"], names),
        "moments": lambda: charts.moments(found.distribution, names),
        "days": lambda: charts.days(found.waits["day"], names),
    }
    return {chart: draw[chart]() for chart in drawn}


def _place(site: str) -> Place:
    place = reporting.place_of(site)
    if isinstance(place, Refusal):
        raise Refused(place)
    return place


def _question(place: Place, *, by: str | None, bys: tuple[str, ...] = filters.BYS) -> Asked:
    question = filters.asked(
        from_text=request.args.get("from"), to_text=request.args.get("to"), by=by, today=place.today, bys=bys
    )
    if isinstance(question, Refusal):
        raise Refused(question)
    return question


def _names(place: Place, agents: Iterable[Key], *, lang: str | None = None) -> presenters.Names:
    """Names in the language of the request, of these agents and of those who are in the hall."""
    offered = tuple(place.pack.languages)
    lang = lang if lang in offered else language.of_request(offered)
    codes = {str(code) for code in agents} | {shift.agent for shift in place.hall.shifts.values()}
    with house().read() as conn:
        return presenters.Names(place=place, words=i18n.words(lang), agents=people.names_of(conn, codes))


def _address(endpoint: str, **changes: Any) -> str:
    """The same question at another page, or asked otherwise."""
    kept = {name: value for name, value in request.args.items() if name in {"from", "to", "by"}}
    return url_for(f"manager.{endpoint}", **{**(request.view_args or {}), **kept, **changes})


def _in_language(code: str) -> str:
    return _address("waits", lang=code)


def _file(text: str, name: str, question: Asked) -> Response:
    file = f"{name}-by-{question.by}-{question.from_on.isoformat()}-{question.to_on.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(text, mimetype="text/csv", headers=headers)


def _see_other(address: str) -> Response:
    response = redirect(address, code=303)
    assert isinstance(response, Response)
    return response
