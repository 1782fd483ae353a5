"""Heads follow the journal: each closed day's is sent to the addresses outside that the settings name, in order.

Each address has a cursor of its own at each site, so one that is away holds up no other. Before it is tried, a process
takes the address for a minute, in a transaction of its own and before anything is sent; so of several processes one
sends. Where it doesn't arrive it is tried again later and later, for as long as it takes; a crash between arriving and
noting it sends the same head twice, which says the same. Closing a day never waits for any of this, and a new address
begins at the journal's end.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from hashlib import sha256

from sqlalchemy import Connection

from server.actions.house import House
from server.config import Settings
from server.domain import heads
from server.domain.entries import Entry
from server.store import cursors, journal
from server.store.schema import to_ms
from server.web import head_addresses
from server.web.head_carriers import Carrier, CarrierError, Facts, Mail, Webhook
from server.web.looping import Looping, OnDeath, die

log = logging.getLogger(__name__)

LOOK_S = 20.0
#: So long an address is ours once we have taken it; sending takes less.
TAKEN_FOR = timedelta(minutes=1)
#: Wait before the next attempt, by how many have failed; the last one from then on.
AGAIN_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))


def carriers_of(settings: Settings) -> list[Carrier]:
    """Where the settings want heads sent. Raises SettingError."""
    posts = [Webhook(address=address, key=settings.heads_key) for address in head_addresses.webhooks(settings)]
    mails = [
        Mail(address=address, server=settings.smtp_url, sender=settings.mail_from)
        for address in head_addresses.mails(settings)
    ]
    return [*posts, *mails]


class HeadsSender:
    def __init__(
        self, house: House, carriers: Iterable[Carrier], *, look_s: float = LOOK_S, on_death: OnDeath = die
    ) -> None:
        self._house = house
        self._carriers = list(carriers)
        self._look_s = look_s
        self._failed: dict[tuple[str, str], int] = {}
        self._loop = Looping(name="heads", turn=self._turn, on_death=on_death)

    def start(self) -> None:
        """Where no address is set there is nothing to do, and no thread."""
        if self._carriers:
            self._loop.start()

    def stop(self) -> None:
        self._loop.stop()

    def look(self) -> None:
        """Send what is due now. Raises nothing: what a database that is away spoils is done by the next look."""
        for carrier in self._carriers:
            try:
                for site in self._house.site_codes():
                    self._send_to(carrier, site)
            except Exception:
                log.exception("heads can't be sent to %s now", carrier.address)

    def _turn(self) -> None:
        self.look()
        self._loop.alarm.wait(timeout=self._look_s)

    def _send_to(self, carrier: Carrier, site: str) -> None:
        cursor = f"heads:{sha256(carrier.address.encode()).hexdigest()[:24]}"
        for entry in self._waiting(cursor, site):
            if not self._house.writer.run(partial(self._take, cursor, site, entry.seq)):
                return
            try:
                carrier.carry(facts_of(entry))
            except CarrierError as error:
                self._note_failure(carrier, cursor, site, error)
                return
            self._note_sent(carrier, cursor, site, entry)

    def _waiting(self, cursor: str, site: str) -> list[Entry]:
        with self._house.read() as conn:
            sent = cursors.positions(conn, cursor).get(site)
            head = journal.head(conn, site)
            if head is None:
                return []
            if sent is not None:
                return journal.of_kind(conn, site, "day.closed", after=sent, until=head.seq)
        self._house.writer.run(partial(_begin, cursor, site, head.seq))
        return []

    def _take(self, cursor: str, site: str, seq: int, conn: Connection) -> bool:
        now = self._house.clock.now()
        not_yet = cursors.take(conn, _next(cursor), site) > to_ms(now)
        if not_yet or cursors.take(conn, cursor, site) >= seq:
            return False
        cursors.move(conn, _next(cursor), site, seq=to_ms(now + TAKEN_FOR))
        return True

    def _note_sent(self, carrier: Carrier, cursor: str, site: str, entry: Entry) -> None:
        if self._failed.pop((cursor, site), 0):
            log.warning("heads reach %s again", carrier.address)
        self._house.writer.run(partial(_sent, cursor, site, entry.seq, to_ms(self._house.clock.now())))

    def _note_failure(self, carrier: Carrier, cursor: str, site: str, error: CarrierError) -> None:
        count = self._failed.get((cursor, site), 0)
        if not count:
            log.warning("a head of %s did not reach %s: %s; it is tried again", site, carrier.address, error)
        self._failed[cursor, site] = count + 1
        wait = AGAIN_AFTER[min(count, len(AGAIN_AFTER) - 1)]
        until_ms = to_ms(self._house.clock.now() + wait)
        self._house.writer.run(partial(cursors.move, consumer=_next(cursor), site=site, seq=until_ms))


def facts_of(entry: Entry) -> Facts:
    return {
        "site": entry.site,
        "day": entry.body["day"],
        "seq": entry.seq,
        "hash": entry.hash,
        "short": heads.short(entry.hash),
    }


def _next(cursor: str) -> str:
    """Beside the cursor: the time before which nobody tries, in milliseconds."""
    return f"{cursor}:next"


def _begin(cursor: str, site: str, seq: int, conn: Connection) -> None:
    cursors.begin(conn, cursor, site, seq=seq)
    cursors.begin(conn, _next(cursor), site, seq=0)


def _sent(cursor: str, site: str, seq: int, at_ms: int, conn: Connection) -> None:
    """The address is free again at once, for the next day that waits."""
    cursors.move(conn, cursor, site, seq=seq)
    cursors.put(conn, _next(cursor), site, seq=at_ms)
