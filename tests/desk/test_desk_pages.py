"""The orientation desk as its pages are asked: a person draws, checks, corrects, prints, finds and counts by forms alone."""

import html
import re
from functools import partial

import pytest

from server.actions import notices
from server.actions import setup as setups
from server.store import devices, journal, print_jobs
from server.web.public_ids import public_id
from tests.office import csrf_of

pytestmark = pytest.mark.slow

TAGS = re.compile(r"<[^>]+>")
HIDDEN = re.compile(r'name="key" value="([^"]+)"')


class Desk:
    """An orienter with a tablet."""

    def __init__(self, office, site="rabat", role="orienter", name="Salma"):
        self.office, self.site = office, site
        office.person(role, site, name)
        self.client = office.logged_in(name)

    def opens(self, path=""):
        answer = self.client.get(f"/desk/{self.site}{path}?lang=fr")
        assert answer.status_code == 200, answer.text
        return html.unescape(answer.text)

    def sends(self, page, path, **fields):
        """A form of that page."""
        sealed = {"csrf_token": csrf_of(page), "key": HIDDEN.search(page)[1]}
        return self.client.post(f"/desk/{self.site}{path}", data={**sealed, **fields})

    def draws(self, service="acc", **fields):
        page = self.opens(f"/services/{service}")
        answer = self.sends(page, f"/services/{service}/tickets", **{"language": "ar", "class": "ordinary", **fields})
        assert answer.status_code == 303, answer.text
        return re.search(r"tickets/([a-z]+-\d+)", answer.location)[1]

    def does(self, ticket, what, **fields):
        return self.sends(self.opens(f"/tickets/{ticket}"), f"/tickets/{ticket}/{what}", **fields)


@pytest.fixture
def desk(office):
    return Desk(office)


def kinds(office, site="rabat"):
    with office.house.read() as conn:
        return [entry.kind for entry in journal.after(conn, site, 0)]


def bodies(office, kind, site="rabat"):
    with office.house.read() as conn:
        return [entry.body for entry in journal.after(conn, site, 0) if entry.kind == kind]


def kiosk_of(office, site="rabat"):
    office.device(site, "kiosk")
    with office.house.read() as conn:
        return [row.code for row in devices.devices_of(conn, site) if row.kind == "kiosk"][-1]


@pytest.mark.parametrize("role", ["orienter", "manager"])
def test_the_desk_is_for_orienters_and_those_who_manage(office, role):
    assert "Poste d'orientation" in Desk(office, role=role).opens()


def test_nobody_else_gets_in(office):
    assert office.client().get("/desk/rabat").status_code == 302
    office.person("agent", "rabat", "Amina")
    assert office.logged_in("Amina").get("/desk/rabat").status_code in {302, 403}
    assert Desk(office).client.get("/desk/eljadida").status_code == 403


def test_a_ticket_is_given_in_the_language_of_the_person_and_printed_where_the_orienter_wants(office, desk):
    kiosk = kiosk_of(office)
    ticket = desk.draws(language="zgh", kiosk=kiosk, **{"class": "priority"})
    (drawn,) = bodies(office, "ticket.drawn")
    assert (drawn["language"], drawn["class"], drawn["channel"]) == ("zgh", "priority", "desk")
    assert [body["copy"] for body in bodies(office, "ticket.reprinted")] == [1]
    page = desk.opens(f"/tickets/{ticket}")
    assert "A001" in page
    assert f'value="{kiosk}" checked' in page


def test_a_form_that_is_sent_twice_gives_one_ticket(office, desk):
    page = desk.opens("/services/acc")
    once, again = (
        desk.sends(page, "/services/acc/tickets", language="ar", kiosk="", **{"class": "ordinary"}) for _ in range(2)
    )
    assert once.location == again.location
    assert kinds(office).count("ticket.drawn") == 1


def test_somebody_with_an_appointment_is_checked_in_for_the_time_that_he_came_for(office, desk):
    page = desk.opens("/services/rpc")
    times = re.findall(r'<option value="([^"]+)"( selected)?>(\d\d:\d\d)</option>', page)
    assert [one[2] for one in times if one[1]] == ["09:00"]
    ticket = desk.draws("rpc", **{"class": "appointment", "appointment": times[-1][0]})
    (drawn,) = bodies(office, "ticket.drawn")
    assert (drawn["class"], drawn["appointed_at"]) == ("appointment", times[-1][0])
    assert "Rendez-vous" in desk.opens(f"/tickets/{ticket}")
    refused = desk.sends(
        page, "/services/rpc/tickets", language="ar", **{"class": "appointment", "appointment": "soon"}
    )
    assert refused.status_code == 422


def test_where_there_are_no_appointments_nobody_is_asked_for_one(desk):
    assert 'value="appointment"' not in desk.opens("/services/acc")


def test_what_is_refused_is_said_on_the_same_page(office, desk):
    page = desk.opens("/services/acc")
    office.clock.advance(hours=12)
    answer = desk.sends(page, "/services/acc/tickets", language="ar", **{"class": "ordinary"})
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert "ticket.drawn" not in kinds(office)


def test_the_card_is_a_list_to_tick_that_leaves_no_trace(office, desk):
    service = next(one for one in office.packs["rabat"].services if one.card.documents)
    page = desk.opens(f"/services/{service.code}")
    assert page.count('type="checkbox"') == len(service.card.documents)
    assert not re.search(r'type="checkbox"[^>]* name=', page)


def test_somebody_sent_home_is_counted_and_seen_on_the_page_of_today(office, desk):
    service = next(one for one in office.packs["rabat"].services if one.card.documents)
    address, document = f"/services/{service.code}", service.card.documents[0]
    desk.sends(desk.opens(address), f"{address}/sent-home", document=document)
    answer = desk.sends(desk.opens(address), f"{address}/sent-home", document=document)
    assert "C'est compté. Aujourd'hui\u00a0: 2" in html.unescape(desk.client.get(answer.location).text)
    assert bodies(office, "desk.sent_home")[0] == {"v": 1, "service": service.public_code, "document": document}
    page = desk.opens()
    names = {one.id: one.names.fr for one in office.packs["rabat"].documents}
    assert names[document] in page[page.index("Départs faute de document") :]
    assert desk.sends(desk.opens(address), f"{address}/sent-home", document="moon").status_code == 404


def test_a_false_priority_is_corrected_while_the_person_waits(office, desk):
    ticket = desk.draws(**{"class": "priority"})
    assert desk.does(ticket, "reclassifications", **{"class": "ordinary"}).status_code == 303
    assert "Passer en\u00a0: Priorité" in desk.opens(f"/tickets/{ticket}")
    (corrected,) = bodies(office, "ticket.reclassified")
    assert corrected["class"] == "ordinary"


def test_a_copy_is_printed_on_the_kiosk_that_was_chosen(office, desk):
    kiosk = kiosk_of(office)
    ticket = desk.draws(kiosk=kiosk)
    answer = desk.does(ticket, "reprints", kiosk=kiosk)
    assert "Impression de l'exemplaire 2" in html.unescape(desk.client.get(answer.location).text)
    with office.house.read() as conn:
        papers = print_jobs.wanted(conn, "rabat", after=0, until=2**50)
    assert [(paper.device, paper.copy) for paper in papers] == [(kiosk, 1), (kiosk, 2)]
    assert desk.does(ticket, "reprints", kiosk="another").status_code == 404


def test_a_ticket_is_withdrawn_on_request(office, desk):
    ticket = desk.draws()
    page = desk.opens(f"/tickets/{ticket}")
    assert desk.sends(page, f"/tickets/{ticket}/withdrawals").status_code == 303
    assert "Annulé à la demande de la personne" in desk.opens(f"/tickets/{ticket}")
    # The page that somebody else still has open knows nothing of it.
    assert desk.sends(page, f"/tickets/{ticket}/withdrawals", key="another").status_code == 409


@pytest.mark.parametrize("asked", ["A001", "a1", " a 001 ", "id", "public id", "address"])
def test_a_ticket_is_found_by_number_id_or_code(office, desk, asked):
    ticket = desk.draws()
    shown = public_id(office.house.public_key("rabat"), ticket)
    typed = {"id": ticket.upper(), "public id": shown, "address": f"http://hall.example/t/{shown}"}.get(asked, asked)
    answer = desk.client.post("/desk/rabat/found", data={"csrf_token": csrf_of(desk.opens()), "asked": typed})
    assert answer.status_code == 303
    assert answer.location.endswith(f"/desk/rabat/tickets/{ticket}")


@pytest.mark.parametrize("asked", ["A999", "eljadida-5", "x" * 400, "'; drop table tickets", "http://hall.example/t/"])
def test_what_is_not_found_is_said(office, desk, asked):
    desk.draws()
    answer = desk.client.post("/desk/rabat/found", data={"csrf_token": csrf_of(desk.opens()), "asked": asked})
    assert answer.status_code == 404
    assert "Aucun ticket" in html.unescape(answer.text)


def test_a_ticket_of_another_site_is_not_shown(office, desk):
    there = office.kiosk("eljadida").post("/sites/eljadida/tickets", {"service": "adm", "language": "ar"})
    ticket = there.json["id"] if there.status_code == 201 else "eljadida-1"
    assert desk.client.get(f"/desk/rabat/tickets/{ticket}").status_code in {403, 404}


def test_the_limit_of_a_kiosk_is_lifted_for_half_an_hour(office, desk):
    kiosk = kiosk_of(office)
    assert desk.sends(desk.opens(), "/limit-lifts", kiosk=kiosk).status_code == 303
    assert "Limite levée jusqu'à" in desk.opens()
    office.clock.advance(minutes=31)
    assert "Limite levée jusqu'à" not in desk.opens()


def test_at_a_discreet_site_the_desk_reads_real_names_and_the_journal_holds_none(office):
    desk = Desk(office, "eljadida")
    pack = office.packs["eljadida"]
    service = next(one for one in pack.services if one.card.documents)
    page = desk.opens(f"/services/{service.code}")
    assert service.names.fr in page
    desk.draws(service.code)
    desk.sends(page, f"/services/{service.code}/sent-home", document=service.card.documents[-1])
    with office.house.read() as conn:
        written = "".join(row.text for row in journal.rows_after(conn, "eljadida") if row.kind != "setup.changed")
    assert f'"document":"d{len(service.card.documents)}"' in written
    assert not re.search(rf'"{service.code}"', written)


@pytest.mark.parametrize("lang", ["ar", "fr", "es", "en", "zgh"])
def test_every_page_can_be_had_in_every_language(office, desk, lang):
    ticket = desk.draws()
    for path in ("", "/services/acc", f"/tickets/{ticket}"):
        answer = desk.client.get(f"/desk/rabat{path}?lang={lang}")
        if lang in office.packs["rabat"].languages:
            assert f'lang="{lang}"' in answer.text
        assert answer.status_code == 200


def test_a_service_whose_quota_is_reached_gives_no_ticket_at_the_desk_either(office, desk):
    office.house.submit("rabat", "manager:m", partial(setups.change_quota, service="acc", quota=1))
    desk.draws("acc")
    assert "est atteint" in desk.opens()
    assert kinds(office).count("ticket.drawn") == 1


def test_who_waits_for_a_suspended_service_is_transferred_at_the_desk(office, desk):
    ticket = desk.draws("acc")
    assert 'data-role="transfer"' not in desk.opens(f"/tickets/{ticket}")
    facts = {"service": "acc", "reason": "system_down", "instead": "ret"}
    office.house.submit("rabat", "manager:m", partial(notices.suspend, **facts))
    page = desk.opens(f"/tickets/{ticket}")
    assert "panne du système informatique" in page
    assert re.findall(r'name="service" value="(\w+)"', page) == ["ret"]
    answer = desk.does(ticket, "transfers", service="ret")
    assert answer.status_code == 303, answer.text
    (body,) = bodies(office, "ticket.transferred")
    assert (body["service"], body["to_service"], body["counter"]) == ("acc", "ret", None)
    assert desk.does(ticket, "transfers", service="acc").status_code == 409


def at_counter(office, service="mut"):
    """An agent at counter 3 who has called somebody."""
    agent = office.agent("rabat", "Amina")
    agent.post("/counters/rabat-3/shifts")
    ticket = office.kiosk().post("/sites/rabat/tickets", {"service": service, "language": "ar"}).json["id"]
    agent.post("/counters/rabat-3/calls")
    return agent, ticket


def test_whoever_missed_the_call_is_put_back_at_the_desk(office, desk):
    agent, ticket = at_counter(office)
    agent.post(f"/tickets/{ticket}/recalls")
    office.clock.advance(seconds=61)
    agent.post(f"/tickets/{ticket}/no-shows")
    assert "Remettre en file" in desk.opens(f"/tickets/{ticket}")
    assert desk.does(ticket, "put-backs").status_code == 303
    assert office.house.hall("rabat").turns[ticket].put_backs == 1
    assert "Remettre en file" not in desk.opens(f"/tickets/{ticket}")


def test_whoever_stood_aside_comes_back_at_the_desk(office, desk):
    agent, ticket = at_counter(office)
    agent.post(f"/tickets/{ticket}/parks")
    assert desk.does(ticket, "resumes").status_code == 303
    assert office.house.hall("rabat").turns[ticket].state == "waiting"


def test_a_counter_s_call_for_help_stands_on_the_desk_until_somebody_goes(office, desk):
    agent, _ticket = at_counter(office)
    agent.post("/counters/rabat-3/helps")
    page = desk.opens()
    assert "Le guichet 3 demande de l'aide" in TAGS.sub("", page)
    assert desk.opens("/helps") == desk.opens("/helps")
    assert desk.sends(page, "/helps/rabat-3/answers").status_code == 303
    assert office.house.hall("rabat").helps == {}
    assert "demande de l'aide" not in desk.opens("/services/acc")
    assert desk.sends(page, "/helps/rabat-3/answers", key="").status_code == 409
