"""The hall: everything that is true at a site now, as one immutable value folded from the journal.

`apply(hall, entry)` is the only definition of what an entry means. It is total: it can't refuse, an entry that the
hall already knows changes nothing, and a kind that it doesn't know only moves `seq`. The screens, the calling rule, the
estimate, start-up and replay all use this one fold.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from server.domain import calls, draw_limits, estimates
from server.domain import desk as desks
from server.domain.calls import Call
from server.domain.entries import GENESIS, Entry, instant, whole_seconds
from server.domain.sites import CounterId, Helps, ServiceCode, Setup, setup_from_body
from server.domain.tickets import TicketId, Told, Turn, turn_from_body

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


@dataclass(frozen=True, slots=True)
class Tally:
    drawn: int = 0
    served: int = 0
    no_shows: int = 0
    withdrawn: int = 0
    not_served: int = 0


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
    #: Open turns only, by ticket.
    turns: Mapping[str, Turn] = field(default_factory=dict)
    lines: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    shifts: Mapping[str, Shift] = field(default_factory=dict)
    at_counter: Mapping[str, TicketId] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    #: Those that ended as a no-show, newest first.
    missed: tuple[Call, ...] = ()
    learned: estimates.Learned = field(default_factory=estimates.Learned)
    draws: draw_limits.Draws = field(default_factory=draw_limits.Draws)
    desk: desks.Desk = field(default_factory=desks.Desk)
    #: What the last entry changed, as it stands after it: the rows that have to be written.
    touched_turn: Turn | None = None
    touched_shift: Shift | None = None


def apply(hall: Hall, entry: Entry) -> Hall:
    if entry.seq <= hall.seq:
        return hall
    if entry.seq != hall.seq + 1:
        raise ValueError(f"{hall.site}: entry {entry.seq} does not follow {hall.seq}")
    hall = replace(hall, seq=entry.seq, hash=entry.hash, at=entry.at, touched_turn=None, touched_shift=None)
    meaning = _MEANINGS.get(entry.kind)
    return hall if meaning is None else meaning(hall, entry, entry.body)


def fold(hall: Hall, entries: Iterable[Entry]) -> Hall:
    for entry in entries:
        hall = apply(hall, entry)
    return hall


def waiting_count(hall: Hall, service: str) -> int:
    return len(hall.lines.get(service, ()))


def people_ahead(hall: Hall, service: str, place: Place) -> int:
    """How many people of the line are due before this place."""
    return bisect_left(hall.lines.get(service, ()), place)


def counters_open(hall: Hall, service: str) -> int:
    """Counters that serve the line now; a pause counts as closed."""
    return sum(1 for shift in hall.shifts.values() if shift.calling and service in shift.serves)


def why_suspended(hall: Hall, service: str) -> str | None:
    return None if hall.setup is None else hall.setup.why_suspended.get(service)


def turn_at(hall: Hall, counter: str) -> Turn | None:
    ticket = hall.at_counter.get(counter)
    return None if ticket is None else hall.turns[ticket]


# ---------------------------------------------------------------- what each kind of entry means


def _setup_changed(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    del entry
    return replace(hall, setup=setup_from_body(body["setup"]))


def _day_opened(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    day = Day(
        on=body["day"],
        begins_at=instant(body["begins_at"]),
        ends_at=instant(body["ends_at"]),
        opened_seq=entry.seq,
    )
    hall = replace(hall, day=day, tally=Tally(), numbers={}, lines={}, calls=(), missed=())
    return replace(hall, draws=draw_limits.Draws(), desk=desks.Desk())


def _day_closed(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    del entry
    carried = [turn_from_body(turn) for turn in body["carried"]]
    return replace(
        hall,
        day=None,
        turns={turn.ticket: turn for turn in carried},
        at_counter={turn.counter: turn.ticket for turn in carried if turn.counter is not None},
        lines={},
        shifts={},
        calls=(),
        missed=(),
        learned=estimates.learned_from_body(body["estimator"]),
    )


def _shift_opened(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    shift = Shift(
        counter=body["counter"],
        agent=body["agent"],
        opened_seq=entry.seq,
        opened_at=entry.at,
        serves=tuple(body["serves"]),
        helps=tuple(Helps(service=helped["service"], after_s=helped["after_s"]) for helped in body["helps"]),
    )
    return _with_shift(hall, shift)


def _shift_paused(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    shift = replace(hall.shifts[body["counter"]], pause_reason=body["reason"], paused_at=entry.at)
    return _with_shift(hall, shift)


def _shift_resumed(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    return _with_shift(hall, _resumed(hall.shifts[body["counter"]], entry.at))


def _shift_closed(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    # A server that was down at the day's end writes this only in the morning; nobody worked through the night.
    closed_at = entry.at if hall.day is None else min(entry.at, hall.day.ends_at)
    shift = replace(_resumed(hall.shifts[body["counter"]], closed_at), closed_at=closed_at)
    others = {counter: open_shift for counter, open_shift in hall.shifts.items() if counter != shift.counter}
    return replace(hall, shifts=others, touched_shift=shift)


def _ticket_drawn(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    told = body["told"]
    turn = Turn(
        ticket=body["ticket"],
        opened_seq=entry.seq,
        day=hall.day.on if hall.day else "",
        number=body["number"],
        service=body["service"],
        klass=body["class"],
        language=body["language"],
        joined_at=entry.at,
        due_at=instant(body["due_at"]),
        point_s=body["point_s"],
        told=None if told is None else Told(**told),
    )
    return replace(
        hall,
        numbers={**hall.numbers, body["series"]: body["n"]},
        tally=replace(hall.tally, drawn=hall.tally.drawn + 1),
        turns={**hall.turns, turn.ticket: turn},
        lines=_joined(hall.lines, turn),
        draws=hall.draws if hall.setup is None else draw_limits.after_draw(hall.draws, entry, hall.setup.draw_limits),
        desk=desks.after_draw(hall.desk, turn.ticket, body["channel"]),
        touched_turn=turn,
    )


def _ticket_reclassified(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    del entry
    waiting = hall.turns[body["ticket"]]
    # What was estimated for the old place in the line says nothing about the new one, so nothing is learned from it.
    turn = replace(waiting, klass=body["class"], due_at=instant(body["due_at"]), point_s=None)
    return replace(_with_turn(hall, turn), lines=_joined(_left(hall.lines, waiting), turn))


def _ticket_reprinted(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    del entry
    return replace(hall, desk=desks.after_reprint(hall.desk, body["ticket"], body["copy"]))


def _sent_home(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    del entry
    return replace(hall, desk=desks.after_sent_home(hall.desk, body["service"], body["document"]))


def _limit_lifted(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    del entry
    return replace(hall, draws=draw_limits.after_lift(hall.draws, body["kiosk"], instant(body["until"])))


def _ticket_called(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    waiting = hall.turns[body["ticket"]]
    turn = replace(
        waiting,
        state="called",
        counter=body["counter"],
        agent=body["agent"],
        calls=1,
        called_at=entry.at,
        last_call_at=entry.at,
    )
    return replace(
        hall,
        turns={**hall.turns, turn.ticket: turn},
        lines=_left(hall.lines, waiting),
        at_counter={**hall.at_counter, body["counter"]: turn.ticket},
        calls=calls.with_newest(hall.calls, calls.of_entry(entry, turn)),
        learned=estimates.learn_wait(
            hall.learned,
            service=turn.service,
            point_s=turn.point_s,
            waited_s=whole_seconds(turn.joined_at, entry.at),
        ),
        touched_turn=turn,
    )


def _ticket_recalled(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    turn = replace(hall.turns[body["ticket"]], calls=body["calls"], last_call_at=entry.at)
    call = calls.of_entry(entry, turn)
    return replace(_with_turn(hall, turn), calls=calls.with_newest(hall.calls, call))


def _ticket_started(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    return _with_turn(hall, replace(hall.turns[body["ticket"]], state="serving", started_at=entry.at))


def _ticket_finished(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    turn = replace(
        hall.turns[body["ticket"]], state="ended", ending="served", ended_at=entry.at, outcome=body["outcome"]
    )
    # A turn of yesterday that is finished today counts to its own day, which is closed and told already.
    tally = replace(hall.tally, served=hall.tally.served + 1) if _is_today(hall, turn) else hall.tally
    return replace(_ended(hall, turn), tally=tally, learned=_learn_turn(hall, turn))


def _ticket_no_show(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    turn = replace(hall.turns[body["ticket"]], state="ended", ending="no_show", ended_at=entry.at)
    tally = replace(hall.tally, no_shows=hall.tally.no_shows + 1) if _is_today(hall, turn) else hall.tally
    missed = calls.with_missed(hall.missed, calls.of_entry(entry, turn))
    return replace(_ended(hall, turn), tally=tally, missed=missed, learned=_learn_turn(hall, turn))


def _ticket_withdrawn(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    turn = replace(hall.turns[body["ticket"]], state="ended", ending="withdrawn", ended_at=entry.at)
    return replace(_ended(hall, turn), tally=replace(hall.tally, withdrawn=hall.tally.withdrawn + 1))


def _ticket_expired(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    turn = replace(hall.turns[body["ticket"]], state="ended", ending="expired", ended_at=entry.at)
    return replace(_ended(hall, turn), tally=replace(hall.tally, not_served=hall.tally.not_served + 1))


_MEANINGS: Mapping[str, Callable[[Hall, Entry, Mapping[str, Any]], Hall]] = {
    "setup.changed": _setup_changed,
    "day.opened": _day_opened,
    "day.closed": _day_closed,
    "shift.opened": _shift_opened,
    "shift.paused": _shift_paused,
    "shift.resumed": _shift_resumed,
    "shift.closed": _shift_closed,
    "ticket.drawn": _ticket_drawn,
    "ticket.reclassified": _ticket_reclassified,
    "ticket.reprinted": _ticket_reprinted,
    "ticket.called": _ticket_called,
    "ticket.recalled": _ticket_recalled,
    "ticket.started": _ticket_started,
    "ticket.finished": _ticket_finished,
    "ticket.no_show": _ticket_no_show,
    "ticket.withdrawn": _ticket_withdrawn,
    "ticket.expired": _ticket_expired,
    "desk.sent_home": _sent_home,
    "desk.limit_lifted": _limit_lifted,
}


# ---------------------------------------------------------------- parts that several kinds share


def _with_turn(hall: Hall, turn: Turn) -> Hall:
    return replace(hall, turns={**hall.turns, turn.ticket: turn}, touched_turn=turn)


def _with_shift(hall: Hall, shift: Shift) -> Hall:
    return replace(hall, shifts={**hall.shifts, shift.counter: shift}, touched_shift=shift)


def _ended(hall: Hall, turn: Turn) -> Hall:
    """The turn leaves the hall: its line or its counter, and the open turns."""
    open_turns = {ticket: other for ticket, other in hall.turns.items() if ticket != turn.ticket}
    at_counter = {counter: ticket for counter, ticket in hall.at_counter.items() if ticket != turn.ticket}
    return replace(hall, turns=open_turns, at_counter=at_counter, lines=_left(hall.lines, turn), touched_turn=turn)


def _joined(lines: Mapping[str, tuple[Place, ...]], turn: Turn) -> Mapping[str, tuple[Place, ...]]:
    line = lines.get(turn.service, ())
    at = bisect_left(line, turn.place)
    return {**lines, turn.service: (*line[:at], turn.place, *line[at:])}


def _left(lines: Mapping[str, tuple[Place, ...]], turn: Turn) -> Mapping[str, tuple[Place, ...]]:
    line = lines.get(turn.service, ())
    at = bisect_left(line, turn.place)
    if at == len(line) or line[at] != turn.place:
        return lines
    return {**lines, turn.service: line[:at] + line[at + 1 :]}


def _resumed(shift: Shift, at: datetime) -> Shift:
    if shift.paused_at is None:
        return shift
    paused_s = shift.paused_s + whole_seconds(shift.paused_at, at)
    return replace(shift, pause_reason=None, paused_at=None, paused_s=paused_s)


def _is_today(hall: Hall, turn: Turn) -> bool:
    return hall.day is not None and hall.day.on == turn.day


def _learn_turn(hall: Hall, turn: Turn) -> estimates.Learned:
    assert turn.called_at is not None
    assert turn.ended_at is not None
    return estimates.learn_turn(hall.learned, service=turn.service, took_s=whole_seconds(turn.called_at, turn.ended_at))
