"""The real server in a process of its own, watched from outside."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).parents[2]


class Process:
    def __init__(self, log: Path, environ):
        self.log = log
        self.started_at = time.monotonic()
        with log.open("w") as errors:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "server.cli", "serve"],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), "IDARATI_PORT": "0", **environ},
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        self.address = self._wait_for_address()

    @property
    def said(self):
        return self.log.read_text()

    @property
    def workers(self):
        return [int(pid) for pid in Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children").read_text().split()]

    def resident_mb(self):
        """Arbiter and workers together; what they share is counted once (proportional set size)."""
        return sum(_pss_kb(pid) for pid in (self.child.pid, *self.workers)) / 1024

    def holder_of(self, port):
        """The worker at the other end of the connection from this port."""
        inode = _inode_of_connection(to_port=port)
        for pid in self.workers:
            for descriptor in Path(f"/proc/{pid}/fd").iterdir():
                with contextlib.suppress(OSError):
                    if str(descriptor.readlink()) == f"socket:[{inode}]":
                        return pid
        raise AssertionError(f"no worker holds the connection to {port}")

    def stop(self, sig=signal.SIGTERM):
        self.child.send_signal(sig)
        self.child.communicate(timeout=30)
        return self.child.returncode

    def _wait_for_address(self):
        address = None
        while time.monotonic() < self.started_at + 60:
            if self.child.poll() is not None:
                raise AssertionError(f"it ended with {self.child.returncode}:\n{self.said}")
            found = re.search(r"serving on (http://\S+)", self.said)
            address = None if found is None else found[1]
            if address is not None and answers(address):
                return address
            time.sleep(0.01)
        raise AssertionError(f"it does not answer:\n{self.said}")


@contextmanager
def running(folder: Path, **settings):
    """A server with these settings, stopped at the end."""
    environ = {f"IDARATI_{name.upper()}": str(value) for name, value in settings.items()}
    process = Process(folder / "server.log", {"IDARATI_DATA_DIR": str(folder), **environ})
    try:
        yield process
    finally:
        if process.child.poll() is None:
            process.stop()


def answers(address):
    try:
        return requests.get(f"{address}/login", timeout=10).status_code == 200
    except (requests.ConnectionError, requests.Timeout):
        return False


def raw_socket(address):
    """A websocket that never says who it is, and the status that it was answered with."""
    host, _, port = address.removeprefix("http://").partition(":")
    plain = socket.create_connection((host, int(port)), timeout=10)
    plain.sendall(
        b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: %b\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        % host.encode()
    )
    return plain.recv(4096).split(b" ")[1].decode(), plain


def _inode_of_connection(*, to_port):
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, _, remote, _, _, _, _, _, _, inode, *_ = line.split()
        if int(remote.rpartition(":")[2], 16) == to_port and inode != "0":
            return inode
    raise AssertionError(f"no connection to {to_port}")


def _pss_kb(pid):
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return 0 if found is None else int(found[1])
