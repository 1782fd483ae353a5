"""The page for old televisions: everything in the HTML, nothing that runs."""

import re

from tests.display import stage


def test_it_holds_the_board_without_any_script(display, house):
    stage.opens(house, "rabat-1")
    first = stage.draws(house, "acc").number
    second = stage.draws(house, "acc").number
    stage.calls(house, "rabat-1")
    stage.calls(house, "rabat-1", ending="finished")
    answer = display.get("/display/rabat/plain?lang=fr")
    page = answer.text
    assert "<script" not in page
    assert "style=" not in page
    assert '<meta http-equiv="refresh" content="10">' in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'<p class="call__number"><bdi>{second}</bdi></p>' in page
    assert f'<bdi class="calls__number">{first}</bdi>' in page
    assert page.count('data-role="wait-range"') == 10
    assert "09:00" not in page.split("<body>")[0]
    assert re.search(r'class="head__time">\d\d:\d\d<', page)


def test_it_shows_who_was_missed_what_is_suspended_and_what_hangs_in_the_hall(display, house):
    stage.misses(house, "rabat-1")
    stage.posts(house, ("fr", "Fermeture à 13 h"))
    stage.suspends(house, "mut")
    page = display.get("/display/rabat/plain?lang=fr").text
    assert "Appelés et absents" in page
    assert "Fermeture à 13 h" in page
    assert "Suspendu\u00a0: panne du système informatique" in page


def test_an_empty_hall_says_that_nobody_was_called(display):
    assert "Aucun appel pour le moment" in display.get("/display/rabat/plain?lang=fr").text


def test_a_zone_has_a_plain_page_of_its_own(display):
    assert display.get("/display/rabat/licences/plain?lang=ar").text.count("data-service=") == 3
    assert display.get("/display/rabat/cellar/plain").status_code == 404


def test_it_opens_only_on_a_display_of_the_site(app, house):
    assert app.test_client().get("/display/rabat/plain").status_code == 401
    assert stage.enrolled(app, house, "eljadida").get("/display/rabat/plain").status_code == 401


def test_a_closed_hall_says_when_it_opens_and_shows_no_call_of_the_day_before(display, house):
    stage.opens(house, "rabat-3")
    number = stage.draws(house).number
    ticket = stage.calls(house, "rabat-3").turn.ticket
    house.clock.advance(hours=11)
    late = display.get("/display/rabat/plain?lang=fr").text
    assert "Accueil fermé" not in late
    assert number in late
    stage.finishes(house, ticket, "rabat-3")
    over = display.get("/display/rabat/plain?lang=fr").text
    assert "Accueil fermé. Ouverture le" in over
    assert f">{number}<" not in over.partition("calls")[0]


def test_a_call_that_was_taken_back_is_struck_through(display, house):
    stage.opens(house, "rabat-1")
    turn = stage.draws(house, "acc")
    stage.calls(house, "rabat-1")
    stage.undoes(house, turn.ticket, "rabat-1")
    page = display.get("/display/rabat/plain?lang=fr").text
    assert f"<s><bdi>{turn.number}</bdi></s>" in page
    assert "Appel annulé" in page
