"""The kiosk's document of one language: every step from the choice of a language to the ticket, made from a catalogue.

It needs Jinja and the words and nothing else, so that a server and the small program on a kiosk machine can hand out the
same document. Addresses in it are relative to `/kiosk/<site>`. What changes from minute to minute (what is open, how
many wait) is not in it: the page fetches that, and a document can be kept for as long as its catalogue holds.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from server.web import i18n, static_files

PICTURES = "pictures/lucide-1.62.0.svg"
static_files.add("kiosk", Path(__file__).parent / "static" / "kiosk")

#: Stands in a document until it is handed out, so that one document serves every session.
CSRF_MARK = "csrf-token-goes-here"

_VERSION_MARK = "version-goes-here"

#: Messages that the page's script shows.
SCRIPT_WORDS = (
    "common.loading",
    "display.waiting",
    "error.appointment_too_late",
    "error.server_unreachable",
    "estimate.appointment",
    "estimate.learning",
    "estimate.no_counter_open",
    "estimate.suspended",
    "kiosk.appointment_early",
    "kiosk.checked_in",
    "kiosk.checklist_no_paper",
    "kiosk.checklist_printing",
    "kiosk.checklist_take",
    "kiosk.idle_warning",
    "kiosk.may_not_be_served",
    "kiosk.no_sound",
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


def documents(catalogue: Mapping[str, Any]) -> tuple[str, Mapping[str, str]]:
    """The document of each language of a site, and their common version."""
    made = {lang: document(catalogue, lang) for lang in catalogue["languages"]}
    version = sha256("\n".join(made.values()).encode()).hexdigest()[:12]
    return version, {lang: text.replace(_VERSION_MARK, version) for lang, text in made.items()}


def document(catalogue: Mapping[str, Any], lang: str) -> str:
    """`catalogue` is what `kiosk.presenters.catalogue` makes of a site's pack; it is plain JSON."""
    words = i18n.words(lang)
    groups = [{**group, "services": _services_of(catalogue, group["code"])} for group in catalogue["groups"]]
    groups = [group for group in groups if group["services"]]
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
            groups=groups,
            first=_first_step(groups),
            services=catalogue["services"],
            direct=[service for service in catalogue["services"] if service["direct_desk"]],
            priority=catalogue["priority"],
            script_words=i18n.catalogue(lang, SCRIPT_WORDS),
            csrf_token=CSRF_MARK,
            version=_VERSION_MARK,
            file=_file,
            pictures=_file("kiosk", PICTURES),
        )
    )


def _file(part: str, name: str) -> str:
    return f"..{static_files.address(part, name)}"


def _first_step(groups: list[dict[str, Any]]) -> tuple[str, str]:
    """Where a language leads: nobody is asked to choose between one group, or one service."""
    if len(groups) != 1:
        return "groups", ""
    (only,) = groups
    services = only["services"]
    return ("card", services[0]["code"]) if len(services) == 1 else ("services", only["code"])


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
