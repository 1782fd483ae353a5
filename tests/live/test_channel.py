"""The live channel on real sockets: who may listen, and what is heard in which order."""

import pytest
import socketio

from server.web.access import device_cookie
from tests.live import stage
from tests.live.stage import calls, draws, opens, starts

pytestmark = pytest.mark.slow


def refusal(address, **facts):
    client = socketio.Client(reconnection=False)
    told = []
    client.on("connect_error", told.append, namespace="/live")
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(address, transports=["websocket"], namespaces=["/live"], **facts)
    return told[0]["message"]


def test_whoever_joins_gets_the_board_then_each_entry(house, screen):
    draws(house)
    display = screen().join()
    snapshot = display.next("snapshot")
    assert snapshot["seq"] == house.hall("hall").seq
    assert [line["waiting"] for line in snapshot["lines"]] == [1, 0]
    opens(house)
    calls(house)
    opened, called = display.next("entry"), display.next("entry")
    assert set(opened) == {"seq", "kind", "at"}
    assert (opened["seq"], called["seq"]) == (snapshot["seq"] + 1, snapshot["seq"] + 2)
    assert called["kind"] == "ticket.called"
    assert called["number"] == "A001"
    assert called["service"] == "a"
    assert (called["counter"], called["counter_label"], called["zone"]) == ("hall-1", "1", "main")
    assert called["waiting"] == 0


def test_a_beat_says_how_far_the_journal_is(house, screen):
    display = screen().join()
    seq = display.next("snapshot")["seq"]
    beat = display.next("beat")
    assert (beat["site"], beat["seq"]) == ("hall", seq)
    draws(house)
    assert display.next("entry")["seq"] == seq + 1
    while display.next("beat")["seq"] != seq + 1:
        pass


def test_joining_again_gives_a_new_snapshot_and_no_second_room(house, screen):
    display = screen().join()
    display.next("snapshot")
    turn = draws(house).turn
    display.next("entry")
    display.join()
    assert display.next("snapshot")["seq"] == turn.opened_seq
    draws(house)
    assert display.next("entry")["seq"] == turn.opened_seq + 1
    assert display.next("beat")["seq"] == turn.opened_seq + 1


def test_a_display_of_another_site_is_refused_and_hears_nothing(house, screen):
    display = screen(token="display-other").join("hall")
    assert display.next() == ("refused", {"code": "wrong_site", "site": "hall"})
    draws(house)
    assert display.hears_nothing()


def test_a_site_that_does_not_exist_is_refused(house, screen):
    stage.add_token(house, "everywhere", kind="programme", site="")
    programme = screen(token="everywhere")
    assert programme.join("nowhere").next("refused")["code"] == "no_such_site"
    assert programme.join("other").next("snapshot")["seq"] == house.hall("other").seq


def test_a_join_that_is_not_one_is_refused(screen):
    display = screen()
    for nonsense in (None, 7, [], {"site": 3}, {}):
        display.client.emit("join", nonsense, namespace="/live")
        assert display.next("refused") == {"code": "invalid_input", "site": None}


def test_an_unknown_token_and_no_token_are_told_apart(served):
    assert refusal(served, auth={"token": "made-up"}) == "token_unknown"
    assert refusal(served) == "token_missing"


def test_a_relay_prints_and_does_not_watch(house, screen):
    stage.add_token(house, "relay", kind="relay", site="hall")
    assert screen(token="relay").join().next("refused")["code"] == "not_allowed"


def test_a_page_is_known_by_its_device_cookie(house, screen):
    cookie = f"{device_cookie('display', 'hall')}=display-hall"
    display = screen(token=None, headers={"Cookie": cookie}).join()
    assert display.next("snapshot")["seq"] == house.hall("hall").seq


def test_a_cookie_under_another_devices_name_counts_for_nothing(served):
    cookie = f"{device_cookie('kiosk', 'hall')}=display-hall"
    assert refusal(served, headers={"Cookie": cookie}) == "token_missing"


def test_a_page_of_another_origin_is_kept_out(served):
    with pytest.raises(socketio.exceptions.ConnectionError):
        socketio.Client(reconnection=False).connect(
            served,
            transports=["websocket"],
            namespaces=["/live"],
            auth={"token": "display-hall"},
            headers={"Origin": "https://elsewhere.example"},
        )


def test_polling_is_not_offered(served):
    import requests

    answer = requests.get(f"{served}/socket.io/?EIO=4&transport=polling", timeout=5)
    assert answer.status_code == 400


def test_one_socket_too_many_is_told_so_and_a_place_is_free_again_later(tmp_path, sqlite_template):
    house = stage.furnished(stage.settings_on(tmp_path, sqlite_template, sockets=2))
    with stage.serving_live(house) as (address, live):
        screens = [stage.Screen(address, token="display-hall") for _ in range(2)]
        assert refusal(address, auth={"token": "display-hall"}) == "too_many_sockets"
        screens[0].leave()
        for _ in range(200):
            if live.channel.count < 2:
                break
            live.sleep(0.01)
        third = stage.Screen(address, token="display-hall").join()
        assert third.next("snapshot")["seq"] == house.hall("hall").seq
        third.leave()
        screens[1].leave()
    house.close()


def test_the_state_of_a_call_follows_the_turn(house, screen):
    turn = draws(house).turn
    opens(house)
    calls(house)
    starts(house, turn.ticket)
    (call,) = screen().join().next("snapshot")["calls"]
    assert (call["number"], call["state"], call["counter_label"]) == ("A001", "serving", "1")
