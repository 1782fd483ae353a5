"""What people are told: why nothing is told, what is learned, and that 80 of 100 ranges hold."""

import heapq
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import entries, estimates
from server.domain.estimates import Learned, LineNow
from tests.world import MORNING, Story, small_setup


def line(ahead: int = 4, open_counters: int = 2, service: str = "a") -> LineNow:
    return LineNow(service=service, ahead=ahead, open_counters=open_counters, at=MORNING)


def learned(*, turns: int = 0, ratios: int = 0, took_s: int = 300, ratio: int = 1000, service: str = "a") -> Learned:
    so_far = Learned()
    for _ in range(turns):
        so_far = estimates.learn_turn(so_far, service=service, took_s=took_s)
    for _ in range(ratios):
        actual_s = ratio * (600 + estimates.CUSHION_S) // 1000 - estimates.CUSHION_S
        so_far = estimates.learn_wait(so_far, service=service, point_s=600, waited_s=actual_s)
    return so_far


def test_without_an_open_counter_nothing_is_told_and_the_reason_is_said():
    told = estimates.estimate(learned(turns=30, ratios=250), line(open_counters=0))
    assert (told.point_s, told.told, told.untold) == (None, None, "no_counter_open")


@pytest.mark.parametrize(
    ("turns", "ratios", "has_point"), [(0, 0, False), (4, 250, False), (5, 0, True), (5, 19, True)]
)
def test_while_it_learns_nothing_is_told_but_the_point_is_kept_to_learn_by(turns, ratios, has_point):
    told = estimates.estimate(learned(turns=turns, ratios=ratios), line())
    assert (told.told, told.untold) == (None, "learning")
    assert (told.point_s is not None) == has_point


def test_the_point_is_people_ahead_times_the_median_turn_over_the_open_counters():
    told = estimates.estimate(learned(turns=5, ratios=20, took_s=300), line(ahead=4, open_counters=2))
    assert told.point_s == 600
    assert told.told is not None
    assert (told.told.low_s, told.told.median_s, told.told.high_s, told.told.level) == (600, 600, 600, 80)
    assert told.untold is None


def test_a_line_that_is_new_borrows_what_the_site_has_learned():
    told = estimates.estimate(learned(turns=5, ratios=20, service="b"), line(service="a"))
    assert told.told is not None


def test_nobody_ahead_is_still_measured_thanks_to_the_cushion():
    so_far = estimates.learn_wait(Learned(), service="a", point_s=0, waited_s=60)
    assert so_far.ratios["a"] == (2000,)


def test_a_wait_that_had_no_point_teaches_nothing():
    assert estimates.learn_wait(Learned(), service="a", point_s=None, waited_s=60) == Learned()


def test_a_forgotten_turn_does_not_set_the_pace():
    so_far = estimates.learn_turn(Learned(), service="a", took_s=20 * 3600)
    assert so_far.turns_s["a"] == (estimates.LONGEST_TURN_S,)
    so_far = estimates.learn_wait(Learned(), service="a", point_s=0, waited_s=10**6)
    assert so_far.ratios["a"] == (estimates.HIGHEST_RATIO,)


def test_only_the_newest_are_kept_for_the_line_and_for_the_site():
    so_far = learned(turns=100, ratios=400)
    assert {name: len(kept) for name, kept in so_far.turns_s.items()} == {"a": 30, "*": 30}
    assert {name: len(kept) for name, kept in so_far.ratios.items()} == {"a": 250, "*": 250}
    so_far = estimates.learn_turn(so_far, service="a", took_s=7)
    assert so_far.turns_s["a"][-1] == 7


@given(
    st.integers(0, 500),
    st.integers(0, 12),
    st.lists(st.integers(0, 20_000), min_size=20, max_size=40),
    st.lists(st.integers(0, 5000), min_size=5, max_size=40),
)
def test_a_range_is_in_order_never_negative_and_whole(ahead, open_counters, ratios, turns):
    so_far = Learned(turns_s={"a": tuple(turns)}, ratios={"a": tuple(ratios)})
    told = estimates.estimate(so_far, line(ahead=ahead, open_counters=open_counters)).told
    assert (told is None) == (open_counters == 0)
    if told is not None:
        assert 0 <= told.low_s <= told.median_s <= told.high_s
        entries.canonical({"low_s": told.low_s, "median_s": told.median_s, "high_s": told.high_s})


@given(st.integers(0, 100), st.integers(1, 50), st.integers(1, 50))
def test_more_people_ahead_never_shortens_what_is_told(ahead, more, took_s):
    so_far = learned(turns=5, ratios=20, took_s=took_s, ratio=1300)
    one = estimates.estimate(so_far, line(ahead=ahead)).told
    other = estimates.estimate(so_far, line(ahead=ahead + more)).told
    assert one is not None
    assert other is not None
    assert one.high_s <= other.high_s


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30), st.integers(0, 100))
def test_a_quantile_lies_between_the_smallest_and_the_largest(numbers, percent):
    ordered = sorted(numbers)
    assert ordered[0] <= estimates.quantile(ordered, percent) <= ordered[-1]
    assert estimates.quantile(ordered, 0) == ordered[0]
    assert estimates.quantile(ordered, 100) == ordered[-1]


def test_what_was_learned_goes_through_the_journal_and_comes_back():
    so_far = learned(turns=7, ratios=3)
    body = estimates.learned_to_body(so_far)
    entries.canonical(body)
    assert estimates.learned_from_body(body) == so_far


def test_what_was_told_stands_in_the_entry_and_the_next_morning_knows_what_was_learned():
    world = Story()
    world.opens(1)
    for _ in range(60):
        world.draws("a")
        world.clock.advance(minutes=2)
        world.calls(1, ending="finished")
    world.draws("a")
    told = world.draws("a")
    assert told.estimate.told is not None
    assert world.entries[-1].body["told"]["low_s"] == told.estimate.told.low_s
    world.clock.advance(hours=23)
    world.opens(1)
    assert world.draws("a").estimate.told is not None


@pytest.mark.parametrize(("seed", "agents", "gap_s"), [(1, 2, 190), (2, 1, 340), (3, 3, 120)])
def test_eight_in_ten_people_wait_as_long_as_they_were_told(seed, agents, gap_s):
    """A simulated hall, three days: arrivals at random, turns of uneven length, one in twelve not there when called."""
    told, waited = simulated(random.Random(seed), agents=agents, gap_s=gap_s)
    kept = sum(
        told[ticket].low_s <= wait_s <= told[ticket].high_s for ticket, wait_s in waited.items() if ticket in told
    )
    asked = sum(ticket in told for ticket in waited)
    assert asked > 150
    assert 0.70 <= kept / asked <= 0.90, kept / asked


def simulated(chance: random.Random, *, agents: int, gap_s: float):
    world = Story(small_setup(counters=tuple(_counter(n) for n in range(1, agents + 1))))
    told, waited = {}, {}
    for _day in range(3):
        for n in range(1, agents + 1):
            world.opens(n)
        _one_day(world, chance, agents=agents, gap_s=gap_s, told=told, waited=waited)
        world.clock.advance(seconds=24 * 3600 - (world.clock.now() - MORNING).total_seconds() % (24 * 3600))
    return told, waited


def _one_day(world, chance, *, agents, gap_s, told, waited):
    begin_at = world.clock.now()
    events = [(0.0, n, "free") for n in range(1, agents + 1)]
    at_s = 0.0
    while (at_s := at_s + chance.expovariate(1 / gap_s)) < 7 * 3600:
        events.append((at_s, 0, "arrives"))
    heapq.heapify(events)
    idle = set()
    while events:
        at_s, n, what = heapq.heappop(events)
        if at_s > 7.9 * 3600:
            return
        world.clock.advance(seconds=at_s - (world.clock.now() - begin_at).total_seconds())
        if what == "arrives":
            drawn = world.draws("a", klass="priority" if chance.random() < 0.1 else "ordinary")
            if drawn.estimate.told is not None:
                told[drawn.turn.ticket] = drawn.estimate.told
            ready = [idle.pop()] if idle else []
        else:
            ready = [n]
        for free in ready:
            called = world.calls(free, ending="finished")
            if not hasattr(called, "turn"):
                idle.add(free)
                continue
            waited[called.turn.ticket] = (called.turn.called_at - called.turn.joined_at).total_seconds()
            took_s = 70 if chance.random() < 1 / 12 else min(1800, chance.lognormvariate(5.5, 0.7))
            heapq.heappush(events, (at_s + took_s, free, "free"))


def _counter(n: int):
    one = small_setup().counters[0]
    return type(one)(id=f"hall-{n}", label=str(n), zone="main", serves=("a",))
