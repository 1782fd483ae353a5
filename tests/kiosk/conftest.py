"""A house with two pilot sites at a time when both are open, and its pages."""

import shutil

import pytest

from server.clock import FakeClock
from server.config import Settings
from server.web import access
from tests.kiosk import hosting
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
def app(house):
    return hosting.make_app(house)


@pytest.fixture
def kiosk(app, house):
    return hosting.enrolled_client(app, house, "rabat")


@pytest.fixture
def address(app):
    with hosting.served(app) as url:
        yield url


@pytest.fixture
def open_kiosk(browser, address, house):
    """Opens the kiosk of a site, on the upright screen and in Arabic unless others are named, after a script of the test's
    own; fails on any error of its scripts.
    """
    contexts, errors = [], []

    def open_page(site="rabat", *, size=(1080, 1920), clock=False, locale="ar", before=""):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale)
        contexts.append(context)
        token = hosting.device_token(house, site)
        context.add_cookies([{"name": access.device_cookie("kiosk", site), "value": token, "url": address}])
        context.add_init_script(before)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        if clock:
            page.clock.install()
        page.goto(f"{address}/kiosk/{site}")
        page.wait_for_load_state("networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
