"""Reports as data: the same figures as the manager's pages, named as in docs/figures.md, in seconds."""

from flask import Response, jsonify
from pydantic import BaseModel, Field

from server.api.blueprint import api
from server.api.bodies import SitePath
from server.api.sites import hall_and_pack
from server.domain import calendar
from server.domain.errors import Refusal
from server.domain.sites import Setup
from server.reports import alerts, counters, counters_now, filters, waits
from server.web import commands, fair_reporting, reporting
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused

READERS = ("manager", "programme", "inspector", "admin")
MANAGERS = ("manager", "programme", "admin")


class PeriodQuery(BaseModel):
    """Business days, both included; today where nothing is said."""

    from_on: str | None = Field(default=None, alias="from", max_length=10)
    to_on: str | None = Field(default=None, alias="to", max_length=10)


class WaitsQuery(PeriodQuery):
    by: str | None = Field(default=None, max_length=10)


@api.get("/sites/<string:site>/reports/waits")
@guard(*READERS)
def waits_of(path: SitePath, query: WaitsQuery) -> Response:
    """Waiting, walking, service and transaction times, told apart by service, counter, agent, hour or day."""
    setup, asked = _asked(path.site, query, by=query.by)
    with house().read() as conn:
        report = waits.waits(
            conn,
            site=path.site,
            from_on=asked.from_on,
            to_on=asked.to_on,
            by=asked.by,
            timezone=setup.timezone,
            targets=waits.targets_of(setup),
        )
    return jsonify(report.to_json())


@api.get("/sites/<string:site>/reports/counters")
@guard(*READERS)
def counters_of(path: SitePath, query: PeriodQuery) -> Response:
    """Where the time of counters and agents went."""
    setup, asked = _asked(path.site, query, by=None)
    with house().read() as conn:
        report = counters.counters(
            conn,
            site=path.site,
            from_on=asked.from_on,
            to_on=asked.to_on,
            at=house().clock.now(),
            targets=waits.targets_of(setup),
        )
    return jsonify(report.to_json())


class FairnessQuery(PeriodQuery):
    by: str | None = Field(default=None, max_length=10)


@api.get("/sites/<string:site>/reports/fairness")
@guard(*READERS)
def fairness_of(path: SitePath, query: FairnessQuery) -> Response:
    """Who was passed, by which kind of call, and what no rule prevents; told apart by service, counter, hour or day."""
    report = fair_reporting.fairness_report(path.site, query.from_on, query.to_on, query.by)
    if isinstance(report, Refusal):
        raise Refused(report)
    return jsonify(report.to_json())


class DayQuery(BaseModel):
    day: str | None = Field(default=None, max_length=10)


@api.get("/sites/<string:site>/reports/overtakes")
@guard(*READERS)
def overtakes_of(path: SitePath, query: DayQuery) -> Response:
    """Every call of one business day, and everybody whom it passed, with the kind of each overtake."""
    report = fair_reporting.overtakes_report(path.site, query.day)
    if isinstance(report, Refusal):
        raise Refused(report)
    return jsonify(report.to_json())


@api.get("/sites/<string:site>/alerts")
@guard("agent", "orienter", "manager", "programme", "admin")
def alerts_of(path: SitePath) -> Response:
    """What is wrong now. What the fairness figures say of a counter is told to those who manage alone."""
    hall, _pack = hall_and_pack(path.site)
    with house().read() as conn:
        now = house().clock.now()
        found = alerts.alerts(conn, path.site, now, setup=hall.setup) + counters_now.alerts(conn, hall, now)
    place = reporting.place_of(path.site)
    if commands.identity().kind in MANAGERS and not isinstance(place, Refusal):
        found += fair_reporting.alerts_today(place)
    return jsonify({"alerts": found})


def _asked(site: str, query: PeriodQuery, *, by: str | None) -> tuple[Setup, filters.Asked]:
    hall, _pack = hall_and_pack(site)
    assert hall.setup is not None
    today = calendar.local(house().clock.now(), hall.setup.timezone).date()
    asked = filters.asked(from_text=query.from_on, to_text=query.to_on, by=by, today=today)
    if isinstance(asked, Refusal):
        raise Refused(asked)
    return hall.setup, asked
