import re

import pytest

from server.actions import devices
from server.store import devices as stored
from tests.office import csrf_of


@pytest.fixture
def boss(office):
    office.person("manager", "rabat", "Boss")
    return office.logged_in("Boss")


def sends(client, path, **facts):
    return client.post(path, data={"csrf_token": csrf_of(client.get("/manager/rabat/devices").text), **facts})


def adds(boss, name="Hall, left", kind="display"):
    """The code on the page, and the device's own code."""
    page = sends(boss, "/manager/rabat/devices", name=name, kind=kind)
    assert page.status_code == 200, page.text
    code = re.search(r'data-role="enrol-code">([^<]+)<', page.text).group(1)
    return page, code


def own_code(office, name="Hall, left"):
    return next(row.code for row in devices.devices_of(office.house, "rabat") if row.name == name)


def test_a_machine_is_added_and_enrolled_by_the_code_shown_once(office, boss):
    page, code = adds(boss)
    assert "qr-code" in page.text
    assert f"http://hall.example/enrol/{code}" in page.text
    assert code not in boss.get("/manager/rabat/devices").text
    machine = office.client()
    csrf = csrf_of(machine.get("/display/rabat").text)
    typed = f"{code[:5].lower()} {code[5:].lower()}"
    assert machine.post("/enrol", data={"csrf_token": csrf, "code": typed}).status_code == 303
    assert machine.get("/display/rabat").status_code == 200


def test_a_devices_cookie_opens_its_own_page_alone(office, boss):
    _page, code = adds(boss)
    machine = office.client()
    machine.get(f"/enrol/{code}")
    assert machine.get("/display/rabat").status_code == 200
    for other in ("/kiosk/rabat", "/display/eljadida", "/kiosk/eljadida"):
        assert machine.get(other).status_code == 401, other
    for other in ("/counter/rabat", "/manager/rabat", "/manager/rabat/people", "/manager/rabat/devices", "/account"):
        assert machine.get(other).status_code == 302, other


def test_a_revoked_machine_is_out_at_once_and_for_good(office, boss):
    _page, code = adds(boss)
    machine, device = office.client(), own_code(office)
    machine.get(f"/enrol/{code}")
    assert machine.get("/display/rabat").status_code == 200
    assert sends(boss, f"/manager/rabat/devices/{device}/revocations").status_code == 303
    assert machine.get("/display/rabat").status_code == 401
    assert sends(boss, f"/manager/rabat/devices/{device}/codes").status_code == 409


def test_a_new_code_replaces_the_one_that_was_not_used(office, boss):
    _page, code = adds(boss)
    page = sends(boss, f"/manager/rabat/devices/{own_code(office)}/codes")
    fresh = re.search(r'data-role="enrol-code">([^<]+)<', page.text).group(1)
    assert office.client().get(f"/enrol/{code}").status_code == 410
    assert office.client().get(f"/enrol/{fresh}").status_code == 303


def test_a_machine_gets_another_name(office, boss):
    adds(boss)
    device = own_code(office)
    assert sends(boss, f"/manager/rabat/devices/{device}/name", name="  Hall,   right ").status_code == 303
    assert own_code(office, "Hall, right") == device
    assert sends(boss, f"/manager/rabat/devices/{device}/name", name=" ").status_code == 422


def test_a_manager_reaches_no_machine_of_another_site(office, boss):
    theirs = devices.add_device(office.house, site="eljadida", kind="kiosk", name="Theirs")
    assert "Theirs" not in boss.get("/manager/rabat/devices").text
    for verb in ("codes", "name", "revocations"):
        assert sends(boss, f"/manager/rabat/devices/{theirs.code}/{verb}", name="Mine").status_code == 404
    with office.house.read() as conn:
        row = stored.device(conn, theirs.code)
    assert (row.name, row.revoked_at) == ("Theirs", None)


def test_the_page_says_when_a_machine_was_last_seen_and_its_version(office, boss):
    _page, code = adds(boss)
    machine, signs = office.client(), office.app.extensions["life_signs"]
    machine.get(f"/enrol/{code}")
    machine.get("/display/rabat")
    signs.write()
    page = boss.get("/manager/rabat/devices?lang=en").text
    assert "Online" in page
    assert "0.1.0" in page
    office.clock.advance(minutes=30)
    assert "Online" not in boss.get("/manager/rabat/devices").text


def test_no_other_kind_is_offered_or_taken(boss):
    assert sends(boss, "/manager/rabat/devices", name="x", kind="relay").status_code == 422
    assert sends(boss, "/manager/rabat/devices", name="", kind="kiosk").status_code == 422
