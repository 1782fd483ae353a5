"""A journal written by hand, entry by entry, with whatever a cheat would write: nothing here refuses anything.

ledger = Ledger()
ledger.opens(1, serves="a")
first = ledger.draws("a", minute=0)
ledger.calls(first, 1, minute=5)
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from server.domain.entries import GENESIS, Entry, instant_text, seal
from server.domain.sites import Rule, Setup, setup_to_body
from tests.world import MORNING, small_setup

HEAD_STARTS = Rule().head_starts


class Ledger:
    def __init__(self, setup: Setup | None = None) -> None:
        self.setup = setup or small_setup()
        self.entries: list[Entry] = []
        self.minute = 0.0
        self.names: dict[str, dict[str, Any]] = {}
        self.body_of_setup: dict[str, Any] = {}
        self.puts_in_force()
        self.writes("day.opened", day="2026-11-24", timezone="UTC", tz_version="", begins_at="", ends_at="")

    @property
    def at(self) -> datetime:
        return MORNING + timedelta(minutes=self.minute)

    @property
    def seq(self) -> int:
        return len(self.entries)

    def writes(self, kind: str, *, minute: float | None = None, **body: Any) -> int:
        if minute is not None:
            self.minute = minute
        last = self.entries[-1].hash if self.entries else GENESIS
        facts: dict[str, Any] = {"site": "hall", "seq": self.seq + 1, "at": self.at, "kind": kind, "actor": "test:1"}
        entry, _text = seal(**facts, body={"v": 1, **body}, prev=last)
        self.entries.append(entry)
        return entry.seq

    def puts_in_force(self, **rule: Any) -> None:
        body = setup_to_body(self.setup)
        # Fields that a later version of the product may write, and this one does not know yet.
        body["rule"] = {**body["rule"], "put_back_head_start_s": 600, **rule}
        self.body_of_setup = body
        self.writes("setup.changed", what="pack", setup=body)

    def opens(self, n: int, *, serves: str = "", helps: str = "") -> None:
        held = [{"service": service, "after_s": 600} for service in helps]
        self.writes("shift.opened", **self._counter(n), agent=f"agent{n}", serves=list(serves), helps=held)

    def draws(self, service: str = "a", *, minute: float | None = None, klass: str = "ordinary", **facts: Any) -> str:
        if minute is not None:
            self.minute = minute
        ticket = f"hall-{self.seq + 1}"
        name = {"ticket": ticket, "number": f"{service.upper()}{self.seq + 1:03}", "service": service}
        body = {"class": klass, "due_at": self.before(HEAD_STARTS.get(klass, 0)), "appointed_at": None}
        self.names[ticket] = {**name, "class": klass}
        self.writes("ticket.drawn", **{**name, **body, **facts})
        return ticket

    def calls(self, ticket: str, n: int, *, minute: float | None = None, **facts: Any) -> int:
        reason = {"rule": 1, "line": "serves", "due_at": ""}
        body = {**self.name(ticket), **self._counter(n), "agent": f"agent{n}", "reason": reason, "ended_seq": None}
        return self.writes("ticket.called", minute=minute, **{**body, **facts})

    def calls_out_of_order(
        self, ticket: str, n: int, *, overtaken: Sequence[str], minute: float | None = None, why: str = "technical"
    ) -> int:
        body = {"why": why, "sealed": None, "rule": 1, "due_at": "", "overtaken": list(overtaken), "ended_seq": None}
        named = {**self.name(ticket), **self._counter(n), "agent": f"agent{n}"}
        return self.writes("ticket.called_out_of_order", minute=minute, **named, **body)

    def moves(self, verb: str, ticket: str, n: int = 1, *, minute: float | None = None, **facts: Any) -> int:
        """started, finished, no_show, parked, resumed, put_back, withdrawn …"""
        body = {**self.name(ticket), **self._counter(n), "agent": f"agent{n}", **facts}
        return self.writes(f"ticket.{verb}", minute=minute, **body)

    def transfers(
        self, ticket: str, n: int, to_service: str, *, minute: float | None = None, to_counter: int | None = None
    ) -> int:
        where = None if to_counter is None else f"hall-{to_counter}"
        facts = {"to_service": to_service, "to_counter": where, "to_zone": "main", "arrived_at": "", "due_at": ""}
        seq = self.moves("transferred", ticket, n, minute=minute, served=False, outcome=None, **facts)
        self.names[ticket]["service"] = to_service
        return seq

    def undoes(self, *seqs: int, n: int = 1, minute: float | None = None) -> int:
        """The newest first."""
        named = [{key: self.entries[seq - 1].body[key] for key in ("ticket", "number")} for seq in seqs]
        undone = [
            {"seq": seq, "kind": self.entries[seq - 1].kind, **name} for seq, name in zip(seqs, named, strict=True)
        ]
        body = {**self.name(undone[-1]["ticket"]), **self._counter(n), "agent": f"agent{n}", "undone": undone}
        return self.writes("action.undone", minute=minute, **body)

    def name(self, ticket: str) -> dict[str, Any]:
        return {key: self.names[ticket][key] for key in ("ticket", "number", "service")}

    def before(self, seconds: int) -> str:
        return instant_text(self.at - timedelta(seconds=seconds))

    def _counter(self, n: int) -> dict[str, str]:
        return {"counter": f"hall-{n}", "zone": "main"}
