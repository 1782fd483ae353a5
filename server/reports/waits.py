"""How long people waited and what became of them, told apart by service, counter, agent, hour or day.

One reading of the turns of some business days, then plain counting. A turn belongs to the day of its entry, never to a
date computed here; its hour is the local hour in which it joined. What is promised (the target) is today's promise, also
for days gone by. docs/figures.md defines every figure; this module computes no other.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from server.domain import calendar
from server.domain.sites import ServiceTarget, Setup
from server.reports.figures import TURN_TIMES, Share, Spread, spread
from server.reports.filters import By
from server.store import schema
from server.store.schema import from_ms

Key = str | int | None
Targets = Mapping[str, ServiceTarget]

#: No zone's offset changes within a quarter of an hour, so it is looked up once for each.
QUARTER_MS = 15 * 60 * 1000


class TurnRow(NamedTuple):
    """A turn as the reports read it; instants in milliseconds. A tuple, because a year of them is made at once."""

    day: str
    service: str
    counter: str | None
    agent: str | None
    ending: str | None
    joined_at: int
    called_at: int | None
    #: First call since the person last came from the line.
    stretch_at: int | None
    last_call_at: int | None
    started_at: int | None
    ended_at: int | None
    #: Of earlier visits to a counter, before the turn was parked.
    calling_ms: int
    walking_ms: int
    service_ms: int
    aside_ms: int


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns of a site's business days, both ends included."""

    site: str
    from_on: date
    to_on: date
    rows: Sequence[TurnRow]


@dataclass(frozen=True, slots=True)
class Row:
    #: Code of the service, counter or agent, the hour, or the day; None for those that no counter ever called.
    key: Key
    counts: Mapping[str, int]
    times: Mapping[str, Spread]
    within_target: Share
    #: The promise of this row's service; None where the row is not of one service.
    target: ServiceTarget | None = None

    def to_json(self) -> dict[str, Any]:
        target = self.target
        return {
            "key": self.key,
            **self.counts,
            **{name: times.to_json() for name, times in self.times.items()},
            "within_target": self.within_target.to_json(),
            "target": None if target is None else {"percent": target.percent, "within_s": target.within_s},
        }


@dataclass(frozen=True, slots=True)
class Waits:
    site: str
    from_on: date
    to_on: date
    by: By
    timezone: str
    rows: tuple[Row, ...]
    total: Row

    def to_json(self) -> dict[str, Any]:
        return {
            "site": self.site,
            "from": self.from_on.isoformat(),
            "to": self.to_on.isoformat(),
            "by": self.by,
            "timezone": self.timezone,
            "rows": [row.to_json() for row in self.rows],
            "total": self.total.to_json(),
        }


def targets_of(setup: Setup) -> Targets:
    return {service.code: service.target for service in setup.services if service.target is not None}


def waits(conn: Connection, *, site: str, from_on: date, to_on: date, by: By, timezone: str, targets: Targets) -> Waits:
    """One table of waits. `filters.asked` has refused what can't be asked."""
    turns = read_turns(conn, site=site, from_on=from_on, to_on=to_on)
    return told_apart(turns, by=by, timezone=timezone, targets=targets)


def read_turns(conn: Connection, *, site: str, from_on: date, to_on: date) -> Turns:
    """The turns of some days, read once for as many tables as are wanted of them."""
    table = schema.turns
    rows = conn.execute(
        select(*(table.c[name] for name in TurnRow._fields)).where(
            table.c.site == site,
            table.c.day.between(from_on.isoformat(), to_on.isoformat()),
            # A turn whose opening was taken back was never one.
            func.coalesce(table.c.ending, "") != "undone",
        )
    )
    return Turns(site=site, from_on=from_on, to_on=to_on, rows=[TurnRow._make(row) for row in rows])


def told_apart(turns: Turns, *, by: By, timezone: str, targets: Targets, total: Row | None = None) -> Waits:
    """One table of turns that have been read; `total` where it has been reckoned already, for another table of them."""
    return Waits(
        site=turns.site,
        from_on=turns.from_on,
        to_on=turns.to_on,
        by=by,
        timezone=timezone,
        rows=tuple(_rows(turns.rows, by, _key_of(by, timezone), targets)),
        total=row_of(None, turns.rows, targets) if total is None else total,
    )


def _key_of(by: By, timezone: str) -> Callable[[TurnRow], Key]:
    match by:
        case "service":
            return lambda turn: turn.service
        case "counter":
            return lambda turn: turn.counter
        case "agent":
            return lambda turn: turn.agent
        case "hour":
            hours = LocalHours(timezone)
            return lambda turn: hours[turn.joined_at // QUARTER_MS]
        case "day":
            return lambda turn: turn.day


class LocalHours(dict[int, int]):
    """The local hour of a quarter of an hour since 1970, looked up in the zone once."""

    def __init__(self, timezone: str) -> None:
        super().__init__()
        self._timezone = timezone

    def __missing__(self, quarter: int) -> int:
        hour = self[quarter] = calendar.local(from_ms(quarter * QUARTER_MS), self._timezone).hour
        return hour


def _rows(turns: Iterable[TurnRow], by: By, key_of: Callable[[TurnRow], Key], targets: Targets) -> Iterable[Row]:
    groups: defaultdict[Key, list[TurnRow]] = defaultdict(list)
    for turn in turns:
        groups[key_of(turn)].append(turn)
    for key, group in sorted(groups.items(), key=_in_order):
        yield row_of(key, group, targets, target=targets.get(str(key)) if by == "service" else None)


def _in_order(item: tuple[Key, list[TurnRow]]) -> tuple[bool, int, str]:
    """Numbers as numbers, words as words, and who was never called last."""
    key = item[0]
    return (key is None, key if isinstance(key, int) else 0, str(key))


def row_of(key: Key, turns: Sequence[TurnRow], targets: Targets, target: ServiceTarget | None = None) -> Row:
    """The figures of these turns, whatever they have in common."""
    stretches: dict[str, list[int]] = {name: [] for name in TURN_TIMES}
    endings: defaultdict[str | None, int] = defaultdict(int)
    called = kept = judged = 0
    for turn in turns:
        endings[turn.ending] += 1
        called += turn.called_at is not None
        _measure(turn, stretches)
        promise = targets.get(turn.service)
        verdict = None if promise is None else _kept(turn, promise.within_s * 1000)
        if verdict is not None:
            judged += 1
            kept += verdict
    return Row(
        key=key,
        counts={
            "turns": len(turns),
            "called": called,
            "served": endings["served"],
            "no_shows": endings["no_show"],
            "withdrawn": endings["withdrawn"],
            "transferred": endings["transferred"],
            "not_served": endings["expired"],
            "still_open": endings[None],
        },
        times={name: spread(measured) for name, measured in stretches.items()},
        within_target=Share(count=kept, of=judged),
        target=target,
    )


def _measure(turn: TurnRow, stretches: Mapping[str, list[int]]) -> None:
    """The same stretches as `domain.timings`, in the milliseconds of the rows; a test holds the two together."""
    if turn.called_at is None:
        return
    stretches["waiting_time"].append(turn.called_at - turn.joined_at)
    if turn.stretch_at is None or turn.last_call_at is None:
        return
    stretches["calling_time"].append(turn.last_call_at - turn.stretch_at + turn.calling_ms)
    if turn.started_at is not None:
        stretches["walking_time"].append(turn.started_at - turn.last_call_at + turn.walking_ms)
    if turn.ending == "served" and turn.ended_at is not None:
        stretches["transaction_time"].append(turn.ended_at - turn.called_at - turn.aside_ms)
        if turn.started_at is not None:
            stretches["service_time"].append(turn.ended_at - turn.started_at + turn.service_ms)


def _kept(turn: TurnRow, within_ms: int) -> bool | None:
    """Was the promise kept to this person? None while nobody can say: still waiting, or gone before the time was up.

    Who was sent home unserved, and who gave up after the time was up, was not called in time and counts as such:
    otherwise the longest queues would show the best figure.
    """
    if turn.called_at is not None:
        return turn.called_at - turn.joined_at <= within_ms
    if turn.ending == "expired":
        return False
    if turn.ending == "withdrawn" and turn.ended_at is not None and turn.ended_at - turn.joined_at > within_ms:
        return False
    return None
