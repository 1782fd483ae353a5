"""A page that renews itself throws nobody back to its beginning, says what changed, and says when it can't be renewed."""

import pytest
from playwright.sync_api import Page, expect

from server.actions import calling, serving, shifts
from tests.access.hall import Hall
from tests.browser.pages import PHONE

pytestmark = pytest.mark.browser

COUNTER = "rabat-5"


def phone_of(hall: Hall, service: str) -> tuple[Page, str]:
    """The phone of somebody who holds a ticket for the service, and the ticket."""
    turn = hall.draws(service, language="fr")
    page = hall.blank(PHONE)
    page.clock.install()
    page.goto(hall.address + hall.follow(turn))
    page.evaluate("window.stillTheSame = true")
    return page, turn.ticket


def test_my_ticket_says_that_it_is_called_and_then_asks_no_more(hall):
    service = hall.office.house.hall("rabat").setup.counter_by_id[COUNTER].serves[0]
    page, ticket = phone_of(hall, service)
    hall.does(shifts.open_shift, counter=COUNTER, agent="a5")
    while hall.does(calling.call_next, counter=COUNTER, agent="a5", ending="finished").turn.ticket != ticket:
        pass
    page.clock.run_for(21_000)
    expect(page.locator('[data-state="called"]')).to_contain_text("guichet 5")
    expect(page.get_by_role("status").first).to_contain_text("guichet 5")
    hall.does(serving.finish, ticket=ticket, agent="a5")
    hall.does(shifts.close_for_agent, counter=COUNTER)
    page.clock.run_for(21_000)
    expect(page.locator('[data-state="finished"]')).to_be_visible()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(60_000)
    assert asked == []
    assert page.evaluate("window.stillTheSame")


def test_it_says_that_the_server_is_away_and_goes_on_asking(hall):
    page, _ticket = phone_of(hall, "mut")
    lost = page.locator("[data-renewal-lost]")
    page.route("**/t/*", lambda route: route.fulfill(status=404))
    page.clock.run_for(21_000)
    expect(lost).to_be_visible()
    page.unroute("**/t/*")
    page.clock.run_for(21_000)
    expect(lost).to_be_hidden()
