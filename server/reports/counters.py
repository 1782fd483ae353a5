"""Where the time of counters and agents went: open, attended, paused, idle.

Attended, paused and idle add up to the time of the shift. They are laid over each other as stretches of time and not
subtracted as sums, because an agent can press pause while the last person is still at the counter: that stretch is
attended, and the pause begins when the person leaves. Pauses have no rows of their own, so their ends are read from the
journal. A shift that is still open counts up to the moment of the report. docs/figures.md defines every figure.
"""

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, and_, func, select

from server.domain.entries import instant, instant_text
from server.reports import waits
from server.reports.figures import SHIFT_TIMES, seconds
from server.store import journal, schema
from server.store.schema import to_ms

#: Later than anything: where a pause ends that nobody ended.
FOREVER = 2**53
#: From one millisecond up to but not including another.
Stretch = tuple[int, int]


class ShiftRow(NamedTuple):
    counter: str
    agent: str
    opened_at: int
    #: None while the agent is still there.
    closed_at: int | None
    #: End of its business day: nobody works on after it, even while nothing has closed the day yet.
    latest_at: int


class Attendance(NamedTuple):
    """When somebody was at a counter; without an end they are still there."""

    counter: str | None
    called_at: int | None
    ended_at: int | None


#: A shift, and the milliseconds of each of its times.
Measured = tuple[ShiftRow, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Worked:
    """What one counter or one agent did: their turns, and where the time of their shifts went."""

    turns: waits.Row
    shifts: int
    open_shifts: int
    times_s: Mapping[str, float]

    @property
    def key(self) -> str | None:
        """Code of the counter or the agent, None for all together."""
        return None if self.turns.key is None else str(self.turns.key)

    def to_json(self) -> dict[str, Any]:
        return {
            **self.turns.to_json(),
            "shifts": self.shifts,
            "open_shifts": self.open_shifts,
            **{f"{name}_s": value for name, value in self.times_s.items()},
        }


@dataclass(frozen=True, slots=True)
class Counters:
    site: str
    from_on: date
    to_on: date
    at: datetime
    by_counter: tuple[Worked, ...]
    by_agent: tuple[Worked, ...]
    total: Worked

    def to_json(self) -> dict[str, Any]:
        return {
            "site": self.site,
            "from": self.from_on.isoformat(),
            "to": self.to_on.isoformat(),
            "at": instant_text(self.at),
            "counters": [worked.to_json() for worked in self.by_counter],
            "agents": [worked.to_json() for worked in self.by_agent],
            "total": self.total.to_json(),
        }


def counters(
    conn: Connection, *, site: str, from_on: date, to_on: date, at: datetime, targets: waits.Targets
) -> Counters:
    """Shifts of these business days; `at` is the moment up to which what is still going on is counted."""
    turns = waits.read_turns(conn, site=site, from_on=from_on, to_on=to_on)
    return of_turns(conn, turns, at=at, targets=targets)


def of_turns(conn: Connection, turns: waits.Turns, *, at: datetime, targets: waits.Targets) -> Counters:
    """The same of turns that have been read."""
    now = to_ms(at)
    days = (turns.from_on.isoformat(), turns.to_on.isoformat())
    elsewhere = (*_read_carried(conn, turns.site, days[0]), *_read_parked(conn, turns.site, days))
    attended = _attended(turns.rows, elsewhere, now)
    pauses = _read_pauses(conn, turns.site, days)
    measured = [
        (shift, _measure(shift, attended[shift.counter], pauses[shift.counter], now))
        for shift in _read_shifts(conn, turns.site, days)
    ]
    return Counters(
        site=turns.site,
        from_on=turns.from_on,
        to_on=turns.to_on,
        at=at,
        by_counter=tuple(_told_apart(turns.rows, measured, by="counter", targets=targets)),
        by_agent=tuple(_told_apart(turns.rows, measured, by="agent", targets=targets)),
        total=_worked(waits.row_of(None, turns.rows, targets), measured),
    )


# ---------------------------------------------------------------- reading


def _read_shifts(conn: Connection, site: str, days: tuple[str, str]) -> list[ShiftRow]:
    table, day = schema.shifts, schema.days
    rows = conn.execute(
        select(table.c.counter, table.c.agent, table.c.opened_at, table.c.closed_at, day.c.ends_at)
        .join(day, and_(day.c.site == table.c.site, day.c.day == table.c.day))
        .where(table.c.site == site, table.c.day.between(*days))
        .order_by(table.c.opened_seq)
    )
    return [ShiftRow._make(row) for row in rows]


def _read_carried(conn: Connection, site: str, day: str) -> list[Attendance]:
    """Turns that were still at a counter when the last day before this one closed, as that day's closing names them."""
    opened_seq = conn.execute(
        select(func.min(schema.days.c.opened_seq)).where(schema.days.c.site == site, schema.days.c.day >= day)
    ).scalar()
    closed_seq = None if opened_seq is None else journal.last_of_kind(conn, site, "day.closed", at_most=opened_seq)
    if closed_seq is None:
        return []
    (closed,) = journal.after(conn, site, closed_seq - 1, limit=1)
    tickets = [turn["ticket"] for turn in closed.body["carried"]]
    table = schema.turns
    rows = conn.execute(
        select(table.c.counter, table.c.stretch_at, table.c.ended_at).where(
            table.c.ticket.in_(tickets), table.c.stretch_at.is_not(None)
        )
    )
    return [Attendance._make(row) for row in rows]


def _read_parked(conn: Connection, site: str, days: tuple[str, str]) -> Iterator[Attendance]:
    """Visits to a counter that ended with a parking: a turn's row tells only of its last one."""
    for _kind, at, body in _entries(conn, site, days, ("ticket.parked",)):
        yield Attendance(body["counter"], to_ms(instant(body["called_at"])), at)


def _read_pauses(conn: Connection, site: str, days: tuple[str, str]) -> defaultdict[str, list[Stretch]]:
    """When each counter was paused, in order. One that nobody ended lasts until its shift ends, and ends with it."""
    pauses: defaultdict[str, list[Stretch]] = defaultdict(list)
    begun: dict[str, int] = {}
    for kind, at, body in _entries(conn, site, days, ("shift.paused", "shift.resumed", "shift.closed")):
        counter = body["counter"]
        begin = begun.pop(counter, None)
        if begin is not None:
            pauses[counter].append((begin, at))
        if kind == "shift.paused":
            begun[counter] = at
    for counter, begin in begun.items():
        pauses[counter].append((begin, FOREVER))
    return pauses


def _entries(
    conn: Connection, site: str, days: tuple[str, str], kinds: tuple[str, ...]
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Kind, time and body of the entries of some kinds within these days, in order."""
    opened_seq, closed_seq = _first_and_last_seq(conn, site, days)
    if opened_seq is None:
        return
    table = schema.journal
    query = select(table.c.kind, table.c.at, table.c.text).where(
        table.c.site == site,
        table.c.kind.in_(kinds),
        table.c.seq > opened_seq,
    )
    if closed_seq is not None:
        query = query.where(table.c.seq < closed_seq)
    for row in conn.execute(query.order_by(table.c.seq)):
        yield row.kind, row.at, json.loads(row.text)["body"]


def _first_and_last_seq(conn: Connection, site: str, days: tuple[str, str]) -> tuple[int | None, int | None]:
    """The entries that these days lie between; the last is None while the last of the days is open."""
    table = schema.days
    known = conn.execute(
        select(table.c.opened_seq, table.c.closed_seq)
        .where(table.c.site == site, table.c.day.between(*days))
        .order_by(table.c.day)
    ).all()
    return (known[0].opened_seq, known[-1].closed_seq) if known else (None, None)


# ---------------------------------------------------------------- reckoning


def _attended(
    turns: Iterable[waits.TurnRow], elsewhere: Iterable[Attendance], now: int
) -> defaultdict[str, list[Stretch]]:
    """When somebody who was called was at each counter or on the way to it, in order; these never overlap."""
    attended: defaultdict[str, list[Stretch]] = defaultdict(list)
    of_these_days = (Attendance(turn.counter, turn.stretch_at, turn.ended_at) for turn in turns)
    for counter, called_at, ended_at in chain(elsewhere, of_these_days):
        if counter is not None and called_at is not None:
            attended[counter].append((called_at, now if ended_at is None else ended_at))
    for counter, stretches in attended.items():
        attended[counter] = _apart(sorted(stretches))
    return attended


def _apart(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Without overlaps: a parking that was undone stands within the visit that went on."""
    apart: list[Stretch] = []
    for begin, end in stretches:
        if apart and begin < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(apart[-1][1], end))
        else:
            apart.append((begin, end))
    return apart


def _measure(shift: ShiftRow, attended: Sequence[Stretch], pauses: Sequence[Stretch], now: int) -> dict[str, int]:
    whole = (shift.opened_at, min(now, shift.latest_at) if shift.closed_at is None else shift.closed_at)
    with_people = _within(whole, attended)
    paused = _within(whole, pauses)
    shift_ms = whole[1] - whole[0]
    attended_ms = _length(with_people)
    pause_ms = _length(paused) - sum(_length(_within(pause, with_people)) for pause in paused)
    return {
        "shift_time": shift_ms,
        "pause_time": pause_ms,
        "attended_time": attended_ms,
        "idle_time": shift_ms - pause_ms - attended_ms,
    }


def _within(whole: Stretch, stretches: Sequence[Stretch]) -> list[Stretch]:
    """The parts of ordered, separate stretches that lie inside `whole`."""
    begin, end = whole
    inside = []
    # The one before may reach into `whole`.
    for one_begin, one_end in stretches[max(0, bisect_left(stretches, (begin, 0)) - 1) :]:
        if one_begin >= end:
            break
        if one_end > begin:
            inside.append((max(begin, one_begin), min(end, one_end)))
    return inside


def _length(stretches: Iterable[Stretch]) -> int:
    return sum(end - begin for begin, end in stretches)


def _told_apart(
    turns: Iterable[waits.TurnRow],
    measured: Iterable[Measured],
    *,
    by: Literal["counter", "agent"],
    targets: waits.Targets,
) -> Iterator[Worked]:
    turns_of: defaultdict[str, list[waits.TurnRow]] = defaultdict(list)
    shifts_of: defaultdict[str, list[Measured]] = defaultdict(list)
    for turn in turns:
        key = turn.counter if by == "counter" else turn.agent
        if key is not None:
            turns_of[key].append(turn)
    for shift, times in measured:
        shifts_of[shift.counter if by == "counter" else shift.agent].append((shift, times))
    for key in sorted({*turns_of, *shifts_of}):
        yield _worked(waits.row_of(key, turns_of[key], targets), shifts_of[key])


def _worked(turns: waits.Row, measured: Sequence[Measured]) -> Worked:
    return Worked(
        turns=turns,
        shifts=len(measured),
        open_shifts=sum(shift.closed_at is None for shift, _ in measured),
        times_s={name: seconds(sum(times[name] for _, times in measured)) for name in SHIFT_TIMES},
    )
