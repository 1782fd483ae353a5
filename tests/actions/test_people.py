"""People are no part of a site's story: these tests have a house in a folder, and tell nothing in memory."""

import subprocess
import sys
from base64 import b32encode
from datetime import UTC, datetime

import pyotp
import pytest

from server.actions import lockout, logins, people, second_factor, staff
from server.actions.house import open_house
from server.actions.staff import Invited, Keeper
from server.config import Settings
from server.domain.errors import Refusal
from server.store import people as stored
from server.store.people import PersonRow
from tests.conftest import BOTH
from tests.live import stage

PASSWORD = "one-pass-phrase-2026"
HERE, THERE = "hall", "other"
BOSS = Keeper(code="boss11", role="manager", site=HERE)


@pytest.fixture(autouse=True)
def where():
    """Not told three times."""


@pytest.fixture(params=BOTH)
def house(request, tmp_path, sqlite_template):
    if request.param == "sqlite":
        house = stage.furnished(stage.settings_on(tmp_path, sqlite_template))
        yield house
        house.close()
        return
    server = request.getfixturevalue("postgres")
    url = server.clone()
    house = stage.furnished(stage.settings_on(tmp_path, database_url=url))
    yield house
    house.close()
    server.drop(url)


def hires(house, keeper, name, role="agent"):
    invited = staff.invite_new(house, keeper, name=name, role=role)
    assert isinstance(invited, Invited), invited
    return invited


def joins(house, keeper, name, role="agent"):
    person = logins.accept_invitation(house, code=hires(house, keeper, name, role).code, password=PASSWORD)
    assert isinstance(person, PersonRow), person
    return person


def admin(house):
    added = people.add_person(house, name="Root", role="admin", password=PASSWORD)
    return Keeper(code=added.code, role="admin", site=HERE)


def tries(house, name="Amina", password="wrong-wrong-wrong", address="10.0.0.1"):
    return logins.check_password(house, name=name, password=password, address=address)


def test_an_invitation_sets_the_first_pass_phrase_once(house):
    amina = hires(house, BOSS, "Amina")
    assert tries(house, password="").code == "wrong_password"
    assert logins.invited(house, code=amina.code).name == "Amina"
    assert logins.accept_invitation(house, code=amina.code, password=PASSWORD).code == amina.person
    assert logins.accept_invitation(house, code=amina.code, password=PASSWORD) == Refusal("invitation_unknown")
    assert tries(house, password=PASSWORD).code == amina.person


def test_an_invitation_ages_and_a_new_one_replaces_it(house):
    amina = hires(house, BOSS, "Amina")
    again = staff.invite_again(house, BOSS, person=amina.person)
    assert logins.invited(house, code=amina.code) is None
    house.clock.advance(hours=72)
    assert logins.invited(house, code=again.code) is None


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaa", "Amina Idrissi 1", "abababababab"])
def test_a_weak_pass_phrase_is_refused_and_the_invitation_stays(house, password):
    amina = hires(house, BOSS, "Amina Idrissi")
    assert logins.accept_invitation(house, code=amina.code, password=password) == Refusal("weak_password")
    assert logins.accept_invitation(house, code=amina.code, password=PASSWORD).code == amina.person


@pytest.mark.parametrize("role", ["manager", "programme", "inspector", "admin"])
def test_a_manager_gives_no_role_as_high_as_his_own(house, role):
    assert staff.invite_new(house, BOSS, name="Friend", role=role) == Refusal("not_allowed")
    amina = joins(house, BOSS, "Amina")
    assert staff.change_role(house, BOSS, person=amina.code, role=role) == Refusal("not_allowed")


@pytest.mark.parametrize("role", ["agent", "orienter", "programme", "inspector", "kiosk", ""])
def test_nobody_else_keeps_people(house, role):
    keeper = Keeper(code="x", role=role, site=HERE)
    assert staff.invite_new(house, keeper, name="Amina", role="agent") == Refusal("not_allowed")


def test_nobody_raises_himself_not_even_an_administrator(house):
    root = admin(house)
    for verb in (staff.disable, staff.enable, staff.invite_again, staff.remove_second_factor):
        assert verb(house, root, person=root.code) == Refusal("not_yourself")
    assert staff.change_role(house, root, person=root.code, role="agent") == Refusal("not_yourself")


def test_of_another_sites_people_it_is_not_even_said_that_they_exist(house):
    charlie = joins(house, Keeper(code="x", role="manager", site=THERE), "Charlie")
    assert [member.person.name for member in staff.members(house, BOSS)] == []
    for verb in (staff.disable, staff.enable, staff.invite_again, staff.remove_second_factor):
        assert verb(house, BOSS, person=charlie.code) == Refusal("no_such_person")
    assert staff.change_role(house, BOSS, person=charlie.code, role="agent") == Refusal("no_such_person")


def test_a_manager_touches_nobody_who_is_more_than_an_agent_somewhere(house):
    amina = joins(house, BOSS, "Amina")
    house.writer.run(lambda conn: stored.add_role(conn, person=amina.code, role="manager", site=THERE))
    assert staff.invite_again(house, BOSS, person=amina.code) == Refusal("not_allowed")
    (member,) = staff.members(house, BOSS)
    assert (member.role, member.kept) == ("agent", False)


def test_the_last_administrator_stays(house):
    root = admin(house)
    other = people.add_person(house, name="Second", role="admin", password=PASSWORD)
    keeper = Keeper(code="x", role="admin", site=HERE)
    # One who was invited and never came is no administrator who could let others in.
    hires(house, root, "Third", "admin")
    assert staff.disable(house, root, person=other.code).code == other.code
    assert people.disable(house, name="Root") == Refusal("last_admin")
    assert staff.disable(house, keeper, person=root.code) == Refusal("last_admin")
    assert staff.change_role(house, keeper, person=root.code, role="agent") == Refusal("last_admin")
    assert isinstance(tries(house, "Root", PASSWORD), PersonRow)


def test_a_disabled_person_is_out_and_a_name_is_borne_once(house):
    amina = joins(house, BOSS, "Amina")
    logins.open_login(house, person=amina.code, address="", browser="")
    staff.disable(house, BOSS, person=amina.code)
    assert tries(house, password=PASSWORD).code == "account_disabled"
    assert logins.open_logins(house, amina.code) == []
    assert staff.invite_new(house, BOSS, name=" Amina ", role="agent") == Refusal("name_taken")
    staff.enable(house, BOSS, person=amina.code)
    assert tries(house, password=PASSWORD).code == amina.code


def test_a_change_of_pass_phrase_ends_the_other_logins(house):
    amina = joins(house, BOSS, "Amina")
    here, there = (logins.open_login(house, person=amina.code, address="", browser="") for _ in range(2))
    changed = logins.change_password(house, person=amina.code, old="not-this-one-1", new="another-phrase-1", login=here)
    assert changed == Refusal("wrong_password")
    assert logins.change_password(house, person=amina.code, old=PASSWORD, new="another-phrase-1", login=here) is None
    assert [login.hash for login in logins.open_logins(house, amina.code)] == [people.token_hash(here)]
    assert there != here
    assert tries(house, password="another-phrase-1").code == amina.code


def test_a_name_is_locked_after_five_failures_whether_or_not_somebody_bears_it(house):
    joins(house, BOSS, "Amina")
    for name in ("Amina", "Nobody"):
        assert {tries(house, name).code for _ in range(5)} == {"wrong_password"}
        refused = tries(house, name, PASSWORD)
        assert (refused.code, refused.params["seconds"]) == ("too_many_requests", 300)
    house.clock.advance(minutes=5)
    assert tries(house, password=PASSWORD).name == "Amina"


def test_waiting_out_a_lock_lets_one_try_and_a_success_forgets(house):
    joins(house, BOSS, "Amina")
    for _ in range(5):
        tries(house)
    house.clock.advance(minutes=6)
    assert tries(house).code == "wrong_password"
    assert tries(house, password=PASSWORD).code == "too_many_requests"
    house.clock.advance(minutes=6)
    assert tries(house, password=PASSWORD).name == "Amina"
    assert {tries(house).code for _ in range(4)} == {"wrong_password"}
    assert tries(house, password=PASSWORD).name == "Amina"


def test_an_address_is_locked_too_and_others_are_not(house):
    joins(house, BOSS, "Amina")
    for n in range(50):
        lockout.failed(house, lockout.name(f"guess {n}"), lockout.address("10.0.0.1"))
    assert tries(house, password=PASSWORD).code == "too_many_requests"
    assert tries(house, password=PASSWORD, address="10.0.0.2").name == "Amina"


def test_the_standards_own_codes_are_taken():
    """RFC 6238, appendix B, SHA-1, the last six of its eight digits."""
    secret = b32encode(b"12345678901234567890").decode()
    for seconds, digits in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        at = datetime.fromtimestamp(seconds, UTC)
        assert second_factor.step_of(secret, digits, at) == seconds // 30
        assert second_factor.step_of(secret, "000000", at) is None


def sets_up(house, person):
    secret = second_factor.proposal(house, person=person, name="Amina").secret
    code = pyotp.TOTP(secret).at(house.clock.now())
    return secret, second_factor.confirm(house, person=person, code=code)


def test_a_second_factor_counts_from_the_first_right_code(house):
    amina = joins(house, BOSS, "Amina")
    first = second_factor.proposal(house, person=amina.code, name="Amina")
    assert second_factor.proposal(house, person=amina.code, name="Amina") == first
    assert second_factor.confirm(house, person=amina.code, code="000000") == Refusal("wrong_code")
    assert second_factor.needed(house, amina.code) == "nothing"
    _secret, codes = sets_up(house, amina.code)
    assert (len(set(codes)), second_factor.needed(house, amina.code)) == (10, "ask")
    refused = second_factor.proposal(house, person=amina.code, name="Amina")
    assert refused == Refusal("second_factor_set_up")


def test_each_code_works_once_and_for_a_minute_and_a_half(house):
    amina = joins(house, BOSS, "Amina")
    secret, _codes = sets_up(house, amina.code)
    app = pyotp.TOTP(secret)
    used = app.at(house.clock.now())
    assert second_factor.check(house, person=amina.code, code=used) == Refusal("wrong_code")
    house.clock.advance(seconds=30)
    code = app.at(house.clock.now())
    house.clock.advance(seconds=30)
    assert second_factor.check(house, person=amina.code, code=f" {code[:3]} {code[3:]}") is None
    assert second_factor.check(house, person=amina.code, code=code) == Refusal("wrong_code")
    late = app.at(house.clock.now())
    house.clock.advance(seconds=60)
    assert second_factor.check(house, person=amina.code, code=late) == Refusal("wrong_code")


def test_a_recovery_code_works_once_however_it_is_typed(house):
    amina = joins(house, BOSS, "Amina")
    _secret, codes = sets_up(house, amina.code)
    assert second_factor.check(house, person=amina.code, code=codes[3].upper().replace("-", " ")) is None
    assert second_factor.check(house, person=amina.code, code=codes[3]) == Refusal("wrong_code")
    assert second_factor.recovery_codes_left(house, amina.code) == 9


def test_codes_cannot_be_guessed_for_long(house):
    amina = joins(house, BOSS, "Amina")
    secret, _codes = sets_up(house, amina.code)
    house.clock.advance(minutes=1)
    for n in range(5):
        second_factor.check(house, person=amina.code, code=f"00000{n}")
    refused = second_factor.check(house, person=amina.code, code=pyotp.TOTP(secret).at(house.clock.now()))
    assert refused.code == "too_many_requests"


@pytest.mark.parametrize(
    ("setting", "role", "need"),
    [
        ("required", "agent", "nothing"),
        ("required", "orienter", "nothing"),
        ("required", "manager", "set_up"),
        ("required", "programme", "set_up"),
        ("required", "inspector", "set_up"),
        ("required", "admin", "set_up"),
        ("optional", "manager", "nothing"),
        ("off", "admin", "nothing"),
    ],
)
def test_who_needs_a_second_factor(tmp_path, sqlite_template, setting, role, need):
    house = open_house(stage.settings_on(tmp_path, sqlite_template, second_factor=setting))
    house.clock = stage.FakeClock(stage.MORNING)
    stage.add_hall(house, HERE)
    site = "" if role in {"programme", "admin"} else HERE
    added = people.add_person(house, name="Somebody", role=role, site=site, password=PASSWORD)
    assert second_factor.needed(house, added.code) == need
    assert Settings().second_factor == "required"
    house.close()


def test_the_operator_reads_who_did_what_by_codes_alone(house, caplog):
    caplog.set_level("INFO")
    amina = joins(house, BOSS, "Amina Idrissi")
    staff.disable(house, BOSS, person=amina.code)
    staff.disable(house, BOSS, person="nobody")
    said = [record.getMessage() for record in caplog.records if record.name == staff.__name__]
    assert said == [
        f"hall: person {amina.code} invited as agent by manager boss11",
        f"hall: person {amina.code} disabled by manager boss11",
    ]


def test_a_stolen_password_table_is_costly_to_guess_from():
    """As the server does it; other tests make it cheap. The least that is advised: 19 MiB, two passes."""
    code = "from server.actions.people import HASHER; print(HASHER.memory_cost, HASHER.time_cost)"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    memory_kib, passes = map(int, said.split())
    assert memory_kib >= 19 * 1024
    assert passes >= 2
