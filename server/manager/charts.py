"""Reports as charts: how long each bar is, how dark each cell, where each line runs. Numbers stand beside all of them.

A chart never says more than the table it stands with. Lengths are parts of 100, so that the templates draw them with
plain SVG and HTML; this module knows no colours, writes no markup and reckons no figure of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from server.manager import tables
from server.manager.presenters import Names, duration
from server.reports.distribution import STEP_S, Distribution, Moment, Step
from server.reports.figures import Spread
from server.reports.filters import Asked, By
from server.reports.waits import Row, Waits
from server.translations import dates
from server.web.i18n import Text

Chart = Literal["spread", "kept", "moments", "days"]

#: The charts that answer a question asked by one thing alone; without one, all of them are shown.
CHARTS_OF: Mapping[By, tuple[Chart, ...]] = {
    "service": ("kept",),
    "counter": (),
    "agent": (),
    "hour": ("moments",),
    "day": ("days",),
}
ALL: tuple[Chart, ...] = ("spread", "kept", "moments", "days")
#: Levels of the heat map, from 0; the last holds everything longer.
LEVELS = 10
#: Any Monday: the days of the week are named by it.
MONDAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Bar:
    name: Text | str
    #: Parts of 100, with a point.
    length: str
    cells: Sequence[str]
    note: Text | None = None
    #: Where the promise stands, in parts of 100.
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    median: str
    count: int
    level: int


@dataclass(frozen=True, slots=True)
class Moments:
    """Weekdays × hours; a cell is None where nobody who was called had joined."""

    hours: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell | None]]]


@dataclass(frozen=True, slots=True)
class Line:
    path: str
    dots: str


@dataclass(frozen=True, slots=True)
class Days:
    """Median and nine tenths of each day, in a square of 100 × 100 whose top is `highest` minutes."""

    highest: int
    median: Line
    nine_tenths: Line
    ends: tuple[date, date]
    rows: Sequence[tuple[Text | str, Sequence[str]]]


def shown_for(by: str | None, asked: Asked) -> tuple[Chart, ...]:
    shown = CHARTS_OF[asked.by] if by else ALL
    return tuple(chart for chart in shown if chart != "days" or asked.from_on < asked.to_on)


def spread_bars(found: Distribution, names: Names) -> list[Bar]:
    """How many waits lasted how long, in steps; nothing where nobody was called."""
    steps = found.waits_by_length
    total = sum(step.count for step in steps)
    most = max(step.count for step in steps)
    return [
        Bar(
            name=_step(step, names),
            length=_part(step.count, most),
            cells=[str(step.count), tables.decimal(round(100 * step.count / total, 1), names)],
        )
        for step in steps
        if total
    ]


def kept_bars(by_service: Waits, names: Names) -> list[Bar]:
    """The share within the target of each service that promises something and could be judged."""
    rows = sorted(by_service.rows, key=lambda row: names.place_of("service", row.key))
    return [_kept(row, names) for row in rows if row.target is not None and row.within_target.of]


def moments(found: Distribution, names: Names) -> Moments:
    waited = found.waits_by_weekday_and_hour
    if not waited:
        return Moments(hours=(), rows=())
    hours = range(min(moment.hour for moment in waited), max(moment.hour for moment in waited) + 1)
    weekdays = sorted({moment.weekday for moment in waited})
    return Moments(
        hours=[f"{hour:02}" for hour in hours],
        rows=[
            (
                dates.weekday(MONDAY + timedelta(days=weekday - 1), names.words.lang),
                [_cell(waited.get(Moment(weekday, hour))) for hour in hours],
            )
            for weekday in weekdays
        ],
    )


def days(by_day: Waits, names: Names) -> Days | None:
    """None where nobody was called on any of these days."""
    measured = [(date.fromisoformat(str(row.key)), row.times["waiting_time"]) for row in by_day.rows]
    measured = [(on, waited) for on, waited in measured if waited.count]
    if not measured:
        return None
    longest_s = max(waited.p90_s or 0 for _on, waited in measured)
    highest = max(10, -(-int(longest_s + 1) // 600) * 10)
    long = (by_day.to_on - by_day.from_on).days

    def line(number: Callable[[Spread], float | None]) -> Line:
        points = [
            (100 * (on - by_day.from_on).days / long if long else 50, 100 - (number(waited) or 0) / 0.6 / highest)
            for on, waited in measured
        ]
        return Line(
            path="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points),
            dots="".join(f"M{x:.1f} {y:.1f}h0" for x, y in points),
        )

    return Days(
        highest=highest,
        median=line(lambda waited: waited.median_s),
        nine_tenths=line(lambda waited: waited.p90_s),
        ends=(by_day.from_on, by_day.to_on),
        rows=[
            (
                names.of("day", on.isoformat()),
                [str(waited.count), duration(waited.median_s), duration(waited.p90_s), duration(waited.max_s)],
            )
            for on, waited in measured
        ],
    )


def _step(step: Step, names: Names) -> Text:
    if step.to_s is None:
        return names.words.t("manager.wait_step_last", low=step.from_s // 60)
    return names.words.t("manager.wait_step", low=step.from_s // 60, high=step.to_s // 60)


def _kept(row: Row, names: Names) -> Bar:
    share, target = row.within_target, row.target
    assert target is not None
    return Bar(
        name=names.of("service", row.key),
        length=_part(share.count, share.of),
        cells=[str(share.of), tables.decimal(share.percent or 0, names)],
        note=tables.promise(row, names),
        mark=target.percent,
    )


def _cell(waited: Spread | None) -> Cell | None:
    if waited is None or waited.median_s is None:
        return None
    level = min(int(waited.median_s // STEP_S), LEVELS - 1)
    return Cell(median=str(round(waited.median_s / 60)), count=waited.count, level=level)


def _part(count: int, of: int) -> str:
    return f"{100 * count / of:.1f}" if of else "0"
