"""The server goes and comes back: nobody has to do anything, and nobody gets two tickets."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.pages import GET_TICKET, Pages

pytestmark = pytest.mark.browser

SITE = "rabat"


def test_the_screens_outlive_a_server_that_is_away(pages: Pages):
    pages.watch.expect_away()
    display = pages.display(SITE, false_clock=True)
    kiosk = pages.kiosk(SITE)
    kiosk.choose("ar", "vehicle", "imm")
    pages.served.stop()
    try:
        kiosk.touch(GET_TICKET)
        expect(kiosk.at("unreachable")).to_be_visible()
        expect(kiosk.at("ticket-number")).to_have_count(0)
        display.clock.run_for(14_000)
        expect(display.locator('[data-role="stale"]')).to_be_visible()
    finally:
        pages.served.start()
    # The one touch is answered, and the display goes on.
    expect(kiosk.at("ticket-number")).to_be_visible(timeout=15_000)
    expect(kiosk.at("unreachable")).to_have_count(0)
    expect(display.locator('[data-role="stale"]')).to_be_hidden(timeout=15_000)


def test_an_answer_that_is_lost_costs_nobody_a_second_ticket(pages: Pages):
    pages.watch.expect_away()
    kiosk = pages.kiosk(SITE)
    asked: list[tuple[str | None, str]] = []

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        asked.append((route.request.headers.get("idempotency-key"), answer.json()["number"]))
        if len(asked) == 1:
            route.abort("connectionreset")
        else:
            route.fulfill(response=answer)

    kiosk.page.route(f"**/kiosk/{SITE}/tickets", lose_the_first)
    kiosk.choose("fr", "vehicle", "imm")
    kiosk.touch(GET_TICKET)
    expect(kiosk.at("ticket-number")).to_be_visible()
    assert len(asked) == 2
    assert asked[0] == asked[1]
    assert asked[0][0]
    expect(kiosk.at("ticket-number")).to_have_text(asked[0][1])
