"""What the public's pages show: a site with its screens, and one ticket as whoever holds it may see it.

A ticket's page is found by anybody who sees the code on the paper, so it carries no more than the paper and the waiting
room do: at a discreet site the neutral name of the service, never the real one.
"""

from datetime import datetime
from typing import Any

from server.domain import hall as halls
from server.domain.board import counter_label
from server.domain.hall import Hall
from server.packs.pack import Pack
from server.packs.parts import LANGUAGES, Words
from server.store.tickets import TicketRow, TurnRow
from server.web import i18n
from server.web import presenters as shared
from server.web.demo_facts import DemoSite

Names = dict[str, str | None]


def site(pack: Pack, demo: DemoSite | None) -> dict[str, Any]:
    """A site of the welcome page. `demo` adds the logins and says which machines a browser may stand in for."""
    zones = [{"code": zone.code, "names": _names(zone.names)} for zone in pack.zones]
    return {
        "code": pack.site,
        "names": _names(pack.names),
        "city": _names(pack.city),
        "sector": _names(pack.sector),
        "zones": zones,
        "doors": sorted({device.kind for device in demo.devices}) if demo else [],
        "manager": demo.manager if demo else None,
        "orienter": demo.orienter if demo else None,
        "agent": demo.agent if demo else None,
        "counter": counter_name(pack, demo.free_counter) if demo else None,
    }


def counter_name(pack: Pack, counter: str) -> str:
    return next((known.label for known in pack.counters if known.id == counter), counter)


def ticket(
    words: i18n.Words, pack: Pack, hall: Hall, row: TicketRow, turns: list[TurnRow], *, at: datetime
) -> dict[str, Any]:
    """A ticket as its holder follows it."""
    last = turns[-1]
    wait = shared.present_wait(hall, row.id, at)
    waiting = wait["ahead"] is not None
    return {
        "site_name": words.name(_names(pack.names)),
        "number": row.number,
        "state": "finished" if last.ending == "served" else (last.ending or last.state),
        "service": service_name(words, pack, last.service),
        "zone": zone_name(words, pack, last.service),
        "ahead": words.people_ahead(wait["ahead"]) if waiting else None,
        "wait": shared.wait_text(words, wait["estimate"], wait.get("estimate_why")) if waiting else None,
        "holds": words.t("ticket.estimate_holds", percent=wait["estimate"]["level"]) if wait["estimate"] else None,
        "counter": counter_label(hall, last.counter) if last.counter and last.ending is None else None,
        "suspended": _suspended(words, hall, last) if last.ending is None else None,
        "open": last.ending is None,
    }


def service_name(words: i18n.Words, pack: Pack, code: str) -> i18n.Text:
    """What the hall calls the service: its ordinal at a discreet site, else its name."""
    service = pack.service(code)
    if service is None:
        return words.name({"fr": code})
    if service.ordinal is not None:
        return words.t("display.neutral_service", code=service.ordinal)
    return words.name(_names(service.names))


def zone_name(words: i18n.Words, pack: Pack, code: str) -> i18n.Text | None:
    service = pack.service(code)
    found = [zone for zone in pack.zones if service is not None and zone.code == service.zone]
    return words.name(_names(found[0].names)) if found else None


def _suspended(words: i18n.Words, hall: Hall, turn: TurnRow) -> i18n.Text | None:
    reason = halls.why_suspended(hall, turn.service)
    return None if reason is None else words.error("suspended", reason=words.t(f"suspend.{reason}"))


def _names(words: Words) -> Names:
    return {lang: words.own(lang) for lang in LANGUAGES}
