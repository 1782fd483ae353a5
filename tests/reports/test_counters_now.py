"""A counter whose agent's machine has gone silent, and one that calls for help: said to the manager, and no more."""

import pytest

from tests.office import Office


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path)
    yield office
    office.close()


@pytest.fixture
def amina(office):
    """At counter 1, with a page open in her browser."""
    amina = office.agent()
    amina.post("/counters/rabat-1/shifts")
    office.logged_in("Amina")
    return amina


@pytest.fixture
def told(office):
    manager = office.api(office.person("manager", "rabat", name="Karima"))

    def codes():
        alerts = manager.get("/sites/rabat/alerts").json["alerts"]
        return {alert["code"]: alert for alert in alerts if "counter" in alert}

    return codes


def test_a_machine_that_gives_signs_is_no_alert(office, amina, told):
    office.clock.advance(minutes=2)
    assert "counter_silent" not in told()


def test_a_silent_machine_is_one_since_its_last_sign(office, amina, told):
    office.clock.advance(minutes=1)
    amina.post("/counters/rabat-1/calls")
    office.clock.advance(minutes=4)
    alert = told()["counter_silent"]
    assert (alert["counter"], alert["since"]) == ("rabat-1", "2026-11-24T09:00:00.000Z")


def test_a_paused_counter_and_one_that_a_program_works_are_silent_for_nobody(office, amina, told):
    brahim = office.agent(name="Brahim")
    brahim.post("/counters/rabat-2/shifts")
    amina.post("/counters/rabat-1/pauses", {"reason": "meal"})
    office.clock.advance(minutes=40)
    assert told() == {}


def test_a_call_for_help_is_shown_until_somebody_goes(office, amina, told):
    amina.post("/counters/rabat-1/helps")
    assert told()["help_called"]["counter"] == "rabat-1"
    amina.delete("/counters/rabat-1/helps/current")
    assert told() == {}


def test_the_manager_s_page_names_the_counter(office, amina, told):
    amina.post("/counters/rabat-1/helps")
    page = office.logged_in("Karima").get("/manager/rabat?lang=fr").text
    assert "Le guichet demande de l" in page
