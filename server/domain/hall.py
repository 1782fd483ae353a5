"""The hall: everything that is true at a site now, as one immutable value, and the questions that one may ask it.

It is folded from the journal by `server.domain.fold.apply`, which is the only definition of what an entry means. The
screens, the calling rule, the estimate, start-up and replay all look at this one value. Nothing here changes it.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server.domain import desk as desks
from server.domain import draw_limits, estimates
from server.domain.calls import Call
from server.domain.entries import GENESIS
from server.domain.sites import CounterId, Helps, ServiceCode, Setup
from server.domain.tickets import TicketId, Turn

#: An agent whose machine gives no sign for so long is gone. Signs are written once a minute.
SILENT_FOR = timedelta(minutes=3)

#: (due_at, opened_seq, ticket): a line is a sorted tuple of these.
Place = tuple[datetime, int, TicketId]


@dataclass(frozen=True, slots=True)
class Day:
    on: str
    begins_at: datetime
    ends_at: datetime
    opened_seq: int


@dataclass(frozen=True, slots=True)
class Shift:
    counter: CounterId
    agent: str
    opened_seq: int
    opened_at: datetime
    serves: tuple[ServiceCode, ...]
    helps: tuple[Helps, ...] = ()
    pause_reason: str | None = None
    paused_at: datetime | None = None
    #: Seconds paused so far, the present pause not counted.
    paused_s: int = 0
    closed_at: datetime | None = None

    @property
    def calling(self) -> bool:
        return self.paused_at is None and self.closed_at is None

    def may_call(self, service: str) -> bool:
        return service in self.serves or any(helped.service == service for helped in self.helps)


@dataclass(frozen=True, slots=True)
class Tally:
    """How the tickets of the day ended at last: one that goes on to another line has not ended."""

    drawn: int = 0
    served: int = 0
    no_shows: int = 0
    withdrawn: int = 0
    not_served: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of a stroke, and the turn as it was before it."""

    seq: int
    kind: str
    at: datetime
    before: Turn


@dataclass(frozen=True, slots=True)
class Stroke:
    """What one key at a counter did last, oldest first: what an undo would take back."""

    at: datetime
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class HelpCall:
    """A counter that has called its colleagues."""

    seq: int
    at: datetime
    agent: str


@dataclass(frozen=True, slots=True)
class Hall:
    site: str
    seq: int = 0
    hash: str = GENESIS
    at: datetime | None = None
    setup: Setup | None = None
    day: Day | None = None
    tally: Tally = field(default_factory=Tally)
    #: Last count of each series today.
    numbers: Mapping[str, int] = field(default_factory=dict)
    #: Tickets drawn today, by service: what a quota counts.
    drawn: Mapping[str, int] = field(default_factory=dict)
    #: Open turns only, by ticket.
    turns: Mapping[str, Turn] = field(default_factory=dict)
    #: Who waits for a service, by service; whoever waits for one counter alone stands in `bound` instead.
    lines: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    bound: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    shifts: Mapping[str, Shift] = field(default_factory=dict)
    at_counter: Mapping[str, TicketId] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    #: Those that ended as a no-show, newest first.
    missed: tuple[Call, ...] = ()
    #: Turns of today that ended as a no-show and may be put back, by ticket.
    no_shows: Mapping[str, Turn] = field(default_factory=dict)
    #: What each counter's last key did, as long as nothing has touched it since.
    strokes: Mapping[str, Stroke] = field(default_factory=dict)
    helps: Mapping[str, HelpCall] = field(default_factory=dict)
    #: When somebody last did something at each counter, by counter.
    acted: Mapping[str, datetime] = field(default_factory=dict)
    learned: estimates.Learned = field(default_factory=estimates.Learned)
    draws: draw_limits.Draws = field(default_factory=draw_limits.Draws)
    desk: desks.Desk = field(default_factory=desks.Desk)
    #: What the last entry changed, as it stands after it: the rows that have to be written.
    touched: tuple[Turn, ...] = ()
    touched_shift: Shift | None = None

    @property
    def touched_turn(self) -> Turn | None:
        """The turn that the last entry was about, as it is now."""
        return self.touched[-1] if self.touched else None


def waiting_count(hall: Hall, service: str) -> int:
    """All who wait for the service, also those who wait for one counter alone."""
    bound = sum(1 for line in hall.bound.values() for place in line if hall.turns[place[2]].service == service)
    return len(hall.lines.get(service, ())) + bound


def people_ahead(hall: Hall, service: str, place: Place) -> int:
    """How many people of the service's line are due before this place."""
    return bisect_left(hall.lines.get(service, ()), place)


def ahead_of(hall: Hall, turn: Turn) -> int:
    """How many people are due before this waiting turn in the line where it stands."""
    if turn.bound is None:
        return people_ahead(hall, turn.service, turn.place)
    return bisect_left(hall.bound.get(turn.bound, ()), turn.place)


def counters_open(hall: Hall, service: str) -> int:
    """Counters that serve the line now; a pause counts as closed."""
    return sum(1 for shift in hall.shifts.values() if shift.calling and service in shift.serves)


def why_suspended(hall: Hall, service: str) -> str | None:
    return None if hall.setup is None else hall.setup.why_suspended.get(service)


def turn_at(hall: Hall, counter: str) -> Turn | None:
    ticket = hall.at_counter.get(counter)
    return None if ticket is None else hall.turns[ticket]


def shift_of(hall: Hall, agent: str) -> Shift | None:
    """The agent's open shift, wherever it is."""
    return next((shift for shift in hall.shifts.values() if shift.agent == agent), None)


def is_today(hall: Hall, turn: Turn) -> bool:
    return hall.day is not None and hall.day.on == turn.day
