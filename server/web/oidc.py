"""Logging in by an OpenID Connect provider, through Authlib: the code flow with PKCE, state and nonce.

It never makes a person. One claim of the ID token, whose signature, issuer, audience and age Authlib has checked, must
be the name of somebody who was added here. A provider that says that it asked for more than a password spares the
second factor.
"""

import logging
from typing import Any, cast

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, Response, current_app, request, session, url_for
from joserfc.errors import JoseError
from requests import RequestException

from server.config import Settings
from server.domain.errors import Refusal
from server.store import people
from server.web import entering
from server.web.access import public
from server.web.context import house
from server.web.errors import Refused

log = logging.getLogger(__name__)

ANSWERS_WITHIN_S = 10
DISCOVERY = "/.well-known/openid-configuration"
#: Ways of proving oneself (RFC 8176) that are more than a password.
MORE_THAN_A_PASSWORD = frozenset({"mfa", "otp", "hwk", "swk", "fpt", "face", "sc"})


def install(app: Flask, settings: Settings) -> None:
    """Nothing is asked of the provider before somebody wants to log in by it."""
    if not is_offered(settings):
        return
    oauth = OAuth(app)
    oauth.register(
        "provider",
        server_metadata_url=settings.oidc_issuer.rstrip("/") + DISCOVERY,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "default_timeout": ANSWERS_WITHIN_S,
        },
    )


def is_offered(settings: Settings) -> bool:
    return bool(settings.oidc_issuer and settings.oidc_client_id)


@public
def by_provider() -> Response:
    """Off to the provider; `next` is where to go afterwards."""
    client = _client()
    session["provider_next"] = entering.own_address(request.args.get("next", ""))
    try:
        return cast(Response, client.authorize_redirect(_callback()))
    except (AuthlibBaseError, RequestException, JoseError, ValueError) as error:
        raise _failed(error) from error


@public
def from_provider() -> Response:
    """Back from the provider, with a code that is exchanged for who this is."""
    client = _client()
    try:
        token = client.authorize_access_token()
        issuer = client.load_server_metadata().get("issuer")
    except (AuthlibBaseError, RequestException, JoseError, ValueError, KeyError) as error:
        raise _failed(error) from error
    claims: dict[str, Any] = token.get("userinfo") or {}
    if not claims or issuer != claims.get("iss") or str(issuer).rstrip("/") != _settings().oidc_issuer.rstrip("/"):
        raise Refused(Refusal("provider_failed"))
    name = claimed_name(claims, _settings().oidc_claim)
    with house().read() as conn:
        person = None if name is None else people.person_named(conn, name)
    if person is None:
        raise Refused(Refusal("not_known_here"))
    if person.disabled:
        raise Refused(Refusal("account_disabled"))
    more = bool(MORE_THAN_A_PASSWORD & set(claims.get("amr") or ()))
    return entering.enter(person, wanted=session.get("provider_next", "/"), proved_more=more)


def claimed_name(claims: dict[str, Any], claim: str) -> str | None:
    """The claim's value; an address that the provider has not verified is nobody's name."""
    value = claims.get(claim)
    if claim == "email" and claims.get("email_verified") is not True:
        return None
    return value if isinstance(value, str) and value else None


def _client() -> Any:
    if not is_offered(_settings()):
        raise Refused(Refusal("not_found"))
    return current_app.extensions["authlib.integrations.flask_client"].provider


def _callback() -> str:
    path, base = url_for("account.from_provider"), _settings().public_url.rstrip("/")
    return base + path if base else url_for("account.from_provider", _external=True)


def _failed(error: Exception) -> Refused:
    # What the provider or a stranger put into the answer stays out of the page; the kind of error is enough for a log.
    log.warning("a login by the provider failed: %s", type(error).__name__)
    return Refused(Refusal("provider_failed"))


def _settings() -> Settings:
    return house().settings
