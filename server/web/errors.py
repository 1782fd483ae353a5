"""Refusals and errors as answers: one table turns codes into HTTP statuses, for programs, pages and sockets alike.

Programs get `application/problem+json` (RFC 9457) with the stable `code`, people a page in their language. Nothing that
was not meant for the public leaves: an unexpected error is logged with a number and the answer carries the number only.
"""

import logging
import secrets
from datetime import date, datetime
from typing import Any

from flask import Flask, Response, jsonify, redirect, render_template, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from server.domain import calendar
from server.domain.errors import Param, Refusal
from server.store.writer import Busy
from server.web import access, i18n, language
from server.web.context import house

log = logging.getLogger(__name__)

#: Codes that are not listed are 409: the request is understood, and the hall's present state forbids it.
STATUSES: dict[str, int] = {
    "not_json": 400,
    "key_required": 400,
    "bad_request": 400,
    "token_missing": 401,
    "token_unknown": 401,
    "login_required": 401,
    "wrong_password": 401,
    "wrong_code": 401,
    "not_known_here": 401,
    "device_not_enrolled": 401,
    "account_disabled": 403,
    "not_allowed": 403,
    "wrong_site": 403,
    "not_your_counter": 403,
    "not_yourself": 403,
    "csrf": 403,
    "not_found": 404,
    "no_such_site": 404,
    "no_such_service": 404,
    "no_such_counter": 404,
    "no_such_zone": 404,
    "no_such_ticket": 404,
    "ticket_not_found": 404,
    "no_such_person": 404,
    "no_such_device": 404,
    "no_such_document": 404,
    "no_such_message": 404,
    "no_such_date": 404,
    "day_not_closed": 404,
    "entries_not_public": 404,
    "method_not_allowed": 405,
    "enrolment_code_unknown": 410,
    "invitation_unknown": 410,
    "too_large": 413,
    "media_type": 415,
    "invalid_input": 422,
    "language_not_offered": 422,
    "no_such_class": 422,
    "no_appointments": 422,
    "appointment_not_today": 422,
    "no_such_pause_reason": 422,
    "no_such_reason": 422,
    "no_such_outcome": 422,
    "ticket_required": 422,
    "note_required": 422,
    "note_too_long": 422,
    "note_markup": 422,
    "transfer_nowhere": 422,
    "no_such_entry": 404,
    "no_such_call": 404,
    "not_your_entry": 403,
    "reason_required": 422,
    "weak_password": 422,
    "passwords_differ": 422,
    "message_too_long": 422,
    "message_unread": 422,
    "message_period": 422,
    "date_passed": 422,
    "invalid_rule": 422,
    "counter_label": 422,
    "invalid_hours": 422,
    "key_reused": 422,
    "too_many_requests": 429,
    "too_fast": 429,
    "unexpected": 500,
    "provider_failed": 502,
    "busy": 503,
}

#: Parameters that are codes themselves, with the words that they are said in.
CODED_PARAMS: dict[tuple[str, str], str] = {("suspended", "reason"): "suspend"}

_HTTP_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "media_type",
    429: "too_many_requests",
}


class Refused(Exception):  # noqa: N818 - carries a refusal out of a view; not an error
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def status_of(code: str) -> int:
    return STATUSES.get(code, 409)


def answer(refusal: Refusal, *, detail: list[dict[str, str]] | None = None) -> Response:
    """The refusal as this client can read it: JSON below /api and where JSON is asked for, else a page."""
    response = _answer(refusal, detail)
    if refusal.code in {"too_many_requests", "too_fast"}:
        response.headers["Retry-After"] = str(refusal.params.get("seconds", 60))
    return response


def _answer(refusal: Refusal, detail: list[dict[str, str]] | None) -> Response:
    if _wants_json():
        return _problem_json(refusal, detail)
    if refusal.code == "login_required" and request.method == "GET":
        return _as_response(redirect(f"/login?next={request.path}"))
    if refusal.code == "device_not_enrolled":
        return _enrol_page()
    return _problem_page(refusal)


def message(refusal: Refusal, lang: str) -> i18n.Text:
    words = i18n.words(lang)
    params = {
        name: words.t(f"{CODED_PARAMS[refusal.code, name]}.{value}") if (refusal.code, name) in CODED_PARAMS else value
        for name, value in _said(refusal.params).items()
    }
    return words.error(refusal.code, **params)


def hint(refusal: Refusal, lang: str) -> i18n.Text | None:
    if refusal.hint is None:
        return None
    return i18n.words(lang).t(f"hint.{refusal.hint}", **_said(refusal.hint_params))


def register(app: Flask) -> None:
    app.register_error_handler(Refused, lambda error: answer(error.refusal))
    app.register_error_handler(Busy, _on_busy)
    app.register_error_handler(ValidationError, invalid)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_unexpected)


def invalid(error: ValidationError) -> Response:
    """What pydantic found, field by field, without the values: they may be anybody's."""
    places = [
        {"field": ".".join(str(part) for part in found["loc"]), "problem": found["type"]} for found in error.errors()
    ]
    return answer(Refusal("invalid_input"), detail=places)


def _on_busy(error: Busy) -> Response:
    log.error("the database did not take a command: %s", error)
    response = answer(Refusal("busy"))
    response.headers["Retry-After"] = "1"
    return response


def _on_http(error: HTTPException) -> Response:
    if error.code is not None and 300 <= error.code < 400:
        return _as_response(error.get_response())
    return answer(Refusal(_HTTP_CODES.get(error.code or 500, "bad_request")))


def _on_unexpected(error: Exception) -> Response:
    number = secrets.token_hex(4)
    log.error("unexpected error %s at %s", number, request.endpoint, exc_info=error)
    return answer(Refusal("unexpected", {"code": number}))


def _problem_json(refusal: Refusal, detail: list[dict[str, str]] | None) -> Response:
    # A program that names no language is read by developers everywhere.
    lang = language.of_request() if request.headers.get("Accept-Language") or request.cookies else "en"
    advice = hint(refusal, lang)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": str(message(refusal, lang)),
        "status": status_of(refusal.code),
        "code": refusal.code,
    }
    if advice is not None:
        body["hint"] = str(advice)
    if detail:
        body["detail"] = "; ".join(f"{place['field']}: {place['problem']}" for place in detail)
        body["errors"] = detail
    response = jsonify(body)
    response.status_code = status_of(refusal.code)
    response.content_type = "application/problem+json"
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="idarati"'
    return response


def _problem_page(refusal: Refusal) -> Response:
    lang = language.of_request()
    status = status_of(refusal.code)
    problem = {
        "status": status,
        "code": refusal.code,
        "message": message(refusal, lang),
        "hint": hint(refusal, lang),
    }
    page = render_template("web/problem.html", problem=problem, **language.for_template(lang))
    return Response(page, status=status, mimetype="text/html")


def _enrol_page() -> Response:
    """How this machine is enrolled; in the demonstration also a door for whoever just wants to see the page."""
    lang, kind, site = language.of_request(), access.wanted_device(), access.target_site()
    pack = None if site is None else house().pack(site)
    names = None if pack is None else {one: pack.names.own(one) for one in i18n.LANGUAGES}
    door = f"/demo/open/{kind}/{site}" if pack is not None and house().settings.demo else None
    page = render_template(
        "web/enrol.html",
        kind=kind,
        refusal=None,
        site_name=None if names is None else i18n.words(lang).name(names),
        enrol_action="/enrol",
        demo_door=door,
        **language.for_template(lang),
    )
    return Response(page, status=status_of("device_not_enrolled"), mimetype="text/html")


def _wants_json() -> bool:
    for_programs = request.path.startswith(("/api/", "/healthz", "/readyz")) or request.path.endswith(
        (".json", ".jsonl")
    )
    if for_programs or request.is_json:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best is not None and best != "text/html"


def _said(params: Any) -> dict[str, Any]:
    return {name: _local(value) for name, value in params.items()}


def _local(value: Param) -> str | int | date | datetime:
    """Instants in the zone of the site that the request is about."""
    if not isinstance(value, datetime):
        return value
    site = access.target_site()
    hall = None if site is None else house().hall(site)
    return value if hall is None or hall.setup is None else calendar.local(value, hall.setup.timezone)


def _as_response(response: Any) -> Response:
    assert isinstance(response, Response)
    return response
