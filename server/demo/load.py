"""How busy a simulated hall is: who comes for what, how long it takes, who does not turn up.

Everything here is invented (the pack marks it so) and is never shown as a figure of a real site. Service codes are the
ones that decide, so at a discreet site the neutral ones.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from server.domain.calendar import Span
from server.packs.pack import Pack

T = TypeVar("T")

#: The 90 % point of the standard normal distribution: turns a p50 and a p90 into a log-normal.
_Z90 = 1.2816
LANGUAGE_WEIGHTS: Mapping[str, int] = {"ar": 62, "fr": 23, "zgh": 7, "es": 4, "en": 4}
LONGEST_S = 90 * 60


@dataclass(frozen=True, slots=True)
class Took:
    """How long something takes, in seconds: half take less than `p50_s`, nine of ten less than `p90_s`."""

    p50_s: float
    p90_s: float

    @property
    def spread(self) -> float:
        return math.log(self.p90_s / self.p50_s) / _Z90 if self.p90_s > self.p50_s else 0.0

    @property
    def mean_s(self) -> float:
        return self.p50_s * math.exp(self.spread * self.spread / 2)

    def roll(self, dice: random.Random) -> float:
        return min(LONGEST_S, self.p50_s * math.exp(self.spread * dice.gauss(0.0, 1.0)))


@dataclass(frozen=True, slots=True)
class Load:
    visits_per_day: int
    #: Service → weight.
    mix: Mapping[str, int]
    peak_hours: tuple[Span, ...]
    no_show_percent: int
    took: Mapping[str, Took]


def load_of(pack: Pack) -> Load:
    public = {service.code: service.public_code for service in pack.services}
    load = pack.demo_load
    return Load(
        visits_per_day=load.visits_per_day,
        mix={public[service]: percent for service, percent in load.mix},
        peak_hours=load.peak_hours,
        no_show_percent=load.no_show_percent,
        took={
            service.public_code: Took(p50_s=service.duration.p50_min * 60, p90_s=service.duration.p90_min * 60)
            for service in pack.services
        },
    )


def dice_for(*what: object) -> random.Random:
    """Dice that always fall the same way for the same things: a demonstration must be repeatable, not secret."""
    return random.Random(":".join(str(thing) for thing in what))  # noqa: S311 - simulation, nothing is protected by it


def chance(dice: random.Random, percent: float) -> bool:
    return dice.random() * 100 < percent


def pick(dice: random.Random, weights: Mapping[T, int]) -> T:
    return dice.choices(list(weights), weights=list(weights.values()))[0]


def pick_language(dice: random.Random, offered: Sequence[str]) -> str:
    return pick(dice, {language: LANGUAGE_WEIGHTS.get(language, 1) for language in offered})
