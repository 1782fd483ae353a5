"""Reports as tables for the eye: columns with headings, cells as text, nothing left for the template to reckon."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from server.manager.presenters import Names, duration
from server.reports.counters import Counters, Worked
from server.reports.figures import SHIFT_TIMES, Spread
from server.reports.filters import By
from server.reports.waits import Row, Waits
from server.web.i18n import Text

#: The tables of a page that wasn't asked for one of them.
BYS_SHOWN: tuple[By, ...] = ("service", "counter", "agent", "hour")

COUNTS = ("turns", "served", "no_shows", "withdrawn", "transferred", "not_served", "still_open")
#: Headings of the five numbers of a time.
NUMBERS = ("measured", "mean", "median", "nine_tenths", "maximum")
HEADING_OF_SHIFT_TIME = {
    "shift_time": "manager.open_time",
    "attended_time": "manager.attended_time",
    "pause_time": "manager.pause_time",
    "idle_time": "manager.idle_time",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Columns under one heading; without a heading they stand by themselves."""

    heading: Text | None
    columns: Sequence[Text]


@dataclass(frozen=True, slots=True)
class Line:
    name: Text | str
    #: The code by which the journal knows an agent.
    code: str | None
    #: The promise, in the rows of services.
    note: Text | None
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    by: By
    caption: Text
    groups: Sequence[Group]
    lines: Sequence[Line]
    total: Line


def waits_tables(report: Waits, names: Names) -> tuple[Table, Table]:
    """How long people waited and what became of them; and how long they were at the counter."""
    t = names.words.t
    outcomes = Group(None, [t(f"manager.{name}") for name in COUNTS])
    promise = Group(None, [t("manager.within_target")])
    return (
        _table(report, names, "manager.waits", (outcomes, _times(names, "ticket.waiting_time"), promise), _waits_cells),
        _table(
            report,
            names,
            "manager.times_at_counter",
            tuple(_times(names, f"manager.{name}") for name in ("service_time", "transaction_time", "walking_time")),
            _counter_cells,
        ),
    )


def shift_tables(report: Counters, bys: Iterable[By], names: Names) -> list[Table]:
    """Where the time of shifts went, by those of `bys` that shifts can be told apart by."""
    rows: dict[By, tuple[Worked, ...]] = {"counter": report.by_counter, "agent": report.by_agent}
    return [_shift_table(by, rows[by], report.total, names) for by in bys if by in rows]


def _times(names: Names, heading: str) -> Group:
    return Group(names.words.t(heading), [names.words.t(f"manager.{number}") for number in NUMBERS])


def _table(
    report: Waits,
    names: Names,
    caption: str,
    groups: Sequence[Group],
    cells: Callable[[Row, Names], list[str]],
) -> Table:
    return Table(
        by=report.by,
        caption=names.words.t(caption),
        groups=groups,
        lines=[
            Line(
                name=names.of(report.by, row.key),
                code=str(row.key) if report.by == "agent" and row.key in names.agents else None,
                note=promise(row, names) if cells is _waits_cells else None,
                cells=cells(row, names),
            )
            for row in sorted(report.rows, key=lambda row: names.place_of(report.by, row.key))
        ],
        total=Line(names.words.t("common.total"), None, None, cells(report.total, names)),
    )


def _waits_cells(row: Row, names: Names) -> list[str]:
    counts = [str(row.counts[name]) for name in COUNTS]
    return [*counts, *_numbers(row.times["waiting_time"]), _share(row, names)]


def _counter_cells(row: Row, names: Names) -> list[str]:
    del names
    times = (row.times[name] for name in ("service_time", "transaction_time", "walking_time"))
    return [number for time in times for number in _numbers(time)]


def _numbers(time: Spread) -> list[str]:
    return [str(time.count), *(duration(number) for number in (time.mean_s, time.median_s, time.p90_s, time.max_s))]


def _share(row: Row, names: Names) -> str:
    """How many of 100 waited no longer than promised; nothing where nobody could be judged."""
    kept = row.within_target.percent
    return "" if kept is None else names.words.t("common.out_of_100", percent=decimal(kept, names)).plain


def decimal(value: float, names: Names) -> str:
    text = f"{value:g}"
    return text if names.words.lang == "en" else text.replace(".", ",")


def promise(row: Row, names: Names) -> Text | None:
    if row.target is None:
        return None
    minutes = f"{row.target.within_s / 60:g}"
    return names.words.t("manager.target", percent=row.target.percent, minutes=minutes)


def _shift_table(by: By, rows: Sequence[Worked], total: Worked, names: Names) -> Table:
    t = names.words.t
    headings = [t("manager.shifts"), *(t(HEADING_OF_SHIFT_TIME[name]) for name in SHIFT_TIMES)]
    return Table(
        by=by,
        caption=t("manager.times_of_shifts"),
        groups=(Group(None, headings),),
        lines=[
            Line(
                name=names.of(by, row.key),
                code=row.key if by == "agent" and row.key in names.agents else None,
                note=None,
                cells=_shift_cells(row),
            )
            for row in sorted(rows, key=lambda row: names.place_of(by, row.key))
        ],
        total=Line(t("common.total"), None, None, _shift_cells(total)),
    )


def _shift_cells(row: Worked) -> list[str]:
    return [str(row.shifts), *(duration(row.times_s[name]) for name in SHIFT_TIMES)]


def agents_of(reports: Iterable[Waits], counters: Counters) -> set[Any]:
    """The agents that any of these tables names."""
    found = {row.key for report in reports if report.by == "agent" for row in report.rows}
    return (found | {row.key for row in counters.by_agent}) - {None}
