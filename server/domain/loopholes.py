"""What no rule of calling prevents, counted: ways to favour somebody by moves that are each allowed.

A no-show declared as soon as it may be, so that a friend behind comes up; a ticket drawn for an empty line and then
transferred into a full one; parking without end; a call taken back after a look at who would come; tickets drawn in bulk.
Each of these is also done for good reasons, so nothing here accuses anybody: counts per counter, for the manager to ask.
Reads the bodies of entries alone, beside the recount of overtakes. docs/figures.md defines each figure.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from server.domain.entries import Entry
from server.domain.fairness import Recount

#: A no-show is just above the minimum with at most this many times the calls and the seconds that the rule asks for.
JUST_ABOVE = 1.5
LONG_PARKING = timedelta(minutes=20)
MINUTE = timedelta(minutes=1)

#: What is counted for each counter.
COUNTER_FIGURES = (
    "no_shows",
    "quick_no_shows",
    "transfers",
    "transfers_to_longer",
    "parked",
    "parked_long",
    "undone",
    "undone_calls",
)


@dataclass(slots=True)
class Loopholes:
    """Counts of a day. Those of the desk stand under the counter ""."""

    by_counter: dict[str, dict[str, int]] = field(default_factory=dict)
    drawn: int = 0
    drawn_priority: int = 0
    #: Most tickets that one machine or desk drew within 60 seconds.
    most_draws: int = 0

    def add(self, counter: str | None, figure: str) -> None:
        figures = self.by_counter.setdefault(counter or "", dict.fromkeys(COUNTER_FIGURES, 0))
        figures[figure] += 1


class Watch:
    """Looks at each entry before the recount reads it."""

    def __init__(self, count: Recount) -> None:
        self.found = Loopholes()
        self._count = count
        #: When each person was first called since he stood in a line, and where he was parked since when.
        self._called: dict[str, datetime] = {}
        self._parked: dict[str, tuple[str, datetime]] = {}
        self._draws: dict[str, deque[datetime]] = {}

    def sees(self, entry: Entry) -> None:
        meaning = _MEANINGS.get(entry.kind)
        if meaning is not None:
            meaning(self, entry, entry.body)

    def drawn(self, entry: Entry, body: Mapping[str, Any]) -> None:
        self.found.drawn += 1
        self.found.drawn_priority += body["class"] == "priority"
        lately = self._draws.setdefault(entry.actor, deque())
        lately.append(entry.at)
        while entry.at - lately[0] >= MINUTE:
            lately.popleft()
        self.found.most_draws = max(self.found.most_draws, len(lately))

    def called(self, entry: Entry, body: Mapping[str, Any]) -> None:
        self._called[body["ticket"]] = entry.at

    def no_show(self, entry: Entry, body: Mapping[str, Any]) -> None:
        if entry.seq in self._count.taken_back:
            return
        self.found.add(body["counter"], "no_shows")
        called_at = self._called.get(body["ticket"])
        rule = self._count.rule
        least_s, calls = rule.get("no_show_min_s", 0), rule.get("no_show_min_calls", 0)
        if called_at is None or body["calls"] > JUST_ABOVE * calls:
            return
        if (entry.at - called_at).total_seconds() <= JUST_ABOVE * least_s:
            self.found.add(body["counter"], "quick_no_shows")

    def transferred(self, entry: Entry, body: Mapping[str, Any]) -> None:
        """Longer: more people wait at this moment in the line that he is sent to than in the one that he came from."""
        self.leaves_parking(entry, body)
        if entry.seq in self._count.taken_back:
            return
        self.found.add(body["counter"], "transfers")
        if self._waiting(body["to_service"]) > self._waiting(body["service"]):
            self.found.add(body["counter"], "transfers_to_longer")

    def parked(self, entry: Entry, body: Mapping[str, Any]) -> None:
        if entry.seq in self._count.taken_back:
            return
        self._parked[body["ticket"]] = (body["counter"], entry.at)
        self.found.add(body["counter"], "parked")

    def leaves_parking(self, entry: Entry, body: Mapping[str, Any]) -> None:
        """Counted at the counter that parked him, whoever ends it."""
        counter, since = self._parked.pop(body["ticket"], (None, entry.at))
        if entry.at - since > LONG_PARKING:
            self.found.add(counter, "parked_long")

    def undone(self, _entry: Entry, body: Mapping[str, Any]) -> None:
        self.found.add(body["counter"], "undone")
        if any(move["kind"] in ("ticket.called", "ticket.called_out_of_order") for move in body["undone"]):
            self.found.add(body["counter"], "undone_calls")

    def _waiting(self, service: str) -> int:
        return sum(person.service == service for person in self._count.waiting.values())


_MEANINGS: Mapping[str, Callable[[Watch, Entry, Mapping[str, Any]], None]] = {
    "ticket.drawn": Watch.drawn,
    "ticket.called": Watch.called,
    "ticket.called_out_of_order": Watch.called,
    "ticket.no_show": Watch.no_show,
    "ticket.transferred": Watch.transferred,
    "ticket.parked": Watch.parked,
    "ticket.resumed": Watch.leaves_parking,
    "ticket.withdrawn": Watch.leaves_parking,
    "ticket.expired": Watch.leaves_parking,
    "action.undone": Watch.undone,
}

#: The kinds of entries that are looked at; the others may be left out.
KINDS_READ = frozenset(_MEANINGS)
