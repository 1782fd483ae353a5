"""A small OpenID Connect provider, served on this machine with keys of its own. It does what a test tells it to."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Thread
from typing import Any

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "idarati", "between-us-alone"


@dataclass
class Provider:
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}))
    #: What the next token says beside what every token says; overrides it.
    claims: dict[str, Any] = field(default_factory=lambda: {"preferred_username": "Amina"})
    #: Signs with this instead, where it is set.
    foreign_key: RSAKey | None = None
    #: What the discovery document calls the issuer, where that is not the address.
    issuer: str = ""
    address: str = ""
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> Flask:
        app = Flask(__name__)
        app.add_url_rule("/.well-known/openid-configuration", "metadata", self._metadata)
        app.add_url_rule("/authorize", "authorize", self._authorize)
        app.add_url_rule("/token", "token", self._token, methods=["POST"])
        app.add_url_rule("/jwks", "jwks", self._jwks)
        app.before_request(lambda: self.asked.append(request.path))
        return app

    def _metadata(self) -> Response:
        return jsonify(
            issuer=self.issuer or self.address,
            authorization_endpoint=f"{self.address}/authorize",
            token_endpoint=f"{self.address}/token",
            jwks_uri=f"{self.address}/jwks",
            response_types_supported=["code"],
            id_token_signing_alg_values_supported=["RS256"],
        )

    def _authorize(self) -> Any:
        """The person has logged in here already."""
        assert request.args["client_id"] == CLIENT_ID
        assert request.args["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = dict(request.args)
        return redirect(f"{request.args['redirect_uri']}?code={code}&state={request.args['state']}")

    def _token(self) -> Any:
        began = self._codes.pop(request.form["code"], None)
        client = request.authorization
        if began is None or client is None or (client.username, client.password) != (CLIENT_ID, CLIENT_SECRET):
            return jsonify(error="invalid_grant"), 400
        digest = sha256(request.form["code_verifier"].encode()).digest()
        if urlsafe_b64encode(digest).decode().rstrip("=") != began["code_challenge"]:
            return jsonify(error="invalid_grant"), 400
        assert request.form["redirect_uri"] == began["redirect_uri"]
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "sub": "s-1",
            "iat": now,
            "exp": now + 60,
            "nonce": began["nonce"],
            **self.claims,
        }
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.foreign_key or self.key)
        return jsonify(access_token="x", token_type="Bearer", expires_in=60, id_token=signed)

    def _jwks(self) -> Response:
        return Response(json.dumps({"keys": [self.key.as_dict(private=False)]}), mimetype="application/json")


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider.app(), threaded=True)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
