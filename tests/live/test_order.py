"""The promise of the channel: after a snapshot with number S comes S+1, then S+2, whoever joins and whoever writes."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import pytest

from server.domain import board as boards
from server.web.publisher import Publisher
from tests.live import stage
from tests.live.stage import calls, draws, opens

pytestmark = pytest.mark.slow


class Ear:
    """Stands where the sockets would be."""

    def __init__(self):
        self.heard = []
        self.broken = 0

    def __call__(self, event, facts, site):
        if self.broken:
            self.broken -= 1
            raise ConnectionError("the socket is gone")
        self.heard.append((site, event, facts["seq"]))

    def entries(self, site="hall"):
        return [seq for where, event, seq in self.heard if event == "entry" and where == site]


def test_many_who_join_while_entries_are_written_hear_each_entry_once_and_in_order(house, screen):
    first, stop = house.hall("hall").seq, Event()

    def write(service):
        while not stop.is_set():
            draws(house, service=service)
            stop.wait(0.002)

    def join(n):
        stop.wait(0.01 * n)
        return screen().join()

    with ThreadPoolExecutor(max_workers=18) as pool:
        writers = [pool.submit(write, service) for service in ("a", "b")]
        screens = list(pool.map(join, range(24)))
        while house.hall("hall").seq < first + 120:
            stop.wait(0.01)
        stop.set()
        for writer in writers:
            writer.result()
        last = house.hall("hall").seq
        heard = list(pool.map(lambda one: one.until(last), screens))
    assert len({begins for begins, _ in heard}) > 5
    for begins, seqs in heard:
        assert seqs == list(range(begins + 1, last + 1))


def test_entries_of_all_sites_are_told_in_order_and_no_site_twice(house):
    ear = Ear()
    publisher = Publisher(house, ear)
    publisher.look()
    begins = house.hall("hall").seq
    for _ in range(700):
        draws(house)
    draws(house, site="other")
    publisher.look()
    publisher.look()
    assert ear.entries() == list(range(begins + 1, begins + 701))
    assert ear.entries("other") == [house.hall("other").seq]


def test_a_site_that_appears_later_is_told_too(house):
    ear = Ear()
    publisher = Publisher(house, ear)
    publisher.look()
    stage.add_hall(house, "new")
    publisher.look()
    draws(house, site="new")
    publisher.look()
    assert ear.entries("new") == [house.hall("new").seq]


def test_a_site_can_be_joined_before_the_publisher_has_seen_it(house):
    ear, boards_given = Ear(), []
    publisher = Publisher(house, ear)
    assert publisher.join("hall", boards_given.append)
    assert not publisher.join("nowhere", boards_given.append)
    draws(house)
    publisher.look()
    assert [board["seq"] for board in boards_given] == [house.hall("hall").seq - 1]
    assert ear.entries() == [house.hall("hall").seq]


def test_a_broken_socket_costs_its_message_and_nothing_else(house, caplog):
    ear = Ear()
    publisher = Publisher(house, ear)
    publisher.look()
    ear.broken = 1
    draws(house)
    last = draws(house).turn.opened_seq
    publisher.look()
    assert ear.entries() == [last]
    assert "a live event could not be sent" in caplog.text


def test_there_is_no_beat_while_the_journal_cannot_be_read_and_it_is_said_once(house, caplog):
    ear = Ear()
    publisher = Publisher(house, ear)
    publisher.look()
    house.writer.run(lambda conn: conn.exec_driver_sql("ALTER TABLE site_heads RENAME TO away"))
    assert [publisher.look(), publisher.look()] == [False, False]
    house.writer.run(lambda conn: conn.exec_driver_sql("ALTER TABLE away RENAME TO site_heads"))
    assert publisher.look()
    told = [record.message for record in caplog.records]
    assert sum("can't be read" in message for message in told) == 1
    assert sum("can be read again" in message for message in told) == 1


def test_a_publisher_that_dies_says_so_to_whoever_can_end_the_process(house):
    died, dead = [], Event()

    def on_death(name, error):
        died.append((name, str(error)))
        dead.set()

    publisher = Publisher(house, Ear(), look_s=0.01, on_death=on_death)
    publisher.start()
    publisher._tell_all = partial(exec, "raise RuntimeError('a mistake')")
    assert dead.wait(5)
    publisher.stop()
    assert died == [("publisher", "a mistake")]


def test_an_entry_that_another_process_wrote_is_told(house, screen):
    display = screen().join()
    seq = display.next("snapshot")["seq"]
    code = (
        "import sys; from pathlib import Path; from tests.live import stage; from server.config import Settings; "
        "from server.actions.house import open_house; from server.clock import FakeClock; "
        "from tests.world import MORNING; "
        "house = open_house(Settings(data_dir=Path(sys.argv[1])), FakeClock(MORNING)); "
        "stage.draws(house); stage.draws(house); house.close()"
    )
    subprocess.run([sys.executable, "-c", code, str(house.settings.data_dir)], check=True, timeout=60)
    assert [display.next("entry")["seq"] for _ in range(2)] == [seq + 1, seq + 2]
    assert draws(house).turn.number == "A003"
    assert display.next("entry")["seq"] == seq + 3


def test_committed_halls_are_warm_without_anybody_asking(house):
    publisher = Publisher(house, Ear())
    publisher.look()
    last = draws(house).turn.opened_seq
    house.writer.halls.forget("hall")
    publisher.look()
    assert house.writer.halls.committed("hall").seq == last


def test_the_snapshot_is_the_board_of_the_last_entry_that_was_told(house):
    given = []
    publisher = Publisher(house, Ear())
    publisher.look()
    told = house.hall("hall")
    opens(house)
    draws(house)
    calls(house)
    publisher.join("hall", given.append)
    assert given == [boards.board(told, house.clock.now())]
