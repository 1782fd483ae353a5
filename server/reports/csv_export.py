"""Reports as CSV files: one row per row of the report, figures under their names in docs/figures.md, seconds.

Written for spreadsheets as they are: UTF-8 with a byte order mark, so that Arabic is read as Arabic, and no cell that
comes from people can begin a formula. A figure that isn't known is an empty cell.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from server.domain.overtakes import KINDS
from server.reports import fairness
from server.reports.counters import Worked
from server.reports.fairness import Fairness
from server.reports.figures import SHIFT_TIMES, TURN_COUNTS, TURN_TIMES
from server.reports.filters import By
from server.reports.overtakes import Overtakes
from server.reports.waits import Key, Waits

BYTE_ORDER_MARK = "\ufeff"
#: What a spreadsheet takes for the beginning of a formula, or skips on the way to one.
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")

WAIT_COLUMNS = (
    *TURN_COUNTS,
    *(f"{name}_{number}" for name in TURN_TIMES for number in ("count", "mean_s", "median_s", "p90_s", "max_s")),
    *(f"within_target_{part}" for part in ("count", "of", "percent")),
    *(f"target_{part}" for part in ("percent", "within_s")),
)
FAIRNESS_COLUMNS = (
    "calls",
    "unexplained",
    *(f"overtakes_{kind}" for kind in KINDS),
    *(f"overtaken_{part}" for part in ("count", "of", "percent")),
    "passing_calls",
    "passed_uncalled",
    *(f"extra_wait_{number}" for number in ("count", "mean_s", "median_s", "p90_s", "max_s")),
    "priority_calls",
    "out_of_order_calls",
    *fairness.NOT_PREVENTED,
)
OVERTAKE_COLUMNS = (
    "seq",
    "at",
    "counter",
    "service",
    "number",
    "out_of_order",
    "undone",
    "passed_number",
    "passed_service",
    "kind",
)
SHIFT_COLUMNS = ("shifts", "open_shifts", *(f"{name}_s" for name in SHIFT_TIMES))


#: What a key of a report told apart by this is called.
NameOf = Callable[[By, Key], str]


def waits_csv(table: Waits, name_of: NameOf) -> str:
    return _csv(table.by, WAIT_COLUMNS, (row.to_json() for row in table.rows), name_of)


def counters_csv(rows: Sequence[Worked], by: By, name_of: NameOf) -> str:
    """The counters or the agents of a report, by `by`."""
    return _csv(by, (*WAIT_COLUMNS, *SHIFT_COLUMNS), (row.to_json() for row in rows), name_of)


def fairness_csv(report: Fairness, name_of: NameOf) -> str:
    """Steps, reasons and limits have no columns: how many there are differs from site to site."""
    return _csv(report.by, FAIRNESS_COLUMNS, (row.to_json() for row in report.rows), name_of)


def overtakes_csv(report: Overtakes) -> str:
    """A row for each overtake of a day."""
    return _file(OVERTAKE_COLUMNS, ([row[column] for column in OVERTAKE_COLUMNS] for row in report.rows()))


def _csv(by: By, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], name_of: NameOf) -> str:
    shown = (
        [row["key"], name_of(by, row["key"]), *(figures.get(column) for column in columns)]
        for row in rows
        for figures in (_flat(row),)
    )
    return _file([by, "name", *columns], shown)


def _file(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    file = io.StringIO()
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return file.getvalue()


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Figures of figures side by side: `waiting_time_mean_s`."""
    flat = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            flat.update({f"{name}_{part}": number for part, number in value.items()})
        else:
            flat[name] = value
    return flat


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_BEGINS):
        return f"'{value}"
    return "" if value is None else value
