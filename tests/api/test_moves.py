"""Put back, park, transfer, undo and calls out of order, as a program does them; and what it may not."""

from hashlib import sha256

import pytest

from server.store import sealed
from tests.api.test_main_job import drawn
from tests.office import Office

NOTE = "Malaise constaté par l'agent d'accueil."


@pytest.fixture
def kiosk(office: Office):
    return office.kiosk()


@pytest.fixture
def amina(office: Office):
    amina = office.agent()
    assert amina.post("/counters/rabat-1/shifts").status_code == 201
    return amina


def called(kiosk, amina):
    ticket = drawn(kiosk)["id"]
    assert amina.post("/counters/rabat-1/calls").json["ticket"]["id"] == ticket
    return ticket


def test_a_person_is_parked_and_taken_up_again(kiosk, amina):
    ticket = called(kiosk, amina)
    parked = amina.post(f"/tickets/{ticket}/parks")
    assert (parked.status_code, parked.json["state"]) == (201, "parked")
    assert amina.post("/counters/rabat-1/calls").status_code == 204
    resumed = amina.post(f"/tickets/{ticket}/resumes")
    assert (resumed.json["state"], resumed.json["seq"]) == ("waiting", parked.json["seq"] + 1)
    assert amina.post("/counters/rabat-1/calls").json["ticket"]["id"] == ticket


def test_who_missed_the_call_is_put_back(kiosk, amina, office):
    ticket = called(kiosk, amina)
    amina.post(f"/tickets/{ticket}/recalls")
    office.clock.advance(minutes=2)
    assert amina.post(f"/tickets/{ticket}/no-shows").status_code == 201
    back = amina.post(f"/tickets/{ticket}/put-backs")
    assert (back.status_code, back.json["state"], back.json["number"]) == (201, "waiting", "A001")
    shown = amina.get(f"/tickets/{ticket}").json
    assert [turn["ending"] for turn in shown["turns"]] == ["no_show", None]
    assert shown["ahead"] == 0
    assert amina.post(f"/tickets/{ticket}/put-backs").json["code"] == "illegal_move"


def test_a_transfer_keeps_number_and_arrival(kiosk, amina):
    ticket = called(kiosk, amina)
    moved = amina.post(f"/tickets/{ticket}/transfers", {"service": "mut"})
    assert (moved.status_code, moved.json["service"], moved.json["state"]) == (201, "mut", "waiting")
    turns = amina.get(f"/tickets/{ticket}").json["turns"]
    assert [turn["ending"] for turn in turns] == ["transferred", None]
    assert turns[1]["due_at"] == turns[0]["due_at"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "transfer_nowhere"),
        ({"service": "nonsense"}, 404, "no_such_service"),
        ({"counter": "rabat-2"}, 409, "counter_closed"),
        ({"counter": "elsewhere-2"}, 404, "no_such_counter"),
        ({"service": "mut", "outcome": "<b>"}, 422, "no_such_outcome"),
    ],
)
def test_a_transfer_that_leads_nowhere_says_why_in_the_agents_language(kiosk, amina, body, status, code):
    ticket = called(kiosk, amina)
    before = amina.get(f"/tickets/{ticket}").json
    answer = amina.post(f"/tickets/{ticket}/transfers", body, headers={"Accept-Language": "ar"})
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert any("\u0600" <= letter <= "\u06ff" for letter in answer.json["title"] + answer.json.get("detail", ""))
    assert amina.get(f"/tickets/{ticket}").json == before


def test_the_last_key_is_taken_back_for_fifteen_seconds(kiosk, amina, office):
    ticket = called(kiosk, amina)
    assert amina.post(f"/tickets/{ticket}/undos").json["state"] == "waiting"
    assert amina.post(f"/tickets/{ticket}/undos").json["code"] == "nothing_to_undo"
    amina.post("/counters/rabat-1/calls")
    office.clock.advance(seconds=16)
    assert amina.post(f"/tickets/{ticket}/undos").json["code"] == "undo_too_late"


def test_two_presses_of_one_key_undo_once(kiosk, amina):
    ticket = called(kiosk, amina)
    answers = [amina.post(f"/tickets/{ticket}/undos", key="once") for _ in range(2)]
    assert answers[0].json == answers[1].json


# ---------------------------------------------------------------- out of order


def test_the_agent_is_told_how_many_are_passed_before_the_key_is_pressed(kiosk, amina):
    first, second, third = (drawn(kiosk) for _ in range(3))
    asked = amina.get(f"/counters/rabat-1/overtaken/{third['id']}").json
    assert asked == {"number": "A003", "count": 2, "numbers": [first["number"], second["number"]]}


def test_a_call_out_of_order_names_whom_it_passes_and_seals_its_note(kiosk, amina, office):
    first, second = drawn(kiosk), drawn(kiosk)
    body = {"ticket": second["id"], "reason": "medical", "note": NOTE}
    answer = amina.post("/counters/rabat-1/calls", body)
    assert answer.status_code == 201
    assert answer.json["reason"] == {"why": "medical", "overtaken": [first["id"]]}
    seq = answer.json["seq"]
    (note,) = amina.get(f"/sites/rabat/journal/{seq}/notes").json["notes"]
    manager = office.api(office.person("manager", "rabat"))
    (entry,) = manager.get(f"/sites/rabat/journal?after={seq - 1}").json["entries"]
    assert entry["body"]["sealed"] == sha256(bytes.fromhex(note["salt"]) + NOTE.encode()).hexdigest()
    assert "Malaise" not in str(entry)


def test_erasing_a_note_leaves_the_chain_whole(kiosk, amina, office):
    ticket = drawn(kiosk)["id"]
    seq = amina.post("/counters/rabat-1/calls", {"ticket": ticket, "reason": "other", "note": NOTE}).json["seq"]
    office.clock.advance(hours=1)
    assert office.house.writer.run(lambda conn: sealed.erase(conn, before=office.clock.now())) == 1
    assert office.house.writer.run(lambda conn: sealed.erase(conn, before=office.clock.now())) == 0
    (note,) = amina.get(f"/sites/rabat/journal/{seq}/notes").json["notes"]
    assert (note["text"], note["salt"]) == (None, None)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"reason": "medical"}, "ticket_required"),
        ({"ticket": "T"}, "reason_required"),
        ({"ticket": "T", "reason": "my cousin"}, "no_such_reason"),
        ({"ticket": "T", "reason": "other"}, "note_required"),
        ({"ticket": "T", "reason": "other", "note": "   "}, "note_required"),
        ({"ticket": "T", "reason": "medical", "note": "<script>alert(1)</script>"}, "note_markup"),
        ({"ticket": "T", "reason": "medical", "note": "a" * 10_000}, "note_too_long"),
        ({"note": NOTE}, "reason_required"),
    ],
)
def test_what_is_wrong_with_a_call_out_of_order_is_said_with_a_code_and_changes_nothing(
    kiosk, amina, office, body, code
):
    ticket = drawn(kiosk)["id"]
    before = office.house.hall("rabat").seq
    answer = amina.post("/counters/rabat-1/calls", {**body, **({"ticket": ticket} if "ticket" in body else {})})
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert office.house.hall("rabat").seq == before
    with office.house.read() as conn:
        assert sealed.of_entries(conn, "rabat", list(range(before + 2))) == {}


def test_a_refused_call_keeps_no_note(kiosk, amina, office):
    drawn(kiosk)
    amina.post("/counters/rabat-1/calls")
    busy = amina.post("/counters/rabat-1/calls", {"ticket": drawn(kiosk)["id"], "reason": "medical", "note": NOTE})
    assert busy.json["code"] == "counter_busy"
    with office.house.read() as conn:
        assert sealed.of_entries(conn, "rabat", list(range(20))) == {}


# ---------------------------------------------------------------- remarks, help


def test_an_agent_says_something_about_an_entry_of_his_own(kiosk, amina, office):
    drawn(kiosk)
    seq = amina.post("/counters/rabat-1/calls").json["seq"]
    answer = amina.post(f"/sites/rabat/journal/{seq}/remarks", {"text": "Il était au guichet d'à côté."})
    assert (answer.status_code, answer.json) == (201, {"about": seq, "seq": seq + 1})
    (note,) = amina.get(f"/sites/rabat/journal/{seq}/notes").json["notes"]
    assert note["text"] == "Il était au guichet d'à côté."


def test_nobody_remarks_on_an_entry_of_somebody_else_or_of_nobody(kiosk, amina, office):
    seq = drawn(kiosk)["seq"]
    said = [amina.post(f"/sites/rabat/journal/{n}/remarks", {"text": "x"}) for n in (seq, 999)]
    assert [(one.status_code, one.json["code"]) for one in said] == [(403, "not_your_entry"), (404, "no_such_entry")]
    assert amina.get(f"/sites/rabat/journal/{seq}/notes").json["code"] == "not_your_entry"


def test_a_counter_calls_for_help_and_somebody_answers(amina, office):
    assert amina.post("/counters/rabat-1/helps").status_code == 201
    assert amina.post("/counters/rabat-1/helps").json["code"] == "help_called"
    orienter = office.api(office.person("orienter", "rabat"))
    assert orienter.delete("/counters/rabat-1/helps/current").json["counter"] == "rabat-1"
    assert orienter.delete("/counters/rabat-1/helps/current").json["code"] == "no_help_called"


def test_a_colleague_takes_over_only_where_the_machine_is_gone(amina, office):
    office.person("agent", "rabat", name="Brahim")
    brahim = office.api(office.person("agent", "rabat", name="Said"))
    assert brahim.post("/counters/rabat-1/takeovers").json["code"] == "agent_there"
    office.clock.advance(minutes=4)
    taken = brahim.post("/counters/rabat-1/takeovers")
    assert (taken.status_code, taken.json["counter"]) == (201, "rabat-1")
    assert amina.post("/counters/rabat-1/calls").json["code"] == "not_your_counter"


def test_an_open_page_is_a_sign_of_life(amina, office):
    page = office.logged_in("Amina")
    office.clock.advance(minutes=4)
    assert page.get("/counter/rabat").status_code == 200
    office.app.extensions["life_signs"].write()
    said = office.api(office.person("agent", "rabat", name="Said"))
    assert said.post("/counters/rabat-1/takeovers").json["code"] == "agent_there"
