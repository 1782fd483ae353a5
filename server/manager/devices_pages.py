"""The machines of a site, for its manager: added, named, given a new enrolment code, revoked; and their last sign of life.

A code is shown once, in the answer that made it. A revoked machine's sockets are cut and its cookie counts no more
before that answer is sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Response, render_template, request, url_for

from server.actions import devices
from server.domain import calendar
from server.domain.errors import Refusal
from server.manager import presenters
from server.store.devices import DeviceRow
from server.store.schema import from_ms, to_ms
from server.web import access, entering, i18n, language, qr_drawing, reporting
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused, message, status_of

devices_pages = Blueprint("devices", __name__)

KEEPERS = ("manager", "admin")
#: Kinds that have a page; a relay is added on the command line.
KINDS = ("kiosk", "display", "counter")
#: Somewhat more than the minute at which signs of life are written.
ONLINE_FOR = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Code:
    """A fresh enrolment code, to be shown this once."""

    name: str
    code: str


@devices_pages.get("/manager/<site>/devices")
@guard(*KEEPERS)
def list_devices(site: str) -> Response:
    return _page(site)


@devices_pages.post("/manager/<site>/devices")
@guard(*KEEPERS)
def add(site: str) -> Response:
    name, kind = " ".join(request.form.get("name", "")[:200].split()), request.form.get("kind", "")
    if kind not in KINDS:
        return _page(site, refusal=Refusal("invalid_input"))
    added = devices.add_device(house(), site=site, kind=kind, name=name)
    if isinstance(added, Refusal):
        return _page(site, refusal=added)
    return _page(site, code=Code(name=name, code=added.enrol_code))


@devices_pages.post("/manager/<site>/devices/<device>/codes")
@guard(*KEEPERS)
def renew(site: str, device: str) -> Response:
    code = devices.renew_enrolment(house(), device=device, site=site)
    if isinstance(code, Refusal):
        return _page(site, refusal=code)
    name = next(row.name for row in devices.devices_of(house(), site) if row.code == device)
    return _page(site, code=Code(name=name, code=code))


@devices_pages.post("/manager/<site>/devices/<device>/name")
@guard(*KEEPERS)
def rename(site: str, device: str) -> Response:
    named = devices.rename_device(house(), device=device, site=site, name=request.form.get("name", "")[:200])
    return _page(site, refusal=named) if isinstance(named, Refusal) else _back(site)


@devices_pages.post("/manager/<site>/devices/<device>/revocations")
@guard(*KEEPERS)
def revoke(site: str, device: str) -> Response:
    revoked = devices.revoke_device(house(), device=device, site=site)
    if isinstance(revoked, Refusal):
        return _page(site, refusal=revoked)
    access.cut_sockets(device)
    return _back(site)


def _page(site: str, *, refusal: Refusal | None = None, code: Code | None = None) -> Response:
    place = reporting.place_of(site)
    if isinstance(place, Refusal):
        raise Refused(place)
    lang = language.of_request(tuple(place.pack.languages))
    rows = devices.devices_of(house(), site)
    link = None if code is None else _link(code)
    page = render_template(
        "manager/devices.html",
        site=site,
        site_name=i18n.words(lang).name(presenters.by_language(place.pack.names)),
        devices=[_device(row, place.at, place.setup.timezone) for row in rows if row.revoked_at is None],
        revoked=[row for row in rows if row.revoked_at is not None],
        kinds=KINDS,
        refusal=None if refusal is None else message(refusal, lang),
        code=code,
        link=link,
        qr=None if link is None else qr_drawing.drawing(link),
        **language.for_template(lang, tuple(place.pack.languages)),
    )
    status = 200 if refusal is None else status_of(refusal.code)
    return Response(page, status=status, mimetype="text/html")


def _device(row: DeviceRow, at: datetime, timezone: str) -> dict[str, object]:
    seen_at = None if row.last_seen_at is None else from_ms(row.last_seen_at)
    return {
        "code": row.code,
        "kind": row.kind,
        "name": row.name,
        "version": row.version,
        "seen": None if seen_at is None else calendar.local(seen_at, timezone),
        "online": seen_at is not None and at - seen_at <= ONLINE_FOR,
        "waiting": row.enrol_until is not None and row.enrol_until > to_ms(at),
    }


def _link(code: Code) -> str:
    path, base = url_for("public.enrol", code=code.code), house().settings.public_url.rstrip("/")
    return base + path if base else url_for("public.enrol", code=code.code, _external=True)


def _back(site: str) -> Response:
    return entering.see_other(url_for("devices.list_devices", site=site))
