"""The table: what was measured, what was aimed at, and on which machine."""

import os
import platform
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

Figures = dict[str, Any]


@dataclass(frozen=True)
class Row:
    what: str
    aim: str
    measured: str


def medians(runs: int, measure: Callable[[], Figures]) -> Figures:
    """Of each figure its median over the runs; `spread` is the lowest and highest of the first one."""
    found = [measure() for _ in range(runs)]
    first = next(iter(found[0]))
    spread = f"{min(each[first] for each in found):.4g} to {max(each[first] for each in found):.4g}"
    return {name: round(median(each[name] for each in found), 2) for name in found[0]} | {"spread": spread}


def document(rows: Sequence[Row], *, runs: int, on: date) -> str:
    lines = [
        "# Speed and size",
        "",
        "Made by `make bench`; each figure is the median of several runs, with the lowest and highest run in brackets.",
        "The server is a process of its own as the command line starts it, the load generator is another, and both share",
        "the machine; requests go over HTTP on the loopback, each on a connection that is kept open. A ticket or call is",
        "answered when it is committed durably. Rates are therefore lower bounds; what to compare is one run with another.",
        "",
        f"{_machine()}. {runs} runs, {on.isoformat()}.",
        "",
        "| what | aim | measured |",
        "|---|---|---|",
        *(f"| {row.what} | {row.aim} | {row.measured} |" for row in rows),
        "",
    ]
    return "\n".join(lines)


def _machine() -> str:
    cpus = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = [line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal:")]
    parts = [
        f"{os.cpu_count()} cores" + (f" ({cpus[0]})" if cpus else ""),
        f"{int(memory[0]) / 1048576:.0f} GB of memory" if memory else "",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
    ]
    return ", ".join(part for part in parts if part)


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.is_file() else []
