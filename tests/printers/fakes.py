"""A printer on a socket that behaves as badly as asked: real bytes over a real connection, for the tests of whatever
prints."""

import socket
import struct
import threading
from types import TracebackType
from typing import Literal, Self

Behaviour = Literal["prints", "keeps_the_line", "never_reads", "hangs_up", "talks"]


class FakePrinter:
    """`with FakePrinter() as printer: …` listens on `printer.url`; whole jobs end up in `printer.jobs`."""

    def __init__(self, behaviour: Behaviour = "prints", *, reads_first: int = 1000) -> None:
        self.behaviour = behaviour
        self.jobs: list[bytes] = []
        self._reads_first = reads_first
        self._over = threading.Event()
        self._job_came = threading.Condition()
        self._door = socket.socket()
        if behaviour == "never_reads":
            self._door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # as small as a printer's
        self._door.bind(("127.0.0.1", 0))
        self._door.listen()
        self.port: int = self._door.getsockname()[1]
        self.url = f"tcp://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(5)

    def wait_for(self, count: int, *, timeout_s: float = 5.0) -> list[bytes]:
        with self._job_came:
            assert self._job_came.wait_for(lambda: len(self.jobs) >= count, timeout_s), f"{len(self.jobs)} jobs came"
        return self.jobs

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            with line:
                self._behave(line)

    def _behave(self, line: socket.socket) -> None:
        if self.behaviour == "never_reads":
            self._over.wait()
            return
        if self.behaviour == "hangs_up":
            line.recv(self._reads_first)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        if self.behaviour == "talks":
            line.sendall(b"\x14\x00\x00\x0f" * 50)  # automatic status, unasked
        job = b"".join(iter(lambda: line.recv(4096), b""))
        with self._job_came:
            self.jobs.append(job)
            self._job_came.notify_all()
        if self.behaviour == "keeps_the_line":
            self._over.wait()


def closed_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
