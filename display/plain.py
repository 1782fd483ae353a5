"""The plain page, for televisions that run no script or an old one: the board as tables, loaded anew every ten seconds.

It shows what the other page shows and knows no more; what moves, sounds and turns is left out.
"""

from datetime import datetime
from typing import Any

from display import presenters
from server.domain.board import board
from server.domain.calendar import local
from server.domain.hall import Hall
from server.packs.pack import Pack
from server.web import i18n, static_files
from server.web.i18n import Text, Words

RELOADED_EVERY_S = 10
#: So many fit a small screen.
CALLS_SHOWN = 7
MISSED_SHOWN = 6
#: Nobody goes to a counter for a call that is over or was taken back.
OVER = ("ended", "undone")


def page(hall: Hall, pack: Pack, *, lang: str, zone: str | None, at: datetime) -> dict[str, Any]:
    hall_words = [i18n.words(one) for one in presenters.hall_languages(lang, pack.languages)]
    shown = board(hall, at, zone=zone)
    closed, over = shown["closed"], all(call["state"] in OVER for call in shown["calls"])
    return {
        "reloaded_every_s": RELOADED_EVERY_S,
        "hall_words": hall_words,
        "site_names": [presenters.site_name(pack, words) for words in hall_words],
        "zone_names": [] if zone is None else [presenters.zone_name(pack, zone, words) for words in hall_words],
        "time": i18n.words(lang).time(local(at, pack.timezone)),
        # A call of a closed day calls nobody any more.
        "current": None if closed is not None and over else next(iter(shown["calls"]), None),
        "nobody": [_nobody(closed, words) for words in hall_words],
        "earlier": shown["calls"][1:CALLS_SHOWN],
        "missed": shown["missed"][:MISSED_SHOWN],
        "lines": [_line(pack, line, hall_words) for line in shown["lines"]],
        "messages": [_message(message["texts"], hall_words) for message in shown["messages"]],
        "icon": static_files.address("web", "star.svg"),
        "styles": [static_files.address("web", "fonts.css"), static_files.address("display", "plain.css")],
    }


def _nobody(closed: dict[str, Any] | None, words: Words) -> Text:
    if closed is None:
        return words.t("display.no_calls_yet")
    if closed["time"] is None:
        return words.t("public.closed_now")
    return words.t("display.closed" if closed["date"] is None else "display.closed_on", **closed)


def _line(pack: Pack, line: dict[str, Any], hall_words: list[Words]) -> dict[str, Any]:
    return {
        "code": line["service"],
        "names": [presenters.service_name(pack, line["service"], words) for words in hall_words],
        "waiting": line["waiting"],
        "wait": [_wait(line, words) for words in hall_words],
    }


def _wait(line: dict[str, Any], words: Words) -> Text:
    if "suspended" in line:
        return words.t("display.suspended_for", reason=words.t(f"suspend.{line['suspended']}"))
    told = line["estimate"]
    if told is None:
        return words.t("display.no_counter" if line["estimate_why"] == "no_counter_open" else "display.no_estimate")
    return words.wait_range(told["low_s"] // 60, -(-told["high_s"] // 60))


def _message(texts: dict[str, str | None], hall_words: list[Words]) -> list[Text]:
    """In each language of the page; once, where both are shown in the same one."""
    said = [words.name(texts) for words in hall_words]
    return said if len({str(text) for text in said}) == len(said) else said[:1]
