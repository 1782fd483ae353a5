"""The virtual printer shows what the bytes say, and keeps no more than it was told to."""

import io
import threading
from pathlib import Path

import pytest
from PIL import Image

from printers import preview
from printers.errors import PrinterUnreachable
from printers.reader import UnreadableJobError
from printers.slip import Number, Slip
from printers.ticket import compose
from printers.virtual import VirtualPrinter
from tests.printers.samples import ticket


def job(number: int) -> bytes:
    return preview.render(Slip("fr", (Number(f"A{number:03d}"),)), 384).bytes


def test_its_picture_is_the_ticket(tmp_path: Path) -> None:
    printer = VirtualPrinter(tmp_path / "kiosk")
    rendered = preview.render(compose(ticket("zgh")), 576)
    printer.send(rendered.bytes)
    (kept,) = printer.tickets()
    assert kept.data.read_bytes() == rendered.bytes
    assert Image.open(io.BytesIO(kept.picture.read_bytes())).tobytes() == rendered.picture.tobytes()


def test_it_keeps_the_last_tickets_and_shows_the_newest_first(tmp_path: Path) -> None:
    printer = VirtualPrinter(tmp_path, keep=3)
    jobs = [job(number) for number in range(1, 6)]
    for data in jobs:
        printer.send(data)
    assert [kept.data.read_bytes() for kept in printer.tickets()] == jobs[:1:-1]
    assert len(list(tmp_path.iterdir())) == 6


def test_it_goes_on_after_a_restart(tmp_path: Path) -> None:
    VirtualPrinter(tmp_path).send(job(1))
    VirtualPrinter(tmp_path).send(job(2))
    assert [kept.name for kept in VirtualPrinter(tmp_path).tickets()] == ["00000002", "00000001"]


def test_two_threads_never_write_over_each_other(tmp_path: Path) -> None:
    printer = VirtualPrinter(tmp_path)
    data = job(1)

    def print_five() -> None:
        for _ in range(5):
            printer.send(data)

    threads = [threading.Thread(target=print_five) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(printer.tickets()) == 20


def test_it_refuses_bytes_that_no_printer_understands(tmp_path: Path) -> None:
    printer = VirtualPrinter(tmp_path)
    with pytest.raises(UnreadableJobError):
        printer.send(b"\x1b@hello")
    assert printer.tickets() == ()


def test_a_folder_that_cannot_be_written_is_a_printer_that_cannot_be_reached(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(PrinterUnreachable) as unreachable:
        VirtualPrinter(tmp_path / "taken").send(job(1))
    assert unreachable.value.code == "folder"


def test_a_folder_that_is_not_there_yet_holds_no_tickets(tmp_path: Path) -> None:
    assert VirtualPrinter(tmp_path / "later").tickets() == ()
