"""What a person is told about the wait: a range that held in 80 of 100 recent cases, or why there is none.

The point is people ahead × the median of recent turns / counters open that serve the line, where "ahead" are all whom
those counters are likely to call first (server.domain.waiting says who that is). The range is the point
times the 10 and 90 % points of "actual over point" for the last 250 people called. One minute is added to both sides of
that ratio, so that a point of nought (nobody ahead) can be measured too. Times of turns are taken from the journal and
counters from open shifts, never from a setting. Everything learned is whole numbers, because it stands in `day.closed`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from server.domain.tickets import Told

Untold = Literal["learning", "no_counter_open", "suspended", "appointment", "bound"]

LEVEL = 80
#: Added to both sides of the ratio, in seconds.
CUSHION_S = 60
TURNS_KEPT = 30
RATIOS_KEPT = 250
#: Below these a line borrows what the whole site learned; below them there too, nothing is told.
TURNS_NEEDED = 5
RATIOS_NEEDED = 20
SITE = "*"
#: A person who was parked in a meeting or forgotten at a counter must not set the pace of a line.
LONGEST_TURN_S = 4 * 3600
HIGHEST_RATIO = 20_000


@dataclass(frozen=True, slots=True)
class Learned:
    """Newest last, by service, and under `*` for the whole site."""

    #: Seconds from call to end, no-shows counted in: they take the counter's time too.
    turns_s: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    #: (actual + cushion) over (point + cushion), in thousandths.
    ratios: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineNow:
    """What an estimator may look at: the line as it stands when somebody joins it."""

    service: str
    ahead: int
    open_counters: int
    at: datetime
    suspended: bool = False
    #: Whom the counters of this line will call first, line by line; None where only its own people are known.
    before: tuple[tuple[str, float], ...] | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """`point_s` is what the ratio is measured against later; `told` is what the person reads, or None with `untold`."""

    point_s: int | None
    told: Told | None
    untold: Untold | None


def estimate(learned: Learned, line: LineNow) -> Estimate:
    if line.suspended:
        return Estimate(point_s=None, told=None, untold="suspended")
    if line.open_counters == 0:
        return Estimate(point_s=None, told=None, untold="no_counter_open")
    point_s = _point_s(learned, line)
    if point_s is None:
        return Estimate(point_s=None, told=None, untold="learning")
    ratios = _own_or_site(learned.ratios, line.service, RATIOS_NEEDED)
    if ratios is None:
        return Estimate(point_s=point_s, told=None, untold="learning")
    ordered = sorted(ratios)
    low_s, median_s, high_s = (
        max(0, round((point_s + CUSHION_S) * quantile(ordered, percent) / 1000) - CUSHION_S) for percent in (10, 50, 90)
    )
    return Estimate(point_s=point_s, told=Told(low_s=low_s, median_s=median_s, high_s=high_s, level=LEVEL), untold=None)


def _point_s(learned: Learned, line: LineNow) -> int | None:
    """The work that stands before the place, spread over the counters; None while no turns are known."""
    work_s = 0.0
    for service, people in (
        (line.service, 0.0),
        *(((line.service, float(line.ahead)),) if line.before is None else line.before),
    ):
        turns = _own_or_site(learned.turns_s, service, TURNS_NEEDED)
        if turns is None:
            return None
        work_s += people * quantile(sorted(turns), 50)
    return int(work_s / line.open_counters)


def learn_wait(learned: Learned, *, service: str, point_s: int | None, waited_s: int) -> Learned:
    """Called once per person, when first called."""
    if point_s is None:
        return learned
    ratio = _ratio(point_s, waited_s)
    return Learned(turns_s=learned.turns_s, ratios=_remember(learned.ratios, service, ratio, RATIOS_KEPT))


def learn_turn(learned: Learned, *, service: str, took_s: int) -> Learned:
    took_s = _pace(took_s)
    return Learned(turns_s=_remember(learned.turns_s, service, took_s, TURNS_KEPT), ratios=learned.ratios)


def forget_wait(learned: Learned, *, service: str, point_s: int | None, waited_s: int) -> Learned:
    """The call was taken back: nobody has waited so long. What its lesson pushed out of memory stays out."""
    if point_s is None:
        return learned
    return Learned(turns_s=learned.turns_s, ratios=_without(learned.ratios, service, _ratio(point_s, waited_s)))


def forget_turn(learned: Learned, *, service: str, took_s: int) -> Learned:
    """The end of the turn was taken back."""
    return Learned(turns_s=_without(learned.turns_s, service, _pace(took_s)), ratios=learned.ratios)


def quantile(ordered: Sequence[int], percent: int) -> float:
    """The `percent` point of sorted numbers, between neighbours by straight line (Hyndman and Fan's type 7)."""
    position = (len(ordered) - 1) * percent / 100
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def learned_to_body(learned: Learned) -> dict[str, Any]:
    return {
        "turns_s": [[service, list(kept)] for service, kept in sorted(learned.turns_s.items())],
        "ratios": [[service, list(kept)] for service, kept in sorted(learned.ratios.items())],
    }


def learned_from_body(body: Mapping[str, Any]) -> Learned:
    return Learned(
        turns_s={service: tuple(kept) for service, kept in body["turns_s"]},
        ratios={service: tuple(kept) for service, kept in body["ratios"]},
    )


def _own_or_site(kept: Mapping[str, tuple[int, ...]], service: str, needed: int) -> tuple[int, ...] | None:
    for name in (service, SITE):
        seen = kept.get(name, ())
        if len(seen) >= needed:
            return seen
    return None


def _ratio(point_s: int, waited_s: int) -> int:
    return min(HIGHEST_RATIO, (max(0, waited_s) + CUSHION_S) * 1000 // (point_s + CUSHION_S))


def _pace(took_s: int) -> int:
    return min(LONGEST_TURN_S, max(0, took_s))


def _without(kept: Mapping[str, tuple[int, ...]], service: str, value: int) -> Mapping[str, tuple[int, ...]]:
    return {**kept, **{name: _without_last(kept.get(name, ()), value) for name in (service, SITE)}}


def _without_last(values: tuple[int, ...], value: int) -> tuple[int, ...]:
    """Without the newest of this value; as it is where it has been pushed out already."""
    if value not in values:
        return values
    at = len(values) - 1 - values[::-1].index(value)
    return values[:at] + values[at + 1 :]


def _remember(
    kept: Mapping[str, tuple[int, ...]], service: str, value: int, at_most: int
) -> Mapping[str, tuple[int, ...]]:
    return {
        **kept,
        service: (*kept.get(service, ())[-at_most + 1 :], value),
        SITE: (*kept.get(SITE, ())[-at_most + 1 :], value),
    }
