"""Who may do what. The table of routes is held here, so that a new one is thought about."""

import pytest

from server.actions import devices, people
from server.web import access
from tests.office import PASSWORD, csrf_of

#: Every endpoint that anybody may reach. Keep it short.
PUBLIC = {
    "web.file",
    "web.login",
    "web.log_in",
    "web.log_out",
    "account.second_factor",
    "account.second_factor_given",
    "account.invitation",
    "account.accept_invitation",
    "account.by_provider",
    "account.from_provider",
    "public.welcome",
    "public.enrol",
    "public.enrol_by_hand",
    "public.card",
    "public.rule",
    "public.fairness_of_site",
    "public.fairness_for_programs",
    "public.my_ticket",
    "public.components",
    "public.open_sites",
    "public.how_to_check",
    "public.verifier",
    "public.journal_days",
    "public.journal_days_for_programs",
    "public.journal_of_day",
    "public.open_screen",
    "kiosk.papers",
    "kiosk.one_paper",
    "public.healthz",
    "public.readyz",
    "api.line",
    "api.rule",
    "api.openapi",
}


def test_every_route_is_guarded_or_on_the_short_public_list(office):
    for endpoint, view in office.app.view_functions.items():
        assert hasattr(view, "guarded_by"), f"{endpoint} says neither @guard nor @public"
        assert (view.guarded_by is None) == (endpoint in PUBLIC), endpoint


def test_every_guard_names_known_kinds(office):
    known = {*people.ROLES, *devices.DEVICE_KINDS}
    for view in office.app.view_functions.values():
        assert set(getattr(view, "guarded_by", None) or ()) <= known


@pytest.mark.parametrize("kind", ["kiosk", "display", "counter", "relay"])
def test_a_device_reaches_only_what_its_kind_is_for(office, kind):
    api = office.api(office.device("rabat", kind))
    may_draw = kind in {"kiosk", "relay"}
    answer = api.post("/sites/rabat/tickets", {"service": "acc", "language": "ar"})
    assert answer.status_code == (201 if may_draw else 403)
    assert api.get("/sites/rabat/board").status_code == 200
    assert api.get("/sites/rabat/journal").status_code == 403
    assert api.post("/counters/rabat-1/calls").status_code == 403


def test_a_token_of_another_site_is_refused(office):
    amina = office.agent("eljadida")
    assert amina.post("/counters/rabat-1/shifts").json["code"] == "wrong_site"
    assert amina.get("/sites/rabat").json["code"] == "wrong_site"
    assert [site["code"] for site in amina.get("/sites").json["sites"]] == ["eljadida"]


def test_the_programme_sees_all_sites_and_changes_nothing(office):
    programme = office.api(office.person("programme"))
    assert len(programme.get("/sites").json["sites"]) == 2
    assert programme.get("/sites/rabat/reports/waits").status_code == 200
    assert programme.post("/sites/rabat/tickets", {"service": "acc", "language": "ar"}).status_code == 403


def test_an_agents_token_bound_to_a_counter_acts_only_there(office):
    people.add_person(office.house, name="Amina", role="agent", site="rabat", password=PASSWORD)
    token = people.create_token(office.house, role="agent", site="rabat", agent="Amina", counter="rabat-2")
    amina = office.api(token)
    assert amina.post("/counters/rabat-1/shifts").json["code"] == "not_your_counter"
    assert amina.post("/counters/rabat-2/shifts").status_code == 201


def test_a_disabled_person_is_out_at_once(office, monkeypatch):
    monkeypatch.setattr(access, "BELIEVED_S", 0.0)
    token = office.person("agent", "rabat", "Amina")
    page = office.logged_in("Amina")
    assert page.get("/counter/rabat").status_code == 200
    people.disable(office.house, name="Amina")
    assert office.api(token).get("/sites").status_code == 401
    assert page.get("/counter/rabat").status_code == 302


def test_a_reset_ends_older_logins(office):
    office.person("agent", "rabat", "Amina")
    page = office.logged_in("Amina")
    people.reset_password(office.house, name="Amina")
    assert page.get("/counter/rabat").status_code == 302


def test_a_wrong_pass_phrase_and_an_unknown_name_look_alike(office):
    office.person("agent", "rabat", "Amina")
    answers = []
    for name in ("Amina", "Nobody"):
        client = office.client()
        csrf = csrf_of(client.get("/login?lang=fr").text)
        answers.append(client.post("/login", data={"name": name, "password": "x" * 12, "csrf_token": csrf}))
    assert [answer.status_code for answer in answers] == [401, 401]
    assert "banner--alarm" in answers[0].text
    assert "banner--alarm" in answers[1].text


def test_a_login_sends_nobody_elsewhere(office):
    office.person("agent", "rabat", "Amina")
    for wanted in ("//evil.example", "https://evil.example", "/\\evil.example"):
        client = office.client()
        csrf = csrf_of(client.get("/login").text)
        facts = {"name": "Amina", "password": PASSWORD, "csrf_token": csrf, "next": wanted}
        assert client.post("/login", data=facts).headers["Location"] == "/"


def test_a_page_cannot_act_without_its_csrf_token(office):
    office.person("agent", "rabat", "Amina")
    page = office.logged_in("Amina")
    refused = page.post("/api/v1/counters/rabat-1/shifts", json={})
    assert (refused.status_code, refused.json["code"]) == (403, "csrf")
    with page.session_transaction() as session:
        csrf = session["csrf"]
    assert page.post("/api/v1/counters/rabat-1/shifts", json={}, headers={"X-CSRF-Token": csrf}).status_code == 201


def test_an_enrolment_code_works_once_and_a_prefetch_does_not_use_it_up(office):
    added = devices.add_device(office.house, site="rabat", kind="display", name="hall")
    client = office.client()
    assert client.get(f"/enrol/{added.enrol_code}", headers={"Sec-Purpose": "prefetch"}).status_code == 204
    assert client.head(f"/enrol/{added.enrol_code}").status_code == 204
    answer = client.get(f"/enrol/{added.enrol_code}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/display/rabat")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert office.client().get(f"/enrol/{added.enrol_code}").status_code == 410


def test_an_enrolment_code_ages(office):
    added = devices.add_device(office.house, site="rabat", kind="kiosk", name="hall")
    office.clock.advance(minutes=16)
    assert office.client().get(f"/enrol/{added.enrol_code}").status_code == 410


def test_pages_carry_a_strict_policy(office):
    answer = office.client().get("/login")
    policy = answer.headers["Content-Security-Policy"]
    assert "'unsafe" not in policy
    assert "default-src 'self'" in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_openapi_document_names_the_resources(office):
    document = office.client().get("/api/v1/openapi.json").json
    assert "/api/v1/sites/{site}/tickets" in document["paths"]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
