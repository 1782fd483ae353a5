"""`site import` and `site export` as they are typed, also beside a server that runs on the same database."""

import json
from datetime import date
from functools import partial

import pytest

from server.actions import setup as setups
from server.actions.house import open_house
from server.config import Settings
from server.domain.calendar import Span, SpecialOpening
from server.packs.shipped import shipped_text


@pytest.fixture
def file(run, tmp_path):
    run("migrate")
    file = tmp_path / "rabat.yaml"
    file.write_text(shipped_text("rabat"))
    return file


@pytest.fixture
def server(file, data):
    house = open_house(Settings(data_dir=data))
    yield house
    house.close()


def test_a_new_site_begins_with_its_set_up(run, file, server):
    assert json.loads(run("site", "import", str(file)).stdout) == {"site": "rabat", "new": True, "seq": 1}
    assert len(server.public_key("rabat")) == 64
    assert json.loads(run("verify", "--site", "rabat").stdout)["seq"] == 2


def test_the_same_file_again_changes_nothing(run, file):
    run("site", "import", str(file))
    assert json.loads(run("site", "import", str(file)).stdout) == {"site": "rabat", "new": False, "seq": None}


def test_what_is_exported_is_what_was_imported(run, file):
    run("site", "import", str(file))
    assert run("site", "export", "rabat").stdout == file.read_text()


def test_a_changed_file_is_an_entry_that_a_running_server_takes_over(run, file, server):
    run("site", "import", str(file))
    assert server.pack("rabat").change_over_min == 240
    file.write_text(file.read_text().replace("change_over: 04:00", "change_over: 03:00"))
    assert json.loads(run("site", "import", str(file)).stdout) == {"site": "rabat", "new": False, "seq": 3}
    assert server.hall("rabat").setup.change_over_min == 180
    assert server.pack("rabat").change_over_min == 180


def test_a_special_opening_outlives_the_same_file_and_another(run, file, server):
    run("site", "import", str(file))
    opening = SpecialOpening(on=date(2099, 1, 3), spans=(Span(opens_min=0, closes_min=60),), reason="event")
    server.submit("rabat", "manager:x", partial(setups.open_specially, opening=opening))
    assert json.loads(run("site", "import", str(file)).stdout)["seq"] is None
    file.write_text(file.read_text().replace("change_over: 04:00", "change_over: 03:00"))
    run("site", "import", str(file))
    assert opening in server.hall("rabat").setup.hours.specials


def test_a_file_that_is_no_pack_is_refused_with_its_line(run, file):
    file.write_text(file.read_text().replace("change_over: 04:00", "change_over: noon"))
    stderr = run("site", "import", str(file), exit_code=1).stderr
    assert "rabat.yaml:" in stderr
    assert "change_over: expected a time of day" in stderr
    file.write_bytes(b"\xff\xfe")
    assert "expected UTF-8 text" in run("site", "import", str(file), exit_code=1).stderr
    assert "There is no site 'rabat'" in run("site", "export", "rabat", exit_code=1).stderr
