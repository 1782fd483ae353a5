"""The real server process on SQLite: one worker, quiet, small, gone when told, back when its worker dies."""

import os
import re
import signal
import time

import pytest
import requests

from server import hosting
from server.config import SettingError, Settings
from tests.display import stage as pilots
from tests.live import processes, stage


@pytest.fixture
def folder(tmp_path, sqlite_template):
    stage.furnished_now(stage.settings_on(tmp_path, sqlite_template)).close()
    return tmp_path


def test_several_processes_without_postgresql_or_redis_are_refused():
    with pytest.raises(SettingError, match="PostgreSQL"):
        hosting.serve(Settings(workers=2))
    with pytest.raises(SettingError, match="Redis"):
        hosting.serve(Settings(workers=2, database_url="postgresql+psycopg://nowhere/none"))
    with pytest.raises(SettingError, match="at least one"):
        hosting.serve(Settings(workers=0))
    with pytest.raises(SettingError, match="LOG_LEVEL"):
        hosting.serve(Settings(log_level="LOUD"))


def test_what_is_done_before_serving_fails_the_command_when_it_fails(caplog):
    def fail():
        raise SystemExit(4)

    with pytest.raises(SystemExit) as ended:
        hosting._aside(fail)
    assert ended.value.code == 4
    hosting._aside(lambda: None)


@pytest.mark.slow
def test_it_serves_is_small_says_little_and_goes_when_told(tmp_path, sqlite_template):
    house = pilots.furnished(tmp_path, sqlite_template)
    token = pilots.display_token(house)
    house.close()
    with processes.running(tmp_path) as server:
        display = stage.Screen(server.address, token=token).join("rabat")
        assert display.next("snapshot")["lines"]
        assert len(server.workers) == 1
        assert server.resident_mb() < 150
        stopping_at = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - stopping_at < 5
        said = server.said.strip()
        assert re.fullmatch(rf"\S+ \S+ INFO serving on {server.address}", said), said


@pytest.mark.slow
def test_ctrl_c_does_not_wait_for_the_sockets(folder):
    with processes.running(folder) as server:
        screens = [stage.Screen(server.address, token="display-hall").join() for _ in range(5)]
        for screen in screens:
            screen.next("snapshot")
        stopping_at = time.monotonic()
        assert server.stop(signal.SIGINT) == 0
        assert time.monotonic() - stopping_at < 5


@pytest.mark.slow
def test_a_worker_that_dies_is_replaced_and_displays_find_the_new_one(folder):
    with processes.running(folder) as server:
        (worker,) = server.workers
        os.kill(worker, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while server.workers in ([], [worker]) or not processes.answers(server.address):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        display = stage.Screen(server.address, token="display-hall").join()
        assert display.next("snapshot")["seq"] >= 3


@pytest.mark.slow
def test_sockets_beyond_the_limit_never_starve_the_pages(folder):
    with processes.running(folder, sockets=3) as server:
        screens = [stage.Screen(server.address, token="display-hall").join() for _ in range(3)]
        for screen in screens:
            screen.next("snapshot")
        raw = [processes.raw_socket(server.address) for _ in range(hosting.SPARE_THREADS)]
        assert "503" in {status for status, _ in raw}
        assert requests.get(f"{server.address}/login", timeout=5).status_code == 200
        for _, socket in raw:
            socket.close()
