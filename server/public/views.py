"""Pages that anybody may open: welcome, my ticket, enrolment of a machine, and what tells whether the server lives."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request

from server.actions import devices
from server.domain.errors import Refusal
from server.packs.pack import Pack
from server.store import migrate
from server.web import language
from server.web.access import device_cookie, public
from server.web.context import house
from server.web.demo_facts import read_demo
from server.web.errors import Refused

public_pages = Blueprint(
    "public",
    __name__,
    template_folder="templates",
    static_folder="static/public",
    static_url_path="/static/public",
)

#: A device's cookie outlives the machine; the device itself can be revoked at any time.
DEVICE_COOKIE_AGE_S = 5 * 365 * 24 * 3600


@public_pages.get("/")
@public
def welcome() -> str:
    """Every screen with its address; in the demonstration also the logins."""
    lang = language.of_request()
    settings = house().settings
    demo = read_demo(settings.data_dir) if settings.demo else None
    packs = [pack for code in house().site_codes() if (pack := house().pack(code)) is not None]
    return render_template(
        "public/welcome.html",
        sites=[_site(pack) for pack in packs],
        demo=demo,
        **language.for_template(lang),
    )


@public_pages.get("/enrol/<code>")
@public
def enrol(code: str) -> Response:
    """Uses the code up, gives this machine its cookie and goes to its page. A prefetch uses nothing up."""
    if request.method == "HEAD" or _is_prefetch():
        return Response(status=204)
    enrolled = devices.enrol(house(), enrol_code=code)
    if isinstance(enrolled, Refusal):
        raise Refused(enrolled)
    return _with_device_cookie(enrolled)


@public_pages.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return jsonify({"status": "ok"})


@public_pages.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """The process can do its work: the database answers and has the current schema. A dead thread ends the process."""
    checks = {"database": _database_answers()}
    ready = all(checks.values())
    return jsonify({"status": "ok" if ready else "not ready", "checks": checks}), 200 if ready else 503


def _with_device_cookie(enrolled: devices.Enrolled) -> Response:
    device = enrolled.device
    response = redirect(f"/{device.kind}/{device.site}", code=303)
    assert isinstance(response, Response)
    response.set_cookie(
        device_cookie(device.kind, device.site),
        enrolled.token,
        max_age=DEVICE_COOKIE_AGE_S,
        httponly=True,
        samesite="Strict",
        secure=house().settings.cookies_secure,
    )
    return response


def _is_prefetch() -> bool:
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return "prefetch" in purpose or "preview" in purpose


def _database_answers() -> bool:
    try:
        return migrate.is_current(house().engine)
    except Exception:  # noqa: BLE001 - whatever it is, the answer is "not ready"
        return False


def _site(pack: Pack) -> dict[str, Any]:
    names = {lang: pack.names.own(lang) for lang in ("ar", "fr", "zgh", "es", "en")}
    return {"code": pack.site, "names": names, "zones": pack.zones, "counters": pack.counters}
