"""Open data: the journal of the days that are over, for anybody to keep and to check, and the program to check it with.

A closed day never changes, so it may be kept by whoever passes it on. Of a discreet site only heads and counts are shown.
There is no person in any of it, since there is none in the journal.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from flask import Response, jsonify, render_template, request

from server.domain.errors import Refusal
from server.packs.pack import Pack
from server.reports import closed_days, journal_file
from server.reports.closed_days import ClosedDay
from server.web import closed, handing, i18n, language
from server.web.access import public
from server.web.context import house
from server.web.errors import Refused

VERIFIER = Path(__file__).parent / "verifier" / "verify_journal.py"
#: A day that is over is the same tomorrow; a list of days grows once a day.
KEEP_DAY, KEEP_LIST = "public, max-age=86400", "public, max-age=300"
BEFORE = "before-"
#: So many days stand on a page; programs get all of them.
SHOWN = 62


@public
def open_sites() -> str:
    lang = language.of_request()
    packs = [pack for code in house().site_codes() if (pack := house().pack(code)) is not None]
    return render_template(
        "public/open_data.html",
        sites=[{"code": pack.site, "name": _name(i18n.words(lang), pack)} for pack in packs],
        **language.for_template(lang),
    )


@public
def how_to_check() -> str:
    """What to download, what to type, what it proves and what it can't prove."""
    lang = language.of_request()
    packs = [pack for code in house().site_codes() if (pack := house().pack(code)) is not None]
    open_packs = [pack for pack in packs if not pack.discreet]
    days = closed.days_of(open_packs[0].site) if open_packs else ()
    return render_template(
        "public/how_to_check.html",
        sites=[{"code": pack.site, "name": _name(i18n.words(lang), pack)} for pack in packs],
        example=days[-1] if days else None,
        **language.for_template(lang),
    )


@public
def verifier() -> Response:
    response = handing.compressed(VERIFIER.read_text(encoding="utf-8"), "text/plain")
    response.headers["Cache-Control"] = KEEP_LIST
    return response


@public
def journal_days(site: str) -> str:
    """The closed days of a site, the newest first, with head and counts of each."""
    pack = _pack(site)
    lang = language.of_request()
    words = i18n.words(lang)
    shown = [_row(words, pack, day) for day in reversed(closed.days_of(site)[-SHOWN:])]
    return render_template(
        "public/open_data_site.html",
        site={"code": site, "name": _name(words, pack), "discreet": pack.discreet},
        days=shown,
        counts=closed_days.COUNTS,
        **language.for_template(lang),
    )


@public
def journal_days_for_programs(site: str) -> Response:
    pack = _pack(site)
    listed = [closed_days.to_json(day, site=site, discreet=pack.discreet) for day in closed.days_of(site)]
    body = {"site": site, "discreet": pack.discreet, "verifier": "/open-data/verify_journal.py", "days": listed}
    return _kept(handing.compressed(json.dumps(body), "application/json"), KEEP_LIST)


@public
def journal_of_day(site: str, name: str) -> Response:
    """The entries of one closed day, or with `before-` what was in force before them. Of a discreet site the head and
    the counts instead.

    Refused as: no_such_site, day_not_closed, entries_not_public.
    """
    pack = _pack(site)
    wanted = name.removeprefix(BEFORE)
    found = closed.day_of(site, wanted)
    if found is None:
        raise Refused(Refusal("day_not_closed"))
    if pack.discreet and name.startswith(BEFORE):
        raise Refused(Refusal("entries_not_public"))
    if pack.discreet:
        return _kept(jsonify(closed_days.to_json(found, site=site, discreet=True)), KEEP_DAY)
    if request.if_none_match.contains_weak(_tag(found, name)):
        return _kept(Response(status=304), KEEP_DAY, tag=_tag(found, name))
    text = "".join(f"{line}\n" for line in _lines(site, found, before=name.startswith(BEFORE)))
    return _kept(handing.compressed(text, "application/jsonl"), KEEP_DAY, tag=_tag(found, name))


def _lines(site: str, found: ClosedDay, *, before: bool) -> list[str]:
    with house().read() as conn:
        if before:
            return [journal_file.line_of(entry) for entry in closed_days.before(conn, site, found)]
        return list(journal_file.lines(conn, site, after=found.first_seq - 1, until=found.seq))


def _row(words: i18n.Words, pack: Pack, day: ClosedDay) -> dict[str, Any]:
    counts = closed_days.counts(day, discreet=pack.discreet)
    on = date.fromisoformat(day.day)
    return {"facts": day, "on": words.date(on), "counts": counts}


def _name(words: i18n.Words, pack: Pack) -> i18n.Text:
    return words.name({lang: pack.names.own(lang) for lang in i18n.LANGUAGES})


def _pack(site: str) -> Pack:
    pack = house().pack(site)
    if pack is None:
        raise Refused(Refusal("no_such_site"))
    return pack


def _tag(found: ClosedDay, name: str) -> str:
    return f"{name}-{found.hash[:24]}"


def _kept(response: Response, keep: str, *, tag: str | None = None) -> Response:
    response.headers["Cache-Control"] = keep
    if tag is not None:
        response.set_etag(tag, weak=True)
    return response
