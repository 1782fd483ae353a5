"""The site manager's page: the hall now, waits and times of some days, and a shift that somebody left open.

The question stands in the address (`from`, `to`, `by`), so that a report can be kept and sent. Each view reads, asks one
report and answers; a manager sees only the site that he manages.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from server.actions import shifts
from server.domain.errors import Refusal
from server.manager import presenters, tables
from server.reports import csv_export, filters
from server.reports.filters import Asked
from server.reports.waits import Key
from server.store import people
from server.web import commands, i18n, language, reporting
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused
from server.web.reporting import Place

manager_pages = Blueprint(
    "manager",
    __name__,
    template_folder="templates",
    static_folder="static/manager",
    static_url_path="/static/manager",
)


@manager_pages.get("/manager/<site>")
@guard("manager", "admin")
def waits(site: str) -> str:
    """The hall now, and the figures of the days asked for."""
    place = _place(site)
    by = request.args.get("by")
    question = _question(place, by=by)
    shown = (question.by,) if by else tables.BYS_SHOWN
    reports = reporting.waits_tables(place, question, shown)
    counters = reporting.counters_table(place, question)
    names = _names(place, tables.agents_of(reports, counters))
    return render_template(
        "manager/waits.html",
        site=site,
        site_name=names.words.name(presenters.by_language(place.pack.names)),
        now=presenters.hall_now(place, names),
        asked=question,
        by=by or "",
        bys=filters.BYS,
        waits=[tables.waits_tables(report, names) for report in reports],
        shifts={table.by: table for table in tables.shift_tables(counters, shown, names)},
        address=_address,
        lang_href=_in_language,
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


def _names(place: Place, agents: Iterable[Key]) -> presenters.Names:
    """Names in the language of the request, of these agents and of those who are in the hall."""
    lang = language.of_request(tuple(place.pack.languages))
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
