"""The kiosk's addresses: its document in each language, what is open now, the draw, and how the paper fares.

A touch asks for nothing here but the draw; the rest is fetched beside it and may fail without holding anybody up.
"""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request, send_file
from pydantic import BaseModel, ConfigDict, Field

from kiosk import checklist_views, documents, presenters, reading, voice_views
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.tickets import site_and_seq
from server.packs.pack import Pack
from server.store import print_jobs
from server.web import access, drawing, errors, handing, language, paper
from server.web.access import guard, public
from server.web.context import house
from server.web.errors import Refused

kiosk_pages = Blueprint(
    "kiosk",
    __name__,
    template_folder="templates",
)

kiosk_pages.add_url_rule(
    "/kiosk/<site>/services/<service>/<lang>.json", "checklist", checklist_views.checklist, methods=["GET"]
)
kiosk_pages.add_url_rule(
    "/kiosk/<site>/checklists", "print_checklist", checklist_views.print_checklist, methods=["POST"]
)
kiosk_pages.add_url_rule(
    "/kiosk/<site>/checklists/<job>", "paper_of_checklist", checklist_views.paper_of_checklist, methods=["GET"]
)
kiosk_pages.add_url_rule("/kiosk/<site>/voice/<lang>.json", "voice_list", voice_views.voice_list, methods=["GET"])
kiosk_pages.add_url_rule("/kiosk/<site>/voice/made/<name>", "made_clip", voice_views.made_clip, methods=["GET"])
kiosk_pages.add_url_rule(
    "/kiosk/<site>/voice/recorded/<lang>/<name>", "recorded_clip", voice_views.recorded_clip, methods=["GET"]
)

#: The paper page shows this many tickets.
PAPERS_SHOWN = 12


class Draw(BaseModel):
    """What the page sends for a ticket."""

    model_config = ConfigDict(extra="forbid", strict=True)

    service: str = Field(max_length=40)
    language: str = Field(max_length=3)
    klass: str = Field(default="ordinary", alias="class", max_length=12)
    appointment: str | None = Field(default=None, max_length=40)


@kiosk_pages.get("/kiosk/<site>")
@guard("kiosk")
def kiosk(site: str) -> Response:
    """The page, in the language that this machine was last opened with."""
    _hall, pack = _hall_and_pack(site)
    return _document(pack, language.of_request(pack.languages))


@kiosk_pages.get("/kiosk/<site>/<lang>.html")
@guard("kiosk")
def document(site: str, lang: str) -> Response:
    """The page in one language; the open page keeps all of them, so that changing language asks nobody."""
    _hall, pack = _hall_and_pack(site)
    _expect_language(pack, lang)
    return _document(pack, lang)


@kiosk_pages.get("/kiosk/<site>/<lang>.json")
@guard("kiosk")
def state(site: str, lang: str) -> Response:
    """What is open now and how many wait, with the texts in one language."""
    hall, pack = _hall_and_pack(site)
    _expect_language(pack, lang)
    shown = presenters.state(hall, pack, lang, house().clock.now())
    version = documents.documents_of(pack).version
    voices = reading.languages(pack, voice_views.clips())
    body = {"version": version, "voices": voices, **shown}
    return handing.compressed(current_app.json.dumps(body), "application/json")


@kiosk_pages.post("/kiosk/<site>/tickets")
@guard("kiosk")
def draw(site: str) -> Response:
    """A ticket, by the same action and under the same keys as through the API."""
    _hall, pack = _hall_and_pack(site)
    wanted = Draw.model_validate(_body())
    try:
        answered = drawing.draw(
            site,
            service=wanted.service,
            language=wanted.language,
            klass=wanted.klass,
            channel="kiosk",
            appointment=wanted.appointment,
        )
    except Refused as no:
        lang = wanted.language if wanted.language in pack.languages else pack.languages[0]
        return _json(presenters.refused(no.refusal, lang), errors.status_of(no.refusal.code))
    # The code for the phone is drawn here and not with the answer, which is made while the site's writer waits.
    shown = presenters.ticket(answered.get_json(), pack, follow=bool(house().settings.public_url))
    return _json(shown, answered.status_code)


@kiosk_pages.get("/kiosk/<site>/tickets/<ticket>")
@guard("kiosk")
def paper_of(site: str, ticket: str) -> Response:
    """How the printing of a ticket stands; null where nothing is printed."""
    named = site_and_seq(ticket)
    if named is None or named[0] != site:
        raise Refused(Refusal("no_such_ticket", {"number": ticket}))
    with house().read() as conn:
        job = print_jobs.latest_of(conn, ticket)
    return jsonify({"print": None if job is None else job.state})


@kiosk_pages.get("/kiosk/<site>/paper")
@public
def papers(site: str) -> str:
    """In the demonstration: the tickets that the virtual printer printed last."""
    lang = language.of_request()
    return render_template(
        "kiosk/paper.html",
        site=site,
        papers=[_paper_name(path) for path in _papers(site)[:PAPERS_SHOWN]],
        **language.for_template(lang),
    )


@kiosk_pages.get("/kiosk/<site>/paper/<name>")
@public
def one_paper(site: str, name: str) -> Response:
    """The picture of one printed ticket."""
    found = [path for path in _papers(site) if _paper_name(path) == name]
    if not found:
        raise Refused(Refusal("not_found"))
    return send_file(found[0].resolve(), mimetype="image/png")


def _document(pack: Pack, lang: str) -> Response:
    return documents.document(pack, lang, csrf_token=access.csrf_token())


def _papers(site: str) -> list[Path]:
    if not house().settings.demo:
        raise Refused(Refusal("not_found"))
    _hall_and_pack(site)
    return paper.recent(house().settings.data_dir, site)


def _paper_name(path: Path) -> str:
    """Each kiosk's printer counts for itself, so the kiosk is part of the name."""
    return f"{path.parent.name}-{path.name}"


def _body() -> dict[str, Any]:
    if request.mimetype != "application/json":
        raise Refused(Refusal("media_type"))
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refused(Refusal("not_json"))
    return body


def _json(body: dict[str, Any], status: int) -> Response:
    response = jsonify(body)
    response.status_code = status
    return response


def _hall_and_pack(site: str) -> tuple[Hall, Pack]:
    hall, pack = house().hall(site), house().pack(site)
    if hall is None or hall.setup is None or pack is None:
        raise Refused(Refusal("no_such_site"))
    return hall, pack


def _expect_language(pack: Pack, lang: str) -> None:
    if lang not in pack.languages:
        raise Refused(Refusal("language_not_offered"))
