"""Fixtures of the display's tests: a house with two pilot sites, and its pages in the browser."""

import pytest

from server.app import create_app
from server.web.access import device_cookie
from tests.display import stage


@pytest.fixture
def house(tmp_path, sqlite_template):
    house = stage.furnished(tmp_path, sqlite_template)
    yield house
    house.close()


@pytest.fixture
def app(house):
    return create_app(house.settings, house=house)


@pytest.fixture
def display(app, house):
    """A client enrolled as a display of Rabat."""
    return stage.enrolled(app, house)


@pytest.fixture
def hall_page(browser, house):
    """Opens a display's page in the browser, enrolled for a site; errors of its script fail the test."""
    contexts, errors = [], []

    def open_page(port, path="/display/rabat?lang=fr", *, site="rabat", false_clock=False, **facts):
        address = f"http://127.0.0.1:{port}"
        context = browser.new_context(viewport={"width": 1920, "height": 1080}, **facts)
        contexts.append(context)
        cookie = {"name": device_cookie("display", site), "value": stage.display_token(house, site), "url": address}
        context.add_cookies([cookie])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        if false_clock:
            page.clock.install()
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
