"""The manager's page in a real browser: the hall now keeps itself fresh, the charts hold on any screen and on paper."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from server.clock import SystemClock
from tests.browser.pages import LYING, PHONE, Pages

pytestmark = pytest.mark.browser

SITE = "eljadida"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: Charts whose bars do not begin where the writing begins.
BACKWARDS = """() => [...document.querySelectorAll(".bar")].filter(bar => {
  const whole = bar.getBoundingClientRect(), fill = bar.querySelector(".bar__fill").getBoundingClientRect();
  const rtl = document.documentElement.dir === "rtl";
  return Math.abs(rtl ? whole.right - fill.right : whole.left - fill.left) > 1;
}).length"""


def days() -> str:
    """The year around whatever day the demonstration takes place."""
    today = SystemClock().now().date()
    return f"from={today - timedelta(days=180)}&to={today + timedelta(days=180)}"


@pytest.fixture
def hall(pages: Pages) -> Page:
    """Its clock is moved by the test: ten seconds pass at once."""
    page = pages.manager(SITE, size=LYING)
    page.clock.install()
    page.goto(f"{pages.served.address}/manager/{SITE}?lang=fr")
    return page


def draw(pages: Pages) -> None:
    served = pages.served
    kiosk = served.api(served.kiosk(SITE))
    service = kiosk.get(f"/sites/{SITE}/services")["services"][0]["code"]
    kiosk.post(f"/sites/{SITE}/tickets", {"service": service, "language": "fr"})


def test_the_hall_now_keeps_itself_fresh(pages: Pages, hall: Page):
    drawn = hall.locator(".now__tally dd").first
    before = int(drawn.inner_text())
    draw(pages)
    hall.clock.run_for(11_000)
    expect(drawn).to_have_text(str(before + 1))
    draw(pages)
    hall.clock.run_for(11_000)
    expect(drawn).to_have_text(str(before + 2))
    expect(hall.locator("#now-late")).to_be_hidden()


def test_it_leaves_alone_what_somebody_uses(pages: Pages, hall: Page):
    drawn = hall.locator(".now__tally dd").first
    before = drawn.inner_text()
    hall.locator("#now a.button").focus()
    draw(pages)
    hall.clock.run_for(31_000)
    expect(drawn).to_have_text(before)
    hall.locator("#now a.button").blur()
    hall.clock.run_for(11_000)
    expect(drawn).to_have_text(str(int(before) + 1))


@pytest.mark.parametrize("lang", ["ar", "fr", "zgh"])
def test_charts_hold_on_any_screen_and_begin_where_the_writing_begins(pages: Pages, lang: str):
    page = pages.manager(SITE, size=LYING)
    page.goto(f"{pages.served.address}/manager/{SITE}?lang={lang}&{days()}")
    for width, height in (LYING, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(WIDER) <= 0
        assert page.locator(".bar").count() > 0
        assert page.evaluate(BACKWARDS) == 0


def test_paper_shows_the_figures_and_not_the_hall(pages: Pages, hall: Page):
    hall.goto(f"{pages.served.address}/manager/{SITE}?lang=fr&{days()}")
    hall.emulate_media(media="print")
    expect(hall.locator("#now")).to_be_hidden()
    expect(hall.locator("#chart-spread")).to_be_visible()
