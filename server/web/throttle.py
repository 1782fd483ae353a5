"""How many failed attempts one address may make in a minute, before anything is looked at. Kept in this process alone.

It keeps guessing slow and cheap to refuse; what has to hold over restarts and processes is `server.actions.lockout`.
Only failures count, so that a whole office may log in at half past eight from behind one address.
"""

from collections import deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from threading import Lock

from flask import Response, current_app, request

from server.domain.errors import Refusal
from server.web.context import house

WINDOW = timedelta(minutes=1)
#: Most failures in a minute, by endpoint.
LIMITS = {
    "web.log_in": 30,
    "account.second_factor_given": 30,
    "account.invitation": 20,
    "account.accept_invitation": 20,
    "account.change_password": 20,
    "public.enrol": 20,
    "public.enrol_by_hand": 20,
}
#: What counts as a failed guess.
FAILED = frozenset({401, 403, 410, 422})
ADDRESSES_MOST = 10_000


class Throttle:
    def __init__(self) -> None:
        self._failed: dict[tuple[str, str], deque[datetime]] = {}
        self._lock = Lock()

    def wait_s(self, what: str, address: str, *, most: int, at: datetime) -> int:
        """Seconds until the next attempt is let through; 0 for now."""
        with self._lock:
            failed = self._failed.get((what, address))
            if failed is None:
                return 0
            while failed and failed[0] <= at - WINDOW:
                failed.popleft()
            if len(failed) < most:
                return 0
            return max(1, -(-(failed[0] + WINDOW - at) // timedelta(seconds=1)))

    def failed(self, what: str, address: str, *, most: int, at: datetime) -> None:
        with self._lock:
            if len(self._failed) >= ADDRESSES_MOST:
                self._failed.clear()
            self._failed.setdefault((what, address), deque(maxlen=most)).append(at)


def check() -> Refusal | None:
    """Before a request. Refused as: too_many_requests, with the seconds to wait."""
    most = LIMITS.get(request.endpoint or "")
    if most is None:
        return None
    seconds = _throttle().wait_s(str(request.endpoint), client_network(), most=most, at=house().clock.now())
    return Refusal("too_many_requests", {"seconds": seconds}) if seconds else None


def count(response: Response) -> Response:
    """After a request: an attempt that failed is remembered for a minute."""
    most = LIMITS.get(request.endpoint or "")
    if most is not None and response.status_code in FAILED:
        _throttle().failed(str(request.endpoint), client_network(), most=most, at=house().clock.now())
    return response


def client_network() -> str:
    """The client's address; of IPv6 the network that one subscriber has, since he may choose within it."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return f"{IPv6Address(int(address) >> 64 << 64)}/64" if isinstance(address, IPv6Address) else str(address)


def _throttle() -> Throttle:
    throttle = current_app.extensions.setdefault("throttle", Throttle())
    assert isinstance(throttle, Throttle)
    return throttle
