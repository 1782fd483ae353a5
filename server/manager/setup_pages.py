"""The manager's set-up of a site: services, messages, days and counters. Each form is one change and one entry.

A form that is refused shows the page again, in the section it came from, with what was typed and why it cannot be. One
that holds leads back to its section by a new request, so that nothing is sent twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from server.actions import notices
from server.actions import setup as setups
from server.domain import calendar
from server.domain.errors import Refusal
from server.manager import holidays, presenters, setup_forms, setup_presenters
from server.manager.presenters import Names
from server.store import people
from server.store.transact import Action, Done
from server.web import commands, errors, i18n, language, reporting
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused
from server.web.reporting import Place

setup_pages = Blueprint("setup", __name__)

MAY_CHANGE = ("manager", "admin")
#: More than any field of these forms needs; a message is measured by its own rule.
LONGEST_FIELD = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a form was refused, and in which section of the page it stands."""

    section: str
    refusal: Refusal


@setup_pages.get("/manager/<site>/setup")
@guard(*MAY_CHANGE)
def show(site: str) -> Response:
    """Everything that a manager can change, as it is now."""
    return _page(site)


@setup_pages.get("/manager/<site>/setup/<part>")
@setup_pages.get("/manager/<site>/setup/<part>/<_more>")
@guard(*MAY_CHANGE)
def lead_back(site: str, part: str, _more: str = "") -> Response:
    """Whoever opens again the address that only took a form, after it was refused, comes to the page."""
    del part, _more
    return _see_other(url_for("setup.show", site=site))


@setup_pages.post("/manager/<site>/setup/suspensions")
@guard(*MAY_CHANGE)
def suspend(site: str) -> Response:
    def action(_place: Place) -> Action:
        return partial(notices.suspend, service=_typed("service"), reason=_typed("reason"), instead=_typed("instead"))

    return _change(site, "services", action)


@setup_pages.post("/manager/<site>/setup/suspensions/lifted")
@guard(*MAY_CHANGE)
def lift(site: str) -> Response:
    return _change(site, "services", lambda _place: partial(notices.lift, service=_typed("service")))


@setup_pages.post("/manager/<site>/setup/quotas")
@guard(*MAY_CHANGE)
def change_quota(site: str) -> Response:
    def action(_place: Place) -> Action:
        quota = setup_forms.quota(_typed("quota").strip())
        return partial(setups.change_quota, service=_typed("service"), quota=quota)

    return _change(site, "services", action)


@setup_pages.post("/manager/<site>/setup/messages")
@guard(*MAY_CHANGE)
def post_message(site: str) -> Response:
    def action(place: Place) -> Action:
        return partial(
            notices.post_message,
            texts=setup_forms.texts(request.form, place.setup.languages),
            from_at=setup_forms.moment(_typed("from"), place.setup.timezone),
            until_at=setup_forms.moment(_typed("until"), place.setup.timezone),
        )

    return _change(site, "messages", action)


@setup_pages.post("/manager/<site>/setup/messages/taken-down")
@guard(*MAY_CHANGE)
def take_message_down(site: str) -> Response:
    return _change(site, "messages", lambda _place: partial(notices.take_message_down, message=_typed("message")))


@setup_pages.post("/manager/<site>/setup/days")
@guard(*MAY_CHANGE)
def open_specially(site: str) -> Response:
    def action(_place: Place) -> Action:
        return partial(setups.open_specially, opening=setup_forms.special_opening(request.form))

    return _change(site, "days", action)


@setup_pages.post("/manager/<site>/setup/days/taken-back")
@guard(*MAY_CHANGE)
def take_day_back(site: str) -> Response:
    def action(_place: Place) -> Action:
        return partial(setups.take_special_opening_back, on=setup_forms.day(_typed("on")))

    return _change(site, "days", action)


@setup_pages.post("/manager/<site>/setup/holidays")
@guard(*MAY_CHANGE)
def confirm_holiday(site: str) -> Response:
    """Only a date that the page proposes: the name in the entry is never what somebody typed."""

    def action(place: Place) -> Action:
        on, name = setup_forms.day(_typed("on")), _typed("name")
        known = holidays.asked(place.setup.hours.holidays, place.setup.timezone, _today(place))
        if not any((one.on, one.name) == (on, name) for one in known):
            raise Refused(Refusal("no_such_date"))
        return partial(setups.confirm_holiday, on=on, name=name)

    return _change(site, "holidays", action)


@setup_pages.post("/manager/<site>/setup/holidays/taken-back")
@guard(*MAY_CHANGE)
def take_holiday_back(site: str) -> Response:
    def action(_place: Place) -> Action:
        return partial(setups.take_holiday_back, on=setup_forms.day(_typed("on")), name=_typed("name"))

    return _change(site, "holidays", action)


@setup_pages.post("/manager/<site>/setup/week")
@guard(*MAY_CHANGE)
def change_week(site: str) -> Response:
    return _change(site, "week", lambda _place: partial(setups.change_week, weekly=setup_forms.week(request.form)))


@setup_pages.post("/manager/<site>/setup/limits")
@guard(*MAY_CHANGE)
def change_limits(site: str) -> Response:
    def action(_place: Place) -> Action:
        return partial(setups.change_draw_limits, limits=setup_forms.draw_limits(request.form))

    return _change(site, "limits", action)


@setup_pages.get("/manager/<site>/setup/counters/new")
@guard(*MAY_CHANGE)
def new_counter(site: str) -> Response:
    return _counter_page(site, None)


@setup_pages.post("/manager/<site>/setup/counters/new")
@guard(*MAY_CHANGE)
def add_counter(site: str) -> Response:
    def action(place: Place) -> Action:
        serves, helps = setup_forms.lines(request.form, place.setup.service_by_code)
        return partial(
            setups.add_counter, label=_typed("label").strip(), zone=_typed("zone"), serves=serves, helps=helps
        )

    return _change(site, "counters", action, partial(_counter_page, site, None))


@setup_pages.get("/manager/<site>/setup/counters/<code>")
@guard(*MAY_CHANGE)
def one_counter(site: str, code: str) -> Response:
    return _counter_page(site, code)


@setup_pages.post("/manager/<site>/setup/counters/<code>")
@guard(*MAY_CHANGE)
def change_counter(site: str, code: str) -> Response:
    def action(place: Place) -> Action:
        serves, helps = setup_forms.lines(request.form, place.setup.service_by_code)
        return partial(setups.change_counter, counter=code, serves=serves, helps=helps)

    return _change(site, "counters", action, partial(_counter_page, site, code))


@setup_pages.post("/manager/<site>/setup/counters/<code>/removal")
@guard(*MAY_CHANGE)
def remove_counter(site: str, code: str) -> Response:
    action = partial(setups.remove_counter, counter=code)
    return _change(site, "counters", lambda _place: action, partial(_counter_page, site, code))


def _typed(name: str) -> str:
    return request.form.get(name, "")[:LONGEST_FIELD]


def _change(
    site: str, section: str, make: Callable[[Place], Action], again: Callable[[Problem], Response] | None = None
) -> Response:
    """Do what the form says and lead back to its section; refused, show the page (or `again`) with the reason."""
    try:
        action = make(_place(site))
    except Refused as refused:
        done: Done | Refusal = refused.refusal
    else:
        done = house().submit(site, commands.identity().actor, action)
    if isinstance(done, Refusal):
        problem = Problem(section, done)
        return _page(site, problem) if again is None else again(problem)
    saved = "none" if done.did.seq is None else done.did.seq
    return _see_other(url_for("setup.show", site=site, saved=saved, at=section, _anchor=section))


def _page(site: str, problem: Problem | None = None) -> Response:
    place = _place(site)
    names = _names(place)
    return _shown("manager/setup.html", names, problem, **setup_presenters.page(names, _today(place)))


def _counter_page(site: str, code: str | None, problem: Problem | None = None) -> Response:
    place = _place(site)
    counter = None if code is None else place.setup.counter_by_id.get(code)
    if code is not None and counter is None:
        raise Refused(Refusal("no_such_counter"))
    names = _names(place)
    return _shown("manager/setup_counter.html", names, problem, **setup_presenters.counter_page(names, counter))


def _shown(template: str, names: Names, problem: Problem | None, **facts: Any) -> Response:
    lang, site = names.words.lang, names.place.hall.site
    page = render_template(
        template,
        site=site,
        site_name=names.words.name(presenters.by_language(names.place.pack.names)),
        problem=None
        if problem is None
        else {"section": problem.section, "message": errors.message(problem.refusal, lang)},
        typed=request.form,
        saved=request.args.get("saved") if request.args.get("saved", "").isdigit() else None,
        unchanged=request.args.get("saved") == "none",
        saved_in=request.args.get("at"),
        lang_href=_in_language,
        **facts,
        **language.for_template(lang, tuple(names.place.pack.languages)),
    )
    return make_response(page, 200 if problem is None else errors.status_of(problem.refusal.code))


def _today(place: Place) -> date:
    return calendar.local(place.at, place.setup.timezone).date()


def _place(site: str) -> Place:
    place = reporting.place_of(site)
    if isinstance(place, Refusal):
        raise Refused(place)
    return place


def _names(place: Place) -> Names:
    """Names of everybody who works now and of whoever confirmed a holiday."""
    lang = language.of_request(tuple(place.pack.languages))
    codes = {shift.agent for shift in place.hall.shifts.values()}
    codes |= {holiday.confirmed_by.rpartition(":")[2] for holiday in place.setup.hours.holidays if holiday.confirmed_by}
    with house().read() as conn:
        return Names(place=place, words=i18n.words(lang), agents=people.names_of(conn, codes))


def _in_language(code: str) -> str:
    """The page of a form that was refused stands under an address that only takes forms."""
    args = request.view_args or {}
    if "code" in args:
        return url_for("setup.one_counter", lang=code, **args)
    return url_for("setup.show", lang=code, site=args.get("site"))


def _see_other(address: str) -> Response:
    response = redirect(address, code=303)
    assert isinstance(response, Response)
    return response
