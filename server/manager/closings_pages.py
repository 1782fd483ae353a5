"""The closing of a day: its counts and the head of the journal, to be printed and kept by somebody who can't change it.

The present head is shown too, so that it can be noted in the evening, before the day is over. Nothing is changed here.
"""

from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from server.domain import calendar, heads
from server.domain.errors import Refusal
from server.manager import presenters
from server.manager.presenters import Names
from server.reports.closed_days import COUNTS, ClosedDay
from server.store import journal, print_jobs
from server.store.schema import to_ms
from server.web import access, at_desk, closed, closing_slips, i18n, language, reporting
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused

closings_pages = Blueprint("closings", __name__)

#: Days on the page; all of them are in the open data.
SHOWN = 62


@closings_pages.get("/manager/<site>/closings")
@guard("manager", "inspector", "admin")
def listed(site: str) -> str:
    """The closed days, newest first, and where the journal stands now."""
    names = _names(site)
    with house().read() as conn:
        head = journal.head(conn, site)
    assert head is not None
    return render_template(
        "manager/closings.html",
        **_frame(names, "closings.listed"),
        days=[_shown(names, day) for day in reversed(closed.days_of(site)[-SHOWN:])],
        head={"seq": head.seq, "hash": head.hash, "code": heads.grouped(head.hash)},
    )


@closings_pages.get("/manager/<site>/closings/<day>")
@guard("manager", "inspector", "admin")
def slip(site: str, day: str) -> str:
    """One day on one sheet of paper. Refused as: day_not_closed."""
    names, found = _names(site), _day(site, day)
    return render_template(
        "manager/closing.html",
        **_frame(names, "closings.slip", day=day),
        day=_shown(names, found),
        kiosks=[kiosk for kiosk in at_desk.kiosks_of(site) if kiosk.printer] if _may_print(site) else [],
        key=access.csrf_token()[:8] + str(to_ms(house().clock.now())),
        printed=request.args.get("printed") == "yes",
    )


@closings_pages.post("/manager/<site>/closings/<day>/prints")
@guard("manager", "admin")
def print_slip(site: str, day: str) -> Response:
    """On the printer of a kiosk. The same form sent twice prints once. Refused as: day_not_closed, no_such_device."""
    _day(site, day)
    names = _names(site)
    kiosk = at_desk.kiosk(site, request.form.get("kiosk", ""), prints=True)
    job = closing_slips.job_name(day, names.words.lang, request.form.get("key", "")[:60])
    paper = print_jobs.Wanted(ticket=job, device=kiosk, asked_at=to_ms(house().clock.now()))
    house().writer.run(partial(print_jobs.queue, site=site, papers=[paper]))
    answer = redirect(url_for("closings.slip", site=site, day=day, printed="yes"), code=303)
    assert isinstance(answer, Response)
    return answer


def _may_print(site: str) -> bool:
    return any(who.kind in {"manager", "admin"} and who.sees(site) for who in access.identities())


def _day(site: str, day: str) -> ClosedDay:
    found = closed.day_of(site, day)
    if found is None:
        raise Refused(Refusal("day_not_closed"))
    return found


def _shown(names: Names, day: ClosedDay) -> dict[str, Any]:
    closed_at = calendar.local(day.closed_at, names.place.setup.timezone)
    return {
        "day": day.day,
        "on": names.words.full_date(date.fromisoformat(day.day)),
        "counts": [(names.words.t(f"open.{name}"), day.counts[name]) for name in COUNTS],
        "first_seq": day.first_seq,
        "seq": day.seq,
        "hash": day.hash,
        "code": heads.grouped(day.hash),
        "closed_at": closed_at,
    }


def _names(site: str) -> Names:
    place = reporting.place_of(site)
    if isinstance(place, Refusal):
        raise Refused(place)
    return Names(place=place, words=i18n.words(language.of_request(tuple(place.pack.languages))), agents={})


def _frame(names: Names, endpoint: str, **more: Any) -> dict[str, Any]:
    site = names.place.hall.site
    return {
        "site": site,
        "site_name": names.words.name(presenters.by_language(names.place.pack.names)),
        "lang_href": lambda code: url_for(endpoint, site=site, lang=code, **more),
        **language.for_template(names.words.lang, tuple(names.place.pack.languages)),
    }
