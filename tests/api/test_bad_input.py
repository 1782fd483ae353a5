"""Bad input gets a clear 4xx with a stable code, and changes nothing."""

import pytest

from server.domain.entries import instant_text
from tests.office import Office

BODY = {"service": "acc", "language": "ar"}


@pytest.fixture
def kiosk(office: Office):
    return office.kiosk()


def seq(office: Office) -> int:
    return office.house.hall("rabat").seq


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/sites/nowhere/tickets", BODY, 404, "no_such_site"),
        ("/sites/eljadida/tickets", {**BODY, "service": "acc"}, 403, "wrong_site"),
        ("/sites/rabat/tickets", {**BODY, "service": "nothing"}, 404, "no_such_service"),
        ("/sites/rabat/tickets", {**BODY, "language": "xx"}, 422, "language_not_offered"),
        ("/sites/rabat/tickets", {**BODY, "language": "es"}, 422, "language_not_offered"),
        ("/sites/rabat/tickets", {**BODY, "class": "royal"}, 422, "no_such_class"),
        ("/sites/rabat/tickets", {**BODY, "class": "appointment"}, 422, "no_such_class"),
        ("/sites/rabat/tickets", {**BODY, "channel": "telepathy"}, 422, "invalid_input"),
        ("/sites/rabat/tickets", {"service": 7, "language": "ar"}, 422, "invalid_input"),
        ("/sites/rabat/tickets", {"language": "ar"}, 422, "invalid_input"),
        ("/sites/rabat/tickets", {**BODY, "vip": True}, 422, "invalid_input"),
        ("/sites/rabat/tickets", {**BODY, "service": "x" * 1000}, 422, "invalid_input"),
        ("/sites/rabat/tickets", [1, 2], 400, "not_json"),
        ("/tickets/rabat-999999/withdrawals", {}, 404, "no_such_ticket"),
        ("/tickets/garbage/withdrawals", {}, 404, "no_such_site"),
        ("/tickets/rabat-1/withdrawals", {}, 404, "no_such_ticket"),
        ("/counters/rabat-1/calls", {}, 403, "not_allowed"),
    ],
)
def test_a_bad_request_is_refused_and_changes_nothing(office, kiosk, path, body, status, code):
    before = seq(office)
    answer = kiosk.post(path, body)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.content_type == "application/problem+json"
    assert "Traceback" not in answer.text
    assert seq(office) == before


@pytest.mark.parametrize(
    ("data", "content_type", "status", "code"),
    [
        ("{", "application/json", 400, "not_json"),
        ("null", "application/json", 400, "not_json"),
        ("service=acc", "application/x-www-form-urlencoded", 415, "media_type"),
        (b"\xff\xfe", "application/json", 400, "not_json"),
        ('{"service": "' + "x" * 70_000 + '"}', "application/json", 413, "too_large"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(kiosk, data, content_type, status, code):
    answer = kiosk.post("/sites/rabat/tickets", data=data, headers={"Content-Type": content_type})
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_a_device_must_send_a_key(office):
    token = office.device("rabat", "kiosk")
    answer = office.client().post(
        "/api/v1/sites/rabat/tickets", json=BODY, headers={"Authorization": f"Bearer {token}"}
    )
    assert (answer.status_code, answer.json["code"]) == (400, "key_required")


def test_a_closed_day_is_refused_with_the_next_opening(office, kiosk):
    office.clock.advance(hours=12)
    answer = kiosk.post("/sites/rabat/tickets", BODY)
    assert (answer.status_code, answer.json["code"]) == (409, "service_closed")
    assert "hint" in answer.json
    services = kiosk.get("/sites/rabat/services").json["services"]
    assert {row["open"] for row in services} == {False}
    assert services[0]["opens_at"] == instant_text(office.clock.now().replace(day=25, hour=8, minute=30))


def test_the_last_ticket_is_some_time_before_closing(office, kiosk):
    office.clock.advance(hours=7)
    answer = kiosk.post("/sites/rabat/tickets", BODY)
    assert (answer.status_code, answer.json["code"]) == (409, "last_ticket_passed")


def test_unknown_counter_zone_and_report_are_refused(office):
    amina = office.agent()
    assert amina.post("/counters/rabat-99/shifts").json["code"] == "no_such_counter"
    assert amina.get("/sites/rabat/board?zone=moon").json["code"] == "no_such_zone"
    manager = office.api(office.person("manager", "rabat"))
    for query in ("from=2026-13-01", "by=moon", "from=2026-11-24&to=2026-11-01", "from=2020-01-01"):
        answer = manager.get(f"/sites/rabat/reports/waits?{query}")
        assert (answer.status_code, answer.json["code"]) == (422, "invalid_input")
    assert manager.get("/sites/rabat/journal?limit=0").json["code"] == "invalid_input"
    assert manager.get("/sites/rabat/journal?after=x").json["code"] == "invalid_input"


def test_an_unknown_token_is_told_nothing_more(office):
    answer = office.api("wrong").get("/sites")
    assert (answer.status_code, answer.json["code"]) == (401, "token_unknown")
    assert office.api(None).get("/sites").json["code"] == "token_missing"


def test_the_message_is_in_the_language_of_whoever_asks(office, kiosk):
    for lang, begin in (("fr", "Ce service"), ("es", "Este servicio"), ("en", "This service")):
        office.clock.at = office.clock.at.replace(hour=22)
        answer = kiosk.post("/sites/rabat/tickets", BODY, headers={"Accept-Language": lang})
        assert answer.json["title"].startswith(begin)
