"""Sites, their services, board, lines and journal: reading."""

from typing import Any

from flask import Response, g, jsonify, request

from server.api.blueprint import api
from server.api.bodies import BoardQuery, JournalQuery, LinePath, SitePath
from server.domain import board
from server.domain import line as lines
from server.domain.entries import entry_to_json
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.packs.pack import Pack
from server.store import journal
from server.web import presenters
from server.web.access import guard, public
from server.web.context import house
from server.web.errors import Refused

#: Everybody who works at a site or stands in its hall.
ANYBODY_THERE = (
    "kiosk",
    "display",
    "counter",
    "relay",
    "agent",
    "orienter",
    "manager",
    "programme",
    "inspector",
    "admin",
)


@api.get("/sites")
@guard(*ANYBODY_THERE)
def sites() -> Response:
    """The sites that this token sees."""
    codes = [code for code in house().site_codes() if g.identity.sees(code)]
    return jsonify({"sites": [_site(code) for code in codes if house().pack(code) is not None]})


@api.get("/sites/<string:site>")
@guard(*ANYBODY_THERE)
def site(path: SitePath) -> Response:
    """One site with its zones and counters."""
    hall, pack = hall_and_pack(path.site)
    assert hall.setup is not None
    counters = [
        {
            "code": counter.id,
            "label": counter.label,
            "zone": counter.zone,
            "serves": [presenters.real_code(pack, service) for service in counter.serves],
            "open": counter.id in hall.shifts,
        }
        for counter in hall.setup.counters
    ]
    zones = [{"code": zone.code, "names": _names(pack, zone.names)} for zone in pack.zones]
    day = None if hall.day is None else hall.day.on
    return jsonify({**_site(path.site), "zones": zones, "counters": counters, "day": day, "seq": hall.seq})


@api.get("/sites/<string:site>/services")
@guard(*ANYBODY_THERE)
def services(path: SitePath) -> Response:
    """What one can come for, with procedure cards, and whether a ticket can be had now."""
    hall, pack = hall_and_pack(path.site)
    assert hall.setup is not None
    now = house().clock.now()
    rows = [presenters.service_row(pack, hall, service.code, now) for service in pack.services]
    return jsonify({"services": rows})


@api.get("/sites/<string:site>/board")
@guard(*ANYBODY_THERE)
def board_of(path: SitePath, query: BoardQuery) -> Response:
    """What a display shows now, of the whole site or of one zone."""
    hall, _pack = hall_and_pack(path.site)
    assert hall.setup is not None
    if query.zone is not None and query.zone not in hall.setup.zone_codes:
        raise Refused(Refusal("no_such_zone"))
    return jsonify(board.board(hall, house().clock.now(), zone=query.zone))


@api.get("/sites/<string:site>/lines/<string:service>", security=[])
@public
def line(path: LinePath) -> Response:
    """One line without identities, for phones and caches: a function of the hall and the time rounded to 10 s."""
    hall = house().hall(path.site)
    if hall is None or hall.setup is None:
        raise Refused(Refusal("no_such_site"))
    if path.service not in hall.setup.service_by_code:
        raise Refused(Refusal("no_such_service"))
    response = jsonify(lines.line(hall, path.service, house().clock.now()))
    response.headers["Cache-Control"] = "public, max-age=10"
    response.add_etag()
    response.make_conditional(request)
    return response


@api.get("/sites/<string:site>/journal")
@guard("manager", "inspector", "admin")
def journal_of(path: SitePath, query: JournalQuery) -> Response:
    """Entries in order after `after`."""
    with house().read() as conn:
        entries = journal.after(conn, path.site, query.after, limit=query.limit)
        head = journal.head(conn, path.site)
    assert head is not None
    return jsonify(
        {
            "site": path.site,
            "entries": [entry_to_json(entry) for entry in entries],
            "head": {"seq": head.seq, "hash": head.hash},
        }
    )


def hall_and_pack(code: str) -> tuple[Hall, Pack]:
    hall, pack = house().hall(code), house().pack(code)
    if hall is None or hall.setup is None or pack is None:
        raise Refused(Refusal("no_such_site"))
    return hall, pack


def _site(code: str) -> dict[str, Any]:
    pack = house().pack(code)
    assert pack is not None
    return {
        "code": code,
        "names": _names(pack, pack.names),
        "timezone": pack.timezone,
        "languages": list(pack.languages),
        "discreet": pack.discreet,
    }


def _names(pack: Pack, names: Any) -> dict[str, str | None]:
    return {lang: names.own(lang) for lang in pack.languages}
