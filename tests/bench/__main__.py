"""`python -m tests.bench`: measures speed and size on this machine and writes docs/bench.md.

--quick makes one short run of each, to see that the bench itself works; it writes to the terminal alone.
--only NAME measures one part (sqlite, rule, displays, start, pages, paper, verify, outsiders, history,
postgres) and writes nothing.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from server.clock import SystemClock
from tests import postgres
from tests.bench import measures, rule, worlds, years
from tests.bench.report import Row, document, medians
from tests.bench.screens import screens
from tests.bench.served import ROOT, Served, serving

RUNS = 3
MILLION = 1_000_000


@dataclass(frozen=True)
class Bench:
    folder: Path
    runs: int
    seconds: float
    history: int

    @property
    def demo(self) -> Path:
        return self.folder / "demo"

    @property
    def empty(self) -> Path:
        return self.folder / "empty"

    def medians(self, measure: Callable[[], measures.Figures]) -> measures.Figures:
        return medians(self.runs, measure)


def sqlite(bench: Bench) -> Iterator[Row]:
    with _demo(bench) as served:
        for clients, aim in ((1, ""), (8, "400/s, p99 under 60 ms"), (32, "")):
            found = bench.medians(
                partial(measures.drawing, served, served.told, clients=clients, seconds=bench.seconds)
            )
            yield _rate(f"tickets drawn, SQLite, four sites, {clients} {_plural('client', clients)}", aim, found)
        for count in (8, 32):
            found = bench.medians(partial(measures.calling, served, served.told, count=count, seconds=bench.seconds))
            yield _rate(f"calls with the turn before ended, SQLite, four sites, {count} counters", "", found)
        yield Row("memory of the server afterwards", "150 MB", _memory(served))


def rules(bench: Bench) -> Iterator[Row]:
    found = bench.medians(partial(rule.choosing, rule.full_hall()))
    shown = f"{found['us']:.1f} µs ({found['spread']}), slowest {found['worst_us']:.0f} µs"
    yield Row(f"`choose_next`, {rule.WAITING:,} waiting, {rule.COUNTERS} counters", "0.5 ms", shown)
    pairs = []
    for n in range(bench.runs):
        data = bench.folder / f"rule-{n}"
        tokens = worlds.new_installation(data)
        with serving(["serve"], data=data) as served:
            pairs.append(rule.calling_beside(served, tokens, calls=int(40 * bench.seconds)))
    ratio = median(many / few for few, many in pairs)
    shown = ", ".join(f"{many:.2f} : {few:.2f} ms" for few, many in pairs)
    yield Row("a call over HTTP with 500 waiting against one with 5", "1.3 ×", f"{ratio:.2f} × (p50 {shown})")


def displays(bench: Bench) -> Iterator[Row]:
    aims = {1: "p50 under 15 ms", 50: "", 200: "p99 under 150 ms"}
    with _demo(bench) as served:
        for count, aim in aims.items():
            found = bench.medians(partial(measures.telling, served, served.told, displays=count, calls=50))
            what = f"call → display, {count} {_plural('display', count)}"
            shown = f"p50 {found['p50_ms']:g} ms ({found['spread']}), p99 {found['p99_ms']:g} ms, max {found['max_ms']:g} ms"
            yield Row(what, aim, shown)


def start(bench: Bench) -> Iterator[Row]:
    def once(*command: str, data: Path) -> measures.Figures:
        with serving(command, data=data) as served:
            return {"seconds": served.ready_s, "largest_mb": served.memory_mb()[0], "all_mb": sum(served.memory_mb())}

    first = bench.medians(partial(once, "demo", "--fresh", data=bench.folder / "first"))
    yield Row("demo, first start until ready", "30 s", _seconds(first))
    later = bench.medians(partial(once, "demo", data=bench.folder / "first"))
    yield Row("demo, later start until ready", "3 s", _seconds(later))
    plain = bench.medians(partial(once, "serve", data=bench.folder / "first"))
    yield Row("serve, start until ready", "2 s", _seconds(plain))
    shown = f"{plain['largest_mb']:g} MB (all its processes: {plain['all_mb']:g} MB)"
    yield Row("memory of the server after its start", "150 MB", shown)


def pages(bench: Bench) -> Iterator[Row]:
    with screens(bench.folder / "screens") as opened:
        for kind in ("kiosk", "display", "counter"):
            visits = [opened.first_and_again(kind) for _ in range(bench.runs)]
            first, again = ([visit[place] for visit in visits] for place in (0, 1))
            yield Row(f"{kind} page, first visit with fonts", "200 kB", _kilobytes([visit.received for visit in first]))
            yield Row(f"{kind} page, opened again", "5 kB", _kilobytes([visit.received for visit in again]))
            painted = _milliseconds([visit.painted_ms for visit in first])
            yield Row(f"{kind} page, first content painted, processor slowed 4 ×", "1 s", painted)
            usable = _milliseconds([visit.usable_ms for visit in first])
            yield Row(f"{kind} page, can be used, processor slowed 4 ×", "1.5 s", usable)
        touches = [opened.touch_ms() for _ in range(bench.runs)]
        yield Row("kiosk, slowest touch until painted, processor slowed 4 ×", "100 ms", _milliseconds(touches))
        frames = opened.frames_per_second(bench.runs)
        yield Row("display, frames a second while a call comes up", "60", f"{median(frames):.1f}")
        months = [opened.month_of_waits() for _ in range(bench.runs)]
        yield Row("manager's page of a month, first visit", "300 kB", _kilobytes([size for size, _ in months]))
        yield Row("manager's page of a month, until its first byte", "300 ms", _milliseconds([ms for _, ms in months]))


def paper(bench: Bench) -> Iterator[Row]:
    found = bench.medians(measures.raster_ms)
    yield Row("ticket of 576 dots, Arabic and French, warm", "25 ms", f"{found['ms']:.1f} ms ({found['spread']})")


def verify(bench: Bench) -> Iterator[Row]:
    with _demo(bench):
        pass
    found = bench.medians(partial(measures.verifying, bench.demo))
    shown = f"{_seconds(found)}, {found['cpu_s']:.2f} s of processor"
    shown += f" (drawn out from {found['measured_s']:.2f} s for {found['entries']:,.0f})"
    yield Row("`idarati verify`, 100,000 entries", "3 s", shown)


def outsiders(bench: Bench) -> Iterator[Row]:
    """The stand-alone verifier on a day and on a year of one site."""
    for entries, aim in ((5_000, "1 s"), (bench.history, "60 s")):
        file = bench.folder / f"{entries}.jsonl"
        there = years.write_year(file, entries=entries)
        found = bench.medians(partial(measures.verifying_alone, file))
        shown = f"{_seconds(found)}, {found['memory_mb']:.0f} MB of memory"
        yield Row(f"`verify_journal.py`, the verifier for outsiders, {there:,} entries", aim, shown)


def history(bench: Bench) -> Iterator[Row]:
    """An empty day against years of them, in turns, so that both see the same machine."""
    tokens = worlds.new_installation(bench.empty)
    with _demo(bench) as served:
        old_tokens = served.told
    grown = bench.folder / "grown"
    shutil.copytree(bench.demo, grown)
    there = worlds.add_history(grown, tickets=bench.history)
    for clients in (1, 8):
        with serving(["serve"], data=bench.empty) as new, serving(["serve"], data=grown) as old:
            for served, told in ((new, tokens), (old, old_tokens)):
                # The pages of a large file have to be read once; a server that runs for years has done that.
                measures.drawing(served, told, clients=clients, seconds=bench.seconds)
            pairs = [
                tuple(
                    measures.drawing(served, told, clients=clients, seconds=bench.seconds)["p50_ms"]
                    for served, told in ((new, tokens), (old, old_tokens))
                )
                for _ in range(bench.runs + 2)
            ]
        ratio = sorted(after / before for before, after in pairs)[len(pairs) // 2]
        what = f"drawing with {there:,} tickets of history against an empty day, {clients} {_plural('client', clients)}"
        shown = ", ".join(f"{after:g} : {before:g} ms" for before, after in pairs)
        yield Row(what, "1.2 ×", f"{ratio:.2f} × (p50 {shown})")


def postgresql(bench: Bench) -> Iterator[Row]:
    with postgres.running() as server, measures.redis_url() as redis:
        url = server.clone()
        data = bench.folder / "postgres"
        tokens = worlds.new_installation(data, database_url=url)
        environ = {"IDARATI_DATABASE_URL": url, "IDARATI_REDIS_URL": redis}
        with serving(["serve", "--workers", "2"], data=data, environ=environ) as served:
            for clients, aim in ((1, ""), (8, "250/s"), (32, "")):
                found = bench.medians(
                    partial(measures.drawing, served, tokens, clients=clients, seconds=bench.seconds, sites=("rabat",))
                )
                what = f"tickets drawn, PostgreSQL, one site, two workers, {clients} {_plural('client', clients)}"
                yield _rate(what, aim, found)


PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "sqlite": sqlite,
    "rule": rules,
    "displays": displays,
    "start": start,
    "pages": pages,
    "paper": paper,
    "verify": verify,
    "outsiders": outsiders,
    "history": history,
    "postgres": postgresql,
}


def _demo(bench: Bench):
    """The demonstration without its living halls: made by the first part that needs it."""
    return serving(["demo", "--quiet-hall", "--print-tokens"], data=bench.demo)


def _rate(what: str, aim: str, found: measures.Figures) -> Row:
    shown = f"{found['rate']:g}/s ({found['spread']}), p50 {found['p50_ms']:g} ms, p99 {found['p99_ms']:g} ms"
    shown += f", {found['cpu_ms']:.2g} ms of processor each"
    return Row(what, aim, shown)


def _seconds(found: measures.Figures) -> str:
    return f"{found['seconds']:.2f} s ({found['spread']})" if "spread" in found else f"{found['seconds']:.2f} s"


def _kilobytes(found: list[int]) -> str:
    return f"{median(found) / 1000:.1f} kB"


def _milliseconds(found: list[float]) -> str:
    return f"{median(found):.0f} ms ({min(found):.0f} to {max(found):.0f})"


def _memory(served: Served) -> str:
    largest, *others = served.memory_mb()
    return f"{largest:g} MB" + (f" (and {sum(others):g} MB beside it)" if others else "")


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=PARTS)
    asked = parser.parse_args()
    runs, seconds, tickets = (1, 1.0, 60_000) if asked.quick else (RUNS, 5.0, MILLION)
    rows: list[Row] = []
    folder = Path(tempfile.mkdtemp(prefix="idarati-bench-"))
    try:
        bench = Bench(folder=folder, runs=runs, seconds=seconds, history=tickets)
        for name in [asked.only] if asked.only else PARTS:
            for row in PARTS[name](bench):
                rows.append(row)
                sys.stderr.write(f"{row.what}: {row.measured}\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text = document(rows, runs=runs, on=SystemClock().now().date())
    if asked.quick or asked.only:
        sys.stdout.write(text)
    else:
        (ROOT / "docs" / "bench.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
