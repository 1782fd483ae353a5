"""A journal written by hand: whatever one likes, right or wrong, sealed as the real one is; and the outsider who checks it.

book = Book()
first, second = book.draws("a"), book.draws("a")
book.calls(second, 1)
found = verify(book.write_to(folder))
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from server.domain.entries import GENESIS, Entry, canonical, entry_to_json, instant_text, seal
from server.domain.sites import setup_to_body
from tests.house.tree import ROOT
from tests.world import small_setup

VERIFIER = ROOT / "server" / "public" / "verifier" / "verify_journal.py"
BEGINS_AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


class Found:
    """What the verifier says with --json, by kind."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.code = done.returncode
        self.said = [json.loads(line) for line in done.stdout.splitlines()]

    def all(self, what: str) -> list[dict[str, Any]]:
        return [one for one in self.said if one["what"] == what]

    @property
    def faults(self) -> list[tuple[int, str]]:
        return [(one["entry"], one["check"]) for one in self.all("fault")]

    @property
    def why(self) -> str:
        return " | ".join(one["why"] for one in self.all("fault"))

    @property
    def verdict(self) -> dict[str, Any]:
        return self.all("verdict")[0]

    @property
    def day(self) -> dict[str, Any]:
        return self.all("day")[0]


def verify(*arguments: object) -> Found:
    """The verifier as a stranger runs it: another process, nothing of ours on its path."""
    command = [sys.executable, "-I", str(VERIFIER), "--json", *map(str, arguments)]
    return Found(subprocess.run(command, capture_output=True, text=True, check=False))


def rows_of(entries: Iterable[Entry]) -> list[str]:
    return [canonical(entry_to_json(entry)) for entry in entries]


def write_rows(file: Path, rows: Iterable[str]) -> Path:
    file.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return file


def resealed(entries: Iterable[Entry]) -> list[Entry]:
    """The same entries in this order as one sound chain: what somebody writes who owns the database."""
    told: list[Entry] = []
    for entry in entries:
        prev, at = (told[-1].hash, max(told[-1].at, entry.at)) if told else (GENESIS, entry.at)
        facts = {"site": entry.site, "kind": entry.kind, "actor": entry.actor, "body": entry.body}
        told.append(seal(**facts, seq=len(told) + 1, at=at, prev=prev)[0])
    return told


class Book:
    def __init__(self, **rule: Any) -> None:
        self.entries: list[Entry] = []
        self.at = BEGINS_AT
        self.numbers: dict[str, int] = {}
        self.who: dict[str, dict[str, Any]] = {}
        setup = setup_to_body(small_setup())
        newer = {"put_back_head_start_s": 600, "put_backs_max": 2, "reason": ""}
        setup["rule"] = {**newer, **setup["rule"], **rule}
        setup["call_reasons"] = ["escort", "urgent_need"]
        self.writes("setup.changed", what="pack", setup=setup)
        self.writes("day.opened", **self.day, timezone="Africa/Casablanca", tz_version="2026.6")
        self.at += timedelta(hours=5)

    @property
    def day(self) -> dict[str, str]:
        ends_at = BEGINS_AT + timedelta(days=1)
        return {"day": "2026-11-24", "begins_at": instant_text(BEGINS_AT), "ends_at": instant_text(ends_at)}

    def writes(self, kind: str, *, actor: str = "test:1", **body: Any) -> int:
        last = self.entries[-1] if self.entries else None
        entry, _text = seal(
            site="hall",
            seq=len(self.entries) + 1,
            at=self.at,
            kind=kind,
            actor=actor,
            body={"v": 1, **body},
            prev=last.hash if last else GENESIS,
        )
        self.entries.append(entry)
        return entry.seq

    def write_to(self, folder: Path) -> Path:
        return write_rows(folder / "hall.jsonl", rows_of(self.entries))

    def waits(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def opens(self, n: int, **shift: Any) -> int:
        counter = small_setup().counters[n - 1]
        helps = [{"service": helped.service, "after_s": helped.after_s} for helped in counter.helps]
        return self.writes("shift.opened", **{**self.where(n), "serves": list(counter.serves), "helps": helps, **shift})

    def where(self, n: int) -> dict[str, str]:
        return {"counter": f"hall-{n}", "zone": "main", "agent": f"agent{n}"}

    def draws(self, service: str = "a", *, klass: str = "ordinary", head_start_s: int = 0, **more: Any) -> str:
        series = service.upper()
        n = self.numbers[series] = self.numbers.get(series, 0) + 1
        due_at = instant_text(self.at - timedelta(seconds=head_start_s))
        ticket = f"hall-{len(self.entries) + 1}"
        names = {"ticket": ticket, "number": f"{series}{n:03d}", "service": service}
        told = {"point_s": None, "told": None, "untold": "learning", "language": "ar", "channel": "kiosk"}
        body = {**names, "series": series, "n": n, "zone": "main", "class": klass, "due_at": due_at, **told}
        self.writes("ticket.drawn", **{**body, "appointed_at": None, "ahead": 0, **more})
        self.who[ticket] = {**names, "due_at": due_at, "arrived_at": instant_text(self.at)}
        return ticket

    def names(self, ticket: str) -> dict[str, str]:
        return {name: self.who[ticket][name] for name in ("ticket", "number", "service")}

    def moves(self, kind: str, ticket: str, n: int, **more: Any) -> int:
        where = {name: held for name, held in self.where(n).items() if name != "agent"}
        return self.writes(kind, **{**self.names(ticket), **where, **more})

    def calls(self, ticket: str, n: int, *, line: str = "serves", **more: Any) -> int:
        reason = {"rule": 1, "line": line, "due_at": self.who[ticket]["due_at"]}
        facts = {**self.names(ticket), **self.where(n), "reason": reason, "ended_seq": None}
        return self.writes("ticket.called", **{**facts, **more})

    def calls_out_of_order(self, ticket: str, n: int, *, overtaken: list[str], **more: Any) -> int:
        facts = {"why": "escort", "sealed": None, "rule": 1, "due_at": self.who[ticket]["due_at"], "ended_seq": None}
        facts |= {"agent": f"agent{n}", "overtaken": overtaken, **more}
        return self.moves("ticket.called_out_of_order", ticket, n, **facts)

    def finishes(self, ticket: str, n: int) -> int:
        return self.moves("ticket.finished", ticket, n, outcome=None)

    def no_show(self, ticket: str, n: int, *, calls: int = 2) -> int:
        return self.moves("ticket.no_show", ticket, n, calls=calls)

    def puts_back(self, ticket: str, n: int, *, times: int = 1, head_start_s: int = 600) -> int:
        due_at = self.who[ticket]["due_at"] = instant_text(self.at - timedelta(seconds=head_start_s))
        facts = {"counter": f"hall-{n}", "agent": f"agent{n}", "times": times, "due_at": due_at}
        return self.writes("ticket.put_back", **self.names(ticket), **facts)

    def parks(self, ticket: str, n: int) -> int:
        return self.moves("ticket.parked", ticket, n, agent=f"agent{n}")

    def resumes(self, ticket: str, n: int, **more: Any) -> int:
        facts = {"counter": f"hall-{n}", "agent": f"agent{n}", "due_at": self.who[ticket]["due_at"]}
        return self.writes("ticket.resumed", **{**self.names(ticket), **facts, **more})

    def transfers(self, ticket: str, n: int, to: str, *, counter: str | None = None, **more: Any) -> int:
        facts = {"served": False, "outcome": None, "to_service": to, "to_counter": counter, "to_zone": "main"}
        arrived = self.who[ticket]["arrived_at"]
        facts |= {"agent": f"agent{n}", "arrived_at": arrived, "due_at": self.who[ticket]["due_at"]}
        seq = self.moves("ticket.transferred", ticket, n, **{**facts, **more})
        self.who[ticket]["service"] = to
        return seq

    def undoes(self, n: int, *seqs: int, **more: Any) -> int:
        parts = []
        for seq in seqs:
            entry = self.entries[seq - 1]
            parts.append(
                {"seq": seq, "kind": entry.kind, "ticket": entry.body["ticket"], "number": entry.body["number"]}
            )
        ticket = parts[0]["ticket"]
        self.who[ticket]["service"] = self.entries[seqs[0] - 1].body["service"]
        return self.moves("action.undone", ticket, n, agent=f"agent{n}", undone=parts, **more)

    def closes_the_day(self, **counts: Any) -> int:
        self.at = max(self.at, BEGINS_AT + timedelta(days=1))
        zero = {"served": 0, "no_shows": 0, "withdrawn": 0, "not_served": 0}
        drawn = sum(self.numbers.values())
        body = {**self.day, "opened_seq": 2, "drawn": drawn, **zero, "carried": [], "estimator": {}, **counts}
        return self.writes("day.closed", actor="system:day", **body)
