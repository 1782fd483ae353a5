"""A browser becomes a machine: its cookie, and the way to its page."""

from flask import Response, redirect

from server.web.access import device_cookie
from server.web.context import house

#: A device's cookie outlives the machine; the device itself can be revoked at any time.
COOKIE_AGE_S = 5 * 365 * 24 * 3600


def enrolled(*, kind: str, site: str, token: str) -> Response:
    response = redirect(f"/{kind}/{site}", code=303)
    assert isinstance(response, Response)
    response.set_cookie(
        device_cookie(kind, site),
        token,
        max_age=COOKIE_AGE_S,
        httponly=True,
        samesite="Strict",
        secure=house().settings.cookies_secure,
    )
    return response
