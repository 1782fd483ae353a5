"""The fairness figures of some days: who was passed, by whom and why, and what no rule prevents.

Made of the facts of days (`server.domain.fair_days`) by adding them up, so that today and a year are reckoned alike.
docs/figures.md defines every figure; this module computes no other. Figures of one agent are not here: they are told to
that agent and to the manager alone (`by_agent`), and no report ranks anybody.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from server.domain.fair_days import Cell, DayFacts, Where
from server.domain.loopholes import COUNTER_FIGURES
from server.domain.overtakes import KINDS
from server.reports import control_limits
from server.reports.control_limits import Chart, Counted, Held
from server.reports.figures import Share, Spread, spread

By = Literal["service", "counter", "hour", "day"]
Key = str | int | None
BYS: tuple[By, ...] = get_args(By)

#: Steps in which slips and skips are told: from, up to and with; the last has no end.
STEPS: tuple[tuple[int, int | None], ...] = ((0, 0), (1, 1), (2, 2), (3, 5), (6, 10), (11, None))
#: What is held against control limits, counter by counter: of what it is a part, and by which chart.
CHARTED: Mapping[str, tuple[str, Chart]] = {
    "out_of_order_calls": ("calls", "u"),
    "quick_no_shows": ("calls", "u"),
    "transfers_to_longer": ("calls", "u"),
    "parked_long": ("calls", "u"),
    "undone": ("calls", "u"),
}


@dataclass(frozen=True, slots=True)
class Row:
    key: Key
    cell: Cell
    passed_uncalled: int | None
    #: Counts of what is not prevented; None where they can't be told apart like this.
    not_prevented: Mapping[str, int | None] | None
    #: Held against the limits of all counters, in rows of counters.
    control: Mapping[str, Held] | None = None

    @property
    def out_of_order_calls(self) -> int:
        return self.cell.out_of_order.total()

    @property
    def unexplained(self) -> int:
        return self.cell.overtakes["unexplained"]

    @property
    def overtaken(self) -> Share:
        return Share(count=self.cell.overtaken, of=self.cell.calls)

    @property
    def extra_wait(self) -> Spread:
        return spread(self.cell.extra_wait_ms)

    def counted(self, name: str) -> int:
        if name == "calls":
            return self.cell.calls
        if name == "out_of_order_calls":
            return self.out_of_order_calls
        return 0 if self.not_prevented is None else self.not_prevented[name] or 0

    def to_json(self) -> dict[str, Any]:
        cell = self.cell
        return {
            "key": self.key,
            "calls": cell.calls,
            "overtakes": {kind: cell.overtakes[kind] for kind in KINDS},
            "unexplained": self.unexplained,
            "overtaken": self.overtaken.to_json(),
            "passing_calls": cell.passing_calls,
            "slips": steps(cell.slips),
            "skips": steps(cell.skips),
            "extra_wait": self.extra_wait.to_json(),
            "passed_uncalled": self.passed_uncalled,
            "priority_calls": cell.priority_calls,
            "out_of_order_calls": self.out_of_order_calls,
            "out_of_order_reasons": dict(sorted(cell.out_of_order.items())),
            **(dict.fromkeys(NOT_PREVENTED) if self.not_prevented is None else self.not_prevented),
            "control": None
            if self.control is None
            else {name: limits.to_json() for name, limits in self.control.items()},
        }


#: Names in the report of what `server.domain.loopholes` counts for a counter, and beside it for the whole site.
NAMES = {name: "no_shows_declared" if name == "no_shows" else name for name in COUNTER_FIGURES}
NOT_PREVENTED = (*NAMES.values(), "drawn", "drawn_priority", "most_draws")


@dataclass(frozen=True, slots=True)
class Fairness:
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


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """An agent's calls out of order, by reason; for that agent and the manager."""

    agent: str
    calls: int
    reasons: Mapping[str, int]


def told_apart(facts: Sequence[DayFacts], *, site: str, from_on: date, to_on: date, by: By, timezone: str) -> Fairness:
    rows = rows_of(facts, by)
    return Fairness(
        site=site,
        from_on=from_on,
        to_on=to_on,
        by=by,
        timezone=timezone,
        rows=tuple(_with_limits(rows) if by == "counter" else rows),
        total=total_of(facts),
    )


def rows_of(facts: Iterable[DayFacts], by: By) -> list[Row]:
    return [_row(key, group, by) for key, group in sorted(_groups(facts, by).items(), key=_in_order)]


def total_of(facts: Iterable[DayFacts]) -> Row:
    return _row(None, [(day, list(day.cells.values())) for day in facts], "day")


def by_agent(facts: Iterable[DayFacts]) -> list[OutOfOrder]:
    """In the order of their codes: a list by size would be a league table."""
    cells: defaultdict[str, Cell] = defaultdict(Cell)
    for day in facts:
        for where, cell in day.cells.items():
            cells[where.agent].add(cell)
    return [
        OutOfOrder(agent=agent, calls=cell.calls, reasons=dict(sorted(cell.out_of_order.items())))
        for agent, cell in sorted(cells.items())
    ]


def steps(counted: Mapping[int, int]) -> list[dict[str, int | None]]:
    return [
        {
            "from": low,
            "to": high,
            "count": sum(
                people for times, people in counted.items() if times >= low and (high is None or times <= high)
            ),
        }
        for low, high in STEPS
    ]


# ---------------------------------------------------------------- parts

#: A day, and those of its cells that belong to a row.
Part = tuple[DayFacts, list[Cell]]


def _groups(facts: Iterable[DayFacts], by: By) -> dict[Key, list[Part]]:
    groups: defaultdict[Key, list[Part]] = defaultdict(list)
    for day in facts:
        cells: defaultdict[Key, list[Cell]] = defaultdict(list)
        for where, cell in day.cells.items():
            cells[_key(by, day, where)].append(cell)
        for key in _keys_without_calls(by, day):
            cells[key].extend(())
        for key, found in cells.items():
            groups[key].append((day, found))
    return groups


def _key(by: By, day: DayFacts, where: Where) -> Key:
    match by:
        case "service":
            return where.service
        case "counter":
            return where.counter
        case "hour":
            return where.hour
        case "day":
            return day.day


def _keys_without_calls(by: By, day: DayFacts) -> Iterable[Key]:
    match by:
        case "service":
            return day.passed_uncalled
        case "counter":
            return (counter or None for counter in day.loopholes)
        case "day":
            return (day.day,)
        case "hour":
            return ()


def _row(key: Key, parts: Iterable[Part], by: By) -> Row:
    cell, uncalled, counts, most = Cell(), 0, Counter[str](), 0
    for day, cells in parts:
        for one in cells:
            cell.add(one)
        uncalled += day.passed_uncalled[str(key)] if by == "service" else day.passed_uncalled.total()
        for figures in (day.loopholes.get(str(key or ""), {}),) if by == "counter" else day.loopholes.values():
            counts.update({NAMES[name]: count for name, count in figures.items()})
        counts.update(drawn=day.drawn, drawn_priority=day.drawn_priority)
        most = max(most, day.most_draws)
    return Row(
        key=key,
        cell=cell,
        passed_uncalled=uncalled if by in ("service", "day") else None,
        not_prevented=_not_prevented(by, counts, most),
    )


def _not_prevented(by: By, counts: Counter[str], most: int) -> dict[str, int | None] | None:
    if by not in ("counter", "day"):
        return None
    # A ticket is drawn for a line and not for a counter.
    whole = by == "day"
    return {
        **{name: counts[name] for name in NAMES.values()},
        "drawn": counts["drawn"] if whole else None,
        "drawn_priority": counts["drawn_priority"] if whole else None,
        "most_draws": most if whole else None,
    }


def _with_limits(rows: Sequence[Row]) -> list[Row]:
    """The desk has no calls and is held against nobody."""
    counters = [row for row in rows if row.key is not None]
    found: dict[Key, dict[str, Held]] = {row.key: {} for row in counters}
    for name, (of, chart) in CHARTED.items():
        counted = {str(row.key): Counted(row.counted(name), row.counted(of)) for row in counters}
        for key, limits in control_limits.held(counted, chart).items():
            found[key][name] = limits
    return [
        Row(row.key, row.cell, row.passed_uncalled, row.not_prevented, control=found.get(row.key, {})) for row in rows
    ]


def _in_order(item: tuple[Key, list[Part]]) -> tuple[bool, int, str]:
    key = item[0]
    return (key is None, key if isinstance(key, int) else 0, str(key))
