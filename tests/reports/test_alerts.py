"""Machines that have fallen silent: said while the site is open, and of those that were there today."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from server.reports.alerts import alerts
from server.store import devices
from server.store.schema import to_ms
from tests.live import stage
from tests.world import MORNING, small_setup

NINE = MORNING.replace(hour=9)
SETUP = small_setup("hall", timezone="Africa/Casablanca")


@pytest.fixture
def house(tmp_path, sqlite_template):
    house = stage.furnished(stage.settings_on(tmp_path, sqlite_template))
    yield house
    house.close()


def machine(house, code="disp11", *, kind="display", site="hall", seen=None):
    def write(conn):
        add = partial(devices.add_device, conn, printer="", enrol_hash=code, enrol_until=0, at_ms=0)
        add(code=code, site=site, kind=kind, name=code)
        if seen is not None:
            devices.note_seen(conn, code=code, at_ms=to_ms(seen), version=None)

    house.writer.run(write)
    return code


def said(house, at=NINE, setup=SETUP):
    with house.read() as conn:
        return [(alert["code"], alert["device"]) for alert in alerts(conn, "hall", at, setup=setup)]


@pytest.mark.parametrize(
    ("kind", "code"), [("display", "display_stale"), ("kiosk", "kiosk_offline"), ("counter", None), ("relay", None)]
)
def test_a_machine_that_was_seen_today_and_is_silent_for_two_minutes_is_told(house, kind, code):
    machine(house, kind=kind, seen=NINE - timedelta(minutes=2, seconds=1))
    assert said(house) == ([(code, "disp11")] if code else [])


def test_since_is_its_last_sign_of_life(house):
    machine(house, seen=NINE - timedelta(minutes=10))
    with house.read() as conn:
        (alert,) = alerts(conn, "hall", NINE, setup=SETUP)
    assert alert["since"] == "2026-11-24T08:50:00.000Z"


def test_one_that_was_seen_two_minutes_ago_lives(house):
    machine(house, seen=NINE - timedelta(minutes=2))
    assert said(house) == []


def test_one_that_was_not_seen_today_or_never_is_switched_off_on_purpose(house):
    machine(house, "never1")
    machine(house, "before", seen=NINE - timedelta(days=1))
    assert said(house) == []


def test_today_begins_at_the_sites_own_midnight(house):
    """In Algeciras it is an hour later than in UTC."""
    machine(house, "today1", seen=NINE.replace(hour=23, minute=30) - timedelta(days=1))
    machine(house, "before", seen=NINE.replace(hour=22, minute=30) - timedelta(days=1))
    assert said(house, setup=replace(SETUP, timezone="Europe/Madrid")) == [("display_stale", "today1")]


def test_outside_the_opening_hours_machines_may_sleep(house):
    machine(house, seen=NINE)
    assert said(house, at=NINE.replace(hour=21)) == []


def test_a_revoked_machine_and_another_sites_are_no_matter(house):
    seen = NINE - timedelta(minutes=5)
    machine(house, "gone11", seen=seen)
    house.writer.run(lambda conn: devices.revoke(conn, code="gone11", at_ms=0))
    machine(house, "other1", site="other", seen=seen)
    assert said(house) == []


def test_without_a_set_up_nothing_is_said_of_machines(house):
    machine(house, seen=NINE - timedelta(minutes=5))
    assert said(house, setup=None) == []
    assert said(house, setup=replace(SETUP)) != []
