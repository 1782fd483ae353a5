"""`agent …` and `token create` as they are typed: what is printed once opens what it should, and nothing else."""

import json
from hashlib import sha256

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from server.actions import people
from server.actions.house import open_house
from server.cli import main
from server.config import Settings
from server.domain.errors import Refusal
from server.packs.shipped import shipped_text
from server.store import people as stored
from server.store import second_factors


@pytest.fixture
def site(run, tmp_path):
    run("migrate")
    file = tmp_path / "rabat.yaml"
    file.write_text(shipped_text("rabat"))
    run("site", "import", str(file))
    return "rabat"


@pytest.fixture
def house(site, data):
    house = open_house(Settings(data_dir=data))
    yield house
    house.close()


def logs_in(house, name, password):
    return not isinstance(people.log_in(house, name=name, password=password), Refusal)


def test_a_person_logs_in_with_the_pass_phrase_that_is_printed_once(run, house):
    added = json.loads(run("agent", "add", "Alice", "--site", "rabat").stdout)
    assert logs_in(house, "Alice", added["password"])
    with house.read() as conn:
        assert stored.roles_of(conn, added["code"]) == [stored.RoleRow(role="agent", site="rabat")]
        assert added["password"] not in str(conn.execute(text("SELECT * FROM people")).all())


def test_a_pass_phrase_may_be_brought_and_is_then_not_printed(house, data):
    words = ["agent", "add", "Alice", "--site", "rabat", "--role", "manager", "--password-stdin", "--data", str(data)]
    result = CliRunner().invoke(main, words, input="correct horse battery\n")
    assert result.exit_code == 0
    assert "correct horse" not in result.output
    assert logs_in(house, "Alice", "correct horse battery")


def test_a_short_pass_phrase_is_refused(site, data):
    words = ["agent", "add", "Alice", "--site", "rabat", "--password-stdin", "--data", str(data)]
    result = CliRunner().invoke(main, words, input="short\n")
    assert result.exit_code == 2
    assert "at least 10 characters" in result.stderr


def test_a_name_is_given_once(run, site):
    run("agent", "add", "Alice", "--site", "rabat")
    assert "(name_taken)" in run("agent", "add", "Alice", "--site", "rabat", exit_code=1).stderr


def test_a_reset_ends_the_old_pass_phrase(run, house):
    old = json.loads(run("agent", "add", "Alice", "--site", "rabat").stdout)["password"]
    new = json.loads(run("agent", "reset", "Alice").stdout)["password"]
    assert not logs_in(house, "Alice", old)
    assert logs_in(house, "Alice", new)
    assert "(no_such_person)" in run("agent", "reset", "Bob", exit_code=1).stderr


def test_who_is_disabled_acts_no_more_by_login_or_token(run, house):
    added = json.loads(run("agent", "add", "Alice", "--site", "rabat").stdout)
    run("token", "create", "--role", "agent", "--site", "rabat", "--agent", "Alice")
    run("agent", "disable", "Alice")
    assert people.log_in(house, name="Alice", password=added["password"]) == Refusal("account_disabled")
    with house.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM tokens WHERE revoked_at IS NULL")).scalar() == 0


def test_a_token_is_printed_once_and_kept_as_its_hash(run, house):
    made = json.loads(run("token", "create", "--role", "inspector", "--site", "rabat").stdout)
    with house.read() as conn:
        row = conn.execute(text("SELECT hash, kind, site FROM tokens")).one()
    assert row == (sha256(made["token"].encode()).hexdigest(), "inspector", "rabat")


def test_a_role_belongs_to_one_site_or_to_all(run, site):
    assert "Name the site" in run("token", "create", "--role", "agent", exit_code=2).stderr
    assert "leave --site out" in run("token", "create", "--role", "admin", "--site", "rabat", exit_code=2).stderr
    assert "(no_such_site)" in run("agent", "add", "Alice", "--site", "nowhere", exit_code=1).stderr
    assert (
        "(no_such_person)"
        in run("token", "create", "--role", "agent", "--site", "rabat", "--agent", "Bob", exit_code=1).stderr
    )
    run("agent", "add", "Charlie", "--role", "programme")


def test_a_lost_second_factor_is_taken_off(run, house):
    code = json.loads(run("agent", "add", "Alice", "--site", "rabat").stdout)["code"]
    house.writer.run(lambda conn: second_factors.propose(conn, person=code, secret="A" * 32))
    taken = json.loads(run("agent", "reset", "Alice", "--second-factor").stdout)
    assert taken == {"code": code, "name": "Alice", "second_factor": False}
    with house.read() as conn:
        assert second_factors.second_factor(conn, code) is None
    assert "(no_such_person)" in run("agent", "reset", "Nobody", "--second-factor", exit_code=1).stderr
