"""The figures of the reports: their names, and how many measured stretches become five numbers.

Each name here is a heading of docs/figures.md, which says who is counted and who is not; a test holds the two together.
Nothing here rounds before it has reckoned, and a stretch whose end was never recorded is left out, never counted as 0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from server.domain import estimates

#: Durations of a turn, each told as count, mean, median, nine tenths and longest.
TURN_TIMES = ("waiting_time", "calling_time", "walking_time", "service_time", "transaction_time")
#: How many turns there were and how they ended; those without an end yet are `still_open`.
TURN_COUNTS = ("turns", "called", "served", "no_shows", "withdrawn", "transferred", "not_served", "still_open")
#: Where the time of a shift went: attended, paused and idle add up to it.
SHIFT_TIMES = ("shift_time", "pause_time", "attended_time", "idle_time")


@dataclass(frozen=True, slots=True)
class Spread:
    """Count, mean, median, nine tenths and longest of some stretches, in seconds; without any, only the count is known."""

    count: int
    mean_s: float | None = None
    median_s: float | None = None
    p90_s: float | None = None
    max_s: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "count": self.count,
            "mean_s": self.mean_s,
            "median_s": self.median_s,
            "p90_s": self.p90_s,
            "max_s": self.max_s,
        }


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of` turns kept the promise; `of` holds only those that could be judged."""

    count: int
    of: int

    @property
    def percent(self) -> float | None:
        return None if self.of == 0 else round(100 * self.count / self.of, 1)

    def to_json(self) -> dict[str, Any]:
        return {"count": self.count, "of": self.of, "percent": self.percent}


def spread(stretches_ms: Iterable[int]) -> Spread:
    ordered = sorted(stretches_ms)
    if not ordered:
        return Spread(count=0)
    return Spread(
        count=len(ordered),
        mean_s=seconds(sum(ordered) / len(ordered)),
        median_s=_point(ordered, 50),
        p90_s=_point(ordered, 90),
        max_s=seconds(ordered[-1]),
    )


def seconds(ms: float) -> float:
    """Milliseconds as seconds, to the millisecond that the journal keeps."""
    return round(ms / 1000, 3)


def _point(ordered: Sequence[int], percent: int) -> float:
    return seconds(estimates.quantile(ordered, percent))
