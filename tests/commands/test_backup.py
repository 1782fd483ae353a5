"""`idarati backup` and `idarati restore`, as somebody types them."""

import json
from functools import partial

import pytest
from click.testing import CliRunner

from server.actions import people, reception
from server.actions import setup as setups
from server.actions.house import open_house
from server.cli import main
from server.config import Settings
from server.domain.calendar import Hours, Span
from server.store.sites import add_site
from tests.world import small_setup

PHRASES = "first pass phrase\nsecond pass phrase\n"
ALWAYS = Hours(weekly=((Span(opens_min=0, closes_min=24 * 60),),) * 7)


@pytest.fixture
def hall(data, run):
    run("migrate")
    house = open_house(Settings(data_dir=data))
    for site in ("hall", "annex"):
        house.writer.run(partial(add_site, code=site, pack="", public_key="k", demo=False))
        house.submit(site, "test:1", partial(setups.put_in_force, setup=small_setup(site, hours=ALWAYS)))
    people.add_person(house, name="Nadia", role="manager", site="hall", password="first pass phrase")
    people.add_person(house, name="Omar", role="admin", password="second pass phrase")
    house.close()


def draws(data, site="hall"):
    house = open_house(Settings(data_dir=data))
    number = house.submit(site, "kiosk:1", partial(reception.draw, service="a", language="ar")).did.turn.number
    house.close()
    return number


def restores(data, file, *words, phrases=PHRASES, exit_code=0):
    typed = ["restore", str(file), "--by", "Nadia", "--confirmed-by", "Omar", "--password-stdin", *words]
    result = CliRunner().invoke(main, [*typed, "--data", str(data)], input=phrases)
    assert result.exit_code == exit_code, result.output
    return result


def test_a_backup_says_its_digest_and_the_heads_of_all_journals(hall, run, tmp_path):
    said = json.loads(run("backup", str(tmp_path / "today.backup")).stdout)
    assert len(said["sha256"]) == 64
    assert {site: head["seq"] for site, head in said["heads"].items()} == {"annex": 2, "hall": 2}
    assert "is there already" in run("backup", str(tmp_path / "today.backup"), exit_code=1).output


def test_what_is_restored_goes_on_above_the_lost_numbers(hall, data, run, tmp_path):
    file = tmp_path / "today.backup"
    draws(data)
    run("backup", str(file))
    assert [draws(data), draws(data)] == ["A002", "A003"]
    assert "--losing hall=5" in restores(data, file, exit_code=1).output
    said = [json.loads(line) for line in restores(data, file, "--losing", "hall=5").stdout.splitlines()]
    lost = {one["site"]: one["lost"] and one["lost"]["seq"] for one in said}
    assert lost == {"annex": None, "hall": 5}
    assert draws(data) == "A004"
    assert draws(data, "annex") == "A001"
    for site in ("hall", "annex"):
        run("verify", "--site", site)
        run("replay", "--site", site)


def test_on_another_machine_somebody_has_to_say_the_numbers(hall, run, tmp_path):
    file, there = tmp_path / "today.backup", tmp_path / "there"
    run("backup", str(file))
    assert "--highest" in restores(there, file, "--highest", "hall:A=57,B=2", exit_code=1).output
    restores(there, file, "--highest", "hall:A=57,B=2", "--highest", "annex:A=0,B=0")
    assert draws(there) == "A058"
    another = tmp_path / "another"
    restores(another, file, "--nothing-since")
    assert draws(another) == "A001"


@pytest.mark.parametrize(
    "words",
    [("--losing", "hall"), ("--losing", "7"), ("--highest", "hall:A57"), ("--highest", "A=57"), ("--highest", "")],
)
def test_what_can_not_be_read_is_said(hall, data, run, tmp_path, words):
    file = tmp_path / "today.backup"
    run("backup", str(file))
    restores(data, file, *words, exit_code=2)


def test_a_wrong_pass_phrase_a_running_server_and_a_wrong_file_change_nothing(hall, data, run, tmp_path):
    file = tmp_path / "today.backup"
    run("backup", str(file))
    assert "Nothing was changed" in restores(data, file, phrases="wrong\nwrong\n", exit_code=1).output
    house = open_house(Settings(data_dir=data))
    house.hall("hall")
    assert "Stop the server first" in restores(data, file, exit_code=1).output
    house.close()
    (tmp_path / "text").write_text("no backup")
    assert "is no backup" in restores(data, tmp_path / "text", exit_code=1).output
    assert draws(data) == "A001"
