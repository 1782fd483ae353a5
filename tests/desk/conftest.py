from collections.abc import Iterator

import pytest

from tests.office import Office


@pytest.fixture
def office(tmp_path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.close()
