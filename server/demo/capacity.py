"""What a simulated hall can carry: how the work of a day spreads over the counters, and how briskly agents must work.

The packs' loads and durations are invented independently of each other; played as they stand, a counter that is asked
for more minutes than it is open would bury the demonstration under people who never get served.
"""

from collections.abc import Mapping

from server.demo.load import Load
from server.domain.sites import Setup

#: A counter that is busier than this share of its open time has a queue that only grows.
BUSY = 0.80
#: Seconds beside the service itself: calling and walking.
OVERHEAD_S = 25
#: How often the work is pushed from busier to freer counters; it has settled long before.
ROUNDS = 100


def pace_for(setup: Setup, load: Load, *, open_s: float) -> float:
    """Factor on durations at which the busiest counter is just busy enough; 1 where it is not that busy anyway."""
    asked_s = max(work_by_counter(setup, load).values())
    return min(1.0, BUSY * open_s / asked_s)


def work_by_counter(setup: Setup, load: Load) -> Mapping[str, float]:
    """Seconds a day that each counter is asked for, when people go where they are called soonest."""
    spread: dict[str, dict[str, float]] = {}
    for service, work_s in _work_by_service(load).items():
        counters = [counter.id for counter in setup.counters if service in counter.serves]
        spread[service] = {counter: work_s / len(counters) for counter in counters}
    for _ in range(ROUNDS):
        total = _total(setup, spread)
        spread = {service: _pushed(parts, total) for service, parts in spread.items()}
    return _total(setup, spread)


def _work_by_service(load: Load) -> Mapping[str, float]:
    shares = sum(load.mix.values())
    return {
        service: load.visits_per_day * share / shares * (load.took[service].mean_s + OVERHEAD_S)
        for service, share in load.mix.items()
    }


def _total(setup: Setup, spread: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {counter.id: 0.0 for counter in setup.counters}
    for parts in spread.values():
        for counter, work_s in parts.items():
            total[counter] += work_s
    return total


def _pushed(parts: Mapping[str, float], total: Mapping[str, float]) -> dict[str, float]:
    wanted = {counter: work_s / max(1.0, total[counter]) for counter, work_s in parts.items()}
    whole, weights = sum(parts.values()), sum(wanted.values())
    return {counter: whole * weight / weights for counter, weight in wanted.items()} if weights else dict(parts)
