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
    # Whoever missed the call may still be put back, so that the page is not over for him.
    missed = hall.no_shows.get(row.id)
    may_return = missed is not None and hall.setup is not None and missed.put_backs < hall.setup.rule.put_backs_max
    return {
        "site_name": words.name(_names(pack.names)),
        "number": row.number,
        "state": _ENDED.get(last.ending or "", last.ending or last.state),
        "service": service_name(words, pack, last.service),
        "zone": _zone(words, pack, hall, row.id, last.service),
        "news": _news(words, hall, row.id, turns),
        "ahead": words.people_ahead(wait["ahead"]) if waiting else None,
        "wait": shared.wait_text(words, wait["estimate"], wait.get("estimate_why")) if waiting else None,
        "holds": words.t("ticket.estimate_holds", percent=wait["estimate"]["level"]) if wait["estimate"] else None,
        "counter": counter_label(hall, last.counter) if last.counter and last.ending is None else None,
        "suspended": _suspended(words, hall, last) if last.ending is None else None,
        "instead": _instead(words, pack, hall, last) if last.ending is None else None,
        "open": last.ending is None,
        "missed": words.t("phone.missed") if may_return else None,
        "renewed": last.ending is None or may_return,
    }


#: Endings that a person knows by another word.
_ENDED = {"served": "finished", "expired": "not_served"}


def _news(words: i18n.Words, hall: Hall, ticket: str, turns: list[TurnRow]) -> list[i18n.Text]:
    """What has become of a person who waits or stands aside, in a sentence each; nothing for whoever simply waits."""
    turn = hall.turns.get(ticket)
    if turn is None or turn.state not in ("waiting", "parked"):
        return []
    if turn.state == "parked":
        return [words.t("phone.parked")]
    said = [words.t("phone.call_withdrawn")] if _was_withdrawn(hall, ticket) else []
    before = turns[-2].ending if len(turns) > 1 else None
    if before == "no_show":
        said.append(words.t("phone.put_back"))
    elif before in ("served", "transferred"):
        said.append(words.t("phone.transferred"))
    if turn.bound is not None:
        said.append(words.t("phone.bound", counter=counter_label(hall, turn.bound)))
    return said


def _was_withdrawn(hall: Hall, ticket: str) -> bool:
    """The last thing that the hall heard of the ticket was a call that is struck through now."""
    return any(call.ticket == ticket and call.undone for call in hall.calls)


def _zone(words: i18n.Words, pack: Pack, hall: Hall, ticket: str, service: str) -> i18n.Text | None:
    """Where to wait: before the counter for which somebody waits alone, else where the service's line is."""
    turn = hall.turns.get(ticket)
    counter = (
        None if turn is None or turn.bound is None or hall.setup is None else hall.setup.counter_by_id.get(turn.bound)
    )
    return zone_name(words, pack, service) if counter is None else _zone_of_code(words, pack, counter.zone)


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
    return None if service is None else _zone_of_code(words, pack, service.zone)


def _zone_of_code(words: i18n.Words, pack: Pack, code: str) -> i18n.Text | None:
    found = [zone for zone in pack.zones if zone.code == code]
    return words.name(_names(found[0].names)) if found else None


def _suspended(words: i18n.Words, hall: Hall, turn: TurnRow) -> i18n.Text | None:
    reason = halls.why_suspended(hall, turn.service)
    return None if reason is None else words.error("suspended", reason=words.t(f"suspend.{reason}"))


def _instead(words: i18n.Words, pack: Pack, hall: Hall, turn: TurnRow) -> i18n.Text | None:
    """Where he may go on while his service is suspended. Only who still waits, or is set aside, has that choice."""
    code = None if hall.setup is None else hall.setup.instead_of.get(turn.service)
    if code is None or turn.state not in {"waiting", "parked"}:
        return None
    return words.t("phone.instead", service=service_name(words, pack, code))


def _names(words: Words) -> Names:
    return {lang: words.own(lang) for lang in LANGUAGES}
