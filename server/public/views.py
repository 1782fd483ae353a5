"""Pages that anybody may open: welcome, my ticket, enrolment of a machine, and what tells whether the server lives."""

from pathlib import Path

from flask import Blueprint, Response, jsonify, render_template, request

from server.actions import devices
from server.domain.errors import Refusal
from server.public import (
    cards,
    components,
    demo_doors,
    fairness_page,
    machines,
    open_data,
    presenters,
    rule_page,
    ticket_page,
)
from server.store import revision
from server.web import access, language, static_files
from server.web.access import public
from server.web.context import house
from server.web.demo_facts import read_demo
from server.web.errors import Refused

public_pages = Blueprint(
    "public",
    __name__,
    template_folder="templates",
)
static_files.add("public", Path(__file__).parent / "static" / "public")


public_pages.add_url_rule("/c/<site>/<service>", view_func=cards.card)
public_pages.add_url_rule("/p/<site>/rule", view_func=rule_page.rule)
public_pages.add_url_rule("/p/<site>/fairness", view_func=fairness_page.fairness_of_site)
public_pages.add_url_rule("/open-data/<site>/fairness.json", view_func=fairness_page.fairness_for_programs)
public_pages.add_url_rule("/t/<public_id>", view_func=ticket_page.my_ticket)
public_pages.add_url_rule("/open-data/", view_func=open_data.open_sites)
public_pages.add_url_rule("/open-data/how", view_func=open_data.how_to_check)
public_pages.add_url_rule("/open-data/verify_journal.py", view_func=open_data.verifier)
public_pages.add_url_rule("/open-data/<site>/", view_func=open_data.journal_days)
public_pages.add_url_rule("/open-data/<site>/journal.json", view_func=open_data.journal_days_for_programs)
public_pages.add_url_rule("/open-data/<site>/journal/<name>.jsonl", view_func=open_data.journal_of_day)
public_pages.add_url_rule("/demo/components", view_func=components.components)
public_pages.add_url_rule("/demo/open/<kind>/<site>", view_func=demo_doors.open_screen, methods=["POST"])


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
        sites=[presenters.site(pack, None if demo is None else demo.sites.get(pack.site)) for pack in packs],
        demo=demo,
        **language.for_template(lang),
    )


@public_pages.get("/enrol/<code>")
@public
def enrol(code: str) -> Response:
    """Uses the code up, gives this machine its cookie and goes to its page. A prefetch uses nothing up."""
    if request.method == "HEAD" or _is_prefetch():
        return Response(status=204)
    return _enrolled(code)


@public_pages.post("/enrol")
@public
def enrol_by_hand() -> Response:
    """The code typed at the machine itself."""
    if not access.csrf_fits():
        raise Refused(Refusal("csrf"))
    return _enrolled("".join(request.form.get("code", "")[:40].split()))


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


def _enrolled(code: str) -> Response:
    enrolled = devices.enrol(house(), enrol_code=code)
    if isinstance(enrolled, Refusal):
        raise Refused(enrolled)
    device = enrolled.device
    return machines.enrolled(kind=device.kind, site=device.site, token=enrolled.token)


def _is_prefetch() -> bool:
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return "prefetch" in purpose or "preview" in purpose


def _database_answers() -> bool:
    try:
        return revision.is_current(house().engine)
    except Exception:  # noqa: BLE001 - whatever it is, the answer is "not ready"
        return False
