"""A citizen takes a ticket: by touch and by keyboard, in Arabic and in French."""

import re
from io import BytesIO

import pytest
import requests
from PIL import Image
from playwright.sync_api import Page, expect

from server.web.i18n import words
from tests.browser.pages import GET_TICKET, LYING, Kiosk, Pages, plain
from tests.printers import eyes

pytestmark = pytest.mark.browser

#: The arrow that leads from what has the focus towards an element.
WAY = """wanted => {
  if (wanted === document.activeElement) return "here";
  const [from, to] = [document.activeElement, wanted].map(element => element.getBoundingClientRect());
  const [right, down] = [to.x + to.width / 2 - from.x - from.width / 2, to.y + to.height / 2 - from.y - from.height / 2];
  if (Math.abs(down) > 8) return down > 0 ? "ArrowDown" : "ArrowUp";
  return right > 0 ? "ArrowRight" : "ArrowLeft";
}"""
NUMBER = re.compile(r"[A-Z]\d{3}")


def test_a_ticket_in_arabic_takes_four_touches(pages: Pages):
    kiosk = pages.kiosk("rabat")
    kiosk.choose("ar", "vehicle", "imm")
    ticket = kiosk.draw()
    assert kiosk.touches <= 4
    assert kiosk.page.locator("html").get_attribute("dir") == "rtl"
    assert ticket["language"] == "ar"
    assert NUMBER.fullmatch(ticket["number"])
    expect(kiosk.at("ticket-number")).to_have_text(ticket["number"])
    assert plain(kiosk.at("people-ahead").inner_text()) == plain(words("ar").people_ahead(ticket["ahead"]).plain)
    # Nobody serves it, and the page says so instead of guessing.
    assert ticket["estimate_why"] == "no_counter_open"
    assert plain(kiosk.at("wait-range").inner_text()) == plain(words("ar").t("estimate.no_counter_open").plain)


def test_a_ticket_in_french_tells_a_range_where_a_counter_is_open(pages: Pages):
    counter = pages.served.facts.sites["rabat"].free_counter
    agent = pages.served.api(pages.served.agent("rabat"))
    agent.post(f"/counters/{counter}/shifts")
    try:
        kiosk = pages.kiosk("rabat", size=LYING)
        kiosk.choose("fr", "vehicle", "mut")
        ticket = kiosk.draw()
    finally:
        agent.delete(f"/counters/{counter}/shifts/current")
    assert kiosk.page.locator("html").get_attribute("dir") == "ltr"
    shown = plain(kiosk.at("wait-range").inner_text())
    low, high = ticket["wait"]["low_min"], ticket["wait"]["high_min"]
    assert re.search(rf"\b{high}\b", shown)
    assert low == 0 or re.search(rf"\b{low}\b", shown)


@pytest.mark.parametrize(("lang", "side"), [("ar", 1), ("fr", -1)])
def test_a_picture_stands_where_the_line_begins(pages: Pages, lang: str, side: int):
    kiosk = pages.kiosk("rabat")
    kiosk.touch(f'.tongue[data-language="{lang}"]')
    tile = kiosk.page.locator('[data-step="groups"] .tile').first
    picture, text = tile.locator("svg").bounding_box(), tile.locator(".tile__text").bounding_box()
    assert picture
    assert text
    assert side * (picture["x"] - text["x"]) > 0


def test_a_ticket_is_drawn_by_keyboard_alone(pages: Pages):
    kiosk = pages.kiosk("rabat")
    page = kiosk.page
    _walk_to(page, '.tongue[data-language="fr"]')
    page.keyboard.press("Enter")
    _walk_to(page, '[data-step="groups"] [data-ref="vehicle"]')
    page.keyboard.press("Enter")
    _walk_to(page, '[data-step="services"] [data-ref="imm"]')
    page.keyboard.press("Enter")
    _walk_to(page, f'[data-step="card"] {GET_TICKET}')
    page.keyboard.press("Enter")
    kiosk.at("ticket-number").wait_for()
    assert NUMBER.fullmatch(kiosk.at("ticket-number").inner_text())
    page.keyboard.press("Escape")
    expect(page.locator(".tongue").first).to_be_visible()


def test_the_paper_says_the_same_number(pages: Pages):
    kiosk = pages.kiosk("eljadida")
    kiosk.touch('.tongue[data-language="ar"]')
    _choose_first(kiosk)
    ticket = kiosk.draw()
    expect(kiosk.page.locator('[data-paper="kiosk.take_ticket"]')).to_be_visible(timeout=12_000)
    page = pages.blank(LYING)
    page.goto(f"{pages.served.address}/kiosk/eljadida/paper")
    picture = page.locator(".papers img").first
    expect(picture).to_be_visible()
    drawn = requests.get(pages.served.address + str(picture.get_attribute("src")), timeout=5)
    paper = Image.open(BytesIO(drawn.content))
    assert ticket["number"] in eyes.words_in(paper)
    assert eyes.codes_in(paper) == [ticket["follow_url"]]


def test_whoever_says_nothing_is_asked_and_then_forgotten(pages: Pages):
    kiosk = pages.kiosk("rabat", false_clock=True)
    kiosk.touch('.tongue[data-language="fr"]')
    kiosk.page.clock.run_for(31_000)
    expect(kiosk.at("idle-warning")).to_be_visible()
    kiosk.touch("[data-stay]")
    kiosk.page.clock.run_for(1_000)
    expect(kiosk.page.locator('[data-role="idle-warning"]')).to_be_hidden()
    kiosk.page.clock.run_for(51_000)
    expect(kiosk.page.locator('[data-step="start"]')).to_be_visible()


def _choose_first(kiosk: Kiosk) -> None:
    """The first service there is."""
    kiosk.touch('[data-step="groups"] .tile >> nth=0')
    if kiosk.page.locator('[data-step="services"]').locator("visible=true").count():
        kiosk.touch('[data-step="services"]:not([hidden]) .tile >> nth=0')


def _walk_to(page: Page, selector: str) -> None:
    """By arrow keys, towards where one sees it."""
    wanted = page.locator(selector).locator("visible=true")
    page.keyboard.press("ArrowDown")
    for _ in range(12):
        way = wanted.evaluate(WAY)
        if way == "here":
            return
        page.keyboard.press(way)
    raise AssertionError(f"the arrows don't lead to {selector}")
