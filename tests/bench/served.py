"""A real server in a process of its own, started by the command line, on a free port of the loopback."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
IDARATI = (sys.executable, "-m", "server.cli")
ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 120


@dataclass
class Served:
    process: subprocess.Popen[str]
    port: int
    #: From the start of the process to the first answer that says it is ready.
    ready_s: float
    #: What `--print-tokens` printed, for a demonstration.
    told: dict[str, Any]

    @property
    def host(self) -> str:
        return f"{HOST}:{self.port}"

    def memory_mb(self) -> list[float]:
        """Resident memory of the server's processes, the largest first."""
        pids = [self.process.pid, *_children(self.process.pid)]
        return sorted((round(_resident_mb(pid), 1) for pid in pids), reverse=True)

    def cpu_s(self) -> float:
        """Processor time of the server's processes so far: what an operation costs, however busy the machine is."""
        return sum(_cpu_s(pid) for pid in [self.process.pid, *_children(self.process.pid)])

    def load(self, kind: str, **job: Any) -> dict[str, Any]:
        """Run the load generator against this server, in its own process."""
        sent = json.dumps({"kind": kind, "host": HOST, "port": self.port, **job})
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.load"],
            input=sent,
            text=True,
            capture_output=True,
            cwd=ROOT,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@contextmanager
def serving(command: Sequence[str], *, data: Path, environ: Mapping[str, str] | None = None) -> Iterator[Served]:
    port = _free_port()
    arguments = [*IDARATI, *command, "--data", str(data), "--port", str(port)]
    began = time.monotonic()
    log_file = data.parent / f"{data.name}.log"
    with log_file.open("ab") as log:
        process = subprocess.Popen(
            arguments,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=ROOT,
            env={**os.environ, "IDARATI_VOICE": "off", **(environ or {})},
        )
    try:
        line = process.stdout.readline() if "--print-tokens" in command else "{}"
        if not line or not _gets_ready(process, port):
            raise RuntimeError(f"the server does not get ready:\n{log_file.read_text()[-2000:]}")
        told = json.loads(line)
        yield Served(process=process, port=port, ready_s=time.monotonic() - began, told=told)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def _gets_ready(process: subprocess.Popen[str], port: int) -> bool:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        try:
            line = HTTPConnection(HOST, port, timeout=2)
            line.request("GET", "/readyz")
            if line.getresponse().status == 200:
                return True
        except OSError:
            pass
        time.sleep(0.02)
    return False


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        port: int = taken.getsockname()[1]
        return port


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        children = [int(child) for child in (task / "children").read_text().split()]
        found += children + [grandchild for child in children for grandchild in _children(child)]
    return found


def _cpu_s(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def _resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
