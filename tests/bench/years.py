"""A long journal of one site, made for measuring: ordinary days by the rule, sealed one by one, with no hall behind them."""

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from server.domain.entries import GENESIS, canonical, entry_to_json, instant_text, seal
from server.domain.sites import setup_to_body
from tests.world import small_setup

#: A few more than three counters serve in the same time, so that there are lines.
PEOPLE, ONE_EVERY_S, SERVED_IN_S = 600, 45, 150
PRIORITY_EVERY = 9


def write_year(file: Path, *, entries: int) -> int:
    """Whole days one after the other until there are so many entries; how many there are."""
    with file.open("w", encoding="utf-8") as out:
        year = _Year(out)
        year.write("setup.changed", {"what": "pack", "setup": setup_to_body(small_setup())})
        while year.seq < entries:
            year.one_day()
        return year.seq


@dataclass
class _Year:
    out: TextIO
    seq: int = 0
    prev: str = GENESIS
    on: date = date(2026, 1, 5)
    at: datetime = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
    lines: dict[str, list[tuple[str, int, str]]] = field(default_factory=dict)

    def write(self, kind: str, body: dict[str, Any]) -> None:
        body = {"v": 1, **body}
        entry, _text = seal(
            site="hall", seq=self.seq + 1, at=self.at, kind=kind, actor="system:day", body=body, prev=self.prev
        )
        self.seq, self.prev = entry.seq, entry.hash
        self.out.write(canonical(entry_to_json(entry)) + "\n")

    def one_day(self) -> None:
        begins_at, ends_at = self.at, self.at + timedelta(days=1)
        day = {"day": self.on.isoformat(), "begins_at": instant_text(begins_at), "ends_at": instant_text(ends_at)}
        opened_seq = self.seq + 1
        self.write("day.opened", {**day, "timezone": "Africa/Casablanca", "tz_version": "2026.6"})
        self._work()
        self.at = ends_at
        for n in (1, 2, 3):
            self.write("shift.closed", {"counter": f"hall-{n}", "agent": f"agent{n}", "why": "day_end"})
        counts = {"drawn": PEOPLE, "served": PEOPLE, "no_shows": 0, "withdrawn": 0, "not_served": 0}
        self.write("day.closed", {**day, **counts, "opened_seq": opened_seq, "carried": [], "estimator": {}})
        self.on += timedelta(days=1)

    def _work(self) -> None:
        self.at += timedelta(hours=5)
        counters = {counter.id: counter for counter in small_setup().counters}
        for n, counter in enumerate(counters.values(), start=1):
            helps = [{"service": helped.service, "after_s": helped.after_s} for helped in counter.helps]
            where = {"counter": counter.id, "zone": "main", "agent": f"agent{n}"}
            self.write("shift.opened", {**where, "serves": list(counter.serves), "helps": helps})
        free_at = dict.fromkeys(counters, self.at)
        comes_at, came = self.at, {"A": 0, "B": 0}
        while sum(came.values()) < PEOPLE or any(self.lines.values()):
            counter, soonest = min(free_at.items(), key=lambda known: known[1])
            if sum(came.values()) < PEOPLE and comes_at <= soonest:
                self.at = max(self.at, comes_at)
                self._draw(came, "A" if sum(came.values()) % 3 else "B")
                comes_at += timedelta(seconds=ONE_EVERY_S)
                continue
            self.at = max(self.at, soonest)
            served = self._serve(counters[counter], agent=f"agent{counter[-1]}")
            free_at[counter] = self.at + timedelta(seconds=SERVED_IN_S if served else 20)

    def _draw(self, came: dict[str, int], series: str) -> None:
        came[series] += 1
        klass = "priority" if sum(came.values()) % PRIORITY_EVERY == 0 else "ordinary"
        due_at = instant_text(self.at - timedelta(seconds=1200 if klass == "priority" else 0))
        place = (due_at, self.seq + 1, f"{series}{came[series]:03d}")
        line = self.lines.setdefault(series.lower(), [])
        told = {"low_s": 600, "median_s": 900, "high_s": 1300, "level": 80}
        body = {"ticket": f"hall-{self.seq + 1}", "number": place[2], "series": series, "n": came[series]}
        body |= {"service": series.lower(), "zone": "main", "class": klass, "language": "ar", "channel": "kiosk"}
        body |= {"due_at": due_at, "appointed_at": None, "ahead": bisect_left(line, place)}
        self.write("ticket.drawn", {**body, "point_s": 900, "told": told, "untold": None})
        insort(line, place)

    def _serve(self, counter: Any, *, agent: str) -> bool:
        """The next by the rule is called, served and gone at once; False where nobody waits for this counter."""
        may_call = dict.fromkeys(counter.serves, "serves")
        for helped in counter.helps:
            line = self.lines.get(helped.service)
            if line and line[0][0] <= instant_text(self.at - timedelta(seconds=helped.after_s)):
                may_call[helped.service] = "helps"
        heads = [(self.lines[service][0], service) for service in may_call if self.lines.get(service)]
        if not heads:
            return False
        (due_at, seq, number), service = min(heads)
        del self.lines[service][0]
        who = {"ticket": f"hall-{seq}", "number": number, "service": service, "counter": counter.id, "zone": "main"}
        reason = {"rule": 1, "line": may_call[service], "due_at": due_at}
        self.write("ticket.called", {**who, "agent": agent, "reason": reason, "ended_seq": None})
        self.write("ticket.started", who)
        self.write("ticket.finished", {**who, "outcome": None})
        return True
