"""From the address of a printer to something that takes bytes: `tcp://10.0.0.7:9100`, `virtual:`. Each job has its own
connection and a deadline. Taken is not printed: a transport says that the printer accepted the bytes, and never more.
"""

import errno
import ipaddress
import socket
import struct
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, get_args
from urllib.parse import parse_qsl, urlsplit

from printers.errors import PrinterUnreachable, Trouble, UnknownPrinterError
from printers.layout import WIDTHS
from printers.thermal import Ending
from printers.virtual import KEEP, VirtualPrinter

if TYPE_CHECKING:
    from escpos.printer import Network

DEADLINE_S = 5.0
RAW_PORT = 9100
# How long we listen after the last byte: long enough to hear that the printer hung up on us, and so that what it says
# meanwhile is read. Closing over unread words resets the connection, and a printer drops what it had not printed yet.
LISTEN_S = 1.0
# Small, so that what the printer did not take stays with us, where it can be counted, and not in the kernel.
SEND_BUFFER = 16 * 1024

Scheme = Literal["tcp", "virtual"]
KNOWN = "tcp://host:9100 or virtual:, with ?width=384|512|576 and ending=cut|tear where it differs from 576 and cut"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a printer is, and what paper it has, which no printer tells us itself."""

    scheme: Scheme
    host: str = ""
    port: int = RAW_PORT
    width: int = 576
    ending: Ending = "cut"


class Transport(Protocol):
    def send(self, data: bytes) -> None:
        """Hands over one whole job, or raises PrinterUnreachable."""


def parse(url: str) -> Address:
    """The address in parts; UnknownPrinterError when it is none."""
    try:
        parts = urlsplit(url)
    except ValueError as wrong:
        raise UnknownPrinterError(f"{url!r} is no address at all: expected {KNOWN}") from wrong
    paper = dict(parse_qsl(parts.query, keep_blank_values=True))
    width, ending = _width(url, paper.pop("width", "576")), _ending(url, paper.pop("ending", "cut"))
    if paper or parts.fragment or parts.username is not None:
        raise UnknownPrinterError(f"{url!r} says more than a printer's address can: expected {KNOWN}")
    if parts.scheme == "virtual" and not parts.netloc and not parts.path:
        return Address("virtual", width=width, ending=ending)
    if parts.scheme == "tcp" and parts.hostname and parts.path in ("", "/"):
        return Address("tcp", _host(url, parts.hostname), _port(url), width=width, ending=ending)
    raise UnknownPrinterError(f"{url!r} is no printer's address: expected {KNOWN}")


def open_transport(
    url: str, *, folder: Path | None = None, keep: int = KEEP, deadline_s: float = DEADLINE_S
) -> Transport:
    """`folder` is where a virtual printer keeps its tickets; nothing is opened before the first job."""
    address = parse(url)
    if address.scheme == "tcp":
        return NetworkPrinter(address.host, address.port, deadline_s=deadline_s)
    if folder is None:
        raise UnknownPrinterError("a virtual printer needs a folder to keep its tickets in")
    return VirtualPrinter(folder, keep=keep)


class NetworkPrinter:
    def __init__(self, host: str, port: int = RAW_PORT, *, deadline_s: float = DEADLINE_S) -> None:
        self.host = host
        self.port = port
        self._deadline_s = deadline_s

    def send(self, data: bytes) -> None:
        """1. Find the host and connect. 2. Hand over every byte. 3. Say that this was all, and listen whether the
        printer hangs up in anger. All of it before the deadline; a job that fails leaves nothing in the pipe, so that
        half a ticket does not come out when the paper is changed.
        """
        until = time.monotonic() + self._deadline_s
        device = self._connected(until)
        try:
            device.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
            device.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            device.settimeout(_left(until))
            device.sendall(data)
            _hear_out(device, until=min(until, time.monotonic() + LISTEN_S))
        except OSError as trouble:
            device.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise self._unreachable(trouble, while_sending=True) from trouble
        finally:
            device.close()

    def _connected(self, until: float) -> socket.socket:
        address = self._resolved(until)
        printer = _escpos_network(address, self.port, timeout_s=_left(until))
        from escpos.exceptions import DeviceNotFoundError  # noqa: PLC0415 - see _escpos_network

        try:
            printer.open()
        except DeviceNotFoundError as not_found:
            raise self._unreachable(not_found.__context__, while_sending=False) from not_found
        device = printer.device
        assert isinstance(device, socket.socket)
        # The connection is ours from here on: their object hangs up when it is collected, whatever is on the line.
        printer.device = None
        return device

    def _resolved(self, until: float) -> str:
        """The system's resolver obeys no timeout of ours, so it is asked on the side."""
        if _is_ip(self.host):
            return self.host
        found: list[str] = []

        def ask() -> None:
            try:
                found.append(socket.gethostbyname(self.host))
            except OSError:
                return

        asking = threading.Thread(target=ask, daemon=True, name="printer-name")
        asking.start()
        asking.join(_left(until))
        if not found:
            raise PrinterUnreachable("unknown_host", f"the printer's name {self.host} leads to no address")
        return found[0]

    def _unreachable(self, trouble: BaseException | None, *, while_sending: bool) -> PrinterUnreachable:
        code: Trouble
        match trouble:
            case TimeoutError():
                code = "stalled" if while_sending else "no_answer"
            case ConnectionRefusedError():
                code = "refused"
            case ConnectionError():
                code = "closed"
            case OSError(errno=errno.ENOTCONN):
                # Reset between the last byte and our goodbye: there is nothing left to say goodbye to.
                code = "closed"
            case _:
                code = "unreachable"
        return PrinterUnreachable(code, f"printer {self.host}:{self.port} {code}: {trouble}")


def _escpos_network(host: str, port: int, *, timeout_s: float) -> "Network":
    """Imported with the first job: python-escpos loads its profiles of all printers, 0.2 s of every start otherwise."""
    from escpos.printer import Network  # noqa: PLC0415 - heavy start-up, see above

    return Network(host, port=port, timeout=timeout_s)


def _hear_out(device: socket.socket, *, until: float) -> None:
    device.shutdown(socket.SHUT_WR)
    try:
        while time.monotonic() < until:
            device.settimeout(_left(until))
            if not device.recv(1024):
                break
    except TimeoutError:
        return  # it keeps the line open, as many printers do; a refusal would have come by now
    hung_up = device.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if hung_up:
        raise ConnectionResetError(hung_up, "hung up before the end of the job")


def _left(until: float) -> float:
    return max(0.01, until - time.monotonic())


def _width(url: str, said: str) -> int:
    if said not in map(str, WIDTHS):
        raise UnknownPrinterError(f"{url!r}: paper is {', '.join(map(str, WIDTHS))} dots wide, not {said!r}")
    return int(said)


def _ending(url: str, said: str) -> Ending:
    for ending in get_args(Ending):
        if said == ending:
            return "tear" if ending == "tear" else "cut"
    raise UnknownPrinterError(f"{url!r}: a ticket ends with cut or tear, not with {said!r}")


def _host(url: str, host: str) -> str:
    if ":" in host:
        raise UnknownPrinterError(f"{url!r}: printers are reached by IPv4 address or by name, not by IPv6 address")
    return host


def _port(url: str) -> int:
    try:
        return urlsplit(url).port or RAW_PORT
    except ValueError as wrong:
        raise UnknownPrinterError(f"{url!r}: a port is a number from 1 to 65535") from wrong


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
