"""Signs of life: when each device and each login was last seen. And the other way round, who may no longer be here.

Any request and any open socket is a sign. A sign is put down in memory and never makes a request wait or fail; this
part's own thread writes what has come together, at most once a minute for each device. Where the database doesn't take
it, it is written later. At each turn the sockets of those who may no longer act are cut: that is how a revocation made
in another process, or on the command line, reaches this one.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.metadata import version
from threading import Lock

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from server.actions.house import House
from server.domain.roles import DEVICE_KINDS
from server.store import devices, logins
from server.store.schema import to_ms
from server.store.writer import Busy
from server.web.access import Identity
from server.web.looping import Looping, OnDeath, die

log = logging.getLogger(__name__)

EVERY_S = 5.0
WRITTEN_EVERY = timedelta(minutes=1)
LONGEST_VERSION = 40


class LifeSigns:
    def __init__(
        self,
        house: House,
        *,
        connected: Callable[[], Iterable[Identity]],
        cut: Callable[[], int],
        every_s: float = EVERY_S,
        on_death: OnDeath = die,
    ) -> None:
        self._house = house
        self._connected = connected
        self._cut = cut
        self._every_s = every_s
        #: What has been seen and not been written: by device or login, when, and the version that was said.
        self._seen: dict[str, tuple[datetime, str | None]] = {}
        self._written: dict[str, datetime] = {}
        self._is_device: dict[str, bool] = {}
        self._lock = Lock()
        self._failing = False
        self._loop = Looping(name="life-signs", turn=self._turn, on_death=on_death)

    def start(self) -> None:
        self._loop.start()

    def stop(self) -> None:
        self._loop.stop()

    def saw(self, identity: Identity, *, version: str | None = None) -> None:
        """Somebody or something asked for something, or holds a socket."""
        key = identity.code if identity.kind in DEVICE_KINDS else identity.login
        if not key:
            return
        now = self._house.clock.now()
        with self._lock:
            said_before = self._seen.get(key, (now, None))[1]
            self._seen[key] = (now, version[:LONGEST_VERSION] if version else said_before)
            self._is_device[key] = identity.kind in DEVICE_KINDS

    def write(self) -> None:
        """What is due. What can't be written now stays to be written."""
        due = self._take_due()
        if not due:
            return
        try:
            self._house.writer.run(lambda conn: self._note(conn, due))
        except (Busy, SQLAlchemyError, TimeoutError):
            if not self._failing:
                log.warning("signs of life could not be written; it is tried again", exc_info=True)
            self._failing = True
            self._put_back(due)
            return
        self._failing = False

    def cut_now(self) -> int:
        """Close the sockets of whoever may no longer act; how many were."""
        try:
            cut = self._cut()
        except SQLAlchemyError:
            log.warning("whose sockets still count could not be asked", exc_info=True)
            return 0
        if cut:
            log.info("cut %d sockets of devices or logins that no longer count", cut)
        return cut

    def _turn(self) -> None:
        for identity in self._connected():
            self.saw(identity)
        self.write()
        self.cut_now()
        self._loop.alarm.wait(timeout=self._every_s)

    def _take_due(self) -> dict[str, tuple[datetime, str | None]]:
        now = self._house.clock.now()
        with self._lock:
            due = {
                key: seen
                for key, seen in self._seen.items()
                if key not in self._written or now - self._written[key] >= WRITTEN_EVERY
            }
            for key in due:
                del self._seen[key]
                self._written[key] = now
            # Who has not been seen for an hour is forgotten here; the next sign is written at once.
            for key in [key for key, at in self._written.items() if now - at > timedelta(hours=1)]:
                del self._written[key]
                self._is_device.pop(key, None)
        return due

    def _put_back(self, due: dict[str, tuple[datetime, str | None]]) -> None:
        with self._lock:
            for key, seen in due.items():
                self._seen.setdefault(key, seen)
                self._written.pop(key, None)

    def _note(self, conn: Connection, due: dict[str, tuple[datetime, str | None]]) -> None:
        for key, (at, said) in due.items():
            if self._is_device.get(key, False):
                devices.note_seen(conn, code=key, at_ms=to_ms(at), version=said)
            else:
                logins.note_login_seen(conn, key, at_ms=to_ms(at))


@lru_cache(maxsize=1)
def our_version() -> str:
    return version("idarati-reception")
