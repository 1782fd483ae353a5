"""Logging in, and one's own account, through the pages as a browser sees them."""

import re
from html import unescape

import pyotp
import pytest

from server.actions import people, staff
from server.actions.staff import Keeper
from server.web import access
from tests.office import PASSWORD, Office, csrf_of

BOSS = Keeper(code="boss11", role="manager", site="rabat")


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path, sites=("rabat",), second_factor="required")
    yield office
    office.close()


def sends(client, path, page=None, **facts):
    """The form of the page at `path`, filled in and sent."""
    csrf = csrf_of(client.get(page or path).text)
    return client.post(path, data={"csrf_token": csrf, **facts})


def goes_in(office, name, password=PASSWORD):
    client = office.client()
    return client, sends(client, "/login", name=name, password=password, next="/manager/rabat")


def key_on(page):
    return re.search(r'<code class="key" dir="ltr">([^<]+)</code>', page).group(1).replace(" ", "")


def now_code(office, secret):
    return pyotp.TOTP(secret).at(office.clock.now())


def sets_up(office, name="Boss"):
    """A manager who has gone through the set-up: the browser, the secret, the recovery codes."""
    client, answer = goes_in(office, name)
    assert answer.headers["Location"] == "/login/second-factor"
    secret = key_on(client.get("/login/second-factor").text)
    page = sends(client, "/login/second-factor", code=now_code(office, secret))
    assert page.status_code == 200, page.text
    return client, secret, re.findall(r"<li><code>([^<]+)</code>", page.text)


def test_an_agent_logs_in_with_the_pass_phrase_alone(office):
    office.person("agent", "rabat", "Amina")
    assert office.logged_in("Amina").get("/counter/rabat").status_code == 200


def test_a_manager_sets_the_second_factor_up_at_the_first_login(office):
    office.person("manager", "rabat", "Boss")
    client, _answer = goes_in(office, "Boss")
    assert client.get("/manager/rabat").status_code == 302
    page = client.get("/login/second-factor").text
    assert "qr-code" in page
    assert f"secret={key_on(page)}" in unescape(page)
    wrong = sends(client, "/login/second-factor", code="000000")
    assert wrong.status_code == 401
    assert key_on(wrong.text) == key_on(page)
    assert client.get("/manager/rabat").status_code == 302
    done = sends(client, "/login/second-factor", code=now_code(office, key_on(page)))
    assert len(re.findall(r"<li><code>", done.text)) == 10
    assert 'href="/manager/rabat"' in done.text
    assert client.get("/manager/rabat").status_code == 200


def test_from_then_on_it_is_asked_and_a_recovery_code_does_too(office):
    office.person("manager", "rabat", "Boss")
    _client, secret, codes = sets_up(office)
    office.clock.advance(minutes=1)
    client, _answer = goes_in(office, "Boss")
    assert "qr-code" not in client.get("/login/second-factor").text
    answer = sends(client, "/login/second-factor", code=now_code(office, secret))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/manager/rabat")
    client, _answer = goes_in(office, "Boss")
    assert sends(client, "/login/second-factor", code=codes[0]).status_code == 303
    assert client.get("/manager/rabat").status_code == 200


def test_half_a_login_ends_after_ten_minutes_and_with_a_new_pass_phrase(office):
    office.person("manager", "rabat", "Boss")
    client, _answer = goes_in(office, "Boss")
    office.clock.advance(minutes=11)
    assert client.get("/login/second-factor").headers["Location"] == "/login"
    client, _answer = goes_in(office, "Boss")
    people.reset_password(office.house, name="Boss")
    assert client.get("/login/second-factor").headers["Location"] == "/login"
    assert office.client().get("/login/second-factor").headers["Location"] == "/login"


def test_a_token_needs_no_second_factor(office):
    assert office.api(office.person("manager", "rabat")).get("/sites/rabat/journal").status_code == 200


def test_five_wrong_pass_phrases_lock_the_name_and_say_for_how_long(office):
    office.person("agent", "rabat", "Amina")
    assert [goes_in(office, "Amina", "x" * 12)[1].status_code for _ in range(5)] == [401] * 5
    _client, refused = goes_in(office, "Amina")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "300")
    assert "banner--alarm" in refused.text
    office.clock.advance(minutes=5)
    assert goes_in(office, "Amina")[1].status_code == 303


def test_failed_logins_of_one_address_are_slowed_down_whatever_the_names(office):
    client = office.client()
    statuses = [sends(client, "/login", name=f"guess {n}", password="x" * 12).status_code for n in range(31)]
    assert (statuses[:30], statuses[30]) == ([401] * 30, 429)
    assert client.post("/login").headers["Retry-After"] == "60"
    elsewhere = office.client()
    elsewhere.environ_base["REMOTE_ADDR"] = "10.9.8.7"
    assert sends(elsewhere, "/login", name="guess", password="x" * 12).status_code == 401


def test_enrolment_codes_cannot_be_tried_for_long(office):
    client = office.client()
    answers = [client.get(f"/enrol/AAAAAAAA{n:02}") for n in range(21)]
    assert [answer.status_code for answer in answers] == [410] * 20 + [429]
    assert int(answers[-1].headers["Retry-After"]) == 60
    typed = client.post("/enrol", data={"csrf_token": csrf_of(client.get("/login").text), "code": "A" * 10})
    assert typed.status_code == 410
    office.clock.advance(seconds=61)
    assert client.get("/enrol/AAAAAAAAAA").status_code == 410


def test_an_invited_person_chooses_a_pass_phrase_and_is_in(office):
    code = staff.invite_new(office.house, BOSS, name="Amina", role="agent").code
    client, path = office.client(), f"/invitation/{code}"
    assert "Amina" in client.get(path).text
    assert client.get(path).headers["Referrer-Policy"] == "no-referrer"
    differ = sends(client, path, password="a-good-phrase-1", again="a-good-phrase-2")
    assert differ.status_code == 422
    assert sends(client, path, password="aaaaaaaaaaaaa", again="aaaaaaaaaaaaa").status_code == 422
    assert sends(client, path, password="a-good-phrase-1", again="a-good-phrase-1").status_code == 303
    assert client.get("/counter/rabat").status_code == 200
    assert client.get(path).status_code == 410


def test_an_invited_manager_goes_on_to_the_second_factor(office):
    root = people.add_person(office.house, name="Root", role="admin", password=PASSWORD)
    keeper = Keeper(code=root.code, role="admin", site="rabat")
    code = staff.invite_new(office.house, keeper, name="Boss", role="manager").code
    client = office.client()
    answer = sends(client, f"/invitation/{code}", password="a-good-phrase-1", again="a-good-phrase-1")
    assert answer.headers["Location"] == "/login/second-factor"
    assert client.get("/manager/rabat").status_code == 302


def test_a_person_sees_the_own_logins_and_ends_the_others(office):
    office.person("agent", "rabat", "Amina")
    office.person("agent", "rabat", "Charlie")
    here, there, charlie = (office.logged_in(name) for name in ("Amina", "Amina", "Charlie"))
    assert here.get("/account").text.count("<tr>") == 3
    assert sends(here, "/account/other-logins/endings", page="/account").status_code == 303
    assert here.get("/account").text.count("<tr>") == 2
    assert there.get("/account").status_code == 302
    assert charlie.get("/account").status_code == 200


def test_a_login_ends_with_the_logout_itself_and_after_a_day(office):
    office.person("agent", "rabat", "Amina")
    client = office.logged_in("Amina")
    with client.session_transaction() as session:
        kept = dict(session)
    sends(client, "/logout", page="/account")
    thief = office.client()
    with thief.session_transaction() as session:
        session.update(kept)
    assert thief.get("/account").status_code == 302
    client = office.logged_in("Amina")
    office.clock.advance(hours=25)
    assert client.get("/account").status_code == 302


def test_whoever_logs_in_where_somebody_is_ends_that_login(office):
    office.person("agent", "rabat", "Amina")
    office.person("agent", "rabat", "Charlie")
    client, elsewhere = office.logged_in("Amina"), office.logged_in("Amina")
    sends(client, "/login", name="Charlie", password=PASSWORD)
    page = elsewhere.get("/account").text
    assert page.count("<tr>") == 2
    assert "Charlie" in client.get("/account").text


def test_a_new_pass_phrase_is_set_by_whoever_knows_the_old_one(office):
    office.person("agent", "rabat", "Amina")
    here, there = office.logged_in("Amina"), office.logged_in("Amina")
    path, new = "/account/password", "another-phrase-1"
    assert sends(here, path, old="x" * 12, password=new, again=new).status_code == 401
    assert sends(here, path, old=PASSWORD, password=new, again="other").status_code == 422
    assert sends(here, path, old=PASSWORD, password=PASSWORD, again=PASSWORD).status_code == 422
    assert sends(here, path, old=PASSWORD, password=new, again=new).status_code == 303
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 302)
    assert goes_in(office, "Amina", new)[1].status_code == 303


def test_an_agent_may_set_a_second_factor_up_without_having_to(office):
    office.person("agent", "rabat", "Amina")
    client, path = office.logged_in("Amina"), "/account/second-factor"
    secret = key_on(client.get(path).text)
    assert sends(client, path, code="123123").status_code == 401
    assert "<code>" in sends(client, path, code=now_code(office, secret)).text
    assert client.get(path).status_code == 303
    assert goes_in(office, "Amina")[1].headers["Location"] == "/login/second-factor"


def test_every_form_needs_its_token(office):
    office.person("agent", "rabat", "Amina")
    client = office.logged_in("Amina")
    for path in ("/account/password", "/account/other-logins/endings", "/account/second-factor", "/logout"):
        assert client.post(path).status_code == 403, path
    for path in ("/login", "/login/second-factor", "/invitation/x"):
        assert office.client().post(path).status_code == 403, path


def test_a_bearer_token_has_no_account_page(office):
    token = office.person("agent", "rabat", "Amina")
    answer = office.client().get("/account", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in {302, 401}


@pytest.mark.parametrize(
    ("agent", "named"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iPhone"),
        ("curl/8", ""),
    ],
)
def test_of_a_browser_only_program_and_system_are_kept(agent, named):
    assert access.browser_named(agent) == named
