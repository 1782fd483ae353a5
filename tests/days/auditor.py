"""A stranger who has nothing but the journal and checks everything that it promises, without the product's own fold.

`audit(entries)` raises AssertionError naming the entry that breaks a promise. It reads bodies alone, so it can be let
loose on a random day, on the demonstration's past and on what is left after a power cut.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from server.domain.entries import BODIES, GENESIS, Entry, canonical, entry_to_json, hash_of, instant
from server.domain.sites import CALL_REASONS
from server.domain.tickets import MOVES

MOVE_OF = {move.entry: move for move in MOVES.values() if "transferred" not in move.entry and move.verb != "put_back"}
UNDO_WITHIN = timedelta(seconds=15)
#: How the day's closing counts each way in which a ticket ends.
COUNTED = {"served": "served", "no_show": "no_shows", "withdrawn": "withdrawn", "expired": "not_served"}
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
    ending: str | None = None
    calls: int = 0
    called_at: datetime | None = None
    counter: str | None = None
    agent: str | None = None
    copies: int = 1
    #: Waits for this counter alone.
    bound: str | None = None
    put_backs: int = 0
    opened_seq: int = 0
    arrived_at: datetime | None = None
    #: From when an appointment counts.
    counts_from: datetime | None = None
    aside: bool = False


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
    #: Entry by entry, how the visit was before it, for an undo to go back to.
    before: dict[int, tuple[str, Visit]] = field(default_factory=dict)
    #: (seq, counter, ticket) of what has touched them, and who did it when.
    touches: list[tuple[int, str | None, str | None, str, datetime]] = field(default_factory=list)
    out_of_order: int = 0
    #: Numbers of today that a restored backup has passed over.
    passed_over: int = 0

    def read(self, entry: Entry) -> None:
        self._chain(entry)
        visit = self.visits.get(entry.body.get("ticket", ""))
        if visit is not None:
            self.before[entry.seq] = (entry.body["ticket"], replace(visit))
        if entry.kind in MOVE_OF:
            self._move(entry, entry.body)
        else:
            getattr(self, "_" + entry.kind.replace(".", "_"))(entry, entry.body)
        if entry.kind not in ("ticket.drawn", "help.called", "help.answered"):
            body = entry.body
            there = self.shifts.get(body.get("counter") or "", {})
            actor = body.get("agent") or there.get("agent") or (visit and visit.agent) or ""
            self.touches.append((entry.seq, body.get("counter"), body.get("ticket"), actor, entry.at))

    def _chain(self, entry: Entry) -> None:
        shown = entry_to_json(entry)
        assert hash_of(canonical({key: held for key, held in shown.items() if key != "hash"})) == entry.hash
        assert (entry.seq, entry.prev) == (self.seq + 1, self.hash), entry
        assert self.at is None or entry.at >= self.at, f"time goes back at {entry.seq}"
        missing = {"ended_seq"} if entry.kind == "ticket.called" else set()
        assert set(entry.body) | missing == {"v", *BODIES[entry.kind]}, entry.kind
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
        self.passed_over = 0
        self.before, self.touches = {}, []

    def _day_closed(self, entry: Entry, body: Any) -> None:
        assert self.day is not None
        assert entry.at >= instant(self.day["ends_at"]), f"{entry.seq}: closed too early"
        assert (body["day"], body["opened_seq"]) == (self.day["day"], self.day["seq"])
        assert not self.shifts, f"{entry.seq}: a shift outlives its day"
        assert {visit.state for visit in self.visits.values()} <= {"serving", "ended"}
        counted = {name: body[name] for name in ("served", "no_shows", "withdrawn", "not_served")}
        assert counted == {name: self.endings.get(name, 0) for name in counted}, f"{entry.seq}: miscounted"
        self.before, self.touches = {}, []
        carried = {turn["ticket"] for turn in body["carried"]}
        assert carried == {ticket for ticket, visit in self.visits.items() if visit.state == "serving"}
        own = sum(turn["day"] == body["day"] for turn in body["carried"])
        assert body["drawn"] == sum(self.counts.values()) - self.passed_over == sum(counted.values()) + own
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
        for visit in self.visits.values():
            if visit.bound == body["counter"]:
                visit.bound = None

    # ---------------------------------------------------------------- tickets

    def _ticket_drawn(self, entry: Entry, body: Any) -> None:
        assert self.day is not None, f"{entry.seq}: drawn between two days"
        n = self.counts.get(body["series"], 0) + 1
        assert (body["n"], body["number"]) == (n, f"{body['series']}{n:03d}"), f"{entry.seq}: a gap in the numbers"
        assert body["ticket"] == f"{entry.site}-{entry.seq}"
        self.counts[body["series"]] = n
        due_at = instant(body["due_at"])
        before = sum(
            visit.state == "waiting"
            and visit.bound is None
            and visit.service == body["service"]
            and visit.due_at <= due_at
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
            opened_seq=entry.seq,
            arrived_at=entry.at,
            counts_from=joined_at if body["class"] == "appointment" else None,
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

    # ---------------------------------------------------------------- more turns of a ticket

    def _ticket_put_back(self, entry: Entry, body: Any) -> None:
        visit, rule = self.visits[body["ticket"]], self.setup["rule"]
        assert (visit.state, visit.ending) == ("ended", "no_show"), f"{entry.seq}: was not struck off"
        assert self.day is not None
        assert visit.day == self.day["day"]
        assert body["times"] == visit.put_backs + 1 <= rule["put_backs_max"], f"{entry.seq}: put back too often"
        self._next_turn(entry, visit, service=visit.service, arrived_at=entry.at)
        visit.counts_from = None
        visit.put_backs, visit.due_at = body["times"], instant(body["due_at"])
        assert visit.due_at == entry.at - timedelta(seconds=rule["put_back_head_start_s"])
        self.endings["no_shows"] -= 1

    def _ticket_transferred(self, entry: Entry, body: Any) -> None:
        visit = self.visits[body["ticket"]]
        if visit.state == "waiting":
            suspended = {one["service"]: one for one in self.setup["suspended"]}
            assert visit.service in suspended, f"{entry.seq}: transferred while waiting for {visit.service}"
            assert body["to_service"] not in suspended, f"{entry.seq}: from a suspended service to another"
            assert body["to_counter"] is None, f"{entry.seq}: from the line to a counter"
        assert visit.state != "ended", f"{entry.seq}: transferred while {visit.state}"
        assert (visit.number, visit.service) == (body["number"], body["service"])
        assert body["served"] <= (visit.state in ("called", "serving"))
        assert instant(body["arrived_at"]) == visit.arrived_at, f"{entry.seq}: arrived at another time"
        self._next_turn(entry, visit, service=body["to_service"], arrived_at=visit.arrived_at)
        visit.bound, visit.due_at = body["to_counter"], instant(body["due_at"])
        head_start = timedelta(seconds=self.setup["rule"]["head_starts"].get(visit.klass, 0))
        from_at = (visit.counts_from if visit.klass == "appointment" else None) or visit.arrived_at
        assert visit.due_at == from_at - head_start, f"{entry.seq}: another place than the arrival gives"
        assert visit.bound is None or visit.bound in self.shifts

    def _next_turn(self, entry: Entry, visit: Visit, *, service: str, arrived_at: Any) -> None:
        visit.service, visit.state, visit.ending, visit.counter = service, "waiting", None, None
        visit.calls, visit.called_at, visit.opened_seq, visit.aside = 0, None, entry.seq, False
        visit.arrived_at, visit.joined_at, visit.bound = arrived_at, entry.at, None

    def _action_undone(self, entry: Entry, body: Any) -> None:
        """Everything that was undone was this agent's and this counter's, the last of both, and not long ago."""
        seqs = [undone["seq"] for undone in body["undone"]]
        touched = {undone["ticket"] for undone in body["undone"]}
        assert seqs == sorted(seqs, reverse=True)
        for undone in body["undone"]:
            ticket, visit = self.before[undone["seq"]]
            assert (ticket, visit.number) == (undone["ticket"], undone["number"]), entry.seq
        for seq, counter, ticket, agent, at in self.touches:
            if seq in seqs:
                assert (counter, agent) == (body["counter"], body["agent"]), f"{entry.seq}: undid another's move"
                assert entry.at - at <= UNDO_WITHIN, f"{entry.seq}: undone too late"
            elif seq > seqs[-1]:
                assert counter != body["counter"], f"{entry.seq}: undid what {seq} has built on"
                assert ticket not in touched, f"{entry.seq}: undid what {seq} has built on"
        for seq in seqs:
            ticket, visit = self.before[seq]
            self._uncount(self.visits[ticket], visit)
            self.visits[ticket] = replace(visit)

    def _uncount(self, now: Visit, before: Visit) -> None:
        for visit, count in ((now, -1), (before, 1)):
            if visit.ending in COUNTED and self.day is not None and visit.day == self.day["day"]:
                self.endings[COUNTED[visit.ending]] = self.endings.get(COUNTED[visit.ending], 0) + count

    def _entry_remarked(self, entry: Entry, body: Any) -> None:
        assert 0 < body["about"] < entry.seq, f"{entry.seq}: about nothing"

    def _help_called(self, entry: Entry, body: Any) -> None:
        assert self.shifts[body["counter"]]["agent"] == body["agent"], entry.seq

    def _help_answered(self, entry: Entry, body: Any) -> None:
        assert body["counter"] in {counter["id"] for counter in self.setup["counters"]}, entry.seq

    def _desk_sent_home(self, entry: Entry, body: Any) -> None:
        codes = {service["code"] for service in self.setup["services"]}
        assert body["service"] in codes, f"{entry.seq}: no such service"

    def _desk_limit_lifted(self, entry: Entry, body: Any) -> None:
        assert instant(body["until"]) > entry.at, f"{entry.seq}: lifted for no time"

    def _journal_restored(self, entry: Entry, body: Any) -> None:
        assert 0 < body["backup_seq"] < entry.seq, f"{entry.seq}: goes on from nothing"
        assert body["by"] != body["confirmed_by"], f"{entry.seq}: restored by one alone"
        for known in body["series"]:
            n = self.counts.get(known["series"], 0)
            assert known["n"] >= n, f"{entry.seq}: {known['series']} goes back"
            self.passed_over += known["n"] - n
            self.counts[known["series"]] = known["n"]

    def _move(self, entry: Entry, body: Any) -> None:
        visit, move = self.visits[body["ticket"]], MOVE_OF[entry.kind]
        assert visit.state in move.from_states, f"{entry.seq}: {move.verb} while {visit.state}"
        assert (visit.number, visit.service) == (body["number"], body["service"])
        if move.verb in ("call", "call_out_of_order"):
            check = self._check_call if move.verb == "call" else self._check_out_of_order
            check(entry, body, visit)
            visit.called_at, visit.counter, visit.agent = entry.at, body["counter"], body["agent"]
            visit.calls = 0
        if move.verb == "park":
            assert instant(body["called_at"]) == visit.called_at
        if move.verb == "resume":
            assert instant(body["due_at"]) == visit.due_at, f"{entry.seq}: another place than before"
            visit.counter, visit.aside = None, True
        elif "counter" in body:
            assert body["counter"] == visit.counter, f"{entry.seq}: at another counter"
        if move.verb == "reclassify":
            assert body["class"] != visit.klass, f"{entry.seq}: nothing is corrected"
            head_start = timedelta(seconds=self.setup["rule"]["head_starts"].get(body["class"], 0))
            visit.klass, visit.due_at = body["class"], instant(body["due_at"])
            visit.joined_at = visit.arrived_at
            assert visit.due_at == visit.joined_at - head_start, f"{entry.seq}: another place than the class has"
        visit.calls += move.verb in ("call", "call_out_of_order", "recall")
        if "calls" in body:
            assert body["calls"] == visit.calls
        if move.verb == "no_show":
            assert visit.called_at is not None
            assert visit.calls >= self.setup["rule"]["no_show_min_calls"]
            assert (entry.at - visit.called_at).total_seconds() >= self.setup["rule"]["no_show_min_s"]
        visit.state, visit.ending = move.to_state, move.ending
        if move.ending is not None and self.day is not None and visit.day == self.day["day"]:
            self.endings[COUNTED[move.ending]] = self.endings.get(COUNTED[move.ending], 0) + 1

    def _check_call(self, entry: Entry, body: Any, called: Visit) -> None:
        """The first by the published rule among all who could be called here, reckoned the slow way."""
        eligible = self._eligible(entry, body)
        first = min(eligible, key=_place)
        assert first is called, f"{entry.seq}: {first.number} was first, {called.number} was called"
        for other in self.visits.values():
            if self._bounded(called, other):
                assert called.joined_at - other.joined_at <= self.widest_bound, f"{entry.seq}: beyond the bound"

    def _bounded(self, called: Visit, other: Visit) -> bool:
        """The promise is between two people who wait for the same service, neither of whom was here before: put back,
        transferred, or parked."""
        fresh = all(visit.opened_seq == visit.drawn_seq and not visit.aside for visit in (called, other))
        return other.state == "waiting" and other.service == called.service and fresh

    def _check_out_of_order(self, entry: Entry, body: Any, called: Visit) -> None:
        """Nobody who is passed is left out of the entry, and nobody is named who is not."""
        assert body["why"] in (self.setup["call_reasons"] or CALL_REASONS), entry.seq
        own = [
            visit
            for visit in self.visits.values()
            if visit.state == "waiting"
            and visit.bound == called.bound
            and (called.bound is not None or visit.service == called.service)
        ]
        names = {id(visit): ticket for ticket, visit in self.visits.items()}
        before = {id(visit): visit for visit in (*self._eligible(entry, body), *own) if _place(visit) < _place(called)}
        passed = [names[id(visit)] for visit in sorted(before.values(), key=_place)]
        assert body["overtaken"] == passed, f"{entry.seq}: passed {passed}, says {body['overtaken']}"
        self.out_of_order += 1

    def _eligible(self, entry: Entry, body: Any) -> list[Visit]:
        """Everybody who could be called at this counter now."""
        shift = self.shifts[body["counter"]]
        assert not shift["paused"], f"{entry.seq}: called from a paused counter"
        assert shift["agent"] == body["agent"]
        there = [visit for visit in self.visits.values() if visit.counter == body["counter"]]
        assert not [visit for visit in there if visit.state in ("called", "serving")], (
            f"{entry.seq}: two at one counter"
        )
        helped = {helps["service"]: timedelta(seconds=helps["after_s"]) for helps in shift["helps"]}
        waiting = [visit for visit in self.visits.values() if visit.state == "waiting"]
        return [
            visit
            for visit in waiting
            if visit.bound == body["counter"]
            or (visit.bound is None and visit.service in shift["serves"])
            or (visit.bound is None and visit.service in helped and visit.due_at + helped[visit.service] <= entry.at)
        ]


def _place(visit: Visit) -> tuple[datetime, int]:
    return (visit.due_at, visit.opened_seq)


def audit(entries: Iterable[Entry]) -> Auditor:
    auditor = Auditor()
    for entry in entries:
        auditor.read(entry)
    return auditor
