"""The manager's page on fairness, its file and the API behind it, with real logins on a real database."""

import csv
import io

import pytest

pytestmark = pytest.mark.slow

COUNTER = "rabat-1"


@pytest.fixture
def morning(office):
    """Three people in the line of one counter. Amina calls the last out of order; then a priority, who passes the second."""
    amina = office.agent("rabat", "Amina")
    kiosk = office.kiosk("rabat")
    service = office.packs["rabat"].counters[0].serves[0]
    assert amina.post(f"/counters/{COUNTER}/shifts").status_code == 201
    tickets = []
    for klass in ("ordinary", "ordinary", "ordinary", "priority"):
        draw = {"service": service, "language": "fr", "class": klass}
        tickets.append(kiosk.post("/sites/rabat/tickets", draw).json["id"])
        office.clock.advance(minutes=1)
    called = amina.post(f"/counters/{COUNTER}/calls", {"ticket": tickets[2], "reason": "our_error"})
    assert called.status_code == 201, called.text
    office.clock.advance(minutes=4)
    assert amina.post(f"/counters/{COUNTER}/calls", {"ending": "finished"}).status_code == 201
    return office


def logged_in(office, role, name):
    office.person(role, "" if role in ("admin", "programme") else "rabat", name)
    return office.logged_in(name)


def figures(office, role="inspector", **query):
    api = office.api(office.person(role, "" if role in ("admin", "programme") else "rabat", f"{role} of the API"))
    return api.get("/sites/rabat/reports/fairness", query_string=query)


def test_the_api_gives_the_figures_of_today(morning):
    answer = figures(morning, by="counter")
    assert answer.status_code == 200
    total = answer.json["total"]
    assert (total["calls"], total["unexplained"], total["out_of_order_calls"]) == (2, 0, 1)
    assert total["out_of_order_reasons"] == {"our_error": 1}
    # Out of order: two ordinary who came before, and the priority who was due before; then the priority passes two.
    assert {kind: count for kind, count in total["overtakes"].items() if count} == {"out_of_order": 3, "priority": 2}
    (row,) = answer.json["rows"]
    assert row["key"] == COUNTER
    assert row["control"]["out_of_order_calls"]["outside"] is None


@pytest.mark.parametrize("role", ["manager", "inspector", "programme", "admin"])
def test_whoever_reads_reports_reads_this_one(morning, role):
    assert figures(morning, role).status_code == 200


def test_an_agent_does_not(morning):
    assert figures(morning, "agent").status_code == 403


@pytest.mark.parametrize("by", ["agent", "site", "kind"])
def test_no_report_tells_agents_apart(morning, by):
    assert figures(morning, by=by).status_code == 422


def test_services_of_a_discreet_site_are_under_their_own_codes(office):
    kiosk = office.kiosk("eljadida")
    agent = office.agent("eljadida", "Bahija")
    service = office.packs["eljadida"].counters[0].serves[0]
    kiosk.post("/sites/eljadida/tickets", {"service": service, "language": "fr"})
    agent.post("/counters/eljadida-1/shifts")
    agent.post("/counters/eljadida-1/calls")
    api = office.api(office.person("manager", "eljadida"))
    rows = api.get("/sites/eljadida/reports/fairness?by=service").json["rows"]
    assert [row["key"] for row in rows] == [service]


@pytest.mark.parametrize("lang", ["ar", "fr", "zgh", "es", "en"])
def test_the_page_speaks_every_language_of_the_site(morning, lang):
    page = logged_in(morning, "manager", "Nadia").get("/manager/rabat/fairness", query_string={"lang": lang})
    assert page.status_code == 200
    assert lang not in morning.packs["rabat"].languages or f'lang="{lang}"' in page.text


def test_the_page_tells_the_manager_who_called_out_of_order_and_the_inspector_not(morning):
    page = logged_in(morning, "manager", "Nadia").get("/manager/rabat/fairness?lang=fr").text
    assert "Amina" in page
    assert "Erreur d&#39;orientation" in page
    seen = logged_in(morning, "inspector", "Ines").get("/manager/rabat/fairness?lang=fr").text
    assert "Amina" not in seen
    assert "Ce que ce système n&#39;empêche pas" in seen


def test_a_month_is_shown_where_nothing_is_asked(morning):
    page = logged_in(morning, "manager", "Nadia").get("/manager/rabat/fairness").text
    assert 'value="2026-10-26"' in page
    assert 'value="2026-11-24"' in page


def test_a_bad_question_is_refused(morning):
    manager = logged_in(morning, "manager", "Nadia")
    assert manager.get("/manager/rabat/fairness?from=2026-12-01&to=2026-11-01").status_code == 422
    assert manager.get("/manager/eljadida/fairness").status_code == 403


@pytest.mark.parametrize("by", ["service", "counter", "hour", "day"])
def test_the_file_holds_the_rows_of_the_report(morning, by):
    answer = logged_in(morning, "manager", "Nadia").get(f"/manager/rabat/fairness.csv?by={by}")
    assert answer.status_code == 200
    assert f"rabat-fairness-by-{by}-2026-10-26-2026-11-24.csv" in answer.headers["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert (row["calls"], row["unexplained"], row["overtakes_out_of_order"], row["overtakes_priority"]) == (
        "2",
        "0",
        "3",
        "2",
    )
    assert row["drawn"] == ("4" if by == "day" else "")


def test_closed_days_are_kept_and_give_the_same_page(morning):
    morning.clock.advance(hours=30)
    morning.house.submit("rabat", "system:test", lambda _pen: None)
    manager = logged_in(morning, "manager", "Nadia")
    first, second = (manager.get("/manager/rabat/fairness.csv?by=counter").text for _ in range(2))
    with morning.house.read() as conn:
        kept = conn.exec_driver_sql("select day from fairness_days").scalars().all()
    assert kept == ["2026-11-24"]
    assert first == second


# ---------------------------------------------------------------- one by one


def test_every_overtake_of_a_day_one_by_one(morning):
    api = morning.api(morning.person("inspector", "rabat"))
    answer = api.get("/sites/rabat/reports/overtakes?day=2026-11-24").json
    first, second = answer["calls"]
    assert (first["number"], first["out_of_order"], first["slips"], first["skips"]) == ("A003", "our_error", 0, 3)
    assert [(one["number"], one["kind"]) for one in first["overtakes"]] == [
        ("A001", "out_of_order"),
        ("A002", "out_of_order"),
        ("A004", "out_of_order"),
    ]
    assert (second["number"], second["class"], second["slips"], second["skips"]) == ("A004", "priority", 1, 2)
    # Called at 4 and 8 minutes; in the order of coming the third would have been called at 4 and the fourth at 8.
    assert [call["extra_wait_s"] for call in answer["calls"]] == [0, 0]
    # Of the visits that are over, which is one: it got all of the one counter that worked for it.
    assert [call["discrimination_s"] for call in answer["calls"]] == [0, None]
    assert "agent" not in str(answer)
    assert api.get("/sites/rabat/reports/overtakes?day=2020-01-01").json["calls"] == []
    assert api.get("/sites/rabat/reports/overtakes?day=today").status_code == 422


def test_the_same_as_a_file(morning):
    answer = logged_in(morning, "manager", "Nadia").get("/manager/rabat/overtakes.csv?day=2026-11-24")
    assert "rabat-overtakes-2026-11-24.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["number"], row["passed_number"], row["kind"]) for row in rows][2:4] == [
        ("A003", "A004", "out_of_order"),
        ("A004", "A001", "priority"),
    ]


# ---------------------------------------------------------------- alerts


def cheat(office):
    """Whoever can write to the database writes a call that the rule would not have made, sealed as it should be."""

    def calls_the_last(pen):
        waiting = sorted(turn.place for turn in pen.hall.turns.values() if turn.state == "waiting")
        turn = pen.hall.turns[waiting[-1][2]]
        named = {"ticket": turn.ticket, "number": turn.number, "service": turn.service}
        where = {"counter": COUNTER, "zone": turn.service, "agent": pen.hall.shifts[COUNTER].agent}
        reason = {"rule": 1, "line": "serves", "due_at": "2026-11-24T09:00:00.000Z"}
        pen.write("ticket.called", {**named, **where, "reason": reason, "ended_seq": None})

    office.house.submit("rabat", "agent:cheat", calls_the_last)


@pytest.fixture
def cheated(morning):
    """Another three come; the last of them is called before the two who wait longest."""
    kiosk = morning.kiosk("rabat")
    service = morning.packs["rabat"].counters[0].serves[0]
    kiosk.post("/sites/rabat/tickets", {"service": service, "language": "ar"})
    cheat(morning)
    return morning


def test_a_cheat_is_found_by_the_report_the_page_and_the_alerts(cheated):
    total = figures(cheated).json["total"]
    assert total["unexplained"] == 2
    page = logged_in(cheated, "manager", "Nadia").get("/manager/rabat/fairness?lang=en").text
    assert "fair__number--alarm" in page
    assert "/manager/rabat/calls?day=2026-11-24" in page


def told(office, role):
    token = office.person(role, "" if role in ("admin", "programme") else "rabat", f"{role} who asks")
    found = office.api(token).get("/sites/rabat/alerts").json["alerts"]
    return [(alert["code"], alert.get("counter")) for alert in found]


def test_whoever_manages_is_told_at_once_and_nobody_else(cheated):
    for role in ("manager", "programme", "admin"):
        assert ("unexplained_overtake", COUNTER) in told(cheated, role)
    for role in ("agent", "orienter"):
        assert told(cheated, role) == []


def test_the_hall_now_names_the_counter(cheated):
    page = logged_in(cheated, "manager", "Nadia").get("/manager/rabat?lang=fr").text
    assert "Dépassement sans explication" in page
    assert "Guichet" in page


def test_the_day_is_not_counted_anew_with_every_look(morning):
    manager = morning.api(morning.person("manager", "rabat", "Nadia"))
    assert manager.get("/sites/rabat/alerts").json["alerts"] == []
    cheat(morning)
    assert manager.get("/sites/rabat/alerts").json["alerts"] == []
    morning.clock.advance(minutes=1)
    (alert,) = manager.get("/sites/rabat/alerts").json["alerts"]
    assert alert["since"] == "2026-11-24T09:09:00.000Z"
    morning.clock.advance(minutes=7)
    assert manager.get("/sites/rabat/alerts").json["alerts"] == [alert]
