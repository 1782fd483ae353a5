"""A house with two pilot sites, and the public's pages."""

import shutil

import pytest

from server.clock import FakeClock
from server.config import Settings
from tests.kiosk import hosting
from tests.office import Office
from tests.world import MORNING


@pytest.fixture
def clock():
    return FakeClock(MORNING)


@pytest.fixture
def settings(tmp_path, sqlite_template):
    shutil.copy(sqlite_template, tmp_path / "idarati.db")
    return Settings(data_dir=tmp_path)


@pytest.fixture
def house(settings, clock):
    house = hosting.furnished(settings, clock)
    yield house
    house.close()


@pytest.fixture
def client(house):
    return hosting.make_app(house).test_client()


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path / "office")
    yield office
    office.close()
