"""A job reaches a printer whole or fails with one word for why, and never holds us longer than its deadline."""

import gc
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from printers import preview, transports
from printers.errors import PrinterUnreachable, UnknownPrinterError
from printers.ticket import compose
from printers.transports import Address
from printers.virtual import VirtualPrinter
from tests.printers.fakes import Behaviour, FakePrinter, closed_port
from tests.printers.samples import ticket

pytestmark = pytest.mark.slow

DEADLINE_S = 1.5
JOB = preview.render(compose(ticket("ar")), 576).bytes


@pytest.mark.parametrize("behaviour", ["prints", "keeps_the_line", "talks"])
def test_a_printer_gets_every_byte(behaviour: Behaviour) -> None:
    with FakePrinter(behaviour) as printer:
        transports.open_transport(printer.url).send(JOB)
        assert printer.wait_for(1) == [JOB]


def test_each_job_has_a_line_of_its_own() -> None:
    with FakePrinter() as printer:
        transport = transports.open_transport(printer.url)
        for _ in range(3):
            transport.send(JOB)
        assert printer.wait_for(3) == [JOB] * 3


def test_it_reaches_a_printer_again_after_it_was_away() -> None:
    with FakePrinter("hangs_up") as printer:
        transport = transports.open_transport(printer.url)
        with pytest.raises(PrinterUnreachable):
            transport.send(JOB)
        printer.behaviour = "prints"
        transport.send(JOB)
        assert printer.wait_for(1) == [JOB]


def test_it_says_that_nobody_listens() -> None:
    with pytest.raises(PrinterUnreachable) as refused:
        transports.open_transport(f"tcp://127.0.0.1:{closed_port()}").send(JOB)
    assert refused.value.code == "refused"


def test_a_printer_that_never_reads_holds_us_until_the_deadline_only() -> None:
    with FakePrinter("never_reads") as printer:
        started = time.monotonic()
        with pytest.raises(PrinterUnreachable) as stalled:
            transports.open_transport(printer.url, deadline_s=DEADLINE_S).send(JOB)
        assert stalled.value.code == "stalled"
        assert time.monotonic() - started < DEADLINE_S + 1


def test_the_line_is_held_while_memory_is_tidied() -> None:
    """python-escpos hangs up when its printer object is collected."""
    with FakePrinter("never_reads") as printer, ThreadPoolExecutor() as pool:
        sending = pool.submit(transports.open_transport(printer.url, deadline_s=DEADLINE_S).send, JOB)
        while not sending.done():
            gc.collect()
            time.sleep(0.05)
        with pytest.raises(PrinterUnreachable) as stalled:
            sending.result()
        assert stalled.value.code == "stalled"


@pytest.mark.parametrize("reads_first", [0, 1, 5000, len(JOB) - 1])
def test_a_printer_that_hangs_up_is_never_taken_for_one_that_printed(reads_first: int) -> None:
    with FakePrinter("hangs_up", reads_first=max(1, reads_first)) as printer:
        with pytest.raises(PrinterUnreachable) as closed:
            transports.open_transport(printer.url).send(JOB)
        assert closed.value.code == "closed"


def test_an_unfinished_handshake_ends_at_the_deadline() -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for early in (first, second):
            early.settimeout(0)
            early.connect_ex(full.getsockname())
        started = time.monotonic()
        with pytest.raises(PrinterUnreachable) as silent:
            transports.open_transport(f"tcp://127.0.0.1:{full.getsockname()[1]}", deadline_s=0.5).send(JOB)
        assert silent.value.code == "no_answer"
        assert time.monotonic() - started < 1.5


def test_a_slow_resolver_ends_at_the_deadline_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostbyname", lambda _: time.sleep(3))
    started = time.monotonic()
    with pytest.raises(PrinterUnreachable) as unknown:
        transports.open_transport("tcp://printer.invalid", deadline_s=0.3).send(JOB)
    assert unknown.value.code == "unknown_host"
    assert time.monotonic() - started < 1


def test_a_name_is_as_good_as_an_address() -> None:
    with FakePrinter() as printer:
        transports.open_transport(f"tcp://localhost:{printer.port}").send(JOB)
        assert printer.wait_for(1) == [JOB]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("tcp://10.0.0.7", Address("tcp", "10.0.0.7", 9100)),
        ("tcp://printer.hall:9101/", Address("tcp", "printer.hall", 9101)),
        ("tcp://10.0.0.7?width=384&ending=tear", Address("tcp", "10.0.0.7", width=384, ending="tear")),
        ("virtual:", Address("virtual")),
        ("virtual:?width=512", Address("virtual", width=512)),
    ],
)
def test_an_address_says_where_and_on_what_paper(url: str, address: Address) -> None:
    assert transports.parse(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "tcp:",
        "tcp://",
        "tcp://host:0x",
        "tcp://host:70000",
        "tcp://host/path",
        "tcp://me:secret@host",
        "tcp://[::1]:9100",
        "tcp://[half",
        "tcp://host?width=500",
        "tcp://host?ending=burn",
        "tcp://host?speed=9600",
        "virtual://folder",
        "virtual:/tmp",
        "usb:04b8:0202",
        "file:/dev/usb/lp0",
        "http://host",
        "10.0.0.7:9100",
    ],
)
def test_it_refuses_an_address_that_names_no_printer(url: str) -> None:
    with pytest.raises(UnknownPrinterError) as unknown:
        transports.parse(url)
    assert url in str(unknown.value)


def test_the_scheme_decides_about_the_transport(tmp_path: Path) -> None:
    assert isinstance(transports.open_transport("virtual:", folder=tmp_path), VirtualPrinter)
    with pytest.raises(UnknownPrinterError, match="folder"):
        transports.open_transport("virtual:")


def test_starting_up_does_not_load_the_profiles_of_all_printers() -> None:
    loaded = "import sys, printers.transports; sys.exit('escpos' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0
