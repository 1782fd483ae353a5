"""A month of plausible past: whole days played in memory by the product's own actions, then appended in bulk.

Nothing is written that the actions would have refused, and the hall that decides is the product's own, so `verify` and
`replay` hold as for any journal. The clock jumps from event to event; the dice fall the same way for the same seed.
The past ends with the page turned to the present business day, which begins clean.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context

from sqlalchemy import Engine

from server.actions import days
from server.actions import setup as setups
from server.demo.agents import Agent
from server.demo.citizens import Crowd
from server.demo.load import Load, dice_for
from server.demo.roster import Duty, arrivals, duties, openings
from server.demo.stage import PenStage
from server.domain import calendar
from server.domain.calendar import BusinessDay
from server.domain.hall import Hall
from server.domain.sites import Setup
from server.domain.story import Pen, Written
from server.store import journal, projection
from server.store.engine import open_engine

DAYS = 30
#: The ticker turns the page within its beat, not on the very millisecond.
PAGE_TURN = timedelta(seconds=7)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays at a site: codes as the journal knows them."""

    kiosks: tuple[str, ...]
    #: Counter → code of its agent.
    agents: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PastSite:
    setup: Setup
    load: Load
    cast: Cast


def play_past(site: PastSite, *, until: datetime, days_back: int = DAYS, seed: int = 1) -> Iterator[list[Written]]:
    """The entries of each day, oldest first; the last list turns the page to the business day that holds `until`."""
    setup = site.setup
    dates = _business_days(setup, until, days_back)
    pen = Pen(hall=Hall(site=setup.site), now=dates[0].begins_at + PAGE_TURN, actor="demo:past")
    setups.put_in_force(pen, setup=setup)
    for day in dates:
        pen.now = day.begins_at + PAGE_TURN
        days.turn_the_page(pen)
        _play_day(pen, site, day, seed)
        yield pen.written
        pen.written = []
    pen.now = min(until, dates[-1].ends_at + PAGE_TURN)
    days.turn_the_page(pen)
    yield pen.written


def append_past(engine: Engine, site: str, batches: Iterator[list[Written]]) -> int:
    """Append the days to a journal that is still empty, a transaction for each; how many entries there were."""
    writing = engine.execution_options(writes=True)
    appended = 0
    for written in batches:
        with writing.begin() as conn:
            head = journal.head(conn, site, lock=True)
            if head is None or head.seq != appended:
                raise ValueError(f"{site}: a past is made for a new site, and this one has a story already")
            journal.append(conn, written)
            projection.write(conn, written)
        appended += len(written)
    return appended


def make_pasts(
    database: str, sites: Sequence[PastSite], *, until: datetime, days_back: int = DAYS, seed: int = 1
) -> int:
    """The past of several sites at once, a process for each core; how many entries there were."""
    make = partial(_append_one, database, until=until, days_back=days_back, seed=seed)
    workers = min(len(sites), os.cpu_count() or 1)
    if workers < 2:
        return sum(make(site) for site in sites)
    # The largest first, so that no core is left with it alone at the end. Fresh processes: a fork would copy whatever
    # threads and connections the caller has.
    largest_first = sorted(sites, key=lambda site: -site.load.visits_per_day)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return sum(pool.map(make, largest_first))


def _business_days(setup: Setup, until: datetime, days_back: int) -> Sequence[BusinessDay]:
    day = calendar.business_day(setup.timezone, setup.change_over_min, until)
    found: list[BusinessDay] = []
    for _ in range(days_back):
        before = day.begins_at - timedelta(seconds=1)
        day = calendar.business_day(setup.timezone, setup.change_over_min, before)
        found.append(day)
    return found[::-1]


def _play_day(pen: Pen, site: PastSite, day: BusinessDay, seed: int) -> None:
    opens = openings(site.setup, day.on)
    if not opens:
        return
    dice = dice_for(seed, site.setup.site, day.on)
    stage = PenStage(pen)
    crowd = Crowd(
        stage=stage,
        load=site.load,
        dice=dice,
        languages=site.setup.languages,
        kiosks=site.cast.kiosks,
    )
    for duty in duties(site.setup, site.load, opens, dice):
        agent = _agent(stage, site, crowd, duty)
        crowd.agents.append(agent)
        stage.agenda.put(duty.comes_at, agent.arrive)
    for at in arrivals(site.setup, site.load, day.on, opens, dice):
        stage.agenda.put(at, crowd.somebody_comes)
    stage.play()


def _agent(stage: PenStage, site: PastSite, crowd: Crowd, duty: Duty) -> Agent:
    return Agent(
        stage=stage,
        load=site.load,
        dice=crowd.dice,
        counter=duty.counter,
        code=site.cast.agents[duty.counter],
        goes_at=duty.goes_at,
        gone_at=duty.gone_at,
        absent=crowd.absent,
        breaks=duty.breaks,
        pace=duty.pace,
    )


def _append_one(database: str, site: PastSite, *, until: datetime, days_back: int, seed: int) -> int:
    engine = open_engine(database)
    try:
        played = play_past(site, until=until, days_back=days_back, seed=seed)
        return append_past(engine, site.setup.site, played)
    finally:
        engine.dispose()
