"""The facts of one business day that the fairness figures are made of: small, exact, and added up over any days.

A fact is counted once, where it happened: a call at its counter, by its agent, for its service, in its local hour. Adding
the facts of days and of cells gives the facts of all of them, so a closed day can be counted once and kept as text. What
the figures mean is in docs/figures.md; which overtake is of which kind is decided in `server.domain.overtakes`.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from server.domain import fairness, loopholes, slips
from server.domain.entries import Entry
from server.domain.fairness import Recount, taken_back
from server.domain.loopholes import COUNTER_FIGURES, Watch
from server.domain.overtakes import Call
from server.domain.slips import Served

#: Moves whenever the same entries would give other facts, so that what was kept is counted anew.
VERSION = 1

#: The kinds that bear on the facts; reading the others would change nothing.
KINDS_READ = fairness.KINDS_READ | loopholes.KINDS_READ

#: The local hour of a moment.
HourOf = Callable[[datetime], int]


class Where(NamedTuple):
    service: str
    counter: str
    agent: str
    hour: int


@dataclass(slots=True)
class Cell:
    """What happened in the calls of one place and hour. Calls that were taken back count where it says so only."""

    calls: int = 0
    priority_calls: int = 0
    #: Calls that passed somebody, and people called who had been passed.
    passing_calls: int = 0
    overtaken: int = 0
    #: Of all calls, those that were taken back too.
    overtakes: Counter[str] = field(default_factory=Counter)
    out_of_order: Counter[str] = field(default_factory=Counter)
    #: How many people were passed so many times, and passed so many others.
    slips: Counter[int] = field(default_factory=Counter)
    skips: Counter[int] = field(default_factory=Counter)
    extra_wait_ms: list[int] = field(default_factory=list)

    def add(self, other: "Cell") -> None:
        self.calls += other.calls
        self.priority_calls += other.priority_calls
        self.passing_calls += other.passing_calls
        self.overtaken += other.overtaken
        self.overtakes.update(other.overtakes)
        self.out_of_order.update(other.out_of_order)
        self.slips.update(other.slips)
        self.skips.update(other.skips)
        self.extra_wait_ms.extend(other.extra_wait_ms)


@dataclass(slots=True)
class DayFacts:
    day: str
    cells: dict[Where, Cell] = field(default_factory=dict)
    #: People who were passed and whom nobody ever called, by service.
    passed_uncalled: Counter[str] = field(default_factory=Counter)
    #: Counts of `server.domain.loopholes` by counter; the desk is "".
    loopholes: dict[str, dict[str, int]] = field(default_factory=dict)
    drawn: int = 0
    drawn_priority: int = 0
    most_draws: int = 0

    def cell(self, where: Where) -> Cell:
        return self.cells.setdefault(where, Cell())


def counted(
    entries: Iterable[Entry],
    *,
    day: str,
    hour_of: HourOf,
    setup: Mapping[str, Any] | None = None,
    carried: Sequence[Mapping[str, Any]] = (),
) -> DayFacts:
    """The facts of a day's entries. `setup` and `carried` as for `fairness.recount`."""
    stretch = list(entries)
    count = Recount(setup=setup, carried=carried, taken_back=taken_back(stretch))
    watch = Watch(count)
    calls: list[Call] = []
    for entry in stretch:
        watch.sees(entry)
        call = count.read(entry)
        if call is not None:
            calls.append(call)
    facts = DayFacts(
        day=day,
        loopholes=watch.found.by_counter,
        drawn=watch.found.drawn,
        drawn_priority=watch.found.drawn_priority,
        most_draws=watch.found.most_draws,
    )
    for call in calls:
        _take_call(facts.cell(_where(call, hour_of)), call)
    served = slips.served(calls)
    for one in served:
        _take_served(facts.cell(_where(one.call, hour_of)), one)
    facts.passed_uncalled = _uncalled(calls, {one.call.stretch for one in served})
    return facts


def _where(call: Call, hour_of: HourOf) -> Where:
    return Where(service=call.service, counter=call.counter, agent=call.agent, hour=hour_of(call.at))


def _take_call(cell: Cell, call: Call) -> None:
    cell.overtakes.update(overtake.kind for overtake in call.overtakes)
    if call.why is not None:
        cell.out_of_order[call.why] += 1


def _take_served(cell: Cell, one: Served) -> None:
    cell.calls += 1
    cell.priority_calls += one.call.klass == "priority"
    cell.passing_calls += one.skips > 0
    cell.overtaken += one.slips > 0
    cell.slips[one.slips] += 1
    cell.skips[one.skips] += 1
    cell.extra_wait_ms.append(round(one.extra_wait.total_seconds() * 1000))


def _uncalled(calls: Iterable[Call], called: set[int]) -> Counter[str]:
    stood = [call for call in calls if not call.undone]
    service_of = {overtake.stretch: overtake.service for call in stood for overtake in call.overtakes}
    return Counter(service_of[stretch] for stretch in slips.passed(stood) if stretch not in called)


# ---------------------------------------------------------------- as text


def to_text(facts: DayFacts) -> str:
    return json.dumps(
        {
            "cells": [[list(where), _cell_to_body(cell)] for where, cell in sorted(facts.cells.items())],
            "passed_uncalled": dict(facts.passed_uncalled),
            "loopholes": {
                counter: [figures[name] for name in COUNTER_FIGURES] for counter, figures in facts.loopholes.items()
            },
            "draws": [facts.drawn, facts.drawn_priority, facts.most_draws],
        },
        separators=(",", ":"),
        sort_keys=True,
    )


def from_text(day: str, text: str) -> DayFacts:
    body = json.loads(text)
    drawn, drawn_priority, most_draws = body["draws"]
    return DayFacts(
        day=day,
        cells={Where(*where): _cell_from_body(cell) for where, cell in body["cells"]},
        passed_uncalled=Counter(body["passed_uncalled"]),
        loopholes={
            counter: dict(zip(COUNTER_FIGURES, figures, strict=True)) for counter, figures in body["loopholes"].items()
        },
        drawn=drawn,
        drawn_priority=drawn_priority,
        most_draws=most_draws,
    )


def _cell_to_body(cell: Cell) -> list[Any]:
    counts = [cell.calls, cell.priority_calls, cell.passing_calls, cell.overtaken]
    return [*counts, cell.overtakes, cell.out_of_order, cell.slips, cell.skips, cell.extra_wait_ms]


def _cell_from_body(body: Sequence[Any]) -> Cell:
    calls, priority_calls, passing_calls, overtaken, kinds, reasons, passed, passing, extra = body
    return Cell(
        calls=calls,
        priority_calls=priority_calls,
        passing_calls=passing_calls,
        overtaken=overtaken,
        overtakes=Counter(kinds),
        out_of_order=Counter(reasons),
        slips=Counter({int(times): people for times, people in passed.items()}),
        skips=Counter({int(times): people for times, people in passing.items()}),
        extra_wait_ms=extra,
    )
