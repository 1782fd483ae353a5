"""When a device was last seen: written seldom, never at a request's cost."""

import pytest
from sqlalchemy.exc import OperationalError

from server.actions import devices
from server.store import devices as stored
from server.store.schema import to_ms
from server.store.writer import Busy
from tests.office import Office


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path, sites=("rabat",))
    yield office
    office.close()


@pytest.fixture
def kiosk(office):
    added = devices.add_device(office.house, site="rabat", kind="kiosk", name="hall")
    return added.code, devices.create_device_token(office.house, device=added.code)


def row(office, kiosk):
    with office.house.read() as conn:
        return stored.device(conn, kiosk[0])


def asks(office, kiosk, **headers):
    answer = office.client().get(
        "/api/v1/sites/rabat/board", headers={"Authorization": f"Bearer {kiosk[1]}", **headers}
    )
    assert answer.status_code == 200


def writes(office):
    """How many transactions of the writer it takes to write what is due."""
    ran, run = [], office.house.writer.run
    office.house.writer.run = lambda write: (ran.append(write), run(write))[1]
    try:
        office.app.extensions["life_signs"].write()
    finally:
        office.house.writer.run = run
    return len(ran)


def test_a_call_of_the_api_is_a_sign_of_life_with_the_version_it_says(office, kiosk):
    assert row(office, kiosk).last_seen_at is None
    asks(office, kiosk, **{"X-Idarati-Version": "box 2.1"})
    assert row(office, kiosk).last_seen_at is None, "a request waits for no writing"
    assert writes(office) == 1
    assert row(office, kiosk).last_seen_at == to_ms(office.clock.now())
    assert row(office, kiosk).version == "box 2.1"
    office.clock.advance(minutes=2)
    asks(office, kiosk)
    writes(office)
    assert row(office, kiosk).version == "box 2.1"


def test_it_is_written_at_most_once_a_minute_and_never_lost(office, kiosk):
    asks(office, kiosk)
    assert writes(office) == 1
    first = office.clock.now()
    for _ in range(5):
        office.clock.advance(seconds=10)
        asks(office, kiosk)
        assert writes(office) == 0
    last = office.clock.now()
    assert row(office, kiosk).last_seen_at == to_ms(first)
    office.clock.advance(seconds=10)
    assert writes(office) == 1
    assert row(office, kiosk).last_seen_at == to_ms(last)


def test_a_thousand_requests_are_one_writing(office, kiosk):
    for _ in range(50):
        asks(office, kiosk)
    assert writes(office) == 1
    assert writes(office) == 0


@pytest.mark.parametrize("error", [Busy("x"), TimeoutError(), OperationalError("x", None, Exception())])
def test_what_the_database_does_not_take_is_written_later(office, kiosk, error):
    asks(office, kiosk)
    signs, run = office.app.extensions["life_signs"], office.house.writer.run

    def fails(_write):
        raise error

    office.house.writer.run = fails
    signs.write()
    office.house.writer.run = run
    assert row(office, kiosk).last_seen_at is None
    signs.write()
    assert row(office, kiosk).last_seen_at == to_ms(office.clock.now())


def test_a_refused_request_is_no_sign_of_life(office, kiosk):
    client = office.client()
    assert client.get("/api/v1/sites/rabat/journal", headers={"Authorization": f"Bearer {kiosk[1]}"}).status_code == 403
    assert writes(office) == 0


def test_a_display_that_falls_silent_is_an_alert_of_the_site(office):
    added = devices.add_device(office.house, site="rabat", kind="display", name="hall")
    display = (added.code, devices.create_device_token(office.house, device=added.code))
    boss = office.api(office.person("manager", "rabat"))
    asks(office, display)
    writes(office)
    office.clock.advance(minutes=2)
    assert boss.get("/sites/rabat/alerts").json["alerts"] == []
    office.clock.advance(seconds=1)
    (alert,) = boss.get("/sites/rabat/alerts").json["alerts"]
    assert (alert["code"], alert["device"]) == ("display_stale", display[0])
    asks(office, display)
    writes(office)
    assert boss.get("/sites/rabat/alerts").json["alerts"] == []
