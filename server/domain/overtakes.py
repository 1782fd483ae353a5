"""One call, and whom it passed: who had a better claim and waits on, and which published reason explains it.

Better is the claim of whoever
- came earlier: by the time that counts for this turn, which a transfer keeps and a put-back renews;
- stood in the hall earlier: before the other one came, or came back from being parked or from another line;
- was due earlier, at a counter that could have called both.

Each such pair is an overtake and has exactly one kind; what no published reason explains is `unexplained`. Decides
nothing and shares no code with the calling rule. docs/fairness.md tells the kinds in plain words.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, cast

Kind = Literal[
    "priority",
    "appointment",
    "put_back",
    "transferred",
    "resumed",
    "rule_changed",
    "other_service",
    "bound",
    "helps",
    "undone",
    "out_of_order",
    "unexplained",
]
#: At a counter that could have called the one who was passed: these count as being passed.
PASSING: tuple[Kind, ...] = (
    "priority",
    "appointment",
    "put_back",
    "transferred",
    "resumed",
    "rule_changed",
    "out_of_order",
    "unexplained",
)
#: The counter could not have called the one who waited on, or nothing came of the call.
ELSEWHERE: tuple[Kind, ...] = ("other_service", "bound", "helps", "undone")
KINDS: tuple[Kind, ...] = (*PASSING, *ELSEWHERE)

#: A moment and the number of an entry, which tells apart what happened in the same millisecond.
Since = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Person:
    """One ticket, as far as the journal has told."""

    ticket: str
    number: str
    service: str
    klass: str
    #: When he came, as it counts for this turn.
    came: Since
    #: Since when he stands in this line, without having left it.
    stands: Since
    #: Came through the door: what a corrected class is reckoned from.
    entered: Since
    head_start: timedelta
    waiting: bool = True
    #: The counter that alone may call him.
    bound: str | None = None
    put_back: bool = False
    #: How he came back into a line, where he did.
    back: Literal["transferred", "resumed"] | None = None
    #: His call was taken back a few seconds later: in truth he was waiting all along.
    held: bool = False

    @property
    def due(self) -> Since:
        return (self.came[0] - self.head_start, self.came[1])


class Overtake(NamedTuple):
    #: The ticket that was passed, and the entry by which it came to stand where it was passed.
    ticket: str
    number: str
    stretch: int
    service: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Call:
    """A call, and everybody whom it passed."""

    seq: int
    at: datetime
    ticket: str
    number: str
    service: str
    klass: str
    counter: str
    agent: str
    #: The entry by which the person came to stand where he was called from, and when that was.
    stretch: int
    stood_at: datetime
    #: The reason given for a call out of order.
    why: str | None
    #: Taken back within seconds.
    undone: bool
    overtakes: tuple[Overtake, ...]

    @property
    def skips(self) -> int:
        """How many this person passed."""
        return sum(overtake.kind in PASSING for overtake in self.overtakes)


@dataclass(frozen=True, slots=True)
class Counter:
    """What a counter calls from, as its shift was opened."""

    code: str
    serves: frozenset[str] = frozenset()
    helps: Mapping[str, timedelta] = field(default_factory=dict)

    def reaches(self, person: Person, at: datetime) -> bool:
        if person.bound is not None:
            return person.bound == self.code
        if person.service in self.serves:
            return True
        after = self.helps.get(person.service)
        return after is not None and person.due[0] + after <= at


@dataclass(frozen=True, slots=True)
class Moment:
    """One call, and what it means for those who wait on."""

    called: Person
    counter: Counter
    at: datetime
    #: The counter may call this person.
    reached: bool
    undone: bool
    #: Whom a call out of order says that it passes; None for a call by the rule.
    named: frozenset[str] | None

    def overtakes(self, waiting: Iterable[Person]) -> Iterator[Overtake]:
        called = self.called
        for person in waiting:
            if person is called:
                continue
            earlier = person.came < called.came or person.stands < called.stands
            if earlier or (person.due < called.due and self.counter.reaches(person, self.at)):
                yield Overtake(person.ticket, person.number, person.stands[1], person.service, self._kind(person))

    def _kind(self, person: Person) -> Kind:
        if person.held:
            return "undone"
        kind = self._kind_by_rule(person)
        # What the rule forbids stays forbidden when it is taken back.
        return "undone" if self.undone and kind != "unexplained" else kind

    def _kind_by_rule(self, person: Person) -> Kind:
        reaches = self.counter.reaches(person, self.at)
        before = person.due < self.called.due
        if self.named is not None:
            if person.ticket in self.named:
                return "out_of_order"
            if before and (reaches or self._same_line(person)):
                return "unexplained"
        elif self.reached:
            if before and reaches:
                return "unexplained"
        elif reaches or person.service == self.called.service:
            return "unexplained"
        return self._advantage(person) if reaches else self._elsewhere(person)

    def _same_line(self, person: Person) -> bool:
        """Whoever waits for one counter alone stands in that counter's line, and no longer in the service's."""
        return (person.service, person.bound) == (self.called.service, self.called.bound)

    def _elsewhere(self, person: Person) -> Kind:
        """Why this counter could not have called the one who waits on."""
        if person.bound is not None:
            return "bound"
        if person.service in self.counter.helps:
            return "helps"
        return "bound" if self.called.bound and person.service == self.called.service else "other_service"

    def _advantage(self, person: Person) -> Kind:
        """By what the one who was called was due before."""
        called = self.called
        if person.came < called.came:
            if called.put_back:
                return "put_back"
            if called.klass == person.klass and not person.put_back:
                return "rule_changed"
            return "appointment" if called.klass == "appointment" else "priority"
        return cast("Kind", called.back) or "appointment"
