"""From a request to the writer: who, which key, and the answer that is kept under it. API and pages share this."""

import secrets as randomness
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from flask import Response, g, jsonify, request
from sqlalchemy import Connection

from server.domain import sealing
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.roles import DEVICE_KINDS
from server.domain.sealing import Sealed
from server.store import sealed as notes
from server.store.transact import Action, Answer, Key
from server.web.access import Identity
from server.web.context import house
from server.web.errors import Refused

LONGEST_KEY = 200


def identity() -> Identity:
    """Who does this: set before the view by the guard."""
    found = g.identity
    assert isinstance(found, Identity)
    return found


def run(
    site: str,
    action: Action,
    present: Callable[[Any, Hall], Answer],
    *,
    needs_key: bool = False,
    beside: Callable[[Connection, Any], None] | None = None,
) -> Response:
    """Run the action for this request and answer with what `present` makes of it; `beside` writes beside the journal what
    stands or falls with it. Raises Refused.
    """
    who = identity()
    key = _key(who, needs_key=needs_key)
    outcome = house().submit(site, who.actor, action, key=key, present=present, beside=beside)
    if isinstance(outcome, Refusal):
        raise Refused(outcome)
    assert outcome.answer is not None
    status, body = outcome.answer
    response = Response(status=status) if body is None else jsonify(body)
    response.status_code = status
    return response


def seal(text: str | None) -> Sealed | None:
    """What binds a note that somebody has written; None where nothing was. Raises Refused."""
    if text is None:
        return None
    sealed = sealing.seal(text, salt=randomness.token_bytes(sealing.SALT_BYTES))
    if isinstance(sealed, Refusal):
        raise Refused(sealed)
    return sealed


def keeping(site: str, sealed: Sealed | None) -> Callable[[Connection, Any], None] | None:
    """Writes the note beside the entry that binds it: `did.seq` is that entry."""
    if sealed is None:
        return None
    actor, at = identity().actor, house().clock.now()

    def beside(conn: Connection, did: Any) -> None:
        notes.keep(conn, site=site, seq=did.seq, sealed=sealed, actor=actor, at=at)

    return beside


def _key(who: Identity, *, needs_key: bool) -> Key | None:
    """The request's idempotency key, with the fingerprint of what it stands for."""
    sent = request.headers.get("Idempotency-Key", "").strip()
    if not sent:
        if needs_key and who.kind in DEVICE_KINDS:
            raise Refused(Refusal("key_required"))
        return None
    if len(sent) > LONGEST_KEY:
        raise Refused(Refusal("invalid_input"))
    stands_for = b"\0".join((request.method.encode(), request.path.encode(), request.get_data(cache=True)))
    return Key(token=who.token, key=sent, fingerprint=sha256(stands_for).hexdigest())
