"""Paper follows the journal: a ticket drawn at a kiosk with a printer, or wanted there by the desk, is a print job, once.

The cursor moves in the transaction that queues the jobs, so a crash loses no paper and prints none twice, and of two
processes each ticket's job is queued by one and printed by one. A new installation begins at the journal's end: the
past is not printed. It is woken by this process's commits and looks by itself each second; drawing never waits for it.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from printers import preview, transports
from printers.typeface import ShapingMissingError
from server.actions.house import House
from server.store import cursors, devices, journal, print_jobs
from server.store.devices import DeviceRow
from server.store.schema import to_ms
from server.web import slips
from server.web.looping import Looping, OnDeath, die
from server.web.printing import EXPIRES_AFTER, GIVEN_UP_AFTER, PACE_S, PrinterWorker, Voice, folder_of, printer_of

log = logging.getLogger(__name__)

CONSUMER = "paper"
LOOK_S = 1.0
#: A burst of commits is one look: nobody misses 20 ms of paper, and the database is spared.
GATHER_S = 0.02


def recent(data_dir: Path, site: str) -> list[Path]:
    """Pictures of what the site's virtual printers kept, the newest first."""
    found = []
    for picture in folder_of(data_dir, site, "*").parent.glob("*/*.png"):
        try:
            found.append((picture.stat().st_mtime_ns, picture))
        except FileNotFoundError:
            continue  # the printer has just let it go
    return [picture for _, picture in sorted(found, reverse=True)]


class PaperConsumer:
    def __init__(
        self,
        house: House,
        *,
        look_s: float = LOOK_S,
        deadline_s: float = transports.DEADLINE_S,
        pace_s: float = PACE_S,
        on_death: OnDeath = die,
    ) -> None:
        self._house = house
        self._look_s = look_s
        self._voice = Voice()
        self._seen: dict[str, int] = {}
        self._blind = False
        self._warm = False
        self._workers: dict[str, PrinterWorker] = {}
        self._worker = partial(
            PrinterWorker, house, voice=self._voice, deadline_s=deadline_s, pace_s=pace_s, on_death=on_death
        )
        self._loop = Looping(name="paper", turn=self._turn, on_death=on_death)

    def start(self) -> None:
        """The second call changes nothing."""
        if self.wake in self._house.wake:
            return
        self._house.wake.append(self.wake)
        self._loop.start()

    def stop(self) -> None:
        if self.wake in self._house.wake:
            self._house.wake.remove(self.wake)
        self._loop.stop()
        for worker in self._workers.values():
            worker.close()
        for worker in self._workers.values():
            worker.stop()
        self._workers.clear()

    def wake(self) -> None:
        """Something was committed in this process. Never blocks: it is called on the way to an answer."""
        self._loop.alarm.set()

    def look(self) -> None:
        """Queue what was drawn since the last look and set the printers to work. Raises nothing."""
        try:
            self._follow()
            self._hand_out()
        except Exception:
            if not self._blind:
                log.exception("paper can't follow the journal; it tries again each second")
            self._blind = True
            return
        if self._blind:
            log.warning("paper follows the journal again")
        self._blind = False

    def _turn(self) -> None:
        self.look()
        if not self._warm:
            self._warm = True
            self._warm_up()
        if self._loop.alarm.wait(timeout=self._look_s):
            time.sleep(GATHER_S)
        self._loop.alarm.clear()

    def _follow(self) -> None:
        with self._house.read() as conn:
            known = cursors.positions(conn, CONSUMER)
            news = {site: head for site, head in journal.heads(conn).items() if head != self._seen.get(site)}
            asked = [site for site, head in news.items() if self._is_asked(conn, site, known.get(site), head)]
        for site in asked:
            self._house.writer.run(partial(queue_drawn, site=site))
        self._seen.update(news)

    def _is_asked(self, conn: Connection, site: str, cursor: int | None, head: int) -> bool:
        """Whether there is something to write down: calls and ends of turns move no cursor by themselves."""
        if cursor is None:
            return True
        after = max(cursor, self._seen.get(site, 0))
        return bool(print_jobs.wanted(conn, site, after=after, until=head))

    def _hand_out(self) -> None:
        with self._house.read() as conn:
            unsettled = print_jobs.unsettled(conn)
            kiosks = [row for row in devices.devices_of(conn) if row.kind == "kiosk"] if unsettled else []
        if self._has_old(unsettled):
            self._house.writer.run(partial(tidy, now=self._house.clock.now()))
        queued = {jobs.device for jobs in unsettled if jobs.state == "queued"}
        printers: dict[str, dict[str, DeviceRow]] = defaultdict(dict)
        for kiosk in kiosks:
            printers[printer_of(kiosk)][kiosk.code] = kiosk
        for printer, sharing in printers.items():
            if queued & sharing.keys():
                if printer not in self._workers:
                    self._workers[printer] = self._worker(name=printer)
                self._workers[printer].wake(sharing)

    def _has_old(self, unsettled: Collection[print_jobs.Unsettled]) -> bool:
        now = self._house.clock.now()
        expired, given_up = to_ms(now - EXPIRES_AFTER), to_ms(now - GIVEN_UP_AFTER)
        return any(
            jobs.created_at < expired if jobs.state == "queued" else jobs.changed_at < given_up for jobs in unsettled
        )

    def _warm_up(self) -> None:
        """Draw one ticket of each site for nobody, so that the first citizen's does not wait for faces to be read."""
        try:
            for site in self._house.site_codes():
                pack = self._house.pack(site)
                if pack is not None:
                    facts = slips.specimen(pack, at=self._house.clock.now())
                    preview.render(slips.ticket_slip(pack, facts), transports.parse("virtual:").width)
        except ShapingMissingError as error:
            self._voice.no_shaping(error)
        except Exception:
            log.exception("paper could not be made ready; the first ticket shows why")


def queue_drawn(conn: Connection, *, site: str) -> None:
    """Jobs for the paper wanted since the cursor, and the cursor moved to the journal's end: all of it or nothing."""
    head = journal.head(conn, site)
    assert head is not None
    cursors.begin(conn, CONSUMER, site, seq=head.seq)
    after = cursors.take(conn, CONSUMER, site)
    head = journal.head(conn, site)  # once more: another process may have gone on while we waited for the cursor
    assert head is not None
    print_jobs.queue(conn, site, print_jobs.wanted(conn, site, after=after, until=head.seq))
    cursors.move(conn, CONSUMER, site, seq=head.seq)


def tidy(conn: Connection, *, now: datetime) -> None:
    """Let go what nobody waits for any more, and what a dead process held."""
    print_jobs.expire_older(conn, before_ms=to_ms(now - EXPIRES_AFTER), at_ms=to_ms(now))
    print_jobs.give_up_older(conn, before_ms=to_ms(now - GIVEN_UP_AFTER), at_ms=to_ms(now))
