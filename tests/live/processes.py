"""The real server in a process of its own: `python -m tests.live.processes` serves by the environment's settings."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).parents[2]


def main():
    import logging

    from server import hosting
    from server.config import read_settings

    logging.basicConfig(level="INFO", stream=sys.stderr, format="%(name)s %(levelname)s %(message)s")
    hosting.serve(read_settings())


class Process:
    def __init__(self, log: Path, environ):
        self.log = log
        self.started_at = time.monotonic()
        with log.open("w") as errors:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "tests.live.processes"],
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

    def stop(self, sig=signal.SIGTERM):
        self.child.send_signal(sig)
        self.child.communicate(timeout=30)
        return self.child.returncode

    def _wait_for_address(self):
        address = None
        while time.monotonic() < self.started_at + 30:
            if self.child.poll() is not None:
                raise AssertionError(f"it ended with {self.child.returncode}:\n{self.said}")
            found = re.search(r"serving on (http://\S+)", self.said)
            address = None if found is None else found[1]
            if address is not None and _answers(address):
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


def _answers(address):
    try:
        return requests.get(f"{address}/login", timeout=10).status_code == 200
    except requests.ConnectionError:
        return False


def _pss_kb(pid):
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return 0 if found is None else int(found[1])


if __name__ == "__main__":
    main()
