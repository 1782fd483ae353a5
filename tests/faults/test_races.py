"""Everybody at once: 32 kiosks draw while 32 counters call. Nobody is given a number twice, nobody is called twice."""

import threading
from collections import Counter as Tally
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from server.actions import reception
from server.actions import setup as setups
from server.actions.calling import Called, NobodyWaiting
from server.domain import calling, fold
from server.domain.hall import Hall
from server.domain.sites import Counter
from server.store.transact import Done
from tests.world import small_setup

KIOSKS = 32
COUNTERS = 32
EACH = 6


@pytest.fixture
def crowd(hall):
    """Thirty-two counters, all open; the first serves `b` alone, so that lines differ."""
    counters = tuple(
        Counter(id=f"hall-{n}", label=str(n), zone="main", serves=("b",) if n == 1 else ("a", "b"))
        for n in range(1, COUNTERS + 1)
    )
    hall.does(partial(setups.put_in_force, setup=small_setup(counters=counters)))
    for n in range(1, COUNTERS + 1):
        assert isinstance(hall.opens(n), Done)
    return hall


def everybody(*works):
    """All of them at the same moment; what each of them returned."""
    start = threading.Barrier(len(works))

    def run(work):
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def draws_some(hall, n):
    services, classes = ("a", "b", "a"), ("ordinary", "ordinary", "priority", "ordinary")
    done = []
    for i in range(EACH):
        facts = {"service": services[(n + i) % 3], "klass": classes[(n + i) % 4], "language": "ar"}
        done.append(hall.does(partial(reception.draw, **facts), actor=f"kiosk:{n}"))
    return [one.did for one in done]


def calls_some(hall, n):
    return [hall.calls(n, ending="finished").did for _ in range(EACH)]


def test_nobody_is_given_a_number_twice_and_nobody_is_called_twice(crowd):
    did = everybody(
        *(partial(draws_some, crowd, n) for n in range(KIOSKS)),
        *(partial(calls_some, crowd, n) for n in range(1, COUNTERS + 1)),
    )
    drawn = [one for some in did[:KIOSKS] for one in some]
    called = [one for some in did[KIOSKS:] for one in some if isinstance(one, Called)]
    assert_numbers_are_whole(drawn)
    assert max(Tally(one.turn.ticket for one in called).values()) == 1
    assert len({one.seq for one in called} | {one.seq for one in drawn}) == len(called) + len(drawn)
    assert_each_call_was_the_next_by_the_rule(crowd.entries)
    assert crowd.holds()


def assert_numbers_are_whole(drawn):
    by_series = {series: sorted(one.turn.number for one in drawn if one.turn.number[0] == series) for series in "AB"}
    assert sum(map(len, by_series.values())) == KIOSKS * EACH
    for series, numbers in by_series.items():
        assert numbers == [f"{series}{n:03d}" for n in range(1, len(numbers) + 1)]


def assert_each_call_was_the_next_by_the_rule(entries):
    """Told once more from the first entry: at each call, the rule gives just the person who was called."""
    hall, calls = Hall(site="hall"), 0
    for entry in entries:
        if entry.kind == "ticket.called":
            choice = calling.choose_next(hall, hall.shifts[entry.body["counter"]], entry.at)
            assert choice is not None
            assert choice.ticket == entry.body["ticket"]
            assert calling.reason_to_body(choice.reason) == entry.body["reason"]
            calls += 1
        hall = fold.apply(hall, entry)
    assert calls


def test_who_loses_a_race_gets_the_next_person(crowd):
    waiting = [crowd.draws().did.turn.ticket for _ in range(COUNTERS)]
    did = [done.did for done in everybody(*(partial(crowd.calls, n) for n in range(2, COUNTERS + 1)))]
    assert sorted(one.turn.ticket for one in did) == sorted(waiting[: COUNTERS - 1])
    in_order = [one.turn.ticket for one in sorted(did, key=lambda one: one.seq)]
    assert in_order == waiting[: COUNTERS - 1]


def test_of_two_counters_and_one_person_one_gets_nobody(crowd):
    for n in range(8):
        crowd.draws()
        did = everybody(partial(crowd.calls, 2 + n, ending="finished"), partial(crowd.calls, 20 + n, ending="finished"))
        assert sum(isinstance(done.did, Called) for done in did) == 1
        assert sum(isinstance(done.did, NobodyWaiting) for done in did) == 1


def test_one_key_sent_by_many_at_once_is_one_ticket(crowd):
    done = everybody(*(partial(crowd.draws, key="same") for _ in range(16)))
    assert {one.answer[1]["number"] for one in done} == {"A001"}
    assert crowd.drawn == ["A001"]


def test_one_counter_pressed_by_many_at_once_calls_once(crowd):
    for _ in range(4):
        crowd.draws()
    done = everybody(*(partial(crowd.calls, 5) for _ in range(16)))
    assert sum(isinstance(one, Done) for one in done) == 1
    assert {one.code for one in done if not isinstance(one, Done)} == {"counter_busy"}
