"""How waits are spread: by their length, and over the weekdays and hours at which people joined.

Plain counting of turns that `waits.read_turns` has read; only waits that ended with a call are known and counted. The
steps are fixed lengths of time, the same for every site and month, so that two reports can be laid side by side.
docs/figures.md defines both figures; this module draws nothing and colours nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from server.reports import waits
from server.reports.figures import Spread, spread
from server.reports.waits import TurnRow, Turns

#: Width of a step, and the wait from which on all are counted together.
STEP_S = 5 * 60
LAST_STEP_S = 60 * 60


@dataclass(frozen=True, slots=True)
class Step:
    """Waits from so many seconds up to, but not including, so many."""

    from_s: int
    #: None for the last step, which holds all longer ones.
    to_s: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Moment:
    #: As ISO 8601 numbers them: Monday is 1.
    weekday: int
    hour: int


@dataclass(frozen=True, slots=True)
class Distribution:
    waits_by_length: tuple[Step, ...]
    waits_by_weekday_and_hour: Mapping[Moment, Spread]


def distribution(turns: Turns, *, timezone: str) -> Distribution:
    return Distribution(
        waits_by_length=tuple(_steps(turns.rows)),
        waits_by_weekday_and_hour=_moments(turns.rows, timezone),
    )


def _steps(turns: Iterable[TurnRow]) -> Iterable[Step]:
    counts = [0] * (LAST_STEP_S // STEP_S + 1)
    for turn in turns:
        if turn.called_at is not None:
            place = (turn.called_at - turn.joined_at) // (STEP_S * 1000)
            counts[min(place, len(counts) - 1)] += 1
    for place, count in enumerate(counts):
        from_s = place * STEP_S
        yield Step(from_s=from_s, to_s=None if from_s == LAST_STEP_S else from_s + STEP_S, count=count)


def _moments(turns: Iterable[TurnRow], timezone: str) -> dict[Moment, Spread]:
    """By the weekday of the business day and the local hour of joining; moments at which nobody joined are left out."""
    hours = waits.LocalHours(timezone)
    weekdays: dict[str, int] = {}
    measured: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for turn in turns:
        if turn.called_at is None:
            continue
        weekday = weekdays.get(turn.day)
        if weekday is None:
            weekday = weekdays[turn.day] = date.fromisoformat(turn.day).isoweekday()
        measured[weekday, hours[turn.joined_at // waits.QUARTER_MS]].append(turn.called_at - turn.joined_at)
    return {Moment(weekday, hour): spread(found) for (weekday, hour), found in sorted(measured.items())}
