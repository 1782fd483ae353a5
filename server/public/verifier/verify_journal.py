#!/usr/bin/env python3
"""Checks the journal of a reception hall: that nothing was altered, and that everybody was called by the published rule.

    python3 verify_journal.py FILE.jsonl [FILE.jsonl …] [--before FILE] [--head HASH] [--after HASH] [--find CODE] [--json]

This one file is all you need: it uses nothing but Python 3.9 or later, asks no network, and shares no line with the
program that wrote the journal. It reads the entries one by one and trusts none of them. In this order it checks that

  chain      every entry has the hash it says and names the hash of the one before; none is missing, none goes back in time
  numbers    the numbers of each series run 1, 2, 3 … in each day, without a gap and without a double; only a backup that
             was put back, which is an entry, may leave some out
  moves      everything that happens to a ticket may happen to it, at the counter and in the state in which it was
  places     everybody stands in the line where the rule puts him: time of joining minus the head start of his class
  calls      whoever is called is the first by the rule; who was called out of order is listed with whom he passed
  overtakes  each time somebody is called before one who joined the same line earlier, there is a reason for it
  counts     the day's closing entry counts what the day held

A HASH is the 64 characters that a site publishes, or the 16 that stand on paper: the first 80 bits of a hash in base32.
The end is 0 if all of it holds, 1 if anything does not, 2 if there was nothing to check. What this can't show is an entry
that was never written, nor that no other journal was put in the place of this one as a whole: that is why heads are
printed, and published and sent outside when the day is over.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import json
import re
import sys
from bisect import bisect_left, insort
from collections import Counter, deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

Facts = dict[str, Any]
#: Where somebody stands in a line: due time, number of the entry that opened the turn, ticket, number of the entry by
#: which he came into the line. The first two decide.
Place = tuple[str, int, str, int]

ZEROS = "0" * 64
LARGEST = 2**53 - 1
FIELDS = {"site": str, "seq": int, "at": str, "kind": str, "actor": str, "body": dict, "prev": str, "hash": str}
HASH, NAME = re.compile(r"[0-9a-f]{64}"), re.compile(r"[a-z][a-z0-9_]*")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
#: Who ends what the end of a day finds open; all others write within their day.
HOUSE = "system:day"
UNDO_S, QUARTER_S = 15, 900
AT_COUNTER = ("called", "serving")
#: A new ticket, or a call for help, does not stand in the way of an undo.
UNTOUCHING = ("ticket.drawn", "help.called", "help.answered")
ENDINGS = {"served": "served", "no_shows": "no_show", "withdrawn": "withdrawn", "not_served": "expired"}


class Wrong(Exception):  # noqa: N818 - what an entry is, not an accident of this program
    """What is wrong with an entry; `check` is one of the words above."""

    def __init__(self, check: str, why: str) -> None:
        super().__init__(why)
        self.check, self.why = check, why


# ------------------------------------------------------------------------------------------------ the chain


def _plain(pairs: list[tuple[str, Any]], known: set[str] = set()) -> Facts:  # noqa: B006 - names that were looked at
    facts = dict(pairs)
    if len(facts) != len(pairs):
        raise ValueError("a name stands twice in one object")
    if not known.issuperset(facts):
        wrong = [name for name in facts if not NAME.fullmatch(name)]
        if wrong:
            raise ValueError(f"not a name of the journal: {wrong[0]!r}")
        known.update(facts)
    return facts


def _integer(text: str) -> int:
    number = int(text)
    if abs(number) > LARGEST:
        raise ValueError(f"too large to be the same number everywhere: {text}")
    return number


def _no_integer(text: str) -> Any:
    raise ValueError(f"a number that is no integer: {text}")


_decode = json.JSONDecoder(
    object_pairs_hook=_plain, parse_int=_integer, parse_float=_no_integer, parse_constant=_no_integer
).decode
#: Canonical JSON (RFC 8785) of what an entry may hold.
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def entry_of(line: bytes) -> Facts:
    """The entry that stands on this line, if the line is one and has the hash that it says."""
    entry: Facts
    try:
        entry = _decode(line.decode("utf-8"))
        wrong = _not_an_entry(entry)
        stated = "" if wrong else entry.pop("hash")
        right = "" if wrong else hashlib.sha256(_encode(entry).encode("utf-8")).hexdigest()
    except (ValueError, RecursionError) as error:
        raise Wrong("chain", f"this line is no entry of a journal ({error})") from error
    if wrong or stated != right:
        raise Wrong("chain", wrong or "its text does not have its hash")
    entry["hash"] = stated
    return entry


def _not_an_entry(entry: Any) -> str:
    if not isinstance(entry, dict) or entry.keys() != FIELDS.keys():
        return f"an entry has exactly {', '.join(FIELDS)}"
    wrong = [name for name, kind in FIELDS.items() if type(entry[name]) is not kind]
    if wrong or not HASH.fullmatch(entry["hash"]):
        return f"{(wrong or ['hash'])[0]} is not what it should be"
    return ""


def short(entry_hash: str) -> str:
    """As it is printed: 80 bits in 16 characters that nobody mistakes."""
    return base64.b32encode(bytes.fromhex(entry_hash)[:10]).decode("ascii")


class Chain:
    """The entry before, and what the next one must therefore be."""

    def __init__(self, after: str | None) -> None:
        self.after = after
        self.site, self.at, self.prev = "", "", ZEROS
        self.first, self.seq, self.hash = 0, 0, ZEROS
        #: Hashes of the entries that tell what was in force before, by number.
        self.known: dict[int, str] = {}

    def take(self, entry: Facts) -> None:
        seq = entry["seq"]
        if not self.first:
            self._begin(entry)
        elif seq != self.seq + 1:
            raise Wrong("chain", f"entry {self.seq + 1} is missing; entry {seq} stands in its place")
        if entry["site"] != self.site:
            raise Wrong("chain", f"it is an entry of {entry['site']}, not of {self.site}")
        if entry["prev"] != self.hash:
            raise Wrong("chain", "it does not name the hash of the entry before")
        if not INSTANT.fullmatch(entry["at"]) or entry["at"] < self.at:
            raise Wrong("chain", f"its time is not one, or is earlier than the entry before: {entry['at']}")
        self.seq, self.hash, self.at = seq, entry["hash"], entry["at"]

    def _begin(self, entry: Facts) -> None:
        """A file may begin in the middle of the story: then all that holds goes on from the hash that it names."""
        self.site, self.prev, self.hash = entry["site"], entry["prev"], entry["prev"]
        if entry["seq"] == 1 and self.prev != ZEROS:
            raise Wrong("chain", "the first entry of all does not name 64 zeros as the one before")
        if self.after is not None and not self.prev.startswith(self.after):
            raise Wrong("chain", f"it does not go on from {self.after}, but from {self.prev}")
        if self.known and (max(self.known) >= entry["seq"] or self.known.get(entry["seq"] - 1, self.prev) != self.prev):
            raise Wrong("chain", "it does not go on from what is said to have been in force before")
        self.first = entry["seq"]


# ------------------------------------------------------------------------------------------------ the hall


def before(at: str, seconds: int) -> str:
    """Times of the journal are compared as they are written; only here one is reckoned with."""
    moved = datetime.fromisoformat(at[:-1]) - timedelta(seconds=seconds)
    return moved.isoformat(timespec="milliseconds") + "Z"


def seconds_between(begin: str, end: str) -> int:
    return int((datetime.fromisoformat(end[:-1]) - datetime.fromisoformat(begin[:-1])).total_seconds())


class Turn:
    """One ticket, as far as the journal has told; `came` is how it came into the line where it stands or last stood."""

    def __init__(self, body: Facts, *, day: str, at: str, seq: int) -> None:
        self.ticket, self.number, self.service = body["ticket"], body["number"], body["service"]
        self.klass, self.day, self.arrived = body.get("class", ""), day, at
        self.counts = body.get("counts_from") or at
        self.due, self.opened, self.entered = body.get("due_at", ""), seq, seq
        self.came, self.head_start = "drawn", 0
        self.state, self.ending = "waiting", ""
        self.bound: str | None = None
        self.counter: str | None = None
        self.calls, self.called_at, self.put_backs = 0, "", 0

    @property
    def place(self) -> Place:
        return (self.due, self.opened, self.ticket, self.entered)


class Hall:
    """All that is open at the site. Nothing of a day is kept once it is closed, but the turns that are carried over."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.first, self.last_day = 0, ""
        self.setup: Facts = {}
        #: Everything since the beginning of the day is known, and with it who stands in the lines.
        self.whole = False
        self.day: Facts = {}
        self.series: dict[str, int] = {}
        self.turns: dict[str, Turn] = {}
        self.lines: dict[str, list[Place]] = {}
        #: Those who wait for one counter alone, by counter.
        self.bound: dict[str, list[Place]] = {}
        self.there: dict[str, str] = {}
        self.shifts: dict[str, Facts] = {}
        #: The last entries, each with its turn as it was before: what an undo takes back.
        self.strokes: deque[tuple[Facts, Facts]] = deque(maxlen=1000)
        self.before: Facts = {}

    def read(self, entry: Facts) -> None:
        """What this entry means, after a look at whether it may be so."""
        self.first, self.before = self.first or entry["seq"], {}
        meaning, day = MEANINGS.get(entry["kind"]), self.day
        try:
            if day and entry["actor"] != HOUSE and not day["begins_at"] <= entry["at"] < day["ends_at"]:
                self.wrong(entry, "counts", f"it is not within its day, {day['day']}")
            if meaning is not None:
                meaning(self, entry, entry["body"])
        except Wrong as found:
            self.wrong(entry, found.check, found.why)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self.wrong(entry, "moves", f"its body is not one of {entry['kind']} ({error!r})")
        if entry["kind"] not in UNTOUCHING:
            self.strokes.append((entry, self.before))

    def know(self, entry: Facts) -> None:
        """What was in force before the file begins, by two entries from further back in the chain."""
        if entry["kind"] == "setup.changed":
            self.setup = entry["body"]["setup"]
        elif entry["kind"] == "day.closed":
            self._carry(entry["body"])
        else:
            raise Wrong("chain", f"{entry['kind']} does not belong into what was in force before")

    def wrong(self, entry: Facts, check: str, why: str) -> None:
        self.report.fault(entry["seq"], check, why)

    def expect(self, entry: Facts, check: str, **pairs: tuple[Any, Any]) -> None:
        """Each of `pairs` is what the entry says and what it should say."""
        for name, (said, right) in pairs.items():
            if said != right:
                self.wrong(entry, check, f"{name} is {said!r} and should be {right!r}")

    # ---------------------------------------------------------------- set-up, days, shifts

    def setup_changed(self, _entry: Facts, body: Facts) -> None:
        self.setup = body["setup"]

    def day_opened(self, entry: Facts, body: Facts) -> None:
        if self.day or body["day"] <= self.last_day or not body["begins_at"] <= entry["at"] < body["ends_at"]:
            self.wrong(entry, "counts", f"the day {body['day']} cannot begin here")
        if self.setup.get("next_rule"):
            self.setup = {**self.setup, "rule": self.setup["next_rule"], "next_rule": None}
        self.day, self.whole = {**body, "seq": entry["seq"]}, True
        self.series, self.lines, self.bound, self.shifts = {}, {}, {}, {}

    def day_closed(self, entry: Facts, body: Facts) -> None:
        if self.whole:
            self._count(entry, body)
        counts = {name: body[name] for name in ("drawn", *ENDINGS)}
        self.report.day(body["day"], counts, closed=True, whole=self.whole)
        self._carry(body)

    def _carry(self, body: Facts) -> None:
        """The day is over: what is known from here on stands in its closing entry."""
        self.day, self.last_day = {}, body["day"]
        self.turns, self.there = {}, {}
        for facts in body["carried"]:
            turn = Turn(
                facts, day=facts["day"], at=facts.get("arrived_at", facts["joined_at"]), seq=facts["opened_seq"]
            )
            turn.calls, turn.called_at = facts["calls"], facts.get("stretch_at", facts["called_at"])
            turn.put_backs, turn.bound = facts.get("put_backs", 0), facts.get("bound")
            self._put(turn, facts["state"], facts["counter"])

    def _count(self, entry: Facts, body: Facts) -> None:
        own = [turn for turn in self.turns.values() if turn.day == self.day["day"]]
        ended = Counter(turn.ending for turn in own)
        for name, ending in ENDINGS.items():
            self.expect(entry, "counts", **{name: (body[name], ended[ending])})
        still = sorted(turn.ticket for turn in self.turns.values() if turn.state != "ended")
        carried = sorted(facts["ticket"] for facts in body["carried"])
        self.expect(
            entry,
            "counts",
            day=(body["day"], self.day["day"]),
            opened_seq=(body["opened_seq"], self.day["seq"]),
            drawn=(body["drawn"], len(own)),
            carried=([ticket for ticket in carried if ticket in self.turns or not self._is_older(ticket)], still),
            open_shifts=(len(self.shifts), 0),
        )

    def shift_opened(self, entry: Facts, body: Facts) -> None:
        if body["counter"] in self.shifts or body["agent"] in [shift["agent"] for shift in self.shifts.values()]:
            self.wrong(entry, "moves", "a second agent at one counter, or one agent at a second counter")
        for counter in self.setup.get("counters", ()):
            if counter["id"] == body["counter"]:
                self.expect(entry, "calls", **{name: (body[name], counter[name]) for name in ("serves", "helps")})
        self.shifts[body["counter"]] = {**body, "paused": False}

    def shift_paused(self, entry: Facts, body: Facts) -> None:
        self._shift(entry, body)["paused"] = True

    def shift_resumed(self, entry: Facts, body: Facts) -> None:
        self._shift(entry, body)["paused"] = False

    def shift_closed(self, entry: Facts, body: Facts) -> None:
        """Nobody waits for a closed counter: whoever was sent to it alone is the service's again."""
        self._shift(entry, body)
        self.shifts.pop(body["counter"], None)
        for turn in [turn for turn in self.turns.values() if turn.bound == body["counter"]]:
            self._leave(turn)
            turn.bound = None
            self._put(turn, turn.state, turn.counter)

    def _shift(self, entry: Facts, body: Facts) -> Facts:
        """The shift that is open at the counter; where the file doesn't tell its beginning, one that nothing is known of."""
        shift = self.shifts.get(body["counter"])
        if shift is None and self.whole:
            raise Wrong("moves", f"nobody has opened {body['counter']}")
        self.expect(entry, "moves", agent=(body["agent"], shift["agent"] if shift else body["agent"]))
        return shift or {}

    # ---------------------------------------------------------------- tickets

    def drawn(self, entry: Facts, body: Facts) -> None:
        series, n = body["series"], body["n"]
        right = self.series.get(series, 0) + 1 if self.whole or series in self.series else n
        if n != right or body["number"] != f"{series}{n:03d}" or body["ticket"] != f"{entry['site']}-{entry['seq']}":
            self.wrong(
                entry, "numbers", f"number {body['number']} of {body['ticket']}, where {series}{right:03d} was next"
            )
        self.series[series] = n
        turn = Turn(body, day=self.day.get("day", ""), at=entry["at"], seq=entry["seq"])
        appointed, at = body.get("appointed_at"), entry["at"]
        if appointed is not None:
            late = at > before(appointed, -QUARTER_S)
            self.expect(entry, "places", **{"class": (turn.klass, "ordinary" if late else "appointment")})
            at = at if late else max(at, before(appointed, QUARTER_S))
        turn.counts = at
        self._check_due(entry, turn, at)
        if self.whole:
            ahead = bisect_left(self.lines.get(turn.service, ()), turn.place)
            self.expect(entry, "places", ahead=(body["ahead"], ahead))
        self._put(turn, "waiting", None)

    def restored(self, entry: Facts, body: Facts) -> None:
        """A backup was put in place of what was there; only this may leave numbers out, and never any go back."""
        self.report.restored(entry["seq"], body)
        if not 0 < body["backup_seq"] < entry["seq"] or body["by"] == body["confirmed_by"]:
            self.wrong(entry, "chain", "it does not go on from an entry before it, or one person alone restored it")
        for known in body["series"]:
            series, last = known["series"], self.series.get(known["series"], 0)
            if known["n"] < last:
                self.wrong(entry, "numbers", f"series {series} goes back from {last} to {known['n']}")
            self.series[series] = max(last, known["n"])

    def _check_due(self, entry: Facts, turn: Turn, joined: str, head_start: int | None = None) -> None:
        """`joined` minus the head start of the class, by the rule in force; nothing to say where no set-up is known."""
        turn.due = entry["body"]["due_at"]
        if self.setup:
            head_starts = self.setup["rule"]["head_starts"]
            turn.head_start = head_starts.get(turn.klass, 0) if head_start is None else head_start
            self.expect(entry, "places", due_at=(turn.due, before(joined, turn.head_start)))
        else:
            turn.head_start = seconds_between(turn.due, joined)

    def reclassified(self, entry: Facts, body: Facts) -> None:
        turn = self._take(entry, "waiting")
        turn.klass = body["class"]
        self._check_due(entry, turn, turn.arrived)
        self._put(turn, "waiting", None)

    def called(self, entry: Facts, body: Facts) -> None:
        turn = self.turns.get(body["ticket"])
        firsts = {} if turn is None else self._firsts(entry, body)
        reason = body["reason"]
        if self.whole and turn is not None:
            first = min(firsts, default=None)
            by_rule = first is not None and first[2] == turn.ticket
            if not by_rule:
                name = "nobody" if first is None else self.turns[first[2]].number
                self.report.against += 1
                self.wrong(entry, "calls", f"{name} was first by the rule, {turn.number} was called")
            right = (reason["line"] if first is None else firsts[first], turn.due)
            self.expect(entry, "calls", reason=((reason["line"], reason["due_at"]), right))
            self._passed(entry, turn, by_rule=by_rule)
        if self.setup:
            self.expect(entry, "calls", rule=(reason["rule"], self.setup["rule"]["version"]))
        self.report.calls += 1
        self._to_counter(entry, body)

    def called_out_of_order(self, entry: Facts, body: Facts) -> None:
        turn = self.turns.get(body["ticket"])
        reasons = self.setup.get("call_reasons")
        if reasons and body["why"] not in reasons:
            self.wrong(entry, "calls", f"{body['why']} is no reason of the site's list")
        if self.whole and turn is not None:
            counted = list(self._firsts(entry, body, whole_lines=True))
            own = self.lines.get(turn.service, []) if turn.bound is None else self.bound.get(turn.bound, [])
            passed = sorted({place for place in [*counted, *own] if place[:2] < turn.place[:2]})
            right = [ticket for _due, _opened, ticket, _entered in passed]
            self.expect(entry, "calls", overtaken=(body["overtaken"], right), due_at=(body["due_at"], turn.due))
            self._passed(entry, turn, out_of_order=True)
        self.report.out_of_order(entry["seq"], body)
        self._to_counter(entry, body)

    def _firsts(self, entry: Facts, body: Facts, *, whole_lines: bool = False) -> dict[Place, str]:
        """Who may be called at this counter now: the first of each line, or all of them, with why this counter may."""
        shift = self._shift(entry, body)
        if shift.get("paused") or body["counter"] in self.there:
            self.wrong(entry, "calls", "the counter is paused, or somebody is there")
        found: dict[Place, str] = {}
        end = None if whole_lines else 1
        for place in self.bound.get(body["counter"], [])[:end]:
            found[place] = "bound"
        for service in shift.get("serves", ()):
            for place in self.lines.get(service, [])[:end]:
                found[place] = "serves"
        for helped in shift.get("helps", ()):
            line = self.lines.get(helped["service"], [])[:end]
            latest = before(entry["at"], helped["after_s"]) if line else ""
            for place in line:
                if place[0] <= latest:
                    found.setdefault(place, "helps")
        return found

    def _passed(self, entry: Facts, called: Turn, *, by_rule: bool = False, out_of_order: bool = False) -> None:
        """Everybody who came into the same line earlier and still waits, and why the called one was before him."""
        bound = [place for line in self.bound.values() for place in line]
        for place in self.lines.get(called.service, []) + bound:
            if place[3] >= called.entered or self.turns[place[2]].service != called.service:
                continue
            other = self.turns[place[2]]
            why = "out_of_order" if out_of_order else _why_passed(called, other, by_rule=by_rule)
            self.report.overtake(entry["seq"], called.number, other.number, why)

    def _to_counter(self, entry: Facts, body: Facts) -> None:
        turn = self._take(entry, "waiting")
        turn.calls, turn.called_at = 1, entry["at"]
        self._put(turn, "called", body["counter"])

    def recalled(self, entry: Facts, body: Facts) -> None:
        turn = self._take(entry, "called")
        turn.calls += 1
        self.expect(entry, "moves", calls=(body["calls"], turn.calls))
        self._put(turn, "called", turn.counter)

    def started(self, entry: Facts, _body: Facts) -> None:
        turn = self._take(entry, "called")
        self._put(turn, "serving", turn.counter)

    def finished(self, entry: Facts, _body: Facts) -> None:
        self._end(self._take(entry, "called", "serving"), "served")

    def no_show(self, entry: Facts, body: Facts) -> None:
        turn, rule = self._take(entry, "called"), self.setup.get("rule")
        self.expect(entry, "moves", calls=(body["calls"], turn.calls or body["calls"]))
        if rule and turn.called_at:
            soon = turn.called_at > before(entry["at"], rule["no_show_min_s"])
            if soon or turn.calls < rule["no_show_min_calls"]:
                self.wrong(entry, "moves", f"{turn.number} was given up too soon: {turn.calls} calls")
        self._end(turn, "no_show")

    def put_back(self, entry: Facts, body: Facts) -> None:
        turn, rule = self._take(entry, "ended"), self.setup.get("rule", {})
        if turn.ending != "no_show" or body["times"] != turn.put_backs + 1:
            self.wrong(entry, "moves", f"{turn.number} ended as {turn.ending}, and was put back {turn.put_backs} times")
        if body["times"] > rule.get("put_backs_max", body["times"]):
            self.wrong(entry, "moves", f"{turn.number} is put back more often than the rule has it")
        turn.put_backs, turn.arrived, turn.counts, turn.bound = body["times"], entry["at"], entry["at"], None
        self._check_due(entry, turn, entry["at"], rule.get("put_back_head_start_s"))
        self._join(entry, turn, "put_back", opened=entry["seq"])

    def parked(self, entry: Facts, _body: Facts) -> None:
        turn = self._take(entry, "called", "serving")
        self._put(turn, "parked", turn.counter)

    def resumed(self, entry: Facts, body: Facts) -> None:
        turn = self._take(entry, "parked")
        if turn.due:
            self.expect(entry, "places", due_at=(body["due_at"], turn.due))
        turn.due = body["due_at"]
        self._join(entry, turn, "resumed", opened=turn.opened)

    def transferred(self, entry: Facts, body: Facts) -> None:
        waiting = ("waiting",) if self._is_suspended(body) else ()
        turn = self._take(entry, *waiting, "called", "serving", "parked")
        self.expect(entry, "places", arrived_at=(body["arrived_at"], turn.arrived or body["arrived_at"]))
        turn.arrived, turn.service, turn.bound = body["arrived_at"], body["to_service"], body["to_counter"]
        if turn.klass:
            self._check_due(entry, turn, turn.counts if turn.klass == "appointment" else turn.arrived)
        turn.due = body["due_at"]
        self._join(entry, turn, "transferred", opened=entry["seq"])

    def _is_suspended(self, body: Facts) -> bool:
        """Whoever waits for a suspended service may go on to another one; to a counter, nobody from the line."""
        suspended = [one["service"] for one in self.setup.get("suspended", ())]
        return body["service"] in suspended and body["to_service"] not in suspended and body["to_counter"] is None

    def withdrawn(self, entry: Facts, _body: Facts) -> None:
        self._end(self._take(entry, "waiting", "parked"), "withdrawn")

    def expired(self, entry: Facts, _body: Facts) -> None:
        self._end(self._take(entry, "waiting", "called", "parked"), "expired")

    def undone(self, entry: Facts, body: Facts) -> None:
        """Everything is as it was before; what was called out of order stays counted."""
        seqs = [part["seq"] for part in body["undone"]]
        recent = [stroke for stroke in self.strokes if seqs and stroke[0]["seq"] >= min(seqs)]
        found = {stroke[0]["seq"]: stroke for stroke in recent if stroke[0]["seq"] in seqs}
        if sorted(found, reverse=True) != seqs or not seqs:
            raise Wrong("moves", f"it takes back the entries {seqs}, which are not the last ones")
        tickets = {part["ticket"] for part in body["undone"]}
        for other, _snapshot in recent:
            facts, since = other["body"], other["seq"]
            touches = facts.get("ticket") in tickets or facts.get("counter") == body["counter"]
            if since not in found and touches:
                self.wrong(entry, "moves", f"it takes back what entry {since} has built upon")
        if found[seqs[-1]][0]["at"] < before(entry["at"], UNDO_S):
            self.wrong(entry, "moves", f"it takes back what is longer ago than {UNDO_S} s")
        for seq in seqs:
            undone, snapshot = found[seq]
            turn = self.turns[undone["body"]["ticket"]]
            self._leave(turn)
            vars(turn).update(snapshot)
            self._put(turn, turn.state, turn.counter)
            self.report.undone += 1

    # ---------------------------------------------------------------- where somebody stands

    def _take(self, entry: Facts, *states: str) -> Turn:
        """The turn that the entry is about, in one of these states, taken from where it stood."""
        body = entry["body"]
        turn = self.turns.get(body["ticket"])
        if turn is None:
            turn = self._unknown(entry, states[-1])
        self.before = vars(turn).copy()
        self._leave(turn)
        if turn.state not in states:
            self.wrong(entry, "moves", f"{turn.number} is {turn.ending or turn.state} and can't be {entry['kind']}")
        self.expect(entry, "moves", number=(body["number"], turn.number), service=(body["service"], turn.service))
        if turn.state in AT_COUNTER and "counter" in body:
            self.expect(entry, "moves", counter=(body["counter"], turn.counter))
        return turn

    def _unknown(self, entry: Facts, state: str) -> Turn:
        """A ticket that was drawn before this file begins; after the day's opening it can only have been at a counter."""
        body = entry["body"]
        if not self._is_older(body["ticket"]) or (self.whole and state == "waiting"):
            raise Wrong("moves", f"there is no ticket {body['ticket']}")
        turn = self.turns[body["ticket"]] = Turn(body, day="", at="", seq=0)
        turn.state, turn.counter = state, body.get("counter")
        turn.ending = "no_show" if state == "ended" else ""
        return turn

    def _is_older(self, ticket: str) -> bool:
        """Drawn before this file begins."""
        return int(ticket.rpartition("-")[2]) < self.first

    def _leave(self, turn: Turn) -> None:
        if turn.state == "waiting":
            line = self._line(turn)
            at = bisect_left(line, turn.place)
            if line[at : at + 1] == [turn.place]:
                del line[at]
        elif self.there.get(turn.counter or "") == turn.ticket:
            del self.there[turn.counter or ""]

    def _put(self, turn: Turn, state: str, counter: str | None) -> None:
        self.turns[turn.ticket] = turn
        turn.state, turn.counter = state, counter
        if state == "waiting":
            insort(self._line(turn), turn.place)
        elif state in AT_COUNTER and counter is not None:
            self.there[counter] = turn.ticket

    def _line(self, turn: Turn) -> list[Place]:
        lines, name = (self.lines, turn.service) if turn.bound is None else (self.bound, turn.bound)
        return lines.setdefault(name, [])

    def _join(self, entry: Facts, turn: Turn, came: str, *, opened: int) -> None:
        turn.came, turn.opened, turn.entered, turn.ending = came, opened, entry["seq"], ""
        self._put(turn, "waiting", None)

    def _end(self, turn: Turn, ending: str) -> None:
        turn.ending = ending
        self._put(turn, "ended", turn.counter)


def _why_passed(called: Turn, other: Turn, *, by_rule: bool) -> str:
    """Why `called` was called before `other`, who came into the same line earlier."""
    if other.place[:2] < called.place[:2]:
        # First at this counter all the same: one of them waited for a counter alone, so that the other could not be
        # called there.
        return "bound" if by_rule and (called.bound or other.bound) else "unexplained"
    if called.came != "drawn":
        return called.came
    if called.head_start > other.head_start:
        return "rule_changed" if called.klass == other.klass else called.klass
    return "appointment" if other.klass == "appointment" else "unexplained"


#: What each kind of entry means here. Kinds that are not named, also those that are newer than this program, only stand
#: in the chain.
MEANINGS: dict[str, Callable[[Hall, Facts, Facts], None]] = {
    "setup.changed": Hall.setup_changed,
    "day.opened": Hall.day_opened,
    "day.closed": Hall.day_closed,
    "shift.opened": Hall.shift_opened,
    "shift.paused": Hall.shift_paused,
    "shift.resumed": Hall.shift_resumed,
    "shift.closed": Hall.shift_closed,
    "ticket.drawn": Hall.drawn,
    "ticket.reclassified": Hall.reclassified,
    "ticket.called": Hall.called,
    "ticket.called_out_of_order": Hall.called_out_of_order,
    "ticket.recalled": Hall.recalled,
    "ticket.started": Hall.started,
    "ticket.finished": Hall.finished,
    "ticket.no_show": Hall.no_show,
    "ticket.put_back": Hall.put_back,
    "ticket.parked": Hall.parked,
    "ticket.resumed": Hall.resumed,
    "ticket.transferred": Hall.transferred,
    "ticket.withdrawn": Hall.withdrawn,
    "ticket.expired": Hall.expired,
    "action.undone": Hall.undone,
    "journal.restored": Hall.restored,
}


# ------------------------------------------------------------------------------------------------ what is told


class Report:
    """Tells each thing as soon as it is known: as lines for people, or with --json as one JSON document per line."""

    def __init__(self, *, as_json: bool, each: bool) -> None:
        self.as_json, self.each = as_json, each
        self.faults = 0
        self._next_day()

    def _next_day(self) -> None:
        self.calls, self.against, self.undone = 0, 0, 0
        self.reasons: Counter[str] = Counter()
        self.passed: Counter[str] = Counter()

    def say(self, what: str, text: str, **facts: Any) -> None:
        text = json.dumps({"what": what, **facts}, ensure_ascii=False) if self.as_json else text
        sys.stdout.write(text + "\n")

    def fault(self, entry: int, check: str, why: str) -> None:
        self.faults += 1
        self.say("fault", f"! entry {entry}, {check}: {why}", entry=entry, check=check, why=why)

    def out_of_order(self, entry: int, body: Facts) -> None:
        self.reasons[body["why"]] += 1
        facts = {"entry": entry, **{name: body[name] for name in ("number", "counter", "why", "overtaken")}}
        text = f"  entry {entry}: {body['number']} called out of order at {body['counter']} ({body['why']})"
        self.say("out_of_order", f"{text}, before {len(body['overtaken'])} others", **facts)

    def restored(self, entry: int, body: Facts) -> None:
        text = f"  entry {entry}: a backup up to entry {body['backup_seq']} was put back"
        lost = {name: body[name] for name in ("backup_seq", "backup_hash", "lost_seq", "lost_hash")}
        if lost["lost_hash"]:
            text += f"; lost is what led to entry {lost['lost_seq']}, {lost['lost_hash']}"
        self.say("restored", text, entry=entry, series=body["series"], **lost)

    def overtake(self, entry: int, called: str, passed: str, why: str) -> None:
        self.passed[why] += 1
        if self.each:
            text = f"  entry {entry}: {called} called before {passed}: {why}"
            self.say("overtake", text, entry=entry, called=called, passed=passed, why=why)
        if why == "unexplained":
            self.fault(entry, "overtakes", f"{called} was called before {passed} without a reason")

    def day(self, day: str, counts: Facts, *, closed: bool, whole: bool) -> None:
        """One business day; of one that the file doesn't hold from its opening the calls can't be judged."""
        facts = {
            "day": day,
            "closed": closed,
            "whole": whole,
            **counts,
            "called_by_the_rule": self.calls - self.against,
            "against_the_rule": self.against,
            "out_of_order": dict(self.reasons),
            "undone": self.undone,
            "overtakes": dict(self.passed),
            "unexplained": self.passed["unexplained"],
        }
        names = ("drawn", *ENDINGS, "called_by_the_rule", "against_the_rule", "undone", "unexplained")
        text = ", ".join(f"{name.replace('_', ' ')} {facts[name]}" for name in names if name in facts)
        for name, found in (("out of order", self.reasons), ("overtakes", self.passed)):
            text += f", {name} {sum(found.values())}" + (f" ({_listed(found)})" if found else "")
        text += "" if closed else "; not closed yet"
        self.say("day", f"{day}: {text}" + ("" if whole else "; its beginning is not in the file"), **facts)
        self._next_day()


def _listed(found: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(found.items()))


def lines_of(names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Each line with the place where it stands; `-` is standard input."""
    for name in names:
        with _opened(name) as file:
            for number, line in enumerate(file, start=1):
                yield f"{name}, line {number}", line


def _opened(name: str) -> BinaryIO:
    if name == "-":
        return sys.stdin.buffer
    return cast(BinaryIO, gzip.open(name)) if name.endswith(".gz") else Path(name).open("rb")


def hash_or_code(text: str) -> str:
    """What a hash begins with that is meant by 64 hexadecimal digits, or by the 16 characters that are printed."""
    plain = re.sub(r"[\s-]", "", text)
    if HASH.fullmatch(plain.lower()):
        return plain.lower()
    if re.fullmatch(r"[A-Z2-7]{16}", plain.upper()):
        return base64.b32decode(plain.upper()).hex()
    raise argparse.ArgumentTypeError("neither 64 hexadecimal digits nor 16 characters of A to Z and 2 to 7")


def verify(asked: argparse.Namespace) -> int:
    report = Report(as_json=asked.json, each=asked.overtakes)
    chain, hall = Chain(asked.after), Hall(report)
    named: dict[str, Facts] = {}
    try:
        _read(asked, chain, hall, named)
    except Wrong as broken:
        report.fault(chain.seq + 1, "chain", broken.why)
        report.say("verdict", f"The chain does not hold at entry {chain.seq + 1}.", holds=False, entry=chain.seq + 1)
        return 1
    if not chain.first:
        report.say("verdict", "There is no entry in this file.", holds=False)
        return 2
    if hall.day:
        report.day(hall.day["day"], {}, closed=False, whole=hall.whole)
    if asked.head and not chain.hash.startswith(asked.head):
        _tell_other_head(report, chain, named.get(asked.head))
    for code in asked.find:
        _tell_found(report, code, named.get(code))
    _tell_verdict(report, chain, hall)
    return 1 if report.faults else 0


def _read(asked: argparse.Namespace, chain: Chain, hall: Hall, named: dict[str, Facts]) -> None:
    """Everything, entry by entry; into `named` goes who has one of the hashes or codes that were asked for."""
    codes = [code for code in (*asked.find, asked.head) if code]
    where = ""
    try:
        for place, line in lines_of(asked.before):
            where = place
            entry = entry_of(line)
            hall.know(entry)
            chain.known[entry["seq"]] = entry["hash"]
        for place, line in lines_of(asked.files):
            where = place
            entry = entry_of(line)
            chain.take(entry)
            for code in codes:
                if entry["hash"].startswith(code):
                    named[code] = entry
            hall.read(entry)
    except Wrong as broken:
        raise Wrong(broken.check, f"{broken.why} ({where})") from broken


def _tell_other_head(report: Report, chain: Chain, passed: Facts | None) -> None:
    if passed is not None:
        why = f"the head is entry {passed['seq']}, and the chain goes on to entry {chain.seq}"
        return report.fault(passed["seq"] + 1, "chain", why)
    why = f"the chain ends at entry {chain.seq}, which is not that head: what comes after it is cut off"
    return report.fault(chain.seq + 1, "chain", why)


def _tell_found(report: Report, code: str, entry: Facts | None) -> None:
    if entry is None:
        return report.fault(0, "chain", f"no entry here has a hash that begins with {code}")
    body = entry["body"]
    facts = {name: entry[name] for name in ("seq", "kind", "at", "hash")}
    text = f"Entry {entry['seq']} has this code: {entry['kind']} {body.get('number', '')} at {entry['at']}."
    return report.say("found", text, code=code, number=body.get("number"), **facts)


def _tell_verdict(report: Report, chain: Chain, hall: Hall) -> None:
    facts = {"site": chain.site, "first": chain.first, "prev": chain.prev, "seq": chain.seq, "hash": chain.hash}
    text = f"The chain of {chain.site} holds from entry {chain.first} to {chain.seq}.\n"
    text += f"Its head is {chain.hash}, on paper {short(chain.hash)}: compare it with what was published.\n"
    if chain.first > 1:
        text += f"It goes on from the entry with the hash {chain.prev}: compare that too.\n"
    if not hall.setup:
        text += "No set-up is known (see --before): head starts and the limits of the rule were not checked.\n"
    text += f"{report.faults} things are not as they should be." if report.faults else "Everything is as it should be."
    report.say("verdict", text, holds=not report.faults, short=short(chain.hash), faults=report.faults, **facts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="JSON lines, in order; also .gz, and - for standard input"
    )
    parser.add_argument("--before", nargs=1, default=[], metavar="FILE", help="what was in force when FILE begins")
    parser.add_argument("--head", type=hash_or_code, metavar="HASH", help="what the chain must end at")
    parser.add_argument("--after", type=hash_or_code, metavar="HASH", help="what FILE must go on from")
    parser.add_argument(
        "--find", type=hash_or_code, action="append", default=[], metavar="CODE", help="name this entry"
    )
    parser.add_argument("--overtakes", action="store_true", help="list each time somebody was passed")
    parser.add_argument("--json", action="store_true", help="one JSON document per line")
    try:
        return verify(parser.parse_args())
    except OSError as error:
        parser.error(str(error))


if __name__ == "__main__":
    sys.exit(main())
