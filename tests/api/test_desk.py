"""The desk through the API, and a kiosk that draws too fast."""

import json

from server.store import devices, journal, print_jobs


def entries(office, site, kind):
    with office.house.read() as conn:
        return [entry for entry in journal.after(conn, site, 0) if entry.kind == kind]


def device_code(office, site, kind="kiosk"):
    """Of the device that was added last."""
    with office.house.read() as conn:
        return [row.code for row in devices.devices_of(conn, site) if row.kind == kind][-1]


def orienter(office, site="rabat"):
    return office.api(office.person("orienter", site))


def draws(api, site="rabat", service="acc", **more):
    answer = api.post(f"/sites/{site}/tickets", {"service": service, "language": "ar", **more})
    assert answer.status_code == 201, answer.text
    return answer.json


def test_the_desk_draws_for_somebody_by_the_same_rules(office):
    ticket = draws(orienter(office), channel="desk", **{"class": "priority"})
    assert (ticket["number"], ticket["class"], ticket["ahead"]) == ("A001", "priority", 0)
    (drawn,) = entries(office, "rabat", "ticket.drawn")
    assert drawn.body["channel"] == "desk"
    assert drawn.actor.startswith("orienter:")


def test_a_ticket_is_printed_again_where_the_desk_wants_it(office):
    ticket = draws(office.kiosk())
    kiosk = device_code(office, "rabat")
    answer = orienter(office).post(f"/tickets/{ticket['id']}/reprints", {"kiosk": kiosk})
    assert (answer.status_code, answer.json["copy"], answer.json["kiosk"]) == (201, 2, kiosk)
    with office.house.read() as conn:
        wanted = print_jobs.wanted(conn, "rabat", after=0, until=answer.json["seq"])
    assert [(paper.ticket, paper.device, paper.copy) for paper in wanted] == [
        (ticket["id"], kiosk, 1),
        (ticket["id"], kiosk, 2),
    ]


def test_paper_comes_from_a_kiosk_of_this_site_alone(office):
    ticket = draws(office.kiosk())
    office.kiosk("eljadida")
    there = device_code(office, "eljadida")
    desk = orienter(office)
    assert desk.post(f"/tickets/{ticket['id']}/reprints", {"kiosk": there}).json["code"] == "no_such_device"
    assert desk.post(f"/tickets/{ticket['id']}/reprints", {"kiosk": "printer"}).status_code == 404
    assert entries(office, "rabat", "ticket.reprinted") == []


def test_a_priority_is_corrected_by_an_agent_or_the_desk_and_seen_at_once(office):
    kiosk = office.kiosk()
    first, second = draws(kiosk), draws(kiosk)
    address = f"/tickets/{second['id']}/reclassifications"
    answer = office.agent().post(address, {"class": "priority"})
    assert (answer.status_code, answer.json["class"], answer.json["state"]) == (201, "priority", "waiting")
    found = kiosk.get(f"/tickets/{second['id']}").json
    assert (found["class"], found["ahead"]) == ("priority", 0)
    assert kiosk.get(f"/tickets/{first['id']}").json["ahead"] == 1
    desk = orienter(office)
    assert desk.post(address, {"class": "priority"}).json["code"] == "class_unchanged"
    assert desk.post(address, {"class": "ordinary"}).status_code == 201
    assert kiosk.get(f"/tickets/{second['id']}").json["ahead"] == 1


def test_a_kiosk_and_a_relay_do_nothing_of_the_desk(office):
    ticket = draws(office.kiosk())["id"]
    kiosk = device_code(office, "rabat")
    for kind in ("kiosk", "relay"):
        api = office.api(office.device("rabat", kind))
        asked = (
            (f"/tickets/{ticket}/reprints", {"kiosk": kiosk}),
            (f"/tickets/{ticket}/reclassifications", {"class": "priority"}),
            ("/sites/rabat/sent-home", {"service": "acc", "document": "cnie"}),
            ("/sites/rabat/limit-lifts", {"kiosk": kiosk}),
        )
        assert [api.post(address, body).status_code for address, body in asked] == [403] * 4


def test_people_sent_home_are_counted_by_document_without_a_trace_of_them(office):
    desk = orienter(office)
    service, document = a_document(office, "rabat")
    counts = [desk.post("/sites/rabat/sent-home", {"service": service, "document": document}).json for _ in range(2)]
    assert [count["today"] for count in counts] == [1, 2]
    assert desk.get("/sites/rabat/sent-home").json["sent_home"] == [
        {"service": service, "document": document, "count": 2}
    ]
    assert desk.post("/sites/rabat/sent-home", {"service": service, "document": "moon"}).json["code"] == (
        "no_such_document"
    )
    assert desk.post("/sites/rabat/sent-home", {"service": "moon", "document": document}).status_code == 404


def test_at_a_discreet_site_the_journal_tells_neither_service_nor_document(office):
    desk = orienter(office, "eljadida")
    service, document = a_document(office, "eljadida")
    assert desk.post("/sites/eljadida/sent-home", {"service": service, "document": document}).status_code == 201
    (entry,) = entries(office, "eljadida", "desk.sent_home")
    assert entry.body["document"] == "d1"
    assert service not in json.dumps(entry.body)
    assert desk.get("/sites/eljadida/sent-home").json["sent_home"] == [
        {"service": service, "document": document, "count": 1}
    ]


def a_document(office, site):
    pack = office.packs[site]
    service = next(service for service in pack.services if service.card.documents)
    return service.code, service.card.documents[0]


def test_a_kiosk_that_draws_too_fast_is_refused_and_both_desk_and_manager_hear_of_it(office):
    kiosk, desk = office.api(office.device("rabat", "kiosk", unlimited=False)), orienter(office)
    draws(kiosk)
    refused = kiosk.post("/sites/rabat/tickets", {"service": "acc", "language": "ar"}, key="k")
    assert (refused.status_code, refused.json["code"], refused.headers["Retry-After"]) == (429, "too_fast", "3")
    (alert,) = desk.get("/sites/rabat/alerts").json["alerts"]
    code = device_code(office, "rabat")
    assert (alert["code"], alert["device"]) == ("too_fast", code)
    office.clock.advance(seconds=3)
    again = kiosk.post("/sites/rabat/tickets", {"service": "acc", "language": "ar"}, key="k")
    assert (again.status_code, again.json["number"]) == (201, "A002")


def test_the_desk_lifts_the_limit_and_the_alert_is_over(office):
    kiosk, desk = office.api(office.device("rabat", "kiosk", unlimited=False)), orienter(office)
    draws(kiosk)
    kiosk.post("/sites/rabat/tickets", {"service": "acc", "language": "ar"})
    lifted = desk.post("/sites/rabat/limit-lifts", {"kiosk": device_code(office, "rabat")})
    assert lifted.status_code == 201
    assert desk.get("/sites/rabat/alerts").json["alerts"] == []
    assert [draws(kiosk)["number"] for _ in range(12)][-1] == "A013"
    office.clock.advance(minutes=31)
    draws(kiosk)
    assert kiosk.post("/sites/rabat/tickets", {"service": "acc", "language": "ar"}).status_code == 429


def test_a_token_that_a_program_draws_with_is_exempt(office):
    assert [draws(office.kiosk())["number"] for _ in range(3)] == ["A001", "A002", "A003"]


def test_the_alert_ends_by_itself(office):
    kiosk = office.api(office.device("rabat", "kiosk", unlimited=False))
    draws(kiosk)
    kiosk.post("/sites/rabat/tickets", {"service": "acc", "language": "ar"})
    office.clock.advance(minutes=11)
    assert orienter(office).get("/sites/rabat/alerts").json["alerts"] == []
