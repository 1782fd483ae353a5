"""One printer: takes the jobs of the kiosks that print on it, one at a time, and says how each went.

Each printer has a thread of its own, so that one that hangs holds up nobody else's paper, and a pace, so that however
many tickets a program draws, printing takes little from reception. Nothing that goes wrong here gets out: the job is
blocked, the log says it once, and the number on the screen is as good as before. It never sends a job twice.
"""

import logging
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event, Lock

from printers import preview, transports
from printers.errors import PrinterUnreachable, UnknownPrinterError
from printers.slip import Slip
from printers.typeface import ShapingMissingError
from server.actions.admission import likely_to_close_before_at
from server.actions.house import House
from server.domain.entries import instant
from server.reports import closed_days
from server.store import journal, print_jobs, tickets
from server.store.devices import DeviceRow
from server.store.print_jobs import PrintJob
from server.store.schema import to_ms
from server.web import checklists, closing_slips, presenters, slips
from server.web.looping import Looping, OnDeath, die
from server.web.public_ids import public_id

log = logging.getLogger(__name__)

#: A person waits a minute or two for paper, then goes without it.
EXPIRES_AFTER = timedelta(minutes=3)
#: A living process holds a job for some seconds at most; one that holds it longer is dead and keeps nobody waiting …
HELD_FOR = timedelta(seconds=15)
#: … and after this the job counts as sent, perhaps.
GIVEN_UP_AFTER = timedelta(minutes=1)
#: From one ticket to the next on the same printer; a fast one needs half a second for the paper itself.
PACE_S = 0.2


def printer_of(kiosk: DeviceRow) -> str:
    """What kiosks that print on the same machine have in common. A virtual printer belongs to one kiosk."""
    try:
        address = transports.parse(kiosk.printer)
    except UnknownPrinterError:
        return f"{kiosk.code} {kiosk.printer}"
    return f"tcp://{address.host}:{address.port}" if address.scheme == "tcp" else f"virtual:{kiosk.code}"


def folder_of(data_dir: Path, site: str, device: str) -> Path:
    """Where a kiosk's virtual printer keeps its tickets."""
    return data_dir / "paper" / site / device


class Voice:
    """Says once that a kiosk does not print, and once that it prints again."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._away: set[str] = set()

    def failed(self, kiosk: DeviceRow, error: Exception) -> None:
        if isinstance(error, ShapingMissingError):
            self.no_shaping(error)
        elif not self._first(kiosk.code):
            return
        elif isinstance(error, PrinterUnreachable | UnknownPrinterError):
            log.warning("%s: kiosk %s (%s) does not print: %s", kiosk.site, kiosk.name, kiosk.code, error)
        else:
            log.error("%s: kiosk %s (%s) does not print", kiosk.site, kiosk.name, kiosk.code, exc_info=error)

    def no_shaping(self, error: ShapingMissingError) -> None:
        if self._first("shaping"):
            log.error("no kiosk prints: %s", error)

    def printed(self, kiosk: DeviceRow) -> None:
        with self._lock:
            back = kiosk.code in self._away
            self._away.discard(kiosk.code)
        if back:
            log.warning("%s: kiosk %s (%s) prints again", kiosk.site, kiosk.name, kiosk.code)

    def _first(self, what: str) -> bool:
        with self._lock:
            first = what not in self._away
            self._away.add(what)
        return first


class PrinterWorker:
    def __init__(
        self,
        house: House,
        *,
        name: str,
        voice: Voice,
        deadline_s: float = transports.DEADLINE_S,
        pace_s: float = PACE_S,
        on_death: OnDeath = die,
    ) -> None:
        self._house = house
        self._voice = voice
        self._deadline_s = deadline_s
        self._pace_s = pace_s
        self._kiosks: Mapping[str, DeviceRow] = {}
        self._closing = Event()
        self._loop = Looping(name=f"paper {name}", turn=self._turn, on_death=on_death)

    def wake(self, kiosks: Mapping[str, DeviceRow]) -> None:
        """Something is queued for one of these kiosks, which all print here."""
        self._kiosks = kiosks
        self._loop.alarm.set()
        self._loop.start()

    def close(self) -> None:
        """Begin no further job."""
        self._closing.set()
        self._loop.alarm.set()

    def stop(self) -> None:
        self.close()
        self._loop.stop()

    def _turn(self) -> None:
        self._loop.alarm.wait()
        self._loop.alarm.clear()
        kiosks = self._kiosks
        try:
            while not self._closing.is_set() and (job := self._claim(kiosks)) is not None:
                began = time.monotonic()
                self._print(job, kiosks[job.device])
                self._closing.wait(max(0.0, began + self._pace_s - time.monotonic()))
        except Exception:
            # The database does not answer. What is held counts as sent after a minute; what is queued is seen again.
            log.exception("paper stopped for a moment")

    def _claim(self, kiosks: Mapping[str, DeviceRow]) -> PrintJob | None:
        now = self._house.clock.now()
        return self._house.writer.run(
            partial(
                print_jobs.claim,
                devices=sorted(kiosks),
                at_ms=to_ms(now),
                created_since_ms=to_ms(now - EXPIRES_AFTER),
                held_since_ms=to_ms(now - HELD_FOR),
            )
        )

    def _print(self, job: PrintJob, kiosk: DeviceRow) -> None:
        try:
            data = self._paper(job, kiosk)
            if not self._move(job, "sending"):
                return
            self._send(data, kiosk)
        except Exception as error:  # noqa: BLE001 - printing never stops reception
            self._voice.failed(kiosk, error)
            self._move(job, "blocked", problem=problem_of(error))
        else:
            # A network printer takes bytes and says nothing about paper.
            self._move(job, "done" if kiosk.printer.startswith("virtual:") else "unknown")
            self._voice.printed(kiosk)

    def _paper(self, job: PrintJob, kiosk: DeviceRow) -> bytes:
        address = transports.parse(kiosk.printer)
        slip = self._slip(job)
        return preview.render(slip, address.width, ending=address.ending).bytes

    def _slip(self, job: PrintJob) -> Slip:
        if job.ticket.startswith(checklists.MARK):
            return self._checklist(job)
        return self._closing_slip(job) if job.ticket.startswith(closing_slips.MARK) else self._ticket(job)

    def _closing_slip(self, job: PrintJob) -> Slip:
        view, wanted = presenters.ticket_view(self._house, job.site), closing_slips.wanted(job.ticket)
        with self._house.read() as conn:
            (day,) = (day for day in closed_days.closed_days(conn, job.site) if day.day == wanted.day)
        url = view.public_url
        published_at = f"{url}/open-data/{job.site}/" if url else None
        return closing_slips.slip(view.pack, day, wanted.language, published_at=published_at)

    def _checklist(self, job: PrintJob) -> Slip:
        view, wanted = presenters.ticket_view(self._house, job.site), checklists.wanted(job.ticket)
        service = view.pack.service(wanted.service)
        assert service is not None
        url = view.public_url
        read_at = checklists.address(view.pack, service, wanted.language, url) if url else None
        return checklists.slip(view.pack, service, wanted.language, read_at=read_at)

    def _ticket(self, job: PrintJob) -> Slip:
        with self._house.read() as conn:
            row = tickets.ticket(conn, job.ticket)
            assert row is not None
            (drawn,) = journal.after(conn, job.site, row.drawn_seq - 1, limit=1)
        hall = self._house.hall(job.site)
        assert hall is not None
        assert hall.setup is not None
        appointed_at = drawn.body.get("appointed_at")
        view = presenters.ticket_view(self._house, job.site)
        follow_url = f"{view.public_url}/t/{public_id(view.public_key, row.id)}" if view.public_url else None
        facts = slips.facts_of(
            row,
            follow_url=follow_url,
            appointed_at=None if appointed_at is None else instant(appointed_at),
            closes_at=likely_to_close_before_at(hall.setup, row.point_s, row.drawn_at),
            copy=job.copy,
            entry_hash=drawn.hash,
        )
        return slips.ticket_slip(view.pack, facts)

    def _send(self, data: bytes, kiosk: DeviceRow) -> None:
        folder = folder_of(self._house.settings.data_dir, kiosk.site, kiosk.code)
        transports.open_transport(kiosk.printer, folder=folder, deadline_s=self._deadline_s).send(data)

    def _move(self, job: PrintJob, state: str, *, problem: str | None = None) -> bool:
        before = ("claimed",) if state == "sending" else print_jobs.HELD
        at_ms = to_ms(self._house.clock.now())
        return self._house.writer.run(
            partial(print_jobs.move, job_id=job.id, from_states=before, state=state, at_ms=at_ms, problem=problem)
        )


def problem_of(error: Exception) -> str:
    """The alert's code: the printer can't be reached, Arabic can't be shaped here, or something else is broken."""
    if isinstance(error, ShapingMissingError):
        return "printer_shaping"
    if isinstance(error, PrinterUnreachable) and error.code != "folder":
        return "printer_offline"
    return "printer_error"
