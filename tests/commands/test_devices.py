"""`device …` as it is typed."""

import json

import pytest

from server.actions import devices
from server.actions.house import open_house
from server.actions.people import token_hash
from server.config import Settings
from server.domain.errors import Refusal
from server.packs.shipped import shipped_text
from server.store import tokens


@pytest.fixture
def site(run, tmp_path):
    run("migrate")
    file = tmp_path / "rabat.yaml"
    file.write_text(shipped_text("rabat"))
    run("site", "import", str(file))


@pytest.fixture
def house(site, data):
    house = open_house(Settings(data_dir=data))
    yield house
    house.close()


def added(run, *words):
    return json.loads(run("device", "add", "--site", "rabat", "--kind", "kiosk", "--name", "Hall", *words).stdout)


def listed(run):
    return [json.loads(line) for line in run("device", "list").stdout.splitlines()]


def test_an_enrolment_code_works_once(run, house):
    kiosk = added(run)
    assert kiosk["url"].endswith(f"/enrol/{kiosk['code']}")
    enrolled = devices.enrol(house, enrol_code=kiosk["code"])
    assert enrolled.device.code == kiosk["device"]
    assert devices.enrol(house, enrol_code=kiosk["code"]) == Refusal("enrolment_code_unknown")


def test_a_program_may_have_a_token_instead(run, house):
    kiosk = added(run, "--token")
    assert len(kiosk["token"]) > 40
    assert "code" not in kiosk


@pytest.mark.parametrize(("words", "unlimited"), [(["--token"], False), (["--token", "--unlimited"], True)])
def test_a_kiosk_s_token_draws_without_a_limit_only_where_that_is_asked_for(run, house, words, unlimited):
    token = added(run, *words)["token"]
    with house.read() as conn:
        assert tokens.valid_token(conn, token_hash(token)).unlimited == unlimited


def test_devices_are_listed_without_their_secrets(run, site):
    kiosk = added(run)
    (row,) = listed(run)
    assert row == {
        "device": kiosk["device"],
        "site": "rabat",
        "kind": "kiosk",
        "name": "Hall",
        "printer": "virtual:",
        "revoked_at": None,
    }


def test_a_revoked_device_cannot_enrol_any_more(run, house):
    kiosk = added(run)
    run("device", "revoke", kiosk["device"])
    assert devices.enrol(house, enrol_code=kiosk["code"]) == Refusal("enrolment_code_unknown")
    assert listed(run)[0]["revoked_at"].endswith("Z")
    assert "(no_such_device)" in run("device", "revoke", "nobody", exit_code=1).stderr


def test_a_site_and_a_kind_must_be_known(run, site):
    words = ("--name", "Hall", "--kind", "kiosk", "--site", "nowhere")
    assert "There is no site 'nowhere'" in run("device", "add", *words, exit_code=1).stderr
    run("device", "add", "--site", "rabat", "--name", "Hall", "--kind", "fridge", exit_code=2)
