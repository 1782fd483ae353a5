"""An office with a clock that stands still, and its agents' consoles."""

import pytest

from tests.counter import serving
from tests.office import Office


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path)
    yield office
    office.close()


@pytest.fixture
def kiosk(office):
    return office.kiosk("rabat")


@pytest.fixture
def hall(office, browser):
    """A served office with a browser before it; whatever the browser complains of fails the test."""
    with serving.served(office) as address:
        hall = serving.BrowsedHall(office, browser, address)
        yield hall
        hall.close()
    assert hall.complaints == []
