"""The kiosk's document of one language: every step from the choice of a language to the ticket, made from a catalogue.

It needs Jinja and the words and nothing else, so that a server and the small program on a kiosk machine can hand out the
same document. Addresses in it are relative to `/kiosk/<site>`. What changes from minute to minute (what is open, how
many wait) is not in it: the page fetches that, and a document can be kept for as long as its catalogue holds.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from server.web import i18n

#: Where the shared and the kiosk's own static files lie, seen from the document.
WEB = "../static/web"
OWN = "../static/kiosk"
PICTURES = f"{OWN}/pictures/lucide-1.62.0.svg"

#: Messages that the page's script shows.
SCRIPT_WORDS = (
    "common.loading",
    "display.waiting",
    "error.server_unreachable",
    "estimate.learning",
    "estimate.no_counter_open",
    "estimate.suspended",
    "kiosk.idle_warning",
    "kiosk.number_kept_without_paper",
    "kiosk.printing",
    "kiosk.take_ticket",
    "kiosk.unreachable",
    "ticket.estimate_holds",
    "ticket.nobody_ahead",
    "ticket.people_ahead",
    "ticket.wait_range",
    "ticket.wait_under",
)


def document(catalogue: Mapping[str, Any], lang: str, *, csrf_token: str = "") -> str:
    """`catalogue` is what `kiosk.presenters.catalogue` makes of a site's pack; it is plain JSON."""
    words = i18n.words(lang)
    groups = [{**group, "services": _services_of(catalogue, group["code"])} for group in catalogue["groups"]]
    return (
        _environment()
        .get_template("kiosk/kiosk.html")
        .render(
            words=words,
            t=words.t,
            lang=lang,
            dir=words.dir,
            site=catalogue["site"],
            site_name=words.name(catalogue["names"]),
            languages=catalogue["languages"],
            all_words=[i18n.words(one) for one in catalogue["languages"]],
            not_queued=catalogue["not_queued"],
            groups=[group for group in groups if group["services"]],
            services=catalogue["services"],
            direct=[service for service in catalogue["services"] if service["direct_desk"]],
            priority=catalogue["priority"],
            script_words=i18n.catalogue(lang, SCRIPT_WORDS),
            csrf_token=csrf_token,
            web=WEB,
            own=OWN,
            pictures=PICTURES,
        )
    )


def _services_of(catalogue: Mapping[str, Any], group: str) -> list[Mapping[str, Any]]:
    return [service for service in catalogue["services"] if service["group"] == group]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("kiosk"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
