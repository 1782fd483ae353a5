"""The change log: every change of a site's set-up, newest first, with who made it and when.

It is read straight from the journal, where nobody can take a line out; there is nothing to edit here.
"""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from server.domain import calendar
from server.domain.entries import Entry
from server.domain.errors import Refusal
from server.manager import changes, presenters
from server.manager.presenters import Names
from server.store import journal, people
from server.web import i18n, language, reporting
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused

changes_pages = Blueprint("changes", __name__)

#: Changes on one page.
SHOWN = 40
SYSTEM = "system"


@changes_pages.get("/manager/<site>/changes")
@guard("manager", "inspector", "admin")
def show(site: str) -> str:
    """Changes before the entry named in the address, or the latest."""
    place = reporting.place_of(site)
    if isinstance(place, Refusal):
        raise Refused(place)
    before = _before(request.args.get("before"))
    lang = language.of_request(tuple(place.pack.languages))
    with house().read() as conn:
        # One more than is shown: what a change changed is the difference to the one before it.
        entries = journal.newest_of_kind(conn, site, changes.KIND, before=before, limit=SHOWN + 1)
        agents = people.names_of(conn, {_code(entry) for entry in entries})
    names = Names(place=place, words=i18n.words(lang), agents=agents)
    older = entries[SHOWN - 1].seq if len(entries) > SHOWN else None
    return render_template(
        "manager/changes.html",
        site=site,
        site_name=names.words.name(presenters.by_language(place.pack.names)),
        rows=[
            _row(names, entry, entries[n + 1] if n + 1 < len(entries) else None)
            for n, entry in enumerate(entries[:SHOWN])
        ],
        older=older,
        newest=before is not None,
        lang_href=lambda code: url_for("changes.show", site=site, before=before, lang=code),
        **language.for_template(lang, tuple(place.pack.languages)),
    )


def _row(names: Names, entry: Entry, before: Entry | None) -> dict[str, Any]:
    at = calendar.local(entry.at, names.place.setup.timezone)
    return {
        "seq": entry.seq,
        "date": names.words.full_date(at.date()),
        "time": names.words.time(at),
        "at": at.isoformat(timespec="seconds"),
        "who": _who(names, entry),
        "actor": entry.actor,
        "lines": changes.described(names, entry, before),
    }


def _who(names: Names, entry: Entry) -> i18n.Text | str:
    """A name where somebody has one; the machine itself; else the code, of whoever has been erased."""
    if entry.actor.partition(":")[0] == SYSTEM:
        return names.words.t("changes.by_system")
    return names.agents.get(_code(entry), entry.actor)


def _code(entry: Entry) -> str:
    return entry.actor.partition(":")[2]


def _before(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 16:
        raise Refused(Refusal("invalid_input"))
    return int(text)
