"""Control limits: is a counter's count more than chance, measured by the site's own data? Never a league table.

Shewhart's charts at three standard deviations: a p chart for parts of a whole, a u chart for events per call. All
counters are held against their common mean; the fewer calls a counter had, the wider its limits, so a small counter isn't
marked for one event. A count below three is never marked: the normal law says nothing about it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

SIGMAS = 3
#: Fewer events than this are no pattern.
FEWEST = 3
#: What lies on a limit is not outside of it, however the last digit falls.
ROUNDING = 1e-9

Chart = Literal["p", "u"]


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of so many, or so many events in so many calls."""

    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Held:
    """One counter's part, and between which limits it would lie by chance."""

    count: int
    of: int
    mean: float
    lower: float
    upper: float

    @property
    def part(self) -> float:
        return self.count / self.of

    @property
    def outside(self) -> Literal["above", "below"] | None:
        if self.part > self.upper + ROUNDING and self.count >= FEWEST:
            return "above"
        return "below" if self.part < self.lower - ROUNDING else None

    def to_json(self) -> dict[str, Any]:
        return {
            "count": self.count,
            "of": self.of,
            "percent": _percent(self.part),
            "mean_percent": _percent(self.mean),
            "lower_percent": _percent(self.lower),
            "upper_percent": _percent(self.upper),
            "outside": self.outside,
        }


def held(counted: Mapping[str, Counted], chart: Chart, *, mean: float | None = None) -> dict[str, Held]:
    """Each counter against the mean of all of them, or of a longer time; those without a single call are left out."""
    mean = mean_of(counted.values()) if mean is None else mean
    if mean is None:
        return {}
    return {key: _held(one, mean, chart) for key, one in counted.items() if one.of}


def mean_of(counted: Iterable[Counted]) -> float | None:
    """None where there was nothing at all."""
    count = of = 0
    for one in counted:
        count, of = count + one.count, of + one.of
    return count / of if of else None


def _held(one: Counted, mean: float, chart: Chart) -> Held:
    variance = mean * max(0.0, 1 - mean) if chart == "p" else mean
    reach = SIGMAS * sqrt(variance / one.of)
    upper = mean + reach
    return Held(
        count=one.count,
        of=one.of,
        mean=mean,
        lower=max(0.0, mean - reach),
        upper=min(1.0, upper) if chart == "p" else upper,
    )


def _percent(part: float) -> float:
    return round(100 * part, 2)
