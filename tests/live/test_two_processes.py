"""Two gevent processes on PostgreSQL and Redis: a display on either hears every entry once and in order."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from server.config import Settings
from tests.live import processes, stage

pytestmark = [pytest.mark.postgres, pytest.mark.long]

SCREENS = 12
DRAWS = 60


@pytest.fixture
def database(postgres):
    url = postgres.clone()
    yield url
    postgres.drop(url)


@pytest.fixture
def house(tmp_path, database):
    house = stage.furnished_now(Settings(data_dir=tmp_path, database_url=database))
    yield house
    house.close()


def test_displays_on_either_process_hear_every_entry_once_and_in_order(tmp_path, house, database, redis_url):
    first = house.hall("hall").seq
    with (
        processes.running(tmp_path, database_url=database, redis_url=redis_url, workers=2) as server,
        ThreadPoolExecutor(max_workers=SCREENS + 2) as pool,
    ):
        early = screens_on_both(server)
        writers = [pool.submit(draw_many, house, service) for service in ("a", "b")]
        late = [stage.Screen(server.address, token="display-hall").join() for _ in range(SCREENS)]
        for writer in writers:
            writer.result()
        last = house.hall("hall").seq
        heard = list(pool.map(lambda one: one.until(last), early + late))
    assert last == first + 2 * DRAWS
    for begins, seqs in heard:
        assert seqs == list(range(begins + 1, last + 1))


def test_what_one_process_commits_the_other_tells_at_once(tmp_path, house, database, redis_url):
    """Well before the second at which it would look anyway."""
    with processes.running(tmp_path, database_url=database, redis_url=redis_url, workers=2) as server:
        screens = screens_on_both(server)
        for screen in screens:
            screen.next("snapshot")
        delays = []
        for n in range(10):
            time.sleep(0.15)
            at = time.monotonic()
            pause_or_resume(server.address, pause=n % 2 == 0)
            for screen in screens:
                screen.next("entry")
            delays.append(time.monotonic() - at)
        assert sorted(delays)[5] < 0.4


def screens_on_both(server):
    """Some displays on each of the two processes, joined; the second process may still be starting."""
    screens, held_by, deadline = [], Counter(), time.monotonic() + 60
    while len(held_by) < 2 or min(held_by.values()) < 3:
        assert time.monotonic() < deadline, held_by
        screens.append(stage.Screen(server.address, token="display-hall").join())
        held_by[server.holder_of(screens[-1].port)] += 1
    assert set(held_by) == set(server.workers)
    return screens


def pause_or_resume(address, *, pause):
    pauses = f"{address}/api/v1/counters/hall-1/pauses"
    bearer = {"Authorization": "Bearer agent1"}
    if pause:
        answer = requests.post(pauses, json={"reason": "rest"}, headers=bearer, timeout=10)
    else:
        answer = requests.delete(f"{pauses}/current", headers=bearer, timeout=10)
    assert answer.ok, answer.text


def draw_many(house, service):
    for _ in range(DRAWS):
        stage.draws(house, service=service)
