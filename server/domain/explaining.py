"""Why this person, then: a call retold from the journal alone.

The hall is folded up to the entry before the call, and the same rule that called is asked again: who could be called at
that counter, in which order, and was the one who was called the first of them? Beside that stands what the person saw
while waiting: who came later to the same line and was called before, and why that was so. Nothing here is told apart by
agent, and no name is needed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from server.domain import calling, fold
from server.domain.calling import Line
from server.domain.entries import Entry, whole_seconds
from server.domain.hall import Hall
from server.domain.sites import CounterId, Rule
from server.domain.tickets import Turn

CALLS = ("ticket.called", "ticket.called_out_of_order")

#: Why somebody who came later was called before; `class` is the head start of the class.
Why = Literal["class", "put_back", "transferred", "resumed", "out_of_order", "bound"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be called at the counter at that moment."""

    turn: Turn
    line: Line


@dataclass(frozen=True, slots=True)
class Earlier:
    """Somebody who came later to the same line and was called before."""

    seq: int
    turn: Turn
    why: Why


@dataclass(frozen=True, slots=True)
class Explanation:
    entry: Entry
    rule: Rule
    called: Turn
    counter: CounterId
    #: In the order of the rule, the first first.
    candidates: tuple[Candidate, ...]
    earlier: tuple[Earlier, ...]
    #: What the rule says at this moment; None when it says nobody.
    chosen: str | None

    @property
    def waited_s(self) -> int:
        """From joining the line to this call, in seconds."""
        return whole_seconds(self.called.joined_at, self.entry.at)

    @property
    def by_the_rule(self) -> bool:
        return self.entry.kind == "ticket.called" and self.chosen == self.called.ticket


def explain(start: Hall, entries: Iterable[Entry]) -> Explanation | None:
    """The last of `entries`, which go on from `start`; None if it is no call."""
    hall, calls, last = start, _Calls(), None
    for entry in entries:
        if last is not None:
            hall = fold.apply(hall, last)
        calls.note(hall, entry)
        last = entry
    if last is None or last.kind not in CALLS:
        return None
    called = hall.turns[last.body["ticket"]]
    shift = hall.shifts[last.body["counter"]]
    assert hall.setup is not None
    choice = calling.choose_next(hall, shift, last.at)
    return Explanation(
        entry=last,
        rule=hall.setup.rule,
        called=called,
        counter=shift.counter,
        candidates=tuple(
            Candidate(turn=hall.turns[place[2]], line=line) for place, line in calling.candidates(hall, shift, last.at)
        ),
        earlier=tuple(calls.before(called)),
        chosen=None if choice is None else choice.ticket,
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """A call that the rule, asked again, makes otherwise."""

    seq: int
    what: str
    journal: Any
    rule: Any

    def __str__(self) -> str:
        return f"entry {self.seq}: {self.what} is {self.journal!r} in the journal, the rule says {self.rule!r}"

    def to_json(self) -> dict[str, Any]:
        return {"entry": self.seq, "what": self.what, "journal": self.journal, "rule": self.rule}


def recalled(hall: Hall, entry: Entry) -> Iterator[Difference]:
    """What is different when this call is made once more in the hall before it; nothing for other entries."""
    if entry.kind not in CALLS:
        return
    shift = hall.shifts.get(entry.body["counter"])
    turn = hall.turns.get(entry.body["ticket"])
    if shift is None or turn is None or not shift.calling or turn.state != "waiting":
        yield Difference(entry.seq, "hall", journal="called", rule="nobody could be called there")
        return
    made: dict[str, Any]
    if entry.kind == "ticket.called":
        choice = calling.choose_next(hall, shift, entry.at)
        made = {"ticket": choice and choice.ticket, "reason": choice and calling.reason_to_body(choice.reason)}
    else:
        made = {"overtaken": calling.overtaken(hall, shift, turn, entry.at)}
    for name, rule in made.items():
        if entry.body[name] != rule:
            yield Difference(entry.seq, name, journal=entry.body[name], rule=rule)


@dataclass(slots=True)
class _Calls:
    """The calls of the day so far, with the turns as they were."""

    made: list[tuple[Entry, Turn, Why]] = field(default_factory=list)
    resumed: set[str] = field(default_factory=set)

    def note(self, hall: Hall, entry: Entry) -> None:
        if entry.kind == "day.opened":
            self.made.clear()
        elif entry.kind == "ticket.resumed":
            self.resumed.add(entry.body["ticket"])
        elif entry.kind == "action.undone":
            undone = {one["seq"] for one in entry.body["undone"]}
            self.made = [made for made in self.made if made[0].seq not in undone]
        elif entry.kind in CALLS:
            turn = hall.turns[entry.body["ticket"]]
            self.made.append((entry, turn, self._why(entry, turn)))

    def before(self, called: Turn) -> Iterator[Earlier]:
        for entry, turn, why in self.made:
            later = turn.arrived_at > called.arrived_at or turn.joined_at > called.joined_at
            if entry.at >= called.joined_at and turn.service == called.service and later:
                yield Earlier(seq=entry.seq, turn=turn, why=why)

    def _why(self, entry: Entry, turn: Turn) -> Why:
        if entry.kind == "ticket.called_out_of_order":
            return "out_of_order"
        if turn.bound is not None:
            return "bound"
        if turn.put_backs:
            return "put_back"
        if turn.ticket in self.resumed:
            return "resumed"
        return "transferred" if turn.arrived_at != turn.joined_at else "class"
