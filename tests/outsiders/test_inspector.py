"""The inspector reads what there is to check, at one site, and changes nothing."""

import pytest

from tests.office import Office

#: The journal, what is told from it alone, and the notes that it binds.
JOURNAL = {
    "api.journal_of",
    "api.notes",
    "api.explanation",
    "calls.explanation",
    "calls.listed",
    "changes.show",
    "closings.listed",
    "closings.slip",
}
#: Figures that anybody could reckon from the journal.
FIGURES = {
    "api.counters_of",
    "api.fairness_of",
    "api.overtakes_of",
    "api.sent_home",
    "api.waits_of",
    "fairness.csv",
    "fairness.overtakes_csv",
    "fairness.page",
}
#: What the codes of the journal mean, and what the hall shows to everybody.
PLACE = {"api.sites", "api.site", "api.services", "api.board_of", "api.ticket_of"}
#: Everything that an inspector reaches, by endpoint. Whoever adds to it has thought about it.
REACHED = JOURNAL | FIGURES | PLACE
#: For everybody who is logged in: the person's own login.
OWN = {"account"}


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path)
    yield office
    office.close()


def test_what_an_inspector_reaches_is_this_and_nothing_else(office):
    reached = {
        endpoint
        for endpoint, view in office.app.view_functions.items()
        if "inspector" in (getattr(view, "guarded_by", None) or ()) and endpoint.partition(".")[0] not in OWN
    }
    assert reached == REACHED


def test_nothing_that_an_inspector_reaches_changes_anything(office):
    for rule in office.app.url_map.iter_rules():
        if rule.endpoint in REACHED:
            assert rule.methods <= {"GET", "HEAD", "OPTIONS"}, rule


def test_an_inspector_reads_the_journal_of_his_site_alone(office):
    ines = office.api(office.person("inspector", "rabat"))
    assert ines.get("/sites/rabat/journal").json["entries"][0]["kind"] == "setup.changed"
    assert ines.get("/sites/eljadida/journal").json["code"] == "wrong_site"
    assert ines.post("/sites/rabat/tickets", {"service": "acc", "language": "fr"}).json["code"] == "not_allowed"
    assert ines.post("/counters/rabat-1/shifts").json["code"] == "not_allowed"


def test_an_inspector_with_a_login_reads_the_pages(office):
    office.person("inspector", "rabat", "Ines")
    ines = office.logged_in("Ines")
    for page in ("closings", "calls", "fairness", "changes"):
        assert ines.get(f"/manager/rabat/{page}").status_code == 200, page
        assert ines.get(f"/manager/eljadida/{page}").status_code in {302, 401, 403}, page
    for page in ("/manager/rabat", "/manager/rabat/setup", "/manager/rabat/people", "/desk/rabat", "/counter/rabat"):
        assert ines.get(page).status_code in {302, 401, 403}, page
