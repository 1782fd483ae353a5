import re
from functools import partial

import pytest

from server.actions import calling, reception, serving, shifts, turns
from server.domain import heads
from server.domain.errors import Refusal
from server.store import journal
from server.web.i18n import words
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


def news(page):
    return re.findall(r'data-role="(?:news|missed)">(.*?)</p>', page)


def says(key, lang="fr", **params):
    return str(words(lang).t(key, **params).html)


def moves(house, action, turn, agent, **facts):
    done = house.submit("rabat", f"agent:{agent}", partial(action, ticket=turn.ticket, agent=agent, **facts))
    assert not isinstance(done, Refusal), done


@pytest.fixture
def called(house):
    turn = drawn(house, language="fr")
    return turn, *call(house, "rabat", "mut")


@pytest.mark.parametrize("lang", ["ar", "fr", "es", "en", "zgh"])
def test_whoever_is_parked_reads_that_the_place_is_kept(house, client, called, lang):
    turn, _counter, agent = called
    moves(house, turns.park, turn, agent)
    page = client.get(f"{address(house, turn)}?lang={lang}").text
    assert 'data-state="parked"' in page
    assert len(news(page)) == 1
    moves(house, turns.resume, turn, agent)
    assert news(client.get(address(house, turn)).text) == []


def test_whoever_is_transferred_reads_the_new_line_and_that_the_time_is_kept(house, client, called):
    turn, _counter, agent = called
    moves(house, turns.transfer, turn, agent, service="imm")
    page = client.get(address(house, turn)).text
    assert 'data-state="waiting"' in page
    assert "Première immatriculation" in page
    assert news(page) == [says("phone.transferred")]


def test_an_undone_transfer_leaves_nothing_on_the_page(house, client, called):
    turn, counter, agent = called
    moves(house, turns.transfer, turn, agent, service="imm")
    moves(house, turns.undo, turn, agent)
    page = client.get(address(house, turn)).text
    assert 'data-state="called"' in page
    assert f"guichet <bdi>{counter.label}</bdi>" in page


def test_whoever_waits_for_one_counter_reads_which(house, client, called):
    turn, counter, agent = called
    other = next(one for one in house.hall("rabat").setup.counters if one.id != counter.id)
    house.submit("rabat", "agent:b1", partial(shifts.open_shift, counter=other.id, agent="b1"))
    moves(house, turns.transfer, turn, agent, counter=other.id)
    page = client.get(address(house, turn)).text
    assert says("phone.bound", counter=other.label) in news(page)
    assert says("estimate.bound") in page


def test_a_call_that_was_taken_back_is_said_until_the_next_one(house, client, called):
    turn, _counter, agent = called
    moves(house, turns.undo, turn, agent)
    page = client.get(address(house, turn)).text
    assert 'data-state="waiting"' in page
    assert news(page) == [says("phone.call_withdrawn")]
    call(house, "rabat", "mut")
    assert news(client.get(address(house, turn)).text) == []


def test_whoever_missed_the_call_reads_how_to_come_back_and_that_it_worked(house, client, clock, called):
    turn, _counter, agent = called
    moves(house, calling.recall, turn, agent)
    clock.advance(seconds=61)
    moves(house, serving.no_show, turn, agent)
    page = client.get(address(house, turn)).text
    assert news(page) == [says("phone.missed")]
    assert 'data-renewed-after="20"' in page
    moves(house, turns.put_back, turn, agent)
    assert news(client.get(address(house, turn)).text) == [says("phone.put_back")]
