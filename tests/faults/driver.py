"""A house under load, in a process of its own that can be killed: `python -m tests.faults.driver URL NAME THREADS [N]`.

Each thread draws tickets with fresh keys and, every third time, calls the next person at a counter of its own. What it
is going to ask goes to standard output before it asks ("ask"), what it was answered right after ("answer"), one JSON
document per line. With N each thread stops after N tickets; without, it goes on until the process is killed.
"""

import json
import sys
import tempfile
import threading
import time
from functools import partial
from itertools import count
from pathlib import Path

from server.actions import calling, reception, shifts
from server.actions.house import open_house
from server.config import Settings
from server.domain.calendar import Hours, Span
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.sites import Counter
from server.store.transact import Done, Key
from server.store.writer import Busy
from tests.world import small_setup

SITE = "hall"
THREADS = 8
#: Open at whatever hour the tests are run.
SETUP = small_setup(
    hours=Hours(weekly=((Span(opens_min=0, closes_min=24 * 60),),) * 7),
    counters=tuple(Counter(id=f"{SITE}-{n}", label=str(n), zone="main", serves=("a", "b")) for n in range(1, 65)),
)
_said = threading.Lock()


def settings(url):
    """The data folder is beside the database file, so that nothing is made where the tests are run."""
    folder = Path(url.removeprefix("sqlite:///")).parent if url.startswith("sqlite") else Path(tempfile.gettempdir())
    return Settings(database_url=url, data_dir=folder)


def say(**facts):
    line = json.dumps(facts) + "\n"
    with _said:
        sys.stdout.write(line)
        sys.stdout.flush()


def key_of(name):
    return Key(token="driver", key=name, fingerprint="f")


def draw(house, key):
    """As a kiosk does it: until there is an answer, under the same key."""
    action = partial(reception.draw, service="a", language="ar")
    for _ in range(20):
        try:
            return house.submit(SITE, "kiosk:1", action, key=key_of(key), present=shown)
        except Busy:
            time.sleep(0.1)
    raise AssertionError("the house was busy twenty times")


def shown(did, _hall: Hall):
    return 201, {"number": did.turn.number, "ticket": did.turn.ticket, "seq": did.seq}


def load(house, name, thread, stop):
    counter, agent = f"{SITE}-{thread + 1}", f"{name}{thread}"
    opened = house.submit(SITE, f"agent:{agent}", partial(shifts.open_shift, counter=counter, agent=agent))
    for n in count() if stop is None else range(stop):
        key = f"{name}-{thread}-{n}"
        say(ask=key)
        done = draw(house, key)
        assert isinstance(done, Done), done
        assert done.answer is not None
        say(answer=key, **done.answer[1])
        if n % 3 == 0 and isinstance(opened, Done):
            call(house, counter, agent)


def call(house, counter, agent):
    action = partial(calling.call_next, counter=counter, agent=agent, ending="finished")
    try:
        done = house.submit(SITE, f"agent:{agent}", action)
    except Busy:
        return
    assert not isinstance(done, Refusal), done
    if isinstance(done.did, calling.Called):
        say(called=done.did.turn.ticket, seq=done.did.seq)


def main(url, name, threads, stop=None):
    house = open_house(settings(url))
    stop_after = None if stop is None else int(stop)
    working = [
        threading.Thread(target=load, args=(house, name, first, stop_after), daemon=True)
        for first in range(int(threads))
    ]
    for thread in working:
        thread.start()
    for thread in working:
        thread.join()
    house.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
