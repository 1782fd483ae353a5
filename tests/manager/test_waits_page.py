"""The manager's page, its files and its one button, with real logins on a real database."""

import csv
import io

import pytest

from tests.office import csrf_of

pytestmark = pytest.mark.slow


@pytest.fixture
def morning(office):
    """Amina serves one person who waited 10 minutes and is with a second; a third waits."""
    amina = office.agent("rabat", "Amina")
    kiosk = office.kiosk("rabat")
    counter = "rabat-1"
    service = office.packs["rabat"].counters[0].serves[0]
    assert amina.post(f"/counters/{counter}/shifts").status_code == 201
    draw = {"service": service, "language": "fr"}
    first = kiosk.post("/sites/rabat/tickets", draw).json["id"]
    office.clock.advance(minutes=10)
    assert amina.post(f"/counters/{counter}/calls").status_code == 201
    office.clock.advance(seconds=30)
    assert amina.post(f"/tickets/{first}/starts").status_code == 201
    office.clock.advance(minutes=5)
    kiosk.post("/sites/rabat/tickets", draw)
    kiosk.post("/sites/rabat/tickets", draw)
    assert amina.post(f"/counters/{counter}/calls", {"ending": "finished"}).status_code == 201
    office.clock.advance(minutes=7)
    return office


@pytest.fixture
def manager(morning):
    morning.person("manager", "rabat", "Nadia")
    return morning.logged_in("Nadia")


def test_it_shows_the_hall_and_the_figures(morning, manager):
    page = manager.get("/manager/rabat?lang=fr")
    assert page.status_code == 200
    text = page.text
    assert "Amina" in text
    assert "A002" in text or "002" in text
    # waited 10 minutes; served in 5; from call to finish 5:30; walked 0:30
    for shown in ("10:00", "5:00", "5:30", "0:30"):
        assert f"<bdi>{shown}</bdi>" in text
    for address in ("/kiosk/rabat", "/display/rabat", "/counter/rabat"):
        assert f'href="{address}"' in text


@pytest.mark.parametrize("lang", ["ar", "fr", "zgh", "es", "en"])
@pytest.mark.parametrize("by", ["", "service", "counter", "agent", "hour", "day"])
def test_it_speaks_every_language_of_the_site(morning, manager, lang, by):
    page = manager.get("/manager/rabat", query_string={"lang": lang, "by": by})
    assert page.status_code == 200
    if lang in morning.packs["rabat"].languages:
        assert f'lang="{lang}"' in page.text


def test_the_languages_keep_the_question(manager):
    page = manager.get("/manager/rabat?from=2026-11-01&to=2026-11-24&by=hour")
    assert "from=2026-11-01&amp;to=2026-11-24&amp;by=hour&amp;lang=ar" in page.text


def test_the_file_has_the_figures_under_their_names(morning, manager):
    answer = manager.get("/manager/rabat/waits.csv?by=agent")
    assert answer.mimetype == "text/csv"
    assert 'filename="rabat-waits-by-agent-2026-11-24-2026-11-24.csv"' in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    amina, nobody = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (amina["name"], amina["turns"], amina["served"], amina["still_open"]) == ("Amina", "2", "1", "1")
    # 600 s and 0 s; one transaction of 330 s
    assert (amina["waiting_time_mean_s"], amina["waiting_time_max_s"]) == ("300.0", "600.0")
    assert amina["transaction_time_p90_s"] == "330.0"
    assert (nobody["agent"], nobody["turns"], nobody["waiting_time_mean_s"]) == ("", "1", "")


def test_the_file_of_counters_has_the_times_of_shifts(manager):
    answer = manager.get("/manager/rabat/counters.csv")
    (one,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    # open for 22:30; nobody for 10 minutes, then 5:30 and 7 minutes with people
    assert (one["counter"], one["shift_time_s"], one["idle_time_s"]) == ("rabat-1", "1350.0", "600.0")
    assert (one["attended_time_s"], one["open_shifts"]) == ("750.0", "1")


@pytest.mark.parametrize(
    "query", ["from=2026-11-25&to=2026-11-24", "from=soon", "by=month", "from=2020-01-01", "by=day&to=24/11/2026"]
)
def test_it_refuses_a_question_that_is_none(manager, query):
    for address in ("/manager/rabat", "/manager/rabat/waits.csv", "/manager/rabat/counters.csv"):
        answer = manager.get(f"{address}?{query}")
        assert answer.status_code == 422
        assert "invalid_input" in answer.text


def test_it_closes_a_shift_that_somebody_left_open(morning, manager):
    csrf = csrf_of(manager.get("/manager/rabat").text)
    answer = manager.post("/manager/rabat/closings", data={"csrf_token": csrf, "counter": "rabat-1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/manager/rabat")
    assert morning.house.hall("rabat").shifts == {}
    assert "Tous les guichets sont fermés" in manager.get("/manager/rabat?lang=fr").text
    again = manager.post("/manager/rabat/closings", data={"csrf_token": csrf, "counter": "rabat-1"})
    assert again.status_code == 409
    unknown = manager.post("/manager/rabat/closings", data={"csrf_token": csrf, "counter": "eljadida-1"})
    assert unknown.status_code == 404


def test_nothing_is_closed_without_the_pages_token(morning, manager):
    assert manager.post("/manager/rabat/closings", data={"counter": "rabat-1"}).status_code == 403
    assert list(morning.house.hall("rabat").shifts) == ["rabat-1"]


def test_it_is_for_the_manager_of_this_site_alone(morning, manager):
    assert manager.get("/manager/eljadida").status_code == 403
    assert manager.get("/manager/nowhere").status_code in {403, 404}
    stranger = morning.client().get("/manager/rabat")
    assert (stranger.status_code, stranger.headers["Location"]) == (302, "/login?next=/manager/rabat")
    morning.person("orienter", "rabat", "Omar")
    assert morning.logged_in("Omar").get("/manager/rabat").status_code in {302, 403}
    morning.person("admin", "", "Root")
    assert morning.logged_in("Root").get("/manager/eljadida").status_code == 200


def test_at_a_discreet_site_the_manager_reads_what_a_service_is(office):
    pack = office.packs["eljadida"]
    assert pack.discreet
    office.person("manager", "eljadida", "Nadia")
    page = office.logged_in("Nadia").get("/manager/eljadida?lang=fr").text
    assert pack.services[0].names.fr in page.replace("&#39;", "'")


def test_a_name_that_begins_like_a_formula_does_no_harm(office):
    amina = office.agent("rabat", '=HYPERLINK("http://x","y")')
    amina.post("/counters/rabat-1/shifts")
    office.person("manager", "rabat", "Nadia")
    answer = office.logged_in("Nadia").get("/manager/rabat/counters.csv?by=agent")
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert row["name"] == '\'=HYPERLINK("http://x","y")'
