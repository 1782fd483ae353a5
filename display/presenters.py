"""What the display's page is made of: names, headings in two languages, and the words its script will say.

The numbers come by the live channel; here is only what does not change from call to call. At a discreet site a service
is called by its ordinal, because that is all that `Pack.public_name` gives.
"""

from typing import Any

from server.domain.sites import Setup
from server.packs.pack import Pack
from server.web import i18n
from server.web.i18n import Text, Words

#: Messages that the page's script shows.
SCRIPT_WORDS = (
    "display.counter",
    "display.counters_open",
    "display.no_calls_yet",
    "display.stale",
    "display.waiting",
    "estimate.learning",
    "estimate.no_counter_open",
    "estimate.suspended",
    "live.connecting",
    "ticket.wait_range",
    "ticket.wait_under",
)


def page(setup: Setup, pack: Pack, *, lang: str, zone: str | None) -> dict[str, Any]:
    hall_words = [i18n.words(one) for one in hall_languages(lang, pack.languages)]
    return {
        "hall_words": hall_words,
        "site_names": [words.name(_names(pack.names)) for words in hall_words],
        "zone_names": _zone_names(pack, zone, hall_words),
        "lines": [
            {"code": service.code, "names": [_service_name(pack, service.code, words) for words in hall_words]}
            for service in setup.services
            if zone in {None, service.zone}
        ],
        "facts": {
            "site": setup.site,
            "zone": zone,
            "words": [i18n.catalogue(words.lang, SCRIPT_WORDS) for words in hall_words],
        },
    }


def hall_languages(lang: str, offered: tuple[str, ...]) -> tuple[str, ...]:
    """The page's language and one that most of the hall reads besides. Amazigh brings French and Arabic along itself,
    wherever a text is not translated yet.
    """
    beside = {"ar": "fr", "zgh": None}.get(lang, "ar")
    return (lang,) if beside is None or beside not in offered else (lang, beside)


def _service_name(pack: Pack, code: str, words: Words) -> Text:
    service = pack.service(code)
    if service is None:
        return words.name(dict.fromkeys(i18n.LANGUAGES, code))
    public = pack.public_name(service, words.lang)
    if public.ordinal is not None:
        return words.t("display.neutral_service", code=str(public.ordinal))
    return words.name(_names(service.names))


def _zone_names(pack: Pack, zone: str | None, hall_words: list[Words]) -> list[Text]:
    found = next((one for one in pack.zones if one.code == zone), None)
    return [] if found is None else [words.name(_names(found.names)) for words in hall_words]


def _names(names: Any) -> dict[str, str | None]:
    return {lang: names.own(lang) for lang in i18n.LANGUAGES}
