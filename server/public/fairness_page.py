"""Is the order respected here? The closed days of a month for anybody: what was recounted, and what no rule prevents.

Of the site and by reason, never of an agent; small counts are not told, those of a discreet site are rounded. What nothing
explains is told exactly, however small: it is what the page is for. Closed days don't change, so a site's figures are
reckoned once a day.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, current_app, render_template

from server.domain.errors import Refusal
from server.domain.overtakes import PASSING
from server.packs.pack import Pack
from server.reports import fairness
from server.reports.fairness import Row
from server.web import fair_reporting, fairness_shown, handing, i18n, language, reporting
from server.web.access import public
from server.web.errors import Refused
from server.web.fairness_shown import Tell, TellData
from server.web.i18n import Words
from server.web.reporting import Place

DAYS = 30
#: A list of closed days grows once a day.
KEEP = "public, max-age=300"
#: Of what is not prevented, what is a count.
COUNTED = ("quick_no_shows", "transfers_to_longer", "parked_long", "undone", "undone_calls", "drawn")


@dataclass(frozen=True, slots=True)
class Month:
    #: Of the business day on which it was reckoned.
    today: date
    total: Row
    #: Newest first.
    days: Sequence[Row]


@public
def fairness_of_site(site: str) -> str:
    place = reporting.place_of(site)
    if isinstance(place, Refusal):
        raise Refused(place)
    month, pack = _month(place), place.pack
    words = i18n.words(language.of_request(tuple(pack.languages)))
    tell = fairness_shown.told_to_public(words, discreet=pack.discreet)
    return render_template(
        "public/fairness.html",
        site={"code": site, "name": _name(words, pack)},
        period=_period(month, words),
        unexplained=month.total.unexplained,
        headline=_headline(month.total, words, tell),
        kinds=_kinds(month.total, words, tell),
        reasons=_reasons(month.total, words, tell),
        days=[_day(row, words, tell) for row in month.days],
        holes=fairness_shown.holes(month.total, words, tell),
        **language.for_template(words.lang, tuple(pack.languages)),
    )


@public
def fairness_for_programs(site: str) -> Response:
    """The same as data. Null where there are fewer than five; at a discreet site counts are rounded to five."""
    place = reporting.place_of(site)
    if isinstance(place, Refusal):
        raise Refused(place)
    month, tell = _month(place), fairness_shown.told_to_programs(discreet=place.pack.discreet)
    body = {
        "site": site,
        "discreet": place.pack.discreet,
        "least_told": fairness_shown.LEAST_TOLD,
        "total": _facts(month.total, tell),
        "days": [{"day": row.key, **_facts(row, tell)} for row in month.days],
    }
    response = handing.compressed(json.dumps(body), "application/json")
    response.headers["Cache-Control"] = KEEP
    return response


def _facts(row: Row, tell: TellData) -> dict[str, Any]:
    """Under their names in docs/figures.md."""
    drawn = row.counted("drawn")
    return {
        "calls": tell(row.cell.calls),
        "unexplained": row.unexplained,
        "overtakes": {kind: tell(row.cell.overtakes[kind]) for kind in PASSING if kind != "unexplained"},
        "overtaken_percent": row.overtaken.percent,
        "out_of_order_calls": tell(row.out_of_order_calls),
        "out_of_order_reasons": {reason: tell(count) for reason, count in sorted(row.cell.out_of_order.items())},
        **{figure: tell(row.counted(figure)) for figure in COUNTED},
        "drawn_priority_percent": round(100 * row.counted("drawn_priority") / drawn, 1) if drawn else None,
        "most_draws": row.counted("most_draws"),
    }


def _month(place: Place) -> Month:
    months: dict[str, Month] = current_app.extensions.setdefault("fairness_months", {})
    kept = months.get(place.hall.site)
    if kept is None or kept.today != place.today:
        yesterday = place.today - timedelta(days=1)
        facts = fair_reporting.facts_between(place, from_on=place.today - timedelta(days=DAYS), to_on=yesterday)
        days = fairness.rows_of(facts, "day")
        kept = months[place.hall.site] = Month(today=place.today, total=fairness.total_of(facts), days=days[::-1])
    return kept


def _period(month: Month, words: Words) -> i18n.Text | None:
    if not month.days:
        return None
    newest, oldest = (date.fromisoformat(str(month.days[at].key)) for at in (0, -1))
    return words.t("fair.public_period", opens=words.date(oldest), closes=words.date(newest))


def _headline(total: Row, words: Words, tell: Tell) -> list[tuple[Any, Any]]:
    return [
        (words.t("fair.calls_counted"), tell(total.cell.calls)),
        (words.t("fair.overtaken"), fairness_shown.of_100(total.overtaken.percent, words)),
        (words.t("fair.out_of_order_calls"), tell(total.out_of_order_calls)),
    ]


def _kinds(total: Row, words: Words, tell: Tell) -> list[tuple[Any, Any]]:
    """Those that nothing explains stand above all."""
    kinds = (kind for kind in PASSING if kind != "unexplained")
    return [(words.t(f"fair.kind_{kind}"), tell(total.cell.overtakes[kind])) for kind in kinds]


def _reasons(total: Row, words: Words, tell: Tell) -> list[tuple[Any, Any]]:
    return [(words.t(f"reason.{reason}"), tell(count)) for reason, count in sorted(total.cell.out_of_order.items())]


def _day(row: Row, words: Words, tell: Tell) -> dict[str, Any]:
    return {
        "on": words.date(date.fromisoformat(str(row.key))),
        "calls": tell(row.cell.calls),
        "unexplained": row.unexplained,
        "out_of_order": tell(row.out_of_order_calls),
        "reasons": _reasons(row, words, tell),
    }


def _name(words: Words, pack: Pack) -> i18n.Text:
    return words.name({lang: pack.names.own(lang) for lang in i18n.LANGUAGES})
