"""The live channel: Socket.IO over websocket alone, namespace `/live`, one room per site.

A client joins a site, gets a snapshot of the board, then every entry in order, and a beat. It decides nothing and
takes nothing in but `join`. Sockets beyond what a process can hold are refused with a word instead of being left to
hang.
"""

import logging
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, cast

from flask import Flask, request
from flask_socketio import ConnectionRefusedError as Refuse
from flask_socketio import Namespace, SocketIO
from sqlalchemy.exc import SQLAlchemyError

from server.actions.house import House
from server.config import Settings
from server.domain.roles import ROLES
from server.store import logins, tokens
from server.web import access
from server.web.access import Identity
from server.web.publisher import BEAT_S, LOOK_S, Publisher

log = logging.getLogger(__name__)

NAMESPACE = "/live"
PATH = "/socket.io/"
#: What a client may send at once: a join is a few dozen bytes.
LONGEST_MESSAGE = 4096
#: Sockets beyond the limit that are still answered, so that they hear why they are refused.
SPARE_SOCKETS = 16
#: Whoever may watch a hall, at a site of his own. A relay prints and sees nothing.
WATCHERS = frozenset(ROLES) | {"kiosk", "display", "counter"}

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Held:
    """A connected socket: the token that it came with, if it came with one, and everybody it may speak for."""

    token: str | None
    identities: tuple[Identity, ...]

    @property
    def came_by(self) -> frozenset[str]:
        """Hashes of the tokens and logins."""
        return frozenset(identity.login or identity.token for identity in self.identities)


class LiveChannel(Namespace):  # type: ignore[misc]  # Flask-SocketIO has no types
    def __init__(self, house: House, publisher: Publisher, *, most: int) -> None:
        super().__init__(NAMESPACE)
        self._house = house
        self._publisher = publisher
        self._most = most
        self._sockets: dict[str, Held] = {}
        self._lock = Lock()

    def on_connect(self, auth: Any = None) -> None:
        token = _token_of(auth)
        identities = self._identities(token)
        if not identities:
            raise Refuse("token_missing" if token is None else "token_unknown")
        with self._lock:
            if len(self._sockets) >= self._most:
                raise Refuse("too_many_sockets")
            self._sockets[_sid()] = Held(token=token, identities=tuple(identities))

    def on_disconnect(self, *_why: Any) -> None:
        with self._lock:
            self._sockets.pop(_sid(), None)

    def on_join(self, wanted: Any = None) -> None:
        """Answers `snapshot`, or `refused` with a code. Joining again gives a new snapshot."""
        named = wanted.get("site") if isinstance(wanted, dict) else None
        site = named if isinstance(named, str) else None
        refused = "invalid_input" if site is None else self._join(site)
        if refused is not None:
            self.emit("refused", {"code": refused, "site": site}, room=_sid())

    def close_all(self) -> None:
        """Close every transport, so that the requests end; clients then look for the next process by themselves.

        A client that is told to leave the namespace instead would take it for a dismissal and stay away.
        """
        for transport in list(self.socketio.server.eio.sockets.values()):
            transport.close(wait=False)

    def connected(self) -> list[Identity]:
        """Everybody and everything that holds a socket now."""
        with self._lock:
            return [identity for held in self._sockets.values() for identity in held.identities]

    def cut(self) -> int:
        """Close the sockets that came by a token or a login which counts no more; how many were.

        Whoever has something else that counts comes back with it; the others are refused at the door.
        """
        with self._lock:
            held = dict(self._sockets)
        came_by = {one for socket in held.values() for one in socket.came_by}
        with self._house.read() as conn:
            counts = tokens.still_valid(conn, came_by) | logins.still_open(conn, came_by) if came_by else set()
        gone = [sid for sid, socket in held.items() if not socket.came_by <= counts]
        for sid in gone:
            self._close(sid)
        return len(gone)

    @property
    def count(self) -> int:
        return len(self._sockets)

    def _close(self, sid: str) -> None:
        server = self.socketio.server
        transport = server.eio.sockets.get(server.manager.eio_sid_from_sid(sid, NAMESPACE))
        if transport is not None:
            transport.close(wait=False)

    def _join(self, site: str) -> str | None:
        sid = _sid()
        held = self._sockets.get(sid)
        watchers = [one for one in self._identities(None if held is None else held.token) if one.kind in WATCHERS]
        if not any(watcher.sees(site) for watcher in watchers):
            return "wrong_site" if watchers else "not_allowed"

        def greet(snapshot: Mapping[str, Any]) -> None:
            self.enter_room(sid, site)
            self.emit("snapshot", snapshot, room=sid)

        try:
            return None if self._publisher.join(site, greet) else "no_such_site"
        except SQLAlchemyError:
            log.exception("%s: no snapshot", site)
            return "busy"

    def _identities(self, token: str | None) -> list[Identity]:
        """Everybody the socket may speak for: the token it came with, else its page's cookies."""
        if token is None:
            return list(access.identities())
        identity = access.identity_of_token(self._house, token)
        return [] if identity is None else [identity]


class Gate:
    """Lets no more websockets in than there are threads for: what is too many is told so and let go."""

    def __init__(self, inside: Wsgi, *, most: int) -> None:
        self._inside = inside
        self._most = most
        self._open = 0
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PATH):
            return self._inside(environ, start_response)
        with self._lock:
            full = self._open >= self._most
            self._open += not full
        if full:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain"), ("Retry-After", "10")])
            return [b"too_many_sockets"]
        # A websocket request is answered within this call; what comes back is empty.
        try:
            return self._inside(environ, start_response)
        finally:
            with self._lock:
                self._open -= 1


class LiveSocketIO(SocketIO):  # type: ignore[misc]  # Flask-SocketIO has no types
    publisher: Publisher
    channel: LiveChannel


def make_socketio(
    app: Flask, house: House, settings: Settings, *, beat_s: float = BEAT_S, look_s: float = LOOK_S
) -> LiveSocketIO:
    """Give the app its live channel. Nothing is told until `publisher` is started."""
    socketio = LiveSocketIO(
        app,
        async_mode=async_mode(),
        transports=["websocket"],
        allow_upgrades=False,
        path=PATH.strip("/"),
        max_http_buffer_size=LONGEST_MESSAGE,
        manage_session=False,
        serve_client=False,
    )

    def emit(event: str, facts: Mapping[str, Any], site: str) -> None:
        socketio.emit(event, facts, namespace=NAMESPACE, to=site)

    socketio.publisher = Publisher(house, emit, beat_s=beat_s, look_s=look_s)
    socketio.channel = LiveChannel(house, socketio.publisher, most=settings.sockets)
    socketio.on_namespace(socketio.channel)
    socketio.on_error_default(_on_error)
    app.wsgi_app = Gate(cast(Wsgi, app.wsgi_app), most=settings.sockets + SPARE_SOCKETS)  # type: ignore[method-assign]
    return socketio


def async_mode() -> str:
    """Says gevent where gunicorn's gevent worker has patched the sockets, else real threads. Never guessed by a library."""
    monkey = sys.modules.get("gevent.monkey")
    return "gevent" if monkey is not None and monkey.is_module_patched("socket") else "threading"


def _on_error(error: Exception) -> None:
    log.error("a live event could not be handled", exc_info=error)


def _token_of(auth: Any) -> str | None:
    token = auth.get("token") if isinstance(auth, dict) else None
    return token if isinstance(token, str) and token else None


def _sid() -> str:
    return cast(str, request.sid)  # type: ignore[attr-defined]  # put there by Flask-SocketIO
