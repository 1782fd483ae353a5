"""Why this number: the list of a day's calls, one call explained in words, and the same by the API."""

import pytest

from tests.api.test_main_job import drawn


@pytest.fixture
def day(office):
    """A001 came first; two priority people came later and were called before; A004 was called out of order."""
    kiosk, amina = office.kiosk(), office.agent()
    amina.post("/counters/rabat-1/shifts")
    drawn(kiosk)
    office.clock.advance(minutes=3)
    for _ in range(2):
        drawn(kiosk, **{"class": "priority"})
    seqs = []
    for _ in range(2):
        office.clock.advance(minutes=2)
        seqs.append(amina.post("/counters/rabat-1/calls", {"ending": "finished"}).json["seq"])
    drawn(kiosk)
    last = drawn(kiosk)["id"]
    body = {"ticket": last, "reason": "medical", "ending": "finished"}
    seqs.append(amina.post("/counters/rabat-1/calls", body).json["seq"])
    office.clock.advance(minutes=2)
    seqs.append(amina.post("/counters/rabat-1/calls", {"ending": "finished"}).json["seq"])
    return seqs


@pytest.fixture
def manager(office, day):
    office.person("manager", "rabat", name="Karima")
    return office.logged_in("Karima")


def test_the_list_names_the_day_s_calls_and_marks_those_out_of_order(manager, day):
    page = manager.get("/manager/rabat/calls?lang=fr").text
    assert all(f"/manager/rabat/calls/{seq}" in page for seq in day)
    assert page.count("Appel hors ordre") == 1
    assert "Malaise" in page
    assert "2 personnes en attente" in page


def test_the_list_finds_one_number(manager, day):
    page = manager.get("/manager/rabat/calls?number=a002").text
    assert f"/calls/{day[0]}" in page
    assert f"/calls/{day[1]}" not in page


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fr", "2 personnes arrivées après lui ont été appelées avant"),
        ("ar", "تم النداء قبله على شخصين حضرا بعده"),
    ],
)
def test_a_call_is_explained_in_plain_words(manager, day, lang, said):
    page = manager.get(f"/manager/rabat/calls/{day[3]}?lang={lang}").text
    assert said in page
    assert "A001" in page
    assert "A004" in page


def test_a_call_out_of_order_says_why_and_whom_it_passed(manager, day):
    page = manager.get(f"/manager/rabat/calls/{day[2]}?lang=fr").text
    assert "Appel hors ordre. Motif" in page
    assert page.count("Personnes dépassées") == 2


def test_what_is_no_call_is_not_found(manager):
    assert manager.get("/manager/rabat/calls/1").status_code == 404


def test_a_program_gets_the_same_as_data(office, day):
    inspector = office.api(office.person("inspector", "rabat"))
    told = inspector.get(f"/sites/rabat/calls/{day[3]}/explanation").json
    assert (told["called"]["number"], told["by_the_rule"], told["rule"], told["waited_s"]) == ("A001", True, 1, 540)
    assert [(one["number"], one["is_called"]) for one in told["candidates"]] == [("A001", True), ("A004", False)]
    assert [(one["number"], one["why"]) for one in told["earlier"]] == [
        ("A002", "class"),
        ("A003", "class"),
        ("A005", "out_of_order"),
    ]
    assert set(told["told"]) >= {"ar", "fr"}
    assert inspector.get("/sites/rabat/calls/1/explanation").json["code"] == "no_such_call"
    agent = office.api(office.person("agent", "rabat", name="Brahim"))
    assert agent.get(f"/sites/rabat/calls/{day[3]}/explanation").status_code == 403
