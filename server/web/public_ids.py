"""Public ticket ids: what stands in the QR code. Base32 of 128 bits of HMAC-SHA256(site key, ticket id).

They are stored nowhere. To find the ticket of one, each process computes those of the last two days' tickets once and
then only those of new ones; so a leaked database or journal opens nobody's page, and neither does guessing.
"""

import base64
import hmac
from collections.abc import Iterable
from threading import Lock

from server.actions.house import House
from server.store import tickets

LENGTH = 26
#: Beyond this the oldest days are certainly among them: forget all and begin again with the recent ones.
KNOWN_MOST = 50_000


def public_id(key: str, ticket: str) -> str:
    digest = hmac.digest(key.encode(), ticket.encode(), "sha256")[:16]
    return base64.b32encode(digest).decode().rstrip("=").lower()


class PublicIds:
    """Finds tickets by public id. One per process."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock = Lock()
        self._known: dict[str, str] = {}
        self._seen: dict[str, int] = {}

    def of(self, site: str, ticket: str) -> str:
        return public_id(self._house.public_key(site), ticket)

    def find(self, wanted: str) -> str | None:
        """The ticket, if it was drawn on this business day or the one before at some site."""
        wanted = wanted.lower()
        if len(wanted) != LENGTH or not wanted.isalnum():
            return None
        if wanted not in self._known:
            with self._lock:
                self._look_for_new_ones(self._house.site_codes())
        return self._known.get(wanted)

    def _look_for_new_ones(self, sites: Iterable[str]) -> None:
        if len(self._known) > KNOWN_MOST:
            self._known.clear()
            self._seen.clear()
        for site in sites:
            with self._house.read() as conn:
                after = self._seen.get(site)
                if after is None:
                    after = tickets.seq_before_recent_days(conn, site, days=2)
                fresh = tickets.drawn_after(conn, site, after)
            key = self._house.public_key(site)
            for ticket, seq in fresh:
                self._known[public_id(key, ticket)] = ticket
                after = max(after, seq)
            self._seen[site] = after
