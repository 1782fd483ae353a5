import re

import pytest

from server.actions import people
from server.store import people as stored
from tests.office import PASSWORD, csrf_of

pytestmark = pytest.mark.slow


@pytest.fixture
def boss(office):
    office.person("manager", "rabat", "Boss")
    return office.logged_in("Boss")


def sends(client, path, page="/manager/rabat/people", **facts):
    return client.post(path, data={"csrf_token": csrf_of(client.get(page).text), **facts})


def code_of(office, name):
    with office.house.read() as conn:
        return stored.person_named(conn, name).code


def test_a_manager_invites_an_agent_who_then_works(office, boss):
    page = sends(boss, "/manager/rabat/people", name="Amina", role="agent")
    assert page.status_code == 200
    assert "qr-code" in page.text
    link = re.search(r'data-role="invitation-link">http://hall.example([^<]+)<', page.text).group(1)
    amina = office.client()
    answer = sends(amina, link, page=link, password="a-good-phrase-1", again="a-good-phrase-1")
    assert answer.status_code == 303
    assert amina.get("/counter/rabat").status_code == 200
    assert link not in boss.get("/manager/rabat/people").text


def test_a_manager_sees_the_own_sites_people_alone(office, boss):
    office.person("agent", "rabat", "Amina")
    office.person("agent", "eljadida", "Charlie")
    office.person("admin", "", "Root")
    page = boss.get("/manager/rabat/people").text
    assert "Amina" in page
    assert "Charlie" not in page
    assert "Root" not in page
    assert boss.get("/manager/eljadida/people").status_code == 403


def test_a_manager_reaches_nobody_of_another_site(office, boss):
    office.person("agent", "eljadida", "Charlie")
    for verb in ("invitations", "role", "disabled", "enabled", "second-factor/removals"):
        answer = sends(boss, f"/manager/rabat/people/{code_of(office, 'Charlie')}/{verb}", role="agent")
        assert (answer.status_code, "Charlie" in answer.text) == (404, False), verb
    assert office.logged_in("Charlie").get("/counter/eljadida").status_code == 200


def test_nobody_raises_himself_or_others_above_himself(office, boss):
    office.person("agent", "rabat", "Amina")
    assert sends(boss, "/manager/rabat/people", name="Friend", role="manager").status_code == 403
    for name, role, status in (("Amina", "manager", 403), ("Boss", "admin", 403), ("Boss", "agent", 403)):
        answer = sends(boss, f"/manager/rabat/people/{code_of(office, name)}/role", role=role)
        assert answer.status_code == status, (name, role)
    page = boss.get("/manager/rabat/people").text
    assert 'value="manager"' not in page


@pytest.mark.parametrize("role", ["agent", "orienter", "inspector", "programme"])
def test_nobody_else_opens_the_page(office, role):
    office.person(role, "" if role == "programme" else "rabat", "Somebody")
    client = office.logged_in("Somebody")
    assert client.get("/manager/rabat/people").status_code in {302, 403}
    assert client.get("/manager/rabat/devices").status_code in {302, 403}


def test_a_disabled_agent_is_out_with_login_and_token_and_comes_back_by_the_pass_phrase(office, boss):
    token = office.person("agent", "rabat", "Amina")
    amina, path = office.logged_in("Amina"), f"/manager/rabat/people/{code_of(office, 'Amina')}"
    assert office.api(token).get("/sites").status_code == 200
    assert sends(boss, f"{path}/disabled").status_code == 303
    # At once, though tokens are otherwise believed for a second.
    assert office.api(token).get("/sites").status_code == 401
    assert amina.get("/counter/rabat").status_code == 302
    assert sends(boss, f"{path}/enabled").status_code == 303
    assert amina.get("/counter/rabat").status_code == 302
    assert office.logged_in("Amina").get("/counter/rabat").status_code == 200


def test_an_administrator_makes_managers_and_cannot_be_the_last_to_go(office):
    office.person("admin", "", "Root")
    root = office.logged_in("Root")
    page = sends(root, "/manager/rabat/people", name="Boss", role="manager")
    assert page.status_code == 200
    assert "Root" in page.text
    people.add_person(office.house, name="Second", role="admin", password=PASSWORD)
    second = office.logged_in("Second")
    assert sends(second, f"/manager/rabat/people/{code_of(office, 'Root')}/disabled").status_code == 303
    assert sends(second, f"/manager/rabat/people/{code_of(office, 'Second')}/disabled").status_code == 403
    assert people.disable(office.house, name="Second").code == "last_admin"


def test_a_name_that_is_taken_is_refused_on_the_page_with_the_reason(office, boss):
    office.person("agent", "eljadida", "Charlie")
    answer = sends(boss, "/manager/rabat/people", name="Charlie", role="agent")
    assert answer.status_code == 409
    assert "banner--alarm" in answer.text


@pytest.mark.parametrize("lang", ["ar", "fr", "es", "en", "zgh"])
@pytest.mark.parametrize("page", ["people", "devices"])
def test_the_pages_stand_in_every_language(boss, lang, page):
    answer = boss.get(f"/manager/rabat/{page}?lang={lang}")
    assert answer.status_code == 200
    assert f'dir="{"rtl" if lang == "ar" else "ltr"}"' in answer.text


def test_what_somebody_is_called_is_no_markup(office, boss):
    page = sends(boss, "/manager/rabat/people", name="<script>x</script>", role="agent").text
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
