"""The console's page and data: for this site's agents alone, without a trace of the agent before, alone with one's own day."""

import pytest

from tests.counter.consoles import console

NOTHING = {"served": 0, "no_shows": 0, "median_s": None, "out_of_order": 0, "undone": 0, "put_backs": 0}


@pytest.fixture
def amina(office):
    return console(office)


def draws(kiosk, service="mut", **more):
    return kiosk.post("/sites/rabat/tickets", {"service": service, "language": "ar", **more}).json


@pytest.mark.parametrize("lang", ["ar", "zgh", "fr", "en"])
def test_the_page_is_had_in_each_language_of_the_site(amina, lang):
    page = amina.page(lang).text
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}"' in page
    assert "<kbd>N</kbd>" in page


def test_an_agent_of_another_site_is_refused_and_reads_nothing(office):
    stranger = console(office, "Brahim", "eljadida")
    stranger.site = "rabat"
    assert stranger.page().status_code == 403
    answer = stranger.client.get("/counter/rabat/state", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (403, "wrong_site")


def test_a_manager_has_no_console(office):
    office.person("manager", "rabat", "Khadija")
    answer = office.logged_in("Khadija").get("/counter/rabat/state", headers={"Accept": "application/json"})
    assert answer.status_code in (401, 403)


def test_a_shift_that_the_manager_closed_leaves_the_console_without_a_counter(office, kiosk, amina):
    amina.opens()
    number = draws(kiosk)["number"]
    amina.calls()
    manager = office.api(office.person("manager", "rabat"))
    assert manager.delete("/counters/rabat-3/shifts/current").status_code == 200
    state = amina.state()
    assert state["counter"] is None
    assert not any(state["may"].values())
    left = next(counter for counter in state["counters"] if counter["id"] == "rabat-3")
    assert (left["state"], left["number"]) == ("closed", number)
    assert amina.calls().json["code"] == "counter_closed"


def test_leaving_closes_the_counter_and_ends_the_login(amina):
    amina.opens()
    answer = amina.leaves()
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=/counter/rabat")
    assert amina.page().headers["Location"] == "/login?next=/counter/rabat"


def test_leaving_is_refused_while_somebody_is_at_the_counter(kiosk, amina):
    amina.opens()
    draws(kiosk)
    amina.calls()
    assert amina.leaves().json["code"] == "counter_busy"
    assert amina.state()["present"] is not None


def test_leaving_works_where_no_counter_was_opened(amina):
    assert amina.leaves().status_code == 303


def test_the_next_agent_sees_nothing_of_the_one_before(office, kiosk, amina):
    amina.opens()
    ticket = draws(kiosk)["id"]
    amina.calls()
    amina.moves(ticket, "finishes")
    amina.leaves()
    office.person("agent", "rabat", "Brahim")
    amina.logs_in_as("Brahim")
    assert "Amina" not in amina.page().text
    assert amina.state()["counter"] is None
    assert amina.own_day() == NOTHING


def test_what_the_console_shows_is_kept_by_no_browser(amina):
    for path in ("/state", "/own-day"):
        assert amina.client.get(f"/counter/rabat{path}").headers["Cache-Control"] == "no-store"


def test_a_console_that_is_opened_again_costs_a_word_and_holds_nobody_at_the_counter(amina, kiosk):
    before = amina.page()
    number = draws(kiosk)["number"]
    amina.opens()
    amina.calls()
    again = amina.client.get("/counter/rabat?lang=fr", headers={"If-None-Match": before.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert number not in before.text
    assert number in str(amina.state())


def test_the_own_day_counts_what_this_agent_did(office, kiosk, amina):
    brahim = console(office, "Brahim")
    amina.opens("rabat-3")
    brahim.opens("rabat-4")
    for _ in range(3):
        draws(kiosk)
    for minutes in (4, 8):
        ticket = amina.calls("rabat-3").json["ticket"]["id"]
        amina.moves(ticket, "starts")
        office.clock.advance(minutes=minutes)
        amina.moves(ticket, "finishes")
    ticket = amina.calls("rabat-3").json["ticket"]["id"]
    amina.moves(ticket, "recalls")
    office.clock.advance(seconds=61)
    amina.moves(ticket, "no-shows")
    assert amina.own_day() == {**NOTHING, "served": 2, "no_shows": 1, "median_s": 360}
    assert brahim.own_day() == NOTHING


def test_the_own_day_counts_calls_out_of_order_undos_and_put_backs_of_this_agent_alone(office, kiosk, amina):
    brahim = console(office, "Brahim")
    amina.opens("rabat-3")
    brahim.opens("rabat-4")
    draws(kiosk)
    second = draws(kiosk)["id"]
    assert amina.calls(ticket=second, reason="our_error").status_code == 201
    assert amina.moves(second, "undos").status_code == 201
    amina.calls(ticket=second, reason="medical")
    amina.moves(second, "recalls")
    office.clock.advance(seconds=61)
    amina.moves(second, "no-shows")
    assert brahim.moves(second, "put-backs").status_code == 201
    assert amina.own_day() == {**NOTHING, "no_shows": 1, "out_of_order": 2, "undone": 1}
    assert brahim.own_day() == {**NOTHING, "put_backs": 1}


@pytest.mark.parametrize("what", ["destinations", "waiting", "missed"])
def test_whoever_has_no_counter_has_nothing_to_choose_from(amina, what):
    answer = amina.client.get(f"/counter/rabat/{what}", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (409, "no_shift")
    amina.opens()
    assert amina.client.get(f"/counter/rabat/{what}").status_code == 200


def test_the_picture_of_a_full_hall_is_small(office, kiosk, amina):
    amina.opens()
    for _ in range(60):
        draws(kiosk)
    amina.calls()
    answer = amina.client.get("/counter/rabat/state?lang=ar", headers={"Accept-Encoding": "gzip"})
    assert len(answer.data) < 5000


def test_who_did_not_come_is_shown_to_the_counters_of_that_service_for_a_while(office, kiosk, amina):
    amina.opens()
    ticket = draws(kiosk)
    amina.calls()
    amina.moves(ticket["id"], "recalls")
    office.clock.advance(seconds=61)
    amina.moves(ticket["id"], "no-shows")
    assert [(missed["number"], missed["at"]) for missed in amina.state()["missed"]] == [(ticket["number"], "09:01")]
    office.clock.advance(minutes=16)
    assert amina.state()["missed"] == []


def test_two_windows_of_one_agent_cannot_end_the_wrong_person(office, kiosk, amina):
    amina.opens()
    for _ in range(3):
        draws(kiosk)
    first = amina.calls().json["ticket"]["id"]
    press = {"ending": "finished", "expected": first}
    second = amina.calls(**press).json["ticket"]
    other_window = amina.calls(**press)
    assert (other_window.status_code, other_window.json["code"]) == (409, "other_at_counter")
    assert second["number"] in other_window.json["title"]
    assert amina.state()["present"]["number"] == second["number"]


def test_a_counter_whose_machine_is_gone_is_offered_to_whoever_has_none(office, kiosk, amina):
    amina.opens("rabat-3")
    brahim = console(office, "Brahim")
    assert [one["id"] for one in brahim.state()["counters"] if one["gone"]] == []
    office.clock.advance(minutes=4)
    gone = [one for one in brahim.state()["counters"] if one["gone"]]
    assert [(one["id"], one["taken"], one["agent"]) for one in gone] == [("rabat-3", True, "Amina")]
    brahim.opens("rabat-4")
    assert not any(one["gone"] for one in brahim.state()["counters"])
