"""Changing the rule: by page and by program, for the next opening, or at once by a second person."""

import pytest

from tests.office import csrf_of

FORM = {
    "priority_min": "15",
    "appointment_min": "5",
    "no_show_min_calls": "3",
    "no_show_min_s": "90",
    "put_back_min": "5",
    "put_backs_max": "1",
}


@pytest.fixture
def karima(office):
    office.person("manager", "rabat", name="Karima")
    return office.logged_in("Karima")


@pytest.fixture
def said(office):
    office.person("manager", "rabat", name="Said")
    return office.logged_in("Said")


def sends(client, address, **form):
    csrf = csrf_of(client.get("/manager/rabat/rule").text)
    return client.post(address, data={**form, "csrf_token": csrf})


def rule_of(office):
    return office.house.hall("rabat").setup


def test_a_manager_writes_the_rule_of_the_next_opening_and_finds_no_button_to_hurry_it(office, karima):
    assert sends(karima, "/manager/rabat/rule", **FORM).status_code == 303
    waiting = rule_of(office).next_rule
    assert dict(waiting.head_starts) == {"ordinary": 0, "priority": 900, "appointment": 300}
    page = karima.get("/manager/rabat/rule?lang=fr").text
    assert "Ce qui change à la prochaine ouverture" in page
    assert "Appliquer tout de suite" not in page


def test_a_second_manager_puts_it_in_force_with_a_reason(office, karima, said):
    sends(karima, "/manager/rabat/rule", **FORM)
    refused = sends(karima, "/manager/rabat/rule/enforcements", reason="error")
    assert refused.status_code == 409
    assert rule_of(office).rule.version == 1
    assert "Appliquer tout de suite" in said.get("/manager/rabat/rule?lang=fr").text
    assert sends(said, "/manager/rabat/rule/enforcements", reason="error").status_code == 303
    assert (rule_of(office).rule.version, rule_of(office).rule.reason) == (2, "error")


@pytest.mark.parametrize("wrong", [{"priority_min": "500"}, {"no_show_min_calls": "x"}, {"put_backs_max": ""}])
def test_what_is_no_rule_is_refused_on_the_page_with_what_was_typed(office, karima, wrong):
    answer = sends(karima, "/manager/rabat/rule?lang=fr", **{**FORM, **wrong})
    assert answer.status_code == 422
    assert "Ces valeurs ne sont pas possibles" in answer.text
    assert 'value="90"' in answer.text
    assert rule_of(office).next_rule is None


def test_the_change_log_tells_both_steps(office, karima, said):
    sends(karima, "/manager/rabat/rule", **FORM)
    sends(said, "/manager/rabat/rule/enforcements", reason="error")
    page = karima.get("/manager/rabat/changes?lang=fr").text
    assert "attend la prochaine ouverture" in page
    assert page.count("Karima") == page.count("Said") > 0


def test_a_program_changes_the_rule_the_same_way(office):
    body = {
        "head_starts": {"ordinary": 0, "priority": 900, "appointment": 300},
        "no_show_min_calls": 3,
        "no_show_min_s": 90,
        "put_back_head_start_s": 300,
        "put_backs_max": 1,
    }
    one, other = (office.api(office.person("manager", "rabat", name=name)) for name in ("Karima", "Said"))
    made = one.post("/sites/rabat/rule", body)
    assert (made.status_code, made.json["version"], made.json["next_version"]) == (201, 1, 2)
    assert one.post("/sites/rabat/rule", body).status_code == 200
    assert one.post("/sites/rabat/rule/enforcements", {"reason": "error"}).json["code"] == "second_person_required"
    assert other.post("/sites/rabat/rule/enforcements", {"reason": "error"}).json["version"] == 2
    assert one.post("/sites/rabat/rule", {**body, "put_backs_max": 99}).json["code"] == "invalid_rule"
    agent = office.agent()
    assert agent.post("/sites/rabat/rule", body).status_code == 403
