"""The real server for tests: a demonstration served by the real command, on a port of its own, in a folder of its own.

    with demonstration(folder) as served:
        served.api(served.kiosk("rabat")).post("/sites/rabat/tickets", {"service": "mut", "language": "ar"})

Stopped, it can be started again where it was. It makes a short past, because a month of it takes longer than most
tests do, and its hall is quiet unless asked otherwise: nothing happens there but what the test does.
"""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from server.config import Settings
from server.demo import making
from server.web.demo_facts import DemoFacts, read_demo

ROOT = Path(__file__).parents[1]
IDARATI = Path(sys.executable).with_name("idarati")
HOST = "127.0.0.1"
#: Days of past that give the estimator something to learn from.
SHORT_PAST = 3
STARTS_WITHIN_S = 60
STOPS_WITHIN_S = 30


class Api:
    """Calls below /api/v1 with one token; every POST brings a fresh key."""

    def __init__(self, address: str, token: str) -> None:
        self._base = f"{address}/api/v1"
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> Any:
        return self._answer(requests.get(self._base + path, headers=self._headers, timeout=10))

    def post(self, path: str, body: Any = None) -> Any:
        headers = {**self._headers, "Idempotency-Key": secrets.token_hex(8)}
        return self._answer(requests.post(self._base + path, json=body or {}, headers=headers, timeout=10))

    def delete(self, path: str) -> Any:
        return self._answer(requests.delete(self._base + path, headers=self._headers, timeout=10))

    @staticmethod
    def _answer(answer: requests.Response) -> Any:
        """What it says; a refusal is a failure of the test."""
        assert answer.ok, f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


class Served:
    """One server; `start` and `stop` as often as a test likes, always at the same address."""

    def __init__(self, folder: Path, command: tuple[str, ...], **settings: Any) -> None:
        self.folder = folder
        self.port = _free_port()
        self.address = f"http://{HOST}:{self.port}"
        # Beside it: a demonstration that is made anew empties its folder.
        self.log = folder.with_name(f"{folder.name}.log")
        self._command = [str(IDARATI), *command, "--host", HOST, "--port", str(self.port), "--data", str(folder)]
        # Nobody listens in most tests, and a thousand clips take a minute of one core.
        given = {"public_url": self.address, "voice": "off", **settings}
        self._environ = {f"IDARATI_{name.upper()}": str(value) for name, value in given.items()}
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    @property
    def facts(self) -> DemoFacts:
        """Logins and tokens of a demonstration."""
        facts = read_demo(self.folder)
        assert facts is not None
        return facts

    def kiosk(self, site: str) -> str:
        """The token of the site's first kiosk."""
        return self.facts.sites[site].device("kiosk").token

    def display(self, site: str) -> str:
        return self.facts.sites[site].device("display").token

    def agent(self, site: str) -> str:
        """The token of whoever sits at the counter that the living hall leaves free."""
        return self.facts.sites[site].agent.token

    def orienter(self, site: str) -> str:
        return self.facts.sites[site].orienter_token

    def manager(self, site: str) -> str:
        return self.facts.sites[site].manager_token

    def api(self, token: str) -> Api:
        return Api(self.address, token)

    def start(self) -> None:
        """Returns when the server says that it is ready."""
        assert self._child is None
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                self._command, cwd=ROOT, env={**os.environ, **self._environ}, stdout=log, stderr=log
            )
        until = time.monotonic() + STARTS_WITHIN_S
        while not self._is_ready():
            assert self._child.poll() is None, f"it ended with {self._child.returncode}:\n{self.said}"
            assert time.monotonic() < until, f"it is not ready:\n{self.said}"
            time.sleep(0.05)

    def stop(self, sig: signal.Signals = signal.SIGTERM) -> None:
        """The second call changes nothing."""
        if self._child is None:
            return
        self._child.send_signal(sig)
        self._child.wait(timeout=STOPS_WITHIN_S)
        self._child = None

    def _is_ready(self) -> bool:
        """A server that has just bound its port takes connections before it can answer any."""
        with contextlib.suppress(requests.ConnectionError, requests.Timeout):
            return requests.get(f"{self.address}/readyz", timeout=1).ok
        return False


@contextmanager
def running(folder: Path, *command: str, **settings: Any) -> Iterator[Served]:
    """`idarati COMMAND` on a free port; `running(folder, "serve", sockets=20)`."""
    served = Served(folder, command, **settings)
    try:
        served.start()
        yield served
    finally:
        served.stop()


@contextmanager
def demonstration(
    folder: Path, *, days_back: int = SHORT_PAST, quiet: bool = True, **settings: Any
) -> Iterator[Served]:
    """`idarati demo`, continued from a demonstration with a past of so many days."""
    making.make_demo(Settings(data_dir=folder, demo=True), days_back=days_back)
    with running(folder, "demo", *(["--quiet-hall"] if quiet else []), **settings) as served:
        yield served


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
