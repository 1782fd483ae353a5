"""Whoever may no longer act is cut off the live channel: at once here, within a turn from another process."""

import pytest
import socketio.exceptions
from sqlalchemy import update

from server.actions import devices, people
from server.store import schema
from server.web import access
from server.web.life_signs import LifeSigns
from tests.live import stage


@pytest.fixture
def live(house):
    with stage.serving_live(house, beat_s=0.3, look_s=0.1) as (address, live):
        yield address, live.channel


def display(house, site="hall"):
    added = devices.add_device(house, site=site, kind="display", name="left", printer="")
    return added.code, devices.create_device_token(house, device=added.code)


def watches(address, token):
    screen = stage.Screen(address, token=token).join()
    screen.next("snapshot")
    return screen


def test_a_revoked_devices_socket_is_cut_and_the_others_stay(house, live):
    address, channel = live
    (device, token), (_other, other_token) = display(house), display(house)
    revoked, stays = watches(address, token), watches(address, other_token)
    assert channel.cut() == 0
    devices.revoke_device(house, device=device)
    assert channel.cut() == 1
    assert revoked.is_cut()
    number = stage.draws(house)
    assert stays.next("entry")["seq"] > 0
    assert number
    stays.leave()


def test_a_revoked_device_cannot_come_back(house, live, monkeypatch):
    monkeypatch.setattr(access, "BELIEVED_S", 0.0)
    address, channel = live
    device, token = display(house)
    screen = watches(address, token)
    devices.revoke_device(house, device=device)
    channel.cut()
    assert screen.is_cut()
    # A process believes for a second a token that it has just seen; where the page revokes, it forgets at once.
    with pytest.raises(socketio.exceptions.ConnectionError):
        stage.Screen(address, token=token)


def test_a_disabled_persons_socket_is_cut(house, live):
    address, channel = live
    people.add_person(house, name="Amina", role="agent", site="hall", password="one-pass-phrase-2026")
    token = people.create_token(house, role="agent", site="hall", agent="Amina")
    screen = watches(address, token)
    people.disable(house, name="Amina")
    assert channel.cut() == 1
    assert screen.is_cut()


def test_what_another_process_revoked_is_cut_within_a_turn(house, live):
    address, channel = live
    device, token = display(house)
    screen = watches(address, token)
    signs = LifeSigns(house, connected=channel.connected, cut=channel.cut, every_s=0.05)
    signs.start()
    with house.engine.execution_options(writes=True).begin() as conn:
        conn.execute(update(schema.devices).where(schema.devices.c.code == device).values(revoked_at=1))
    cut = screen.is_cut()
    signs.stop()
    assert cut


def test_an_open_socket_is_a_sign_of_life(house, live):
    address, channel = live
    device, token = display(house)
    screen = watches(address, token)
    assert [identity.code for identity in channel.connected()] == [device]
    screen.leave()
