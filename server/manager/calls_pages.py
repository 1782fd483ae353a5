"""Calls, one by one: the list of a day, and why each person was called then.

What is shown is told from the journal alone, by the rule in force at that moment; there is nothing to edit here.
"""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from server.domain import calendar
from server.domain.entries import Entry
from server.domain.errors import Refusal
from server.domain.explaining import CALLS, Explanation
from server.manager import presenters
from server.manager.presenters import Names
from server.reports import explanations
from server.store import journal
from server.web import explained, i18n, language, reporting
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused

calls_pages = Blueprint("calls", __name__)

#: Calls on one page.
SHOWN = 60


@calls_pages.get("/manager/<site>/calls")
@guard("manager", "inspector", "admin")
def listed(site: str) -> str:
    """The calls of one business day, newest first; of one number if it is asked for."""
    names = _names(site)
    day = request.args.get("day") or names.place.today.isoformat()
    number = request.args.get("number", "").strip().upper()[:12]
    with house().read() as conn:
        after, until = journal.seqs_of_days(conn, site, day, day)
        entries = [
            entry
            for kind in CALLS
            for entry in journal.of_kind(conn, site, kind, after=after, until=until or 2**53)
            if number in ("", entry.body["number"])
        ]
    before = request.args.get("before", "")
    if before.isascii() and before.isdigit():
        entries = [entry for entry in entries if entry.seq < int(before[:16])]
    entries.sort(key=lambda entry: -entry.seq)
    return render_template(
        "manager/calls.html",
        **_frame(names, "calls.listed"),
        day=day,
        number=number,
        rows=[_row(names, entry) for entry in entries[:SHOWN]],
        older=entries[SHOWN - 1].seq if len(entries) > SHOWN else None,
        before=before,
    )


@calls_pages.get("/manager/<site>/calls/<int:seq>")
@guard("manager", "inspector", "admin")
def explanation(site: str, seq: int) -> str:
    """Why this person, then."""
    names = _names(site)
    with house().read() as conn:
        found = explanations.explanation(conn, site, seq)
    if found is None:
        raise Refused(Refusal("no_such_call"))
    return render_template(
        "manager/call.html", **_frame(names, "calls.explanation", seq=seq), call=_explained(names, found)
    )


def _explained(names: Names, found: Explanation) -> dict[str, Any]:
    timezone = names.place.setup.timezone
    passed = set(found.entry.body.get("overtaken", ()))
    return {
        "seq": found.entry.seq,
        "number": found.called.number,
        "at": calendar.local(found.entry.at, timezone).isoformat(timespec="seconds"),
        "date": names.words.full_date(calendar.local(found.entry.at, timezone).date()),
        "out_of_order": found.entry.kind == "ticket.called_out_of_order",
        "sentences": explained.sentences(found, names.words, timezone, names.counter(found.counter)),
        "rows": [
            {
                **explained.candidate_row(one, found, names.words, timezone, names.service(one.turn.service)),
                "passed": one.turn.ticket in passed,
            }
            for one in found.candidates
        ],
    }


def _row(names: Names, entry: Entry) -> dict[str, Any]:
    body, at = entry.body, calendar.local(entry.at, names.place.setup.timezone)
    return {
        "seq": entry.seq,
        "at": at.isoformat(timespec="seconds"),
        "time": names.words.time(at),
        "number": body["number"],
        "service": names.service(body["service"]),
        "counter": names.counter(body["counter"]),
        "why": None if "why" not in body else names.words.t(f"reason.{body['why']}"),
        "passed": len(body.get("overtaken", ())),
    }


def _names(site: str) -> Names:
    place = reporting.place_of(site)
    if isinstance(place, Refusal):
        raise Refused(place)
    return Names(place=place, words=i18n.words(language.of_request(tuple(place.pack.languages))), agents={})


def _frame(names: Names, endpoint: str, **more: Any) -> dict[str, Any]:
    site = names.place.hall.site
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name in {"day", "number"}}
    return {
        "site": site,
        "site_name": names.words.name(presenters.by_language(names.place.pack.names)),
        "lang_href": lambda code: url_for(endpoint, site=site, lang=code, **more, **kept),
        **language.for_template(names.words.lang, tuple(names.place.pack.languages)),
    }
