"""A kiosk that is touched too fast: it says so and for how long, and a program's token is exempt."""

import pytest

from server.actions import devices
from server.web import access
from tests.kiosk import hosting


@pytest.fixture
def kiosk(app, house):
    """A machine that was enrolled, as people touch it."""
    added = devices.add_device(house, site="rabat", kind="kiosk", name="left")
    token = devices.enrol(house, enrol_code=added.enrol_code).token
    client = app.test_client()
    client.set_cookie(access.device_cookie("kiosk", "rabat"), token)
    return client


def draws(client, key):
    token = client.get("/kiosk/rabat").text.partition('name="csrf-token" content="')[2].partition('"')[0]
    return client.post(
        "/kiosk/rabat/tickets",
        json={"service": "acc", "language": "fr"},
        headers={"Idempotency-Key": key, "X-CSRF-Token": token},
    )


def test_it_is_told_how_long_to_wait_and_gets_its_ticket_then(kiosk, clock):
    assert draws(kiosk, "1").status_code == 201
    refused = draws(kiosk, "2")
    assert (refused.status_code, refused.json["code"]) == (429, "too_fast")
    assert "3 s" in refused.json["why"][0][1]
    clock.advance(seconds=3)
    assert draws(kiosk, "2").status_code == 201


def test_the_same_touch_sent_again_is_no_second_draw(kiosk):
    assert draws(kiosk, "1").json["number"] == draws(kiosk, "1").json["number"]


def test_a_program_s_token_is_exempt(app, house):
    client = hosting.enrolled_client(app, house, "rabat")
    assert [draws(client, str(n)).status_code for n in range(3)] == [201] * 3
