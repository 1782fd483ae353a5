"""Suspensions, messages and special openings as a program of the manager changes them."""

from functools import partial

import pytest

from server.actions import setup as setups


@pytest.fixture
def nadia(office):
    return office.api(office.person("manager", "rabat", "Nadia"))


def test_a_suspension_refuses_tickets_with_its_reason_in_the_persons_language(office, nadia):
    kiosk = office.kiosk("rabat")
    service = office.packs["rabat"].services[0].code
    answer = nadia.post("/sites/rabat/suspensions", {"service": service, "reason": "system_down"})
    assert (answer.status_code, answer.json["reason"]) == (201, "system_down")
    draw = {"service": service, "language": "fr"}
    refused = kiosk.post("/sites/rabat/tickets", draw, headers={"Accept-Language": "fr"})
    assert (refused.status_code, refused.json["code"]) == (409, "suspended")
    assert refused.json["title"] == "Ce service est suspendu\u00a0: panne du système informatique."
    assert (
        "عطب في النظام المعلوماتي"
        in (kiosk.post("/sites/rabat/tickets", draw, headers={"Accept-Language": "ar"}).json["title"])
    )
    (row,) = [one for one in kiosk.get("/sites/rabat/services").json["services"] if one["code"] == service]
    assert (row["open"], row["closed_reason"], row["suspended"]) == (False, "suspended", "system_down")
    again = nadia.post("/sites/rabat/suspensions", {"service": service, "reason": "system_down"})
    assert (again.status_code, again.json["seq"]) == (200, None)
    lifted = nadia.delete(f"/sites/rabat/suspensions/{service}")
    assert (lifted.status_code, lifted.json["service"]) == (200, service)
    assert kiosk.post("/sites/rabat/tickets", draw).status_code == 201
    assert nadia.delete(f"/sites/rabat/suspensions/{service}").json["code"] == "not_suspended"


def test_beyond_the_quota_a_draw_is_refused_with_the_next_opening_and_the_list_says_so(office):
    kiosk, service = office.kiosk("rabat"), office.packs["rabat"].services[0].code
    office.house.submit("rabat", "manager:m", partial(setups.change_quota, service=service, quota=1))
    draw = {"service": service, "language": "fr"}
    assert kiosk.post("/sites/rabat/tickets", draw).status_code == 201
    refused = kiosk.post("/sites/rabat/tickets", draw, headers={"Accept-Language": "fr"})
    assert (refused.status_code, refused.json["code"]) == (409, "quota_reached")
    assert refused.json["title"].startswith("Le nombre de tickets prévu aujourd'hui pour ce service est atteint.")
    assert refused.json["hint"]
    rows = {one["code"]: one for one in kiosk.get("/sites/rabat/services").json["services"]}
    row = rows.pop(service)
    assert (row["open"], row["closed_reason"], row["quota"], row["left"]) == (False, "quota_reached", 1, 0)
    assert row["opens_at"] is not None
    assert {(one["quota"], one["left"]) for one in rows.values()} == {(None, None)}


def test_whoever_holds_a_ticket_reads_the_suspension_on_its_page(office, nadia):
    service = office.packs["rabat"].services[0].code
    ticket = office.kiosk("rabat").post("/sites/rabat/tickets", {"service": service, "language": "fr"}).json
    nadia.post("/sites/rabat/suspensions", {"service": service, "reason": "supplies"})
    page = office.client().get(f"/t/{ticket['public_id']}").text
    assert "manque d&#39;imprimés" in page or "manque d'imprimés" in page


def test_whoever_waits_reads_where_else_to_go_and_an_agent_can_move_him(office, nadia):
    service, other = (office.packs["rabat"].services[n].code for n in (0, 1))
    ticket = office.kiosk("rabat").post("/sites/rabat/tickets", {"service": service, "language": "fr"}).json
    facts = {"service": service, "reason": "supplies", "instead": other}
    assert nadia.post("/sites/rabat/suspensions", facts).json["instead"] == other
    page = office.client().get(f"/t/{ticket['public_id']}").text
    assert 'data-role="instead"' in page
    assert office.packs["rabat"].services[1].names.fr.split()[0] in page
    moved = office.agent().post(f"/tickets/{ticket['id']}/transfers", {"service": other})
    assert (moved.status_code, moved.json["service"], moved.json["number"]) == (201, other, ticket["number"])
    assert 'data-role="instead"' not in office.client().get(f"/t/{ticket['public_id']}").text


def test_at_a_discreet_site_the_journal_and_the_board_know_the_neutral_code_alone(office):
    manager = office.api(office.person("manager", "eljadida", "Nadia"))
    service = office.packs["eljadida"].services[0]
    manager.post("/sites/eljadida/suspensions", {"service": service.code, "reason": "safety"})
    board = manager.get("/sites/eljadida/board").json
    assert {line["service"]: line.get("suspended") for line in board["lines"]}[service.public_code] == "safety"
    assert service.code not in str(office.house.hall("eljadida").setup.suspended)


def test_a_message_is_on_the_board_until_it_is_taken_down(office, nadia):
    texts = {"fr": "Fermeture à <b>14 h</b>", "ar": "الإغلاق على الساعة 14"}
    until = "2026-11-24T18:00:00+01:00"
    posted = nadia.post("/sites/rabat/messages", {"texts": texts, "until": until})
    assert (posted.status_code, posted.json["until"]) == (201, "2026-11-24T17:00:00.000Z")
    (shown,) = nadia.get("/sites/rabat/board").json["messages"]
    assert (shown["id"], shown["texts"]["fr"], shown["texts"]["en"]) == (posted.json["id"], texts["fr"], None)
    assert nadia.delete(f"/sites/rabat/messages/{shown['id']}").status_code == 200
    assert nadia.get("/sites/rabat/board").json["messages"] == []
    assert nadia.delete(f"/sites/rabat/messages/{shown['id']}").json["code"] == "no_such_message"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"texts": {"fr": "x" * 201}}, "message_too_long"),
        ({"texts": {}}, "message_unread"),
        ({"texts": {"fr": "x"}, "until": "2026-11-24T18:00:00"}, "invalid_input"),
        ({"texts": {"fr": "x"}, "until": "2020-01-01T00:00:00Z"}, "message_period"),
        ({"texts": {"fr": 3}}, "invalid_input"),
        ({"texts": {"fr": "x"}, "colour": "red"}, "invalid_input"),
    ],
)
def test_a_message_that_cannot_be_shown_is_refused(nadia, body, code):
    answer = nadia.post("/sites/rabat/messages", body)
    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_a_special_opening_holds_on_its_date(office, nadia):
    special = {"on": "2026-11-28", "spans": ["09:00-12:00"], "reason": "backlog"}
    assert nadia.post("/sites/rabat/special-openings", special).status_code == 201
    office.clock.advance(hours=96, minutes=30)
    service = office.packs["rabat"].services[0].code
    assert office.kiosk("rabat").post("/sites/rabat/tickets", {"service": service, "language": "ar"}).status_code == 201
    wrong = {"on": "2026-12-01", "spans": ["9-12"], "reason": "backlog"}
    assert nadia.post("/sites/rabat/special-openings", wrong).json["code"] == "invalid_input"
    assert nadia.post("/sites/rabat/special-openings", {**special, "reason": "so"}).json["code"] == "no_such_reason"
    assert nadia.post("/sites/rabat/special-openings", {**special, "on": "2026-11-01"}).json["code"] == "date_passed"


def test_only_the_manager_of_the_site_and_the_administrator_change_it(office):
    body = {"service": office.packs["rabat"].services[0].code, "reason": "safety"}
    for token in (
        office.device("rabat", "kiosk"),
        office.person("agent", "rabat"),
        office.person("orienter", "rabat"),
        office.person("programme"),
        office.person("inspector", "rabat"),
        office.person("manager", "eljadida"),
    ):
        assert office.api(token).post("/sites/rabat/suspensions", body).status_code == 403
    assert office.api(office.person("admin")).post("/sites/rabat/suspensions", body).status_code == 201
