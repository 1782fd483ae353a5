"""A stranger who has nothing but the journal and checks everything that it promises, without the product's own fold.

`audit(entries)` raises AssertionError naming the entry that breaks a promise. It reads bodies alone, so it can be let
loose on a random day, on the demonstration's past and on what is left after a power cut.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from server.domain.entries import BODIES, GENESIS, Entry, canonical, entry_to_json, hash_of, instant
from server.domain.tickets import MOVES

MOVE_OF = {move.entry: move for move in MOVES.values()}
#: Who ends turns and shifts when a day is closed, which may be written after its end.
HOUSE = "system:day"


@dataclass(slots=True)
class Visit:
    """One ticket, as far as the journal has told."""

    number: str
    service: str
    klass: str
    day: str
    due_at: datetime
    drawn_seq: int
    joined_at: datetime
    came_at: datetime
    state: str = "waiting"
    calls: int = 0
    called_at: datetime | None = None
    counter: str | None = None
    copies: int = 1


@dataclass(slots=True)
class Auditor:
    seq: int = 0
    hash: str = GENESIS
    at: datetime | None = None
    setup: dict[str, Any] = field(default_factory=dict)
    day: dict[str, Any] | None = None
    past_days: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    endings: dict[str, int] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    shifts: dict[str, dict[str, Any]] = field(default_factory=dict)
    widest_bound: timedelta = timedelta(0)

    def read(self, entry: Entry) -> None:
        self._chain(entry)
        if entry.kind in MOVE_OF:
            self._move(entry, entry.body)
        else:
            getattr(self, "_" + entry.kind.replace(".", "_"))(entry, entry.body)

    def _chain(self, entry: Entry) -> None:
        shown = entry_to_json(entry)
        assert hash_of(canonical({key: held for key, held in shown.items() if key != "hash"})) == entry.hash
        assert (entry.seq, entry.prev) == (self.seq + 1, self.hash), entry
        assert self.at is None or entry.at >= self.at, f"time goes back at {entry.seq}"
        assert set(entry.body) == {"v", *BODIES[entry.kind]}, entry.kind
        if self.day is not None and entry.actor != HOUSE:
            assert instant(self.day["begins_at"]) <= entry.at < instant(self.day["ends_at"]), (
                f"{entry.seq} out of its day"
            )
        self.seq, self.hash, self.at = entry.seq, entry.hash, entry.at

    # ---------------------------------------------------------------- days and set-up

    def _setup_changed(self, entry: Entry, body: Any) -> None:
        del entry
        self.setup = body["setup"]
        starts = [self.setup["rule"]["head_starts"].get(klass, 0) for klass in ("ordinary", "priority", "appointment")]
        self.widest_bound = max(self.widest_bound, timedelta(seconds=max(starts) - min(starts)))

    def _day_opened(self, entry: Entry, body: Any) -> None:
        assert self.day is None, f"{entry.seq}: two days at once"
        assert instant(body["begins_at"]) <= entry.at < instant(body["ends_at"]), f"{entry.seq}: not this day"
        if self.past_days:
            assert self.past_days[-1]["day"] < body["day"], f"{entry.seq}: a date comes again"
            assert instant(self.past_days[-1]["ends_at"]) <= instant(body["begins_at"])
        self.day, self.counts, self.endings = {**body, "seq": entry.seq}, {}, {}

    def _day_closed(self, entry: Entry, body: Any) -> None:
        assert self.day is not None
        assert entry.at >= instant(self.day["ends_at"]), f"{entry.seq}: closed too early"
        assert (body["day"], body["opened_seq"]) == (self.day["day"], self.day["seq"])
        assert not self.shifts, f"{entry.seq}: a shift outlives its day"
        assert {visit.state for visit in self.visits.values()} <= {"serving", "ended"}
        counted = {name: body[name] for name in ("served", "no_shows", "withdrawn", "not_served")}
        assert counted == {name: self.endings.get(name, 0) for name in counted}, f"{entry.seq}: miscounted"
        carried = {turn["ticket"] for turn in body["carried"]}
        assert carried == {ticket for ticket, visit in self.visits.items() if visit.state == "serving"}
        own = sum(turn["day"] == body["day"] for turn in body["carried"])
        assert body["drawn"] == sum(self.counts.values()) == sum(counted.values()) + own
        self.past_days.append(self.day)
        self.day = None

    # ---------------------------------------------------------------- shifts

    def _shift_opened(self, entry: Entry, body: Any) -> None:
        assert body["counter"] not in self.shifts, f"{entry.seq}: two agents at one counter"
        assert body["agent"] not in {shift["agent"] for shift in self.shifts.values()}, (
            f"{entry.seq}: one at two counters"
        )
        self.shifts[body["counter"]] = {**body, "paused": False}

    def _shift_paused(self, entry: Entry, body: Any) -> None:
        assert not self.shifts[body["counter"]]["paused"], entry.seq
        self.shifts[body["counter"]]["paused"] = True

    def _shift_resumed(self, entry: Entry, body: Any) -> None:
        assert self.shifts[body["counter"]]["paused"], entry.seq
        self.shifts[body["counter"]]["paused"] = False

    def _shift_closed(self, entry: Entry, body: Any) -> None:
        assert self.shifts.pop(body["counter"])["agent"] == body["agent"], entry.seq

    # ---------------------------------------------------------------- tickets

    def _ticket_drawn(self, entry: Entry, body: Any) -> None:
        assert self.day is not None, f"{entry.seq}: drawn between two days"
        n = self.counts.get(body["series"], 0) + 1
        assert (body["n"], body["number"]) == (n, f"{body['series']}{n:03d}"), f"{entry.seq}: a gap in the numbers"
        assert body["ticket"] == f"{entry.site}-{entry.seq}"
        self.counts[body["series"]] = n
        due_at = instant(body["due_at"])
        before = sum(
            visit.state == "waiting" and visit.service == body["service"] and visit.due_at <= due_at
            for visit in self.visits.values()
        )
        assert body["ahead"] == before, f"{entry.seq}: told {body['ahead']} ahead, there were {before}"
        assert (body["told"] is None) == (body["untold"] is not None)
        joined_at = self._joined_at(entry, body)
        head_start = timedelta(seconds=self.setup["rule"]["head_starts"].get(body["class"], 0))
        assert due_at == joined_at - head_start, f"{entry.seq}: another place than the class has"
        self.visits[body["ticket"]] = Visit(
            number=body["number"],
            service=body["service"],
            klass=body["class"],
            day=self.day["day"],
            due_at=due_at,
            drawn_seq=entry.seq,
            joined_at=joined_at,
            came_at=entry.at,
            copies=int(body["channel"] == "kiosk"),
        )

    def _joined_at(self, entry: Entry, body: Any) -> datetime:
        """Whoever has an appointment joins a quarter of an hour before it at the earliest, and late like anybody."""
        assert (body["class"] == "appointment") <= (body["appointed_at"] is not None), entry.seq
        if body["appointed_at"] is None:
            return entry.at
        appointed_at, quarter = instant(body["appointed_at"]), timedelta(minutes=15)
        late = entry.at > appointed_at + quarter
        assert body["class"] == ("ordinary" if late else "appointment"), f"{entry.seq}: late or not?"
        return entry.at if late else max(entry.at, appointed_at - quarter)

    def _ticket_reprinted(self, entry: Entry, body: Any) -> None:
        visit = self.visits[body["ticket"]]
        assert self.day is not None, f"{entry.seq}: printed between two days"
        assert visit.day == self.day["day"], f"{entry.seq}: paper of another day"
        assert visit.state != "ended", f"{entry.seq}: paper of a ticket that is over"
        assert body["copy"] == visit.copies + 1, f"{entry.seq}: copies are miscounted"
        visit.copies = body["copy"]

    def _desk_sent_home(self, entry: Entry, body: Any) -> None:
        codes = {service["code"] for service in self.setup["services"]}
        assert body["service"] in codes, f"{entry.seq}: no such service"

    def _desk_limit_lifted(self, entry: Entry, body: Any) -> None:
        assert instant(body["until"]) > entry.at, f"{entry.seq}: lifted for no time"

    def _move(self, entry: Entry, body: Any) -> None:
        visit, move = self.visits[body["ticket"]], MOVE_OF[entry.kind]
        assert visit.state in move.from_states, f"{entry.seq}: {move.verb} while {visit.state}"
        assert (visit.number, visit.service) == (body["number"], body["service"])
        if move.verb == "call":
            self._check_call(entry, body, visit)
            visit.called_at, visit.counter = entry.at, body["counter"]
        if "counter" in body:
            assert body["counter"] == visit.counter, f"{entry.seq}: at another counter"
        if move.verb == "reclassify":
            assert body["class"] != visit.klass, f"{entry.seq}: nothing is corrected"
            head_start = timedelta(seconds=self.setup["rule"]["head_starts"].get(body["class"], 0))
            visit.klass, visit.due_at = body["class"], instant(body["due_at"])
            visit.joined_at = visit.came_at
            assert visit.due_at == visit.joined_at - head_start, f"{entry.seq}: another place than the class has"
        visit.calls += move.verb in ("call", "recall")
        if "calls" in body:
            assert body["calls"] == visit.calls
        if move.verb == "no_show":
            assert visit.called_at is not None
            assert visit.calls >= self.setup["rule"]["no_show_min_calls"]
            assert (entry.at - visit.called_at).total_seconds() >= self.setup["rule"]["no_show_min_s"]
        visit.state = move.to_state
        if move.ending is not None and self.day is not None and visit.day == self.day["day"]:
            name = {"no_show": "no_shows", "expired": "not_served"}.get(move.ending, move.ending)
            self.endings[name] = self.endings.get(name, 0) + 1

    def _check_call(self, entry: Entry, body: Any, called: Visit) -> None:
        """The first by the published rule among all who could be called here, reckoned the slow way."""
        shift = self.shifts[body["counter"]]
        assert not shift["paused"], f"{entry.seq}: called from a paused counter"
        assert shift["agent"] == body["agent"]
        there = [visit for visit in self.visits.values() if visit.counter == body["counter"]]
        assert not [visit for visit in there if visit.state in ("called", "serving")], (
            f"{entry.seq}: two at one counter"
        )
        helped = {helps["service"]: timedelta(seconds=helps["after_s"]) for helps in shift["helps"]}
        waiting = [visit for visit in self.visits.values() if visit.state == "waiting"]
        eligible = [
            visit
            for visit in waiting
            if visit.service in shift["serves"]
            or (visit.service in helped and visit.due_at + helped[visit.service] <= entry.at)
        ]
        first = min(eligible, key=lambda visit: (visit.due_at, visit.drawn_seq))
        assert first is called, f"{entry.seq}: {first.number} was first, {called.number} was called"
        for other in waiting:
            if other.service == called.service:
                assert called.joined_at - other.joined_at <= self.widest_bound, f"{entry.seq}: beyond the bound"


def audit(entries: Iterable[Entry]) -> Auditor:
    auditor = Auditor()
    for entry in entries:
        auditor.read(entry)
    return auditor
