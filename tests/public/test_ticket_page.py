import re
from functools import partial

import pytest

from server.actions import calling, reception, serving
from server.domain import heads
from server.store import journal
from server.web.public_ids import public_id


def drawn(house, site="rabat", **facts):
    facts = {"service": "mut", "language": "ar", **facts}
    return house.submit(site, "kiosk:1", partial(reception.draw, **facts)).did.turn


def address(house, turn, site="rabat"):
    return f"/t/{public_id(house.public_key(site), turn.ticket)}"


def counter_for(house, site, service):
    return next(counter for counter in house.hall(site).setup.counters if service in counter.serves)


def call(house, site, service):
    hall, counter = house.hall(site), counter_for(house, site, service)
    agent = hall.shifts[counter.id].agent
    house.submit(site, f"agent:{agent}", partial(calling.call_next, counter=counter.id, agent=agent))
    return counter, agent


def test_it_shows_the_number_the_place_and_the_range_in_the_ticket_s_language(house, client):
    drawn(house)
    page = client.get(address(house, drawn(house))).text
    assert '<html lang="ar" dir="rtl"' in page
    assert '<bdi data-role="ticket-number">B002</bdi>' in page
    assert 'data-role="people-ahead">قبلكم شخص واحد<' in page
    assert 'data-role="wait-range"' in page
    assert '<meta http-equiv="refresh" content="20">' in page


def test_another_language_can_be_chosen_and_a_cookie_does_not_choose_it(house, client):
    ticket = address(house, drawn(house))
    assert '<html lang="fr"' in client.get(f"{ticket}?lang=fr").text
    assert '<html lang="ar"' in client.get(ticket).text


def test_nobody_finds_it_by_searching_and_the_title_names_no_ticket(house, client):
    turn = drawn(house)
    answer = client.get(address(house, turn))
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"
    title = re.search("<title>(.*?)</title>", answer.text)[1]
    assert turn.number not in title
    assert "rabat-" not in answer.text


def test_a_called_ticket_is_sent_to_its_counter(house, client):
    turn = drawn(house, language="fr")
    counter, _agent = call(house, "rabat", "mut")
    page = client.get(address(house, turn)).text
    assert 'data-state="called"' in page
    assert f"guichet <bdi>{counter.label}</bdi>" in page
    assert "people-ahead" not in page


def test_a_ticket_that_was_served_asks_no_more(house, client):
    turn = drawn(house, language="fr")
    _counter, agent = call(house, "rabat", "mut")
    house.submit("rabat", f"agent:{agent}", partial(serving.finish, ticket=turn.ticket, agent=agent, outcome=None))
    page = client.get(address(house, turn)).text
    assert 'data-state="finished"' in page
    assert "http-equiv" not in page


def test_a_hospital_s_ticket_names_no_service(house, client):
    page = client.get(address(house, drawn(house, "eljadida", service="s8", language="fr"), "eljadida")).text
    assert "Radiologie" not in page
    assert "Service <bdi>8</bdi>" in page


@pytest.mark.parametrize("wrong", ["abc", "a" * 26, "rabat-13", "é" * 26, "x" * 400])
def test_an_id_that_was_never_given_is_no_page(client, wrong):
    assert client.get(f"/t/{wrong}").status_code == 404


@pytest.mark.parametrize(("site", "service"), [("rabat", "mut"), ("eljadida", "s1")])
def test_it_shows_the_code_of_its_entry_and_where_it_is_good_for_something(house, client, site, service):
    turn = drawn(house, site, service=service)
    with house.read() as conn:
        entry_hash = journal.hash_at(conn, site, turn.opened_seq)
    page = client.get(f"{address(house, turn, site)}?lang=fr").text
    assert heads.grouped(entry_hash) in page
    assert ("/open-data/how" in page) == (site == "rabat")
