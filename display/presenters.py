"""What the display's page is made of: names, headings in the languages of the site, and the words its script will say.

The numbers come by the live channel; here is only what does not change from call to call. At a discreet site a service
is called by its ordinal, because that is all that `Pack.public_name` gives.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from display import chime
from display.wishes import Wishes
from server.domain.sites import Setup
from server.packs.pack import Pack
from server.web import i18n, static_files
from server.web.i18n import Text, Words

#: Messages that the page's script shows.
SCRIPT_WORDS = (
    "display.also_called",
    "display.call_withdrawn",
    "display.clock_differs",
    "display.closed",
    "display.closed_on",
    "display.counter",
    "display.earlier_calls",
    "display.last_call",
    "display.missed",
    "display.missed_hint",
    "display.no_calls_yet",
    "display.no_counter",
    "display.no_estimate",
    "display.sound_blocked",
    "display.sound_on",
    "display.stale",
    "display.suspended_for",
    "display.wait_minutes",
    "display.waiting_now",
    "live.connecting",
    "public.closed_now",
    "suspend.agent_absent",
    "suspend.network_down",
    "suspend.safety",
    "suspend.supplies",
    "suspend.system_down",
    "ticket.waiting_time",
)
#: A hall of more counters than this is a large one: more calls at once, each a little smaller.
SMALL_HALL = 6
STYLES = (("web", "fonts.css"), ("web", "tokens.css"), ("web", "base.css"), ("display", "display.css"))
STYLES_OF_PARTS = (("display", "lists.css"), ("display", "takeover.css"))
SCRIPTS = ("calls.js", "clock.js", "follow.js", "lines.js", "messages.js", "renewal.js", "sound.js", "tongues.js")
CHIME = "chime.wav"
static_files.add_made("display", CHIME, chime.wav)
SHARED_SCRIPTS = ("words.js", "vendor/socket.io-client-4.8.4.esm.min.js")
FONTS = ("fonts/idarati-sans-1.005-regular.woff2", "fonts/idarati-sans-1.005-bold.woff2")


def page(setup: Setup, pack: Pack, *, lang: str, zone: str | None, wishes: Wishes) -> dict[str, Any]:
    pairs = language_pairs(lang, pack.languages)
    langs = sorted({one for pair in pairs for one in pair})
    first = [i18n.words(one) for one in pairs[0]]
    services = [service.code for service in setup.services if zone in {None, service.zone}]
    return {
        "hall_words": first,
        "site_names": [site_name(pack, words) for words in first],
        "zone_names": [] if zone is None else [zone_name(pack, zone, words) for words in first],
        "services": [
            {"code": code, "names": [service_name(pack, code, words) for words in first]} for code in services
        ],
        "layout": wishes.layout or layout_of(setup, zone),
        "styles": [static_files.address(*style) for style in (*STYLES, *STYLES_OF_PARTS)],
        "preloads": [static_files.address("display", name) for name in SCRIPTS]
        + [static_files.address("web", name) for name in SHARED_SCRIPTS],
        "fonts": [static_files.address("web", name) for name in FONTS],
        "script": static_files.address("display", "display.js"),
        "icon": static_files.address("web", "star.svg"),
        "facts": {
            "site": setup.site,
            "zone": zone,
            "version": version(setup, pack),
            "pairs": pairs,
            "words": {one: i18n.catalogue(one, SCRIPT_WORDS) for one in langs},
            "names": {
                "site": _by_language(langs, partial(site_name, pack)),
                **{f"zone:{code}": _by_language(langs, partial(zone_name, pack, code)) for code in setup.zones},
                **{f"service:{code}": _by_language(langs, partial(service_name, pack, code)) for code in services},
            },
            "ways": wishes.ways,
            "chime": {"when": wishes.chime, "address": static_files.address("display", CHIME)},
        },
    }


def version(setup: Setup, pack: Pack) -> str:
    """Changes with whatever a page is made of: our files, names, services, zones. Not with hours or messages."""
    ours = [static_files.version(), _templates_version()]
    made_of = [*ours, pack.digest, setup.zones, [(one.code, one.zone) for one in setup.services]]
    return sha256(json.dumps(made_of).encode()).hexdigest()[:12]


@cache
def _templates_version() -> str:
    templates = sorted((Path(__file__).parent / "templates" / "display").iterdir())
    return sha256(b"\n".join(path.read_bytes() for path in templates)).hexdigest()


def layout_of(setup: Setup, zone: str | None) -> str:
    counters = sum(zone in {None, counter.zone} for counter in setup.counters)
    return "small" if counters <= SMALL_HALL else "large"


def hall_languages(lang: str, offered: Sequence[str]) -> tuple[str, ...]:
    """The page's language and one that most of the hall reads besides. Amazigh brings French and Arabic along itself,
    wherever a text is not translated yet.
    """
    beside = {"ar": "fr", "zgh": None}.get(lang, "ar")
    return (lang,) if beside is None or beside not in offered else (lang, beside)


def language_pairs(lang: str, offered: Sequence[str]) -> list[tuple[str, ...]]:
    """What stands on the screen in turn: the page's pair first, then each language of the site that was not in it."""
    pairs = [hall_languages(lang, offered)]
    if lang == "zgh" and {"ar", "fr"} <= set(offered):
        pairs.append(("ar", "fr"))
    seen = {one for pair in pairs for one in pair}
    beside = next((one for one in (lang, "ar") if one in offered and one != "zgh"), None)
    rest = [one for one in offered if one not in seen]
    return pairs + [(one,) if beside is None else (beside, one) for one in rest]


def service_name(pack: Pack, code: str, words: Words) -> Text:
    service = pack.service(code)
    if service is None:
        return words.name(dict.fromkeys(i18n.LANGUAGES, code))
    public = pack.public_name(service, words.lang)
    if public.ordinal is not None:
        return words.t("display.neutral_service", code=str(public.ordinal))
    return words.name(_names(service.names))


def zone_name(pack: Pack, zone: str, words: Words) -> Text:
    found = next((one for one in pack.zones if one.code == zone), None)
    return words.name(dict.fromkeys(i18n.LANGUAGES, zone) if found is None else _names(found.names))


def site_name(pack: Pack, words: Words) -> Text:
    return words.name(_names(pack.names))


def _names(names: Any) -> dict[str, str | None]:
    return {lang: names.own(lang) for lang in i18n.LANGUAGES}


def _by_language(langs: Iterable[str], named: Callable[[Words], Text]) -> dict[str, str]:
    """A name in each language that has it, and in French and Arabic where a shown language has none."""
    texts = [named(i18n.words(lang)) for lang in langs]
    return {lang: part for text in texts for lang, part in text.parts}
