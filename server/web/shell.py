"""What all screens share: the static files, the security headers, and the login."""

from flask import Blueprint, Flask, Response, current_app, g, render_template, request

from server.actions import logins
from server.domain.errors import Refusal
from server.web import access, entering, handing, language, oidc, static_files, throttle
from server.web.access import public
from server.web.context import house
from server.web.errors import Refused, answer, message, status_of
from server.web.life_signs import LifeSigns, our_version

web = Blueprint("web", __name__, template_folder="templates")

#: Nothing from elsewhere, nothing inline, nobody may frame us.
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

#: What a browser heeds where it shows a document; on a script, a picture or data it would be bytes for nothing.
OF_DOCUMENTS = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def install(app: Flask) -> None:
    """Headers, access check and languages around every request."""
    app.register_blueprint(web)
    app.add_template_global(static_files.address, "file")
    app.before_request(_check)
    app.after_request(throttle.count)
    app.after_request(language.remember)
    app.after_request(_headers)


@web.get("/files/<version>/<part>/<path:name>")
@public
def file(version: str, part: str, name: str) -> Response:
    """Scripts, styles, pictures, fonts and sounds of all pages, kept by a browser until their version changes."""
    return handing.file(version, part, name)


@web.get("/login")
@public
def login() -> str:
    return _login_page(None, "")


@web.post("/login")
@public
def log_in() -> Response | str:
    if not access.csrf_fits():
        raise Refused(Refusal("csrf"))
    name, password = request.form.get("name", "")[:80], request.form.get("password", "")[:200]
    person = logins.check_password(house(), name=name, password=password, address=throttle.client_network())
    if not isinstance(person, Refusal):
        return entering.enter(person, wanted=request.form.get("next", ""))
    response = Response(_login_page(person, name), status=status_of(person.code), mimetype="text/html")
    if "seconds" in person.params:
        response.headers["Retry-After"] = str(person.params["seconds"])
    return response


@web.post("/logout")
@public
def log_out() -> Response:
    if not access.csrf_fits():
        raise Refused(Refusal("csrf"))
    access.log_out_session()
    access.cut_sockets()
    return entering.see_other("/")


def _login_page(refusal: Refusal | None, name: str) -> str:
    lang = language.of_request()
    return render_template(
        "web/login.html",
        refusal=None if refusal is None else message(refusal, lang),
        name=name,
        next=request.values.get("next", ""),
        by_provider=oidc.is_offered(house().settings),
        **language.for_template(lang),
    )


def _check() -> Response | None:
    refused = throttle.check() or access.check_request()
    if refused is not None:
        return answer(refused)
    _note_sign_of_life()
    if request.path.startswith("/api/") and request.method in {"POST", "PUT", "PATCH"}:
        return _check_json()
    return None


def _note_sign_of_life() -> None:
    """A device's page is of the version that serves it; a program says its own."""
    signs = current_app.extensions.get("life_signs")
    if not isinstance(signs, LifeSigns) or g.identity is None:
        return
    said = request.headers.get("X-Idarati-Version")
    page = request.method == "GET" and access.wanted_device() is not None
    signs.saw(g.identity, version=said or (our_version() if page else None))


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
    if response.mimetype == "text/html":
        for name, value in OF_DOCUMENTS.items():
            headers.setdefault(name, value)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Cache-Control", "no-store")
    return response
