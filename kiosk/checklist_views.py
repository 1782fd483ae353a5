"""The list of documents of a card: on paper, or on a phone by a code. Asked for beside the draw, and may fail without harm."""

from dataclasses import asdict
from datetime import timedelta
from functools import partial

from flask import Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field

from server.domain.errors import Refusal
from server.packs.pack import Pack
from server.packs.parts import PackService
from server.store import devices, print_jobs
from server.store.schema import to_ms
from server.web import checklists, commands, qr_drawing
from server.web.access import guard
from server.web.context import house
from server.web.errors import Refused

#: Paper costs the site: so many lists in so long a time, and no more.
MOST, WITHIN = 5, timedelta(minutes=2)


class Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    service: str = Field(max_length=40)
    language: str = Field(max_length=3)


@guard("kiosk")
def checklist(site: str, service: str, lang: str) -> Response:
    """The code with which a phone reads the card, and whether this kiosk has a printer."""
    pack, found = _card(site, service, lang)
    url = house().settings.public_url
    with house().read() as conn:
        device = devices.device(conn, commands.identity().code)
    return jsonify(
        {
            "qr": asdict(qr_drawing.drawing(checklists.address(pack, found, lang, url))) if url else None,
            "prints": device is not None and device.printer != "",
        }
    )


@guard("kiosk")
def print_checklist(site: str) -> tuple[Response, int]:
    """A print job beside the journal; the same key gives the same paper."""
    body = request.get_json(silent=True)
    wanted = Wanted.model_validate(body if isinstance(body, dict) else {})
    _pack, found = _card(site, wanted.service, wanted.language)
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise Refused(Refusal("key_required"))
    who, now = commands.identity(), house().clock.now()
    job = checklists.job_name(found, wanted.language, f"{who.code} {key}")

    paper = print_jobs.Wanted(ticket=job, device=who.code, asked_at=to_ms(now))
    queue = partial(
        print_jobs.queue_beside, site=site, paper=paper, like=checklists.MARK, most=MOST, since_ms=to_ms(now - WITHIN)
    )
    if not house().writer.run(queue):
        raise Refused(Refusal("too_fast", {"seconds": int(WITHIN.total_seconds())}))
    return jsonify({"job": job}), 202


@guard("kiosk")
def paper_of_checklist(site: str, job: str) -> Response:
    """How the printing of a list stands."""
    del site
    with house().read() as conn:
        found = print_jobs.latest_of(conn, job) if job.startswith(checklists.MARK) else None
    known = found is not None and found.device == commands.identity().code
    return jsonify({"print": found.state if found is not None and known else None})


def _card(site: str, code: str, lang: str) -> tuple[Pack, PackService]:
    pack = house().pack(site)
    if pack is None:
        raise Refused(Refusal("no_such_site"))
    service = pack.service(code)
    if service is None:
        raise Refused(Refusal("no_such_service"))
    if lang not in pack.languages:
        raise Refused(Refusal("language_not_offered"))
    return pack, service
