"""The orientation desk in a real browser: on a tablet by touch, at a table by keyboard, and every target a finger wide."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chromium
from tests.browser.pages import Pages, log_in

pytestmark = pytest.mark.browser

SITE = "oukacha"
TABLET = ((1024, 768), (768, 1024))
#: What can be touched and is lower or narrower than 60 px; a label counts for the box in it.
SMALL = """() => [...document.querySelectorAll("main a, main button, main input, main summary, header .button, header nav a")]
  .filter(element => element.type !== "hidden" && element.checkVisibility())
  .map(element => [element.outerHTML.slice(0, 80), (element.closest("label") ?? element).getBoundingClientRect()])
  .filter(([, box]) => box.height < 59.5 || box.width < 59.5)
  .map(([html]) => html)"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def desk(pages: Pages) -> Iterator[Page]:
    page = pages.blank(TABLET[0], touch=True)
    page.goto(f"{pages.served.address}/desk/{SITE}?lang=fr")
    log_in(page, pages.served.facts.sites[SITE].orienter)
    page.locator(".tile").first.wait_for()
    return page


@pytest.fixture
def service(pages: Pages) -> str:
    """A service whose card asks for documents, by its address."""
    services = pages.served.api(pages.served.orienter(SITE)).get(f"/sites/{SITE}/services")["services"]
    return next(one["code"] for one in services if len(one["card"]["documents"] or ()) > 1 and one["open"])


def draws(desk: Page, service: str, *, klass: str = "ordinary") -> str:
    desk.locator(f'.tile[href$="/services/{service}"]').tap()
    desk.locator('.pick:has([name="language"][value="zgh"])').tap()
    desk.locator(f'.pick:has([name="class"][value="{klass}"])').tap()
    desk.locator(".give .button--main").tap()
    return desk.locator("#number").inner_text()


def test_a_ticket_is_given_corrected_printed_and_withdrawn_by_touch(desk: Page, service: str):
    number = draws(desk, service, klass="priority")
    assert re.fullmatch(r"[A-Z]\d{3}", number)
    expect(desk.locator(".facts")).to_contain_text("Priorité")
    desk.get_by_text("Corriger la priorité").tap()
    desk.locator('[name="class"]').tap()
    expect(desk.locator(".facts")).to_contain_text("Ordinaire")
    desk.get_by_role("button", name="Réimprimer le ticket").tap()
    expect(desk.locator("p.banner[role=status]:not(.ready)")).to_contain_text("Impression de l'exemplaire 2")
    desk.get_by_text("Annuler à la demande de la personne").tap()
    desk.get_by_role("button", name="Confirmer").tap()
    expect(desk.locator("p.banner[role=status]:not(.ready)")).to_have_text("Le ticket est annulé.")
    expect(desk.locator("#number")).to_have_text(number)
    expect(desk.get_by_role("button", name="Réimprimer le ticket")).to_have_count(0)


def test_documents_are_ticked_and_a_missing_one_is_counted(desk: Page, service: str):
    desk.locator(f'.tile[href$="/services/{service}"]').tap()
    desk.locator(".give").wait_for()
    ready = desk.locator(".ready")
    for tick in desk.locator(".tick").all():
        tick.tap()
    expect(ready).to_be_visible()
    desk.locator(".tick").first.tap()
    expect(ready).to_be_hidden()
    missing = desk.locator(".tick").first.locator("span").first.inner_text().splitlines()[0]
    desk.locator(".missing summary").tap()
    desk.locator(".missing__choice").first.tap()
    expect(desk.locator("p.banner[role=status]:not(.ready)")).to_contain_text("C'est compté")
    assert desk.locator(".tick__box:checked").count() == 0
    desk.get_by_role("link", name="Retour").tap()
    expect(desk.locator(".counts")).to_contain_text(missing)


def test_the_whole_way_goes_by_keyboard(desk: Page, service: str):
    def press(key: str, until: str) -> None:
        for _ in range(80):
            desk.keyboard.press(key)
            if desk.evaluate("selector => document.activeElement.matches(selector)", until):
                return
        raise AssertionError(f"{until} is not reached by {key}")

    expect(desk.locator("#asked")).to_be_focused()
    press("Shift+Tab", f'.tile[href$="/services/{service}"]')
    desk.keyboard.press("Enter")
    desk.locator(".give").wait_for()
    press("Tab", '[name="language"]')
    desk.keyboard.press("Space")
    press("Tab", '[name="class"]')
    desk.keyboard.press("ArrowDown")
    press("Tab", '[name="kiosk"]')
    press("Tab", ".give .button--main")
    desk.keyboard.press("Enter")
    number = desk.locator("#number").inner_text()
    expect(desk.locator(".facts")).to_contain_text("Priorité")
    press("Tab", ".head a")
    desk.keyboard.press("Enter")
    expect(desk.locator("#asked")).to_be_focused()
    desk.keyboard.type(f"{number[0].lower()}{int(number[1:])}")
    desk.keyboard.press("Enter")
    expect(desk.locator("#number")).to_have_text(number)


def test_every_target_is_a_finger_wide_and_nothing_is_clipped_or_foreign(desk: Page, service: str):
    draws(desk, service)
    address = desk.url.partition("?")[0]
    base = address.partition("/tickets/")[0]
    small, wide, foreign = [], [], []
    for path in (base, f"{base}/services/{service}", address):
        for lang in ("ar", "fr", "zgh", "en"):
            desk.goto(f"{path}?lang={lang}")
            foreign += [(path, lang, name) for name, ours in chromium.fonts_of(desk, "body *") if not ours]
            for width, height in TABLET:
                desk.set_viewport_size({"width": width, "height": height})
                small += [(path, lang, width, html) for html in desk.evaluate(SMALL)]
                wide += [(path, lang, width)] if desk.evaluate(WIDER) > 0 else []
    assert small == []
    assert wide == []
    assert foreign == []
