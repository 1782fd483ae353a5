"""A day's plan at a simulated site: when people come, which agents open when, and when they take their breaks."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from server.demo.agents import Break
from server.demo.capacity import pace_for
from server.demo.load import Load, chance
from server.domain import calendar
from server.domain.calendar import Opening, Span
from server.domain.sites import Setup

#: How much busier a peak hour is than the rest of the day, and how much quieter the last hour.
PEAK = 2.2
LAST_HOUR = 0.35
#: Percent of the day's people who stand at the kiosk when it opens.
EARLY_PERCENT = 6
#: Monday is heavy, Friday light.
WEEKDAYS = (1.12, 1.04, 1.0, 0.98, 0.86, 0.9, 0.9)
SLOT_S = 300

ABSENT_PERCENT = 2
LATE_PERCENT = 12


@dataclass(frozen=True, slots=True)
class Duty:
    counter: str
    comes_at: datetime
    goes_at: datetime
    gone_at: datetime
    breaks: tuple[Break, ...]
    pace: float


def openings(setup: Setup, on: date) -> list[Opening]:
    return [
        Opening(
            begins_at=calendar.at_local(on, span.opens_min, setup.timezone),
            ends_at=calendar.at_local(on, span.closes_min, setup.timezone),
        )
        for span in sorted(calendar.spans_on(setup.hours, on))
    ]


def arrivals(setup: Setup, load: Load, on: date, opens: Sequence[Opening], dice: random.Random) -> list[datetime]:
    """When people come to the kiosk, in order."""
    people = round(load.visits_per_day * WEEKDAYS[on.weekday()] * dice.uniform(0.9, 1.08))
    slots = [
        (opening.begins_at + timedelta(seconds=offset), opening.ends_at)
        for opening in opens
        for offset in range(0, int((opening.ends_at - opening.begins_at).total_seconds()), SLOT_S)
    ]
    weights = [_weight(setup, load, on, begins_at, ends_at) for begins_at, ends_at in slots]
    early = people * EARLY_PERCENT // 100
    came = [
        begins_at + timedelta(seconds=dice.uniform(0, SLOT_S))
        for begins_at, _ends_at in dice.choices(slots, weights=weights, k=people - early)
    ]
    came += [opens[0].begins_at + timedelta(seconds=dice.uniform(1, 240)) for _ in range(early)]
    return sorted(came)


def duties(setup: Setup, load: Load, opens: Sequence[Opening], dice: random.Random) -> list[Duty]:
    """Who works today. A counter that alone serves something is never left closed all day."""
    shared = served_elsewhere(setup)
    open_s = sum((opening.ends_at - opening.begins_at).total_seconds() for opening in opens)
    pace = pace_for(setup, load, open_s=open_s)
    first, last = opens[0].begins_at, opens[-1].ends_at
    # One evening in eight the hall is left on the minute and people go home unserved.
    grace_s = 0.0 if chance(dice, 12) else dice.uniform(15, 50) * 60
    found = []
    for place, counter in enumerate(setup.counters):
        if shared[counter.id] and chance(dice, ABSENT_PERCENT):
            continue
        late_s = dice.uniform(5, 25) * 60 if chance(dice, LATE_PERCENT) else -dice.uniform(1, 9) * 60
        found.append(
            Duty(
                counter=counter.id,
                comes_at=first + timedelta(seconds=late_s),
                goes_at=last + timedelta(seconds=dice.uniform(0, 90)),
                gone_at=last + timedelta(seconds=grace_s + 95),
                breaks=_breaks(opens, place, dice),
                pace=pace * dice.uniform(0.88, 1.1),
            )
        )
    return found


def _weight(setup: Setup, load: Load, on: date, begins_at: datetime, ends_at: datetime) -> float:
    if ends_at - begins_at <= timedelta(hours=1):
        return LAST_HOUR
    return PEAK if any(_covers(setup, span, on, begins_at) for span in load.peak_hours) else 1.0


def _covers(setup: Setup, span: Span, on: date, at: datetime) -> bool:
    begins_at = calendar.at_local(on, span.opens_min, setup.timezone)
    return begins_at <= at < calendar.at_local(on, span.closes_min, setup.timezone)


def served_elsewhere(setup: Setup) -> Mapping[str, bool]:
    """Counter → whether everything it serves is served by another counter too."""
    return {
        counter.id: all(
            any(service in other.serves for other in setup.counters if other.id != counter.id)
            for service in counter.serves
        )
        for counter in setup.counters
    }


def _breaks(opens: Sequence[Opening], place: int, dice: random.Random) -> tuple[Break, ...]:
    """A rest in the morning, a meal or the hall's own midday closing, a rest in the afternoon; staggered by counter."""
    first, last = opens[0].begins_at, opens[-1].ends_at
    whole = last - first
    breaks = [Break(at=first + whole * dice.uniform(0.22, 0.3), reason="rest", lasts_s=dice.uniform(6, 12) * 60)]
    if len(opens) > 1:
        midday = opens[0].ends_at + timedelta(minutes=dice.uniform(1, 10))
        breaks.append(Break(at=midday, reason="prayer", lasts_s=(opens[1].begins_at - midday).total_seconds() - 60))
    elif whole > timedelta(hours=6):
        meal = first + timedelta(hours=3.6) + timedelta(minutes=25 * (place % 3) + dice.uniform(0, 10))
        breaks.append(Break(at=meal, reason="meal", lasts_s=dice.uniform(22, 32) * 60))
    if chance(dice, 60):
        breaks.append(Break(at=first + whole * dice.uniform(0.72, 0.8), reason="rest", lasts_s=dice.uniform(5, 9) * 60))
    return tuple(breaks)
