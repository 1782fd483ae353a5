"""A living hall at a demonstration site: simulated citizens and agents who queue at the writer like everybody else.

It is open at whatever hour by a special opening, the house's own feature, kept up as the date changes; the clock is
always the true one. A counter or kiosk can be taken over by hand at any moment: one counter at least is left free, only
shifts that this hall opened are touched, and its agents give way to whoever moves something at their counter. The
entries it writes say so: their actor begins with `demo:`.
"""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from server.actions.house import House
from server.demo import earlier
from server.demo.agents import Agent
from server.demo.capacity import OVERHEAD_S, work_by_counter
from server.demo.citizens import Crowd
from server.demo.load import Load, dice_for, pick
from server.demo.opening import keep_open
from server.demo.past import Cast
from server.demo.roster import served_elsewhere
from server.demo.stage import HouseStage
from server.domain import hall as halls
from server.domain.sites import Setup

#: Services take this share of the pack's durations, so that something happens while one looks on.
PACE = 0.4
MOST_COUNTERS = 7
#: People who may wait for a service: a few where nobody calls, for whoever opens a counter, and more for each that does.
WAITING_BASE = 3
WAITING_PER_COUNTER = 3
CHECK_EVERY_S = 15.0
LOOK_EVERY_S = 3.0
BREATHES_PERCENT = 4
PATIENCE_S = 15 * 60
FOR_EVER = timedelta(days=3650)


class LivingSite:
    """One site's hall: `tick` as often as one likes, `end` once."""

    def __init__(self, house: House, *, site: str, load: Load, cast: Cast, quiet: bool = False) -> None:
        self.stage = HouseStage(house, site)
        self.load = load
        self.cast = cast
        self.quiet = quiet
        self.agents: list[Agent] = []
        self._dice: random.Random = dice_for(site, house.clock.now())
        self._day = ""
        self._seen_to: set[date] = set()
        self._crowd: Crowd | None = None
        self._expecting = False
        self.stage.later(0, self._look_after)

    def tick(self) -> None:
        self.stage.play_due()

    def end(self) -> None:
        """The simulated agents finish with whom they have and close; people who wait go on waiting."""
        for agent in self.agents:
            agent.leave()

    def _look_after(self) -> None:
        """Every few seconds: the opening hours, and new people on a new business day."""
        keep_open(self.stage, seen_to=self._seen_to)
        day = self.stage.hall.day
        if not self.quiet and day is not None and day.on != self._day:
            self._bring_people()
            self._day = day.on
        self.stage.later(CHECK_EVERY_S, self._look_after)

    def _bring_people(self) -> None:
        earlier.clear_away(self.stage)
        setup = self.stage.hall.setup
        assert setup is not None
        crowd = self._crowd = self._crowd or self._make_crowd(setup)
        crowd.agents = self.agents = [self._agent(counter, crowd) for counter in counters_to_open(setup, self.load)]
        for _ in range(2 * len(self.agents) + 4):
            self._somebody_comes()
        for agent in self.agents:
            agent.arrive()
        if not self._expecting:
            self._expecting = True
            self._expect_somebody()

    def _make_crowd(self, setup: Setup) -> Crowd:
        return Crowd(
            stage=self.stage,
            load=self.load,
            dice=self._dice,
            languages=setup.languages,
            kiosks=self.cast.kiosks,
            patience_s=PATIENCE_S,
        )

    def _agent(self, counter: str, crowd: Crowd) -> Agent:
        never = self.stage.now + FOR_EVER
        return Agent(
            stage=self.stage,
            load=self.load,
            dice=self._dice,
            counter=counter,
            code=self.cast.agents[counter],
            goes_at=never,
            gone_at=never,
            absent=crowd.absent,
            pace=PACE,
            looks_every_s=LOOK_EVERY_S,
            breathes_percent=BREATHES_PERCENT,
        )

    def _expect_somebody(self) -> None:
        """About as many come as the counters that are left to the simulation can serve."""
        working = sum(1 for agent in self.agents if agent.at_work)
        every_s = self._mean_work_s() / max(1, working)
        self.stage.later(self._dice.expovariate(1 / every_s), self._next_comes)

    def _next_comes(self) -> None:
        self._somebody_comes()
        self._expect_somebody()

    def _somebody_comes(self) -> None:
        assert self._crowd is not None
        service = pick(self._dice, self.load.mix)
        hall = self.stage.hall
        room = WAITING_BASE + WAITING_PER_COUNTER * halls.counters_open(hall, service)
        if halls.waiting_count(hall, service) < room:
            self._crowd.comes_for(service)

    def _mean_work_s(self) -> float:
        mix = self.load.mix
        work = sum(share * (self.load.took[service].mean_s * PACE + OVERHEAD_S) for service, share in mix.items())
        return work / sum(mix.values())


def counters_to_open(setup: Setup, load: Load) -> Sequence[str]:
    """A handful of counters and never the free one: first those that leave the fewest people without, then the busiest."""
    free, by_work = free_counter(setup, load), _by_work(setup, load)
    serves: dict[str, Sequence[str]] = {counter.id: counter.serves for counter in setup.counters}
    left, found = dict(load.mix), list[str]()
    while len(found) < min(MOST_COUNTERS, len(by_work) - 1):
        shut = (counter for counter in by_work if counter != free and counter not in found)
        best = max(shut, key=lambda counter: sum(left.get(service, 0) for service in serves[counter]))
        found.append(best)
        left = {service: share for service, share in left.items() if service not in serves[best]}
    return found


def free_counter(setup: Setup, load: Load) -> str:
    """The counter that is left to people: the busiest whose lines others serve too, so that somebody waits there."""
    by_work, shared = _by_work(setup, load), served_elsewhere(setup)
    return next((counter for counter in by_work if shared[counter]), by_work[-1])


def _by_work(setup: Setup, load: Load) -> Sequence[str]:
    work = work_by_counter(setup, load)
    return sorted(work, key=lambda counter: (-work[counter], counter))
