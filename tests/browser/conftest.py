"""Every test of a page gets the real server, a real browser, and pages whose complaints fail the test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.pages import Pages
from tests.served import Served, demonstration


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Served]:
    """One demonstration with a quiet hall for all of them; it asks for the browser, so as not to be made in vain."""
    with demonstration(tmp_path_factory.mktemp("demo")) as served:
        yield served


@pytest.fixture
def pages(browser: Browser, served: Served) -> Iterator[Pages]:
    pages = Pages(browser, served)
    yield pages
    pages.close()
    assert pages.watch.complaints == []
