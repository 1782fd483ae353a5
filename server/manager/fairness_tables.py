"""The fairness report for the eye: charts by kind and by how often, counters within their limits, tables by one thing.

Counters stand in the order of the site and agents in that of their codes, never by size: nothing here is a league table.
Lengths are parts of 100 for the templates to draw; this module reckons no figure of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.domain.overtakes import ELSEWHERE, PASSING, Kind
from server.manager import tables
from server.manager.charts import Bar
from server.manager.presenters import Names, duration
from server.manager.tables import Group, Line, Table
from server.reports.control_limits import Held
from server.reports.fairness import CHARTED, By, Fairness, OutOfOrder, Row
from server.web import fairness_shown
from server.web.i18n import Text

#: What is counted of that which no rule prevents, in the table of counters.
NOT_PREVENTED = (
    "no_shows_declared",
    "quick_no_shows",
    "transfers",
    "transfers_to_longer",
    "parked",
    "parked_long",
    "undone",
    "undone_calls",
)


@dataclass(frozen=True, slots=True)
class LimitLine:
    """One counter: where its part lies, and between which limits chance would put it, in parts of 100 of the drawing."""

    name: Text | str
    part: str
    lower: str
    width: str
    cells: Sequence[str]
    verdict: Text
    outside: bool


@dataclass(frozen=True, slots=True)
class LimitChart:
    name: str
    title: Text
    lines: Sequence[LimitLine]


def headline(total: Row, names: Names) -> list[tuple[Text, str]]:
    t = names.words.t
    return [
        (t("fair.calls_counted"), str(total.cell.calls)),
        (t("fair.overtaken"), share(total, names)),
        (t("fair.out_of_order_calls"), str(total.out_of_order_calls)),
        (t("fair.passed_uncalled"), str(total.passed_uncalled or 0)),
    ]


def kind_bars(total: Row, names: Names) -> list[tuple[Text, list[Bar]]]:
    """Two charts of one scale each: the many who wait for another counter would flatten those who were passed at one."""
    return [
        (names.words.t("fair.passing"), _kinds(total, PASSING, names)),
        (names.words.t("fair.elsewhere"), _kinds(total, ELSEWHERE, names)),
    ]


def slip_bars(total: Row, names: Names) -> list[Bar]:
    from_report: Sequence[Mapping[str, Any]] = total.to_json()["slips"]
    people = sum(step["count"] for step in from_report)
    most = max(step["count"] for step in from_report)
    return [
        Bar(
            name=_step(step, names),
            length=part(step["count"], most),
            cells=[str(step["count"]), tables.decimal(round(100 * step["count"] / people, 1), names)],
        )
        for step in from_report
        if people
    ]


def reason_bars(total: Row, names: Names) -> list[Bar]:
    reasons = sorted(total.cell.out_of_order.items())
    most = max((count for _reason, count in reasons), default=0)
    return [
        Bar(name=names.words.t(f"reason.{reason}"), length=part(count, most), cells=[str(count)])
        for reason, count in reasons
    ]


def limit_charts(by_counter: Fairness, names: Names) -> list[LimitChart]:
    """Of those figures alone that happened at all."""
    rows = sorted(by_counter.rows, key=lambda row: names.place_of("counter", row.key))
    charts = []
    for name in CHARTED:
        held = [(row, row.control[name]) for row in rows if row.control and name in row.control]
        if any(limits.count for _row, limits in held):
            charts.append(LimitChart(name=name, title=names.words.t(f"fair.{name}"), lines=_limit_lines(held, names)))
    return charts


def told_apart(report: Fairness, names: Names) -> Table:
    t = names.words.t
    singles = (
        "fair.calls_counted",
        "manager.overtakes_unexplained",
        "fair.out_of_order_calls",
        "fair.overtaken",
        "fair.passing_calls",
    )
    groups = (
        Group(None, [t(key) for key in singles]),
        Group(t("fair.extra_wait"), [t(f"manager.{number}") for number in ("median", "nine_tenths", "maximum")]),
    )
    return _table(report, names, t("manager.fairness"), groups, lambda row: _cells(row, names))


def not_prevented(by_counter: Fairness, names: Names) -> Table:
    t = names.words.t
    groups = (Group(None, [t(f"fair.{name}") for name in NOT_PREVENTED]),)
    return _table(
        by_counter,
        names,
        t("fair.not_prevented"),
        groups,
        lambda row: [str(row.counted(name)) for name in NOT_PREVENTED],
    )


def agent_lines(agents: Sequence[OutOfOrder], names: Names) -> list[dict[str, Any]]:
    return [
        {
            "name": names.agents.get(one.agent, one.agent),
            "code": one.agent,
            "calls": one.calls,
            "out_of_order": sum(one.reasons.values()),
            "reasons": [(names.words.t(f"reason.{reason}"), count) for reason, count in one.reasons.items()],
        }
        for one in agents
    ]


def share(row: Row, names: Names) -> str:
    shown = fairness_shown.of_100(row.overtaken.percent, names.words)
    return shown if isinstance(shown, str) else shown.plain


def part(count: float, of: float) -> str:
    return f"{100 * count / of:.1f}" if of else "0"


# ---------------------------------------------------------------- parts


def _kinds(total: Row, kinds: Sequence[Kind], names: Names) -> list[Bar]:
    most = max(total.cell.overtakes[kind] for kind in kinds)
    return [
        Bar(
            name=names.words.t(f"fair.kind_{kind}"),
            length=part(total.cell.overtakes[kind], most),
            cells=[str(total.cell.overtakes[kind])],
        )
        for kind in kinds
    ]


def _step(step: Mapping[str, Any], names: Names) -> Text | str:
    low, high = step["from"], step["to"]
    if high is None:
        return names.words.t("manager.wait_step_last", low=low)
    return str(low) if low == high else names.words.t("fair.between", low=low, high=high)


def _limit_lines(held: Sequence[tuple[Row, Held]], names: Names) -> list[LimitLine]:
    longest = max(max(limits.upper, limits.part) for _row, limits in held)
    return [
        LimitLine(
            name=names.of("counter", row.key),
            part=part(limits.part, longest),
            lower=part(limits.lower, longest),
            width=part(limits.upper - limits.lower, longest),
            cells=[str(limits.count), _per_100(limits.part, names), _chance(limits, names)],
            verdict=names.words.t(f"fair.{limits.outside or 'inside'}"),
            outside=limits.outside is not None,
        )
        for row, limits in held
    ]


def _chance(limits: Held, names: Names) -> str:
    return names.words.t("fair.between", low=_per_100(limits.lower, names), high=_per_100(limits.upper, names)).plain


def _per_100(share_of_1: float, names: Names) -> str:
    return tables.decimal(round(100 * share_of_1, 1), names)


def _table(report: Fairness, names: Names, caption: Text, groups: Sequence[Group], cells: Any) -> Table:
    by: By = report.by
    rows = sorted(report.rows, key=lambda row: names.place_of(by, row.key))
    return Table(
        by=by,
        caption=caption,
        groups=groups,
        lines=[
            Line(
                name=names.words.t("fair.at_desk") if row.key is None else names.of(by, row.key),
                code=None,
                note=None,
                cells=cells(row),
            )
            for row in rows
        ],
        total=Line(names.words.t("common.total"), None, None, cells(report.total)),
    )


def _cells(row: Row, names: Names) -> list[str]:
    extra = row.extra_wait
    counts = (row.cell.calls, row.unexplained, row.out_of_order_calls)
    times = (extra.median_s, extra.p90_s, extra.max_s)
    return [*(str(count) for count in counts), share(row, names), str(row.cell.passing_calls), *map(_signed, times)]


def _signed(seconds: float | None) -> str:
    """Somebody who was called before his place has less than nothing to wait."""
    return f"−{duration(-seconds)}" if seconds is not None and seconds < 0 else duration(seconds)
