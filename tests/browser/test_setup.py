"""The manager suspends a service by keyboard; whoever holds a ticket for it reads so, and the page holds on any screen."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import LYING, Pages

pytestmark = pytest.mark.browser

SITE = "algeciras"
NARROW = (420, 900)
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def setup(pages: Pages) -> Page:
    page = pages.manager(SITE, size=LYING)
    page.goto(f"{pages.served.address}/manager/{SITE}/setup?lang=fr")
    return page


def row(setup: Page, service: str) -> Locator:
    return setup.locator(f'[data-service="{service}"]')


def test_a_service_is_suspended_by_keys_alone_and_those_who_wait_are_told(pages: Pages, setup: Page):
    served = pages.served
    service = served.api(served.kiosk(SITE)).get(f"/sites/{SITE}/services")["services"][0]["code"]
    drawn = served.api(served.kiosk(SITE)).post(f"/sites/{SITE}/tickets", {"service": service, "language": "fr"})
    row(setup, service).locator("summary", has_text="Suspendre").focus()
    setup.keyboard.press("Enter")
    setup.keyboard.press("Tab")
    setup.keyboard.type("coupure")
    setup.keyboard.press("Tab")
    setup.keyboard.press("Enter")
    expect(row(setup, service)).to_contain_text("coupure du réseau")
    expect(setup.get_by_role("status")).to_be_in_viewport()
    followed = pages.open(f"/t/{drawn['public_id']}")
    expect(followed.locator('[data-role="suspended"]')).to_contain_text("coupure du réseau")
    row(setup, service).get_by_role("button").press("Enter")
    expect(row(setup, service)).to_contain_text("Ouverte")


def test_the_entry_that_is_named_leads_to_its_line_in_the_log(setup: Page):
    setup.locator("#limits button").press("Enter")
    expect(setup.locator("#limits [role=status]")).to_contain_text("Rien n'a changé.")
    setup.locator("#most").fill("11")
    setup.locator("#limits button").press("Enter")
    setup.locator("#limits [role=status] a").press("Enter")
    expect(setup.locator(".changes > li:target")).to_contain_text("Borne")


@pytest.mark.parametrize("lang", ["ar", "fr", "zgh"])
def test_nothing_lies_outside_with_every_form_unfolded(pages: Pages, setup: Page, lang: str):
    for size in (LYING, NARROW):
        setup.set_viewport_size({"width": size[0], "height": size[1]})
        for part in ("setup", "setup/counters/new", "changes"):
            setup.goto(f"{pages.served.address}/manager/{SITE}/{part}?lang={lang}")
            setup.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            assert setup.evaluate(WIDER) <= 0, (part, lang, size)
