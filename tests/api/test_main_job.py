"""Draw, call, serve: the main job as a program does it."""

import pytest

from tests.office import Office


def drawn(kiosk, service="acc", site="rabat", **facts):
    answer = kiosk.post(f"/sites/{site}/tickets", {"service": service, "language": "ar", **facts})
    assert answer.status_code == 201, answer.text
    return answer.json


@pytest.fixture
def kiosk(office: Office):
    return office.kiosk()


@pytest.fixture
def amina(office: Office):
    amina = office.agent()
    assert amina.post("/counters/rabat-1/shifts").status_code == 201
    return amina


def test_a_ticket_has_a_number_a_place_and_a_page(kiosk):
    ticket = drawn(kiosk)
    assert (ticket["number"], ticket["state"], ticket["ahead"], ticket["class"]) == ("A001", "waiting", 0, "ordinary")
    assert ticket["id"] == f"rabat-{ticket['seq']}"
    assert ticket["follow_url"] == f"http://hall.example/t/{ticket['public_id']}"
    assert (ticket["estimate"], ticket["estimate_why"]) == (None, "no_counter_open")


def test_a_program_checks_somebody_in_for_an_appointment(kiosk):
    facts = {"service": "mut", "class": "appointment"}
    on_time = drawn(kiosk, **facts, appointment="2026-11-24T10:10:00+01:00")
    assert (on_time["class"], on_time["may_not_be_served"]) == ("appointment", False)
    assert on_time["appointment"] == {
        "at": "2026-11-24T09:10:00.000Z",
        "standing": "on_time",
        "counts_from": "2026-11-24T09:00:00.000Z",
    }
    early = drawn(kiosk, **facts, appointment="2026-11-24T12:00:00Z")
    assert (early["appointment"]["counts_from"], early["estimate_why"]) == ("2026-11-24T11:45:00.000Z", "appointment")
    assert kiosk.get(f"/tickets/{early['id']}").json["estimate_why"] == "appointment"


def test_the_agent_calls_starts_and_finishes(kiosk, amina):
    ticket = drawn(kiosk)
    called = amina.post("/counters/rabat-1/calls").json
    assert called["ticket"]["id"] == ticket["id"]
    assert called["counter"] == "rabat-1"
    assert called["reason"]["line"] == "serves"
    assert called["seq"] == called["ticket"]["seq"]
    started = amina.post(f"/tickets/{ticket['id']}/starts").json
    finished = amina.post(f"/tickets/{ticket['id']}/finishes", {"outcome": "done"}).json
    assert (started["state"], finished["state"], finished["ending"]) == ("serving", "ended", "served")
    assert finished["seq"] == called["seq"] + 2


def test_next_while_somebody_is_there_needs_an_ending_and_does_both(kiosk, amina):
    first, second = drawn(kiosk), drawn(kiosk)
    amina.post("/counters/rabat-1/calls")
    busy = amina.post("/counters/rabat-1/calls")
    assert (busy.status_code, busy.json["code"]) == (409, "counter_busy")
    both = amina.post("/counters/rabat-1/calls", {"ending": "finished"})
    assert both.json["ticket"]["id"] == second["id"]
    assert amina.get(f"/tickets/{first['id']}").json["ending"] == "served"


def test_a_second_press_that_names_the_person_before_ends_nobody(kiosk, amina):
    first, second, _third = drawn(kiosk), drawn(kiosk), drawn(kiosk)
    amina.post("/counters/rabat-1/calls")
    press = {"ending": "finished", "expected": first["id"]}
    assert amina.post("/counters/rabat-1/calls", press).status_code == 201
    again = amina.post("/counters/rabat-1/calls", press)
    assert (again.status_code, again.json["code"]) == (409, "other_at_counter")
    assert amina.get(f"/tickets/{second['id']}").json["state"] == "called"


def test_nobody_waiting_is_204_and_the_ending_stands(kiosk, amina):
    ticket = drawn(kiosk)
    amina.post("/counters/rabat-1/calls")
    assert amina.post("/counters/rabat-1/calls", {"ending": "finished"}).status_code == 204
    assert amina.get(f"/tickets/{ticket['id']}").json["state"] == "ended"


def test_a_no_show_needs_two_calls_and_a_minute(office, kiosk, amina):
    ticket = drawn(kiosk)
    amina.post("/counters/rabat-1/calls")
    early = amina.post(f"/tickets/{ticket['id']}/no-shows")
    assert (early.status_code, early.json["code"]) == (409, "no_show_too_soon")
    office.clock.advance(seconds=61)
    assert amina.post(f"/tickets/{ticket['id']}/no-shows").json["code"] == "no_show_too_soon"
    assert amina.post(f"/tickets/{ticket['id']}/recalls").json["calls"] == 2
    assert amina.post(f"/tickets/{ticket['id']}/no-shows").json["ending"] == "no_show"


def test_the_same_key_gives_the_same_answer_even_when_the_hall_has_moved_on(office, kiosk, amina):
    body = {"service": "acc", "language": "ar"}
    first = kiosk.post("/sites/rabat/tickets", body, key="touch-1")
    amina.post("/counters/rabat-1/calls")
    office.clock.advance(minutes=5)
    again = kiosk.post("/sites/rabat/tickets", body, key="touch-1")
    assert (again.status_code, again.json) == (201, first.json)
    other = kiosk.post("/sites/rabat/tickets", {**body, "service": "mut"}, key="touch-1")
    assert (other.status_code, other.json["code"]) == (422, "key_reused")


def test_keys_belong_to_their_token(office, kiosk):
    body = {"service": "acc", "language": "ar"}
    mine = kiosk.post("/sites/rabat/tickets", body, key="touch-1").json
    others = office.kiosk().post("/sites/rabat/tickets", body, key="touch-1").json
    assert mine["id"] != others["id"]


def test_a_pause_keeps_people_away(kiosk, amina):
    drawn(kiosk)
    assert amina.post("/counters/rabat-1/pauses", {"reason": "prayer"}).status_code == 201
    assert amina.post("/counters/rabat-1/calls").json["code"] == "counter_paused"
    assert amina.delete("/counters/rabat-1/pauses/current").status_code == 200
    assert amina.post("/counters/rabat-1/calls").status_code == 201


def test_one_agent_per_counter_and_one_counter_per_agent(office, amina):
    assert amina.post("/counters/rabat-1/shifts").json["code"] == "counter_taken"
    assert amina.post("/counters/rabat-2/shifts").json["code"] == "agent_elsewhere"
    bilal = office.agent(name="Bilal")
    assert bilal.post("/counters/rabat-1/shifts").json["code"] == "counter_taken"
    assert bilal.post("/counters/rabat-1/calls").json["code"] == "not_your_counter"


def test_the_manager_closes_what_a_dead_machine_left_open(office, kiosk, amina):
    ticket = drawn(kiosk)
    amina.post("/counters/rabat-1/calls")
    manager = office.api(office.person("manager", "rabat"))
    assert manager.delete("/counters/rabat-1/shifts/current").status_code == 200
    bilal = office.agent(name="Bilal")
    bilal.post("/counters/rabat-1/shifts")
    assert bilal.post(f"/tickets/{ticket['id']}/finishes").json["ending"] == "served"


def test_board_line_and_journal_tell_the_same_story(office, kiosk, amina):
    ticket = drawn(kiosk)
    amina.post("/counters/rabat-1/calls")
    board = office.api(office.device("rabat", "display")).get("/sites/rabat/board").json
    assert [(call["number"], call["counter"], call["state"]) for call in board["calls"]] == [
        (ticket["number"], "rabat-1", "called")
    ]
    line = office.api(None).get("/sites/rabat/lines/acc")
    assert line.json["calls"][0]["number"] == ticket["number"]
    unchanged = office.client().get("/api/v1/sites/rabat/lines/acc", headers={"If-None-Match": line.headers["ETag"]})
    assert unchanged.status_code == 304
    entries = office.api(office.person("inspector", "rabat")).get("/sites/rabat/journal").json["entries"]
    assert [entry["kind"] for entry in entries][-3:] == ["shift.opened", "ticket.drawn", "ticket.called"]
    assert board["seq"] == entries[-1]["seq"]


def test_a_discreet_site_keeps_real_codes_out_of_what_is_public(office):
    kiosk = office.kiosk("eljadida")
    ticket = drawn(kiosk, service="cons", site="eljadida")
    assert ticket["service"] == "cons"
    board = office.api(office.device("eljadida", "display")).get("/sites/eljadida/board").text
    journal = office.api(office.person("manager", "eljadida")).get("/sites/eljadida/journal").text
    for code in ("cons", "lab", "dec"):
        assert f'"{code}"' not in board + journal


def test_a_withdrawn_ticket_is_not_called(kiosk, amina):
    ticket = drawn(kiosk)
    assert kiosk.post(f"/tickets/{ticket['id']}/withdrawals").json["ending"] == "withdrawn"
    assert amina.post("/counters/rabat-1/calls").status_code == 204
    assert kiosk.post(f"/tickets/{ticket['id']}/withdrawals").json["code"] == "illegal_move"
