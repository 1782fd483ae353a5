"""Making, continuing and refusing a demonstration's folder; what it tells to people and programs."""

import json
import stat
from functools import partial

import pytest

from server.actions import people, reception
from server.actions.house import open_house
from server.config import Settings
from server.demo import announcing, making
from server.demo.folder import NotADemo, take_folder
from server.demo.living import counters_to_open
from server.demo.load import load_of
from server.demo.making import make_demo
from server.demo.opening import keep_open
from server.demo.stage import HouseStage
from server.packs.shipped import SITES, shipped_packs
from server.reports.replay import replay
from server.store import journal
from server.store.transact import Done
from server.web import demo_facts


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return Settings(data_dir=tmp_path_factory.mktemp("demo"), demo=True)


@pytest.fixture(scope="module")
def facts(settings):
    return make_demo(settings, days_back=1)


@pytest.fixture
def house(settings, facts):
    house = open_house(settings)
    yield house
    house.close()


def test_an_empty_or_missing_folder_is_taken(tmp_path):
    assert take_folder(tmp_path, fresh=False) is None
    assert take_folder(tmp_path / "new", fresh=False) is None


@pytest.mark.parametrize("fresh", [False, True])
def test_a_folder_that_holds_something_else_is_refused_and_left_alone(tmp_path, fresh):
    (tmp_path / "idarati.db").write_text("precious")
    with pytest.raises(NotADemo, match="not a demonstration"):
        take_folder(tmp_path, fresh=fresh)
    assert (tmp_path / "idarati.db").read_text() == "precious"


def test_a_demonstration_is_continued_and_a_fresh_one_begins_with_an_empty_folder(tmp_path, facts):
    demo_facts.write_demo(tmp_path, facts)
    (tmp_path / "idarati.db").write_text("old")
    assert take_folder(tmp_path, fresh=False) == facts
    assert take_folder(tmp_path, fresh=True) is None
    assert list(tmp_path.iterdir()) == []


def test_one_that_was_not_made_to_its_end_is_begun_again(tmp_path):
    demo_facts.claim(tmp_path)
    (tmp_path / "idarati.db").write_text("half")
    assert demo_facts.read_demo(tmp_path) is None
    assert take_folder(tmp_path, fresh=False) is None
    assert list(tmp_path.iterdir()) == []


def test_what_it_knows_is_for_its_owner_alone(settings, facts):
    file = settings.data_dir / demo_facts.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert demo_facts.read_demo(settings.data_dir) == facts


def test_every_site_has_a_past_that_holds_and_a_clean_today(house):
    assert house.site_codes() == sorted(SITES)
    for site in SITES:
        hall = house.hall(site)
        assert hall.seq > 5
        assert not hall.turns
        with house.read() as conn:
            assert isinstance(journal.verify(site, journal.rows_after(conn, site), head=hall.hash), journal.Head)
            assert replay(conn, site) == []


def test_discreet_sites_keep_real_codes_out_of_the_journal(house):
    pack = house.pack("oukacha")
    real = {f'"service":"{service.code}"' for service in pack.services}
    with house.read() as conn:
        texts = [row.text for row in journal.rows_after(conn, "oukacha")]
    assert not [text for text in texts if any(code in text for code in real)]


def test_every_login_works_and_no_two_are_alike(house, facts):
    logins = [facts.admin, facts.programme]
    for site in facts.sites.values():
        logins += [site.manager, site.orienter, *(agent.login for agent in site.agents)]
    assert len({login.password for login in logins}) == len({login.name for login in logins}) == len(logins)
    for login in (facts.admin, facts.sites["rabat"].manager, facts.sites["oukacha"].agent.login):
        assert people.log_in(house, name=login.name, password=login.password).name == login.name


def test_the_agent_of_the_free_counter_is_not_on_duty_in_the_living_hall(facts):
    for pack in shipped_packs():
        site = facts.sites[pack.site]
        on_duty = counters_to_open(pack.setup(), load_of(pack))
        assert site.agent.counter == site.free_counter
        assert site.free_counter not in on_duty
        assert 4 <= len(on_duty) < len(pack.counters)


def test_the_printed_tokens_have_the_shape_that_scripts_rely_on(settings, facts):
    told = json.loads(json.dumps(announcing.tokens(settings, facts)))
    assert set(told) == {"admin", "programme", "manager", "kiosk", "display", "counter", "logins", "enrol"}
    for kind in ("manager", "kiosk", "display", "counter"):
        assert set(told[kind]) == set(SITES)
    assert set(told["counter"]["rabat"]) == {f"rabat-{n}" for n in range(1, 11)}
    assert all(isinstance(token, str) and len(token) > 30 for token in told["counter"]["rabat"].values())
    assert set(told["logins"]) == {"admin", "programme", "manager", "orienter", "agent"}
    name, password = told["logins"]["agent"]["algeciras"]
    assert [name, password] == told["logins"]["agent"]["algeciras"]
    assert told["enrol"]["kiosk"]["rabat"].startswith("http://127.0.0.1:5000/enrol/")
    assert set(told["enrol"]) == {"kiosk", "display", "counter"}


def test_the_terminal_names_every_screen_and_login(settings, facts):
    told = "\n".join(announcing.lines(settings, facts))
    for site in SITES:
        for screen in ("kiosk", "display", "counter", "desk", "manager"):
            assert f"http://127.0.0.1:5000/{screen}/{site}" in told
        assert facts.sites[site].manager.password in told
    assert facts.admin.password in told


@pytest.mark.parametrize(
    ("host", "expected"),
    [("0.0.0.0", "http://127.0.0.1:8080"), ("::1", "http://[::1]:8080"), ("desk", "http://desk:8080")],
)
def test_the_address_is_one_that_a_browser_here_reaches(host, expected):
    assert announcing.address(Settings(host=host, port=8080)) == expected


def test_enrolment_codes_are_renewed_and_a_revoked_device_stays_revoked(house, facts):
    renewed = making.renew_enrolment(house, facts)
    before, after = facts.sites["rabat"].device("kiosk"), renewed.sites["rabat"].device("kiosk")
    assert before.enrol_code != after.enrol_code
    assert before.token == after.token


def test_it_is_open_at_this_hour_and_the_first_ticket_has_the_first_number(house):
    keep_open(HouseStage(house, "rabat"))
    did = house.submit("rabat", "kiosk:test", partial(reception.draw, service="mut", language="ar"))
    assert isinstance(did, Done)
    assert did.did.turn.number.endswith("001")


@pytest.mark.long
def test_a_whole_month_of_all_four_sites_holds(tmp_path):
    settings = Settings(data_dir=tmp_path, demo=True)
    make_demo(settings)
    house = open_house(settings)
    for site in SITES:
        with house.read() as conn:
            head = journal.verify(site, journal.rows_after(conn, site))
            assert isinstance(head, journal.Head)
            assert head.seq > 10_000
            assert replay(conn, site) == []
    house.close()
