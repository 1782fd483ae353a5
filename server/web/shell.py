"""What all screens share: the static files, the security headers, and the login."""

import re

from flask import Blueprint, Flask, Response, redirect, render_template, request

from server.actions import people
from server.domain.errors import Refusal
from server.web import access, language
from server.web.access import public
from server.web.context import house
from server.web.errors import Refused, answer, message

web = Blueprint("web", __name__, static_folder="static/web", static_url_path="/static/web", template_folder="templates")

#: Nothing from elsewhere, nothing inline, nobody may frame us.
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

#: A file whose name carries its version never changes.
VERSIONED = re.compile(r"-\d+\.\d+[^/]*$")


def install(app: Flask) -> None:
    """Headers, access check and languages around every request."""
    app.register_blueprint(web)
    app.before_request(_check)
    app.after_request(language.remember)
    app.after_request(_headers)


@web.get("/login")
@public
def login() -> str:
    return _login_page(None, "")


@web.post("/login")
@public
def log_in() -> Response | tuple[str, int] | str:
    if not access.csrf_fits():
        raise Refused(Refusal("csrf"))
    name = request.form.get("name", "")[:80]
    person = people.log_in(house(), name=name, password=request.form.get("password", "")[:200])
    if isinstance(person, Refusal):
        return _login_page(person, name), 401
    access.log_in_session(person)
    return _see_other(_own_address(request.form.get("next", "")))


@web.post("/logout")
@public
def log_out() -> Response:
    if not access.csrf_fits():
        raise Refused(Refusal("csrf"))
    access.log_out_session()
    return _see_other("/")


def _login_page(refusal: Refusal | None, name: str) -> str:
    lang = language.of_request()
    return render_template(
        "web/login.html",
        refusal=None if refusal is None else message(refusal, lang),
        name=name,
        next=request.values.get("next", ""),
        **language.for_template(lang),
    )


def _own_address(wanted: str) -> str:
    """Only an address of ours, never one that sends the person elsewhere after the login."""
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and "\n" not in wanted
    return wanted if ours else "/"


def _see_other(address: str) -> Response:
    response = redirect(address, code=303)
    assert isinstance(response, Response)
    return response


def _check() -> Response | None:
    refused = access.check_request()
    if refused is not None:
        return answer(refused)
    if request.path.startswith("/api/") and request.method in {"POST", "PUT", "PATCH"}:
        return _check_json()
    return None


def _check_json() -> Response | None:
    """A body must be JSON, an object, and readable; an empty one stands for an empty object."""
    if not request.get_data(cache=True):
        request._cached_json = ({}, {})  # noqa: SLF001 - Flask's own place for a body that was read already
        return None
    if request.mimetype != "application/json":
        return answer(Refusal("media_type"))
    body = request.get_json(silent=True)
    return None if isinstance(body, dict) else answer(Refusal("not_json"))


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if not request.path.startswith("/static/"):
        headers.setdefault("Cache-Control", "no-store")
    elif VERSIONED.search(request.path):
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        # Asked for again each time and answered with 304: an upgrade reaches every kiosk at its next page.
        headers["Cache-Control"] = "no-cache"
    return response
