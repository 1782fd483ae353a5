"""The hall in which the pages are opened, one for all tests that follow a tour; whatever a page complains of fails them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.access import hall as halls
from tests.access.hall import Hall


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Hall]:
    with halls.opened(tmp_path_factory.mktemp("hall"), browser) as hall:
        yield hall


@pytest.fixture
def hall(everything: Hall) -> Iterator[Hall]:
    yield everything
    complaints = everything.complaints
    everything.begin_anew()
    assert complaints == []
