"""The language of a request: what its address says, else the cookie, else what the browser asks for."""

from typing import Any

from flask import Response, g, request

from server.web import access, i18n

COOKIE = "lang"
COOKIE_AGE_S = 365 * 24 * 3600


def of_request(offered: tuple[str, ...] = i18n.LANGUAGES) -> str:
    return i18n.choose(
        request.args.get("lang"), request.cookies.get(COOKIE), request.headers.get("Accept-Language"), offered
    )


def for_template(lang: str, offered: tuple[str, ...] = i18n.LANGUAGES) -> dict[str, Any]:
    """What every page takes: words, direction, the languages it can be had in, and its CSRF token."""
    return {
        "words": i18n.words(lang),
        "lang": lang,
        "dir": i18n.direction(lang),
        "languages": offered,
        "csrf_token": access.csrf_token(),
    }


def remember(response: Response) -> Response:
    """After each request: keep a language that was chosen by `?lang=`."""
    wanted = request.args.get("lang")
    if wanted in i18n.LANGUAGES and request.cookies.get(COOKIE) != wanted:
        response.set_cookie(COOKIE, wanted, max_age=COOKIE_AGE_S, samesite="Lax", secure=g.get("secure", False))
    return response
