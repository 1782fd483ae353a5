"""The display in a real browser: it hears the call, notices what it missed, says when it is stale, comes back alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.display import stage

pytestmark = pytest.mark.browser

COUNTER = "rabat-1"
SERVICE = "acc"


def role(page, name):
    return page.locator(f'[data-role="{name}"]')


@pytest.fixture
def hall(house):
    """One counter open, three people waiting for it."""
    stage.opens(house, COUNTER)
    for _ in range(3):
        stage.draws(house, SERVICE)
    return house


@pytest.fixture
def port(hall):
    with stage.serving_app(hall, _beat_s=0.5) as port:
        yield port


def test_it_shows_a_call_as_soon_as_it_is_made(hall, port, hall_page):
    page = hall_page(port)
    expect(page.locator("#nobody")).to_contain_text("Aucun appel pour le moment")
    first = stage.calls(hall, COUNTER).turn
    expect(page.locator("#number")).to_have_text(first.number)
    expect(page.locator("#counter")).to_have_text("1")
    expect(page.locator("#current")).to_have_class(re.compile("call--new"))
    second = stage.calls(hall, COUNTER, ending="finished").turn
    expect(page.locator("#number")).to_have_text(second.number)
    expect(role(page, "last-calls").locator("li")).to_have_count(1)
    expect(role(page, "last-calls")).to_contain_text(first.number)
    expect(role(page, "last-calls").locator("li")).to_have_attribute("data-state", "ended")


def test_it_counts_who_waits_and_says_why_there_is_no_range(hall, port, hall_page):
    page = hall_page(port)
    line = page.locator(f'[data-service="{SERVICE}"]')
    expect(line.locator('[data-role="waiting"]')).to_have_text("3")
    expect(line.locator('[data-role="wait-range"]')).to_contain_text("Pas encore d'estimation")
    stage.draws(hall, SERVICE)
    expect(line.locator('[data-role="waiting"]')).to_have_text("4")


def test_a_zone_shows_only_its_own_calls(hall, port, hall_page):
    page = hall_page(port, "/display/rabat/licences?lang=fr")
    whole = hall_page(port)
    first = stage.calls(hall, COUNTER).turn
    expect(whole.locator("#number")).to_have_text(first.number)
    expect(page.locator("#nobody")).to_contain_text("Aucun appel")


def test_it_notices_a_missing_entry_and_asks_for_the_board(hall, port, hall_page):
    page = hall_page(port)
    lost = []

    def lose_one(socket):
        server = socket.connect_to_server()

        def pass_on(message):
            if "ticket.called" in str(message) and not lost:
                lost.append(message)
            else:
                socket.send(message)

        server.on_message(pass_on)

    page.route_web_socket(re.compile("/socket.io/"), lose_one)
    page.reload()
    expect(page.locator("#nobody")).to_contain_text("Aucun appel")
    called = stage.calls(hall, COUNTER).turn
    stage.starts(hall, called.ticket, COUNTER)
    expect(page.locator("#number")).to_have_text(called.number)
    assert len(lost) == 1


def test_it_comes_back_by_itself_when_the_server_does(hall, hall_page):
    with stage.serving_app(hall, _beat_s=0.5) as port:
        page = hall_page(port)
        first = stage.calls(hall, COUNTER).turn
        expect(page.locator("#number")).to_have_text(first.number)
    second = stage.calls(hall, COUNTER, ending="finished").turn
    with stage.serving_app(hall, port=port, _beat_s=0.5):
        expect(page.locator("#number")).to_have_text(second.number, timeout=15_000)


@pytest.mark.long
def test_without_a_beat_it_says_so_with_the_time_of_the_last_update(hall, hall_page):
    with stage.serving_app(hall, _beat_s=0.5) as port:
        page = hall_page(port)
        expect(page.locator("#nobody")).to_contain_text("Aucun appel")
        expect(role(page, "stale")).to_be_hidden()
    expect(role(page, "stale")).to_be_visible(timeout=20_000)
    expect(role(page, "stale")).to_contain_text("Écran non actualisé depuis 09:00")
    with stage.serving_app(hall, port=port, _beat_s=0.5):
        expect(role(page, "stale")).to_be_hidden(timeout=15_000)


def test_it_stands_still_for_those_who_ask_for_it(hall, port, hall_page):
    page = hall_page(port, reduced_motion="reduce")
    expect(page.locator("#nobody")).to_contain_text("Aucun appel")
    stage.calls(hall, COUNTER)
    expect(page.locator("#current")).to_have_class(re.compile("call--new"))
    assert page.locator("#current").evaluate("e => getComputedStyle(e).animationName") == "none"


def test_everything_fits_a_hall_screen_without_scrolling(hall, port, hall_page):
    for lang in ("ar", "fr", "zgh", "en"):
        page = hall_page(port, f"/display/rabat?lang={lang}")
        expect(page.locator("#number")).to_be_attached()
        expect(page.locator("[data-role=waiting]").first).not_to_be_empty()
        tall, wide = page.evaluate("[document.documentElement.scrollHeight, document.documentElement.scrollWidth]")
        assert (tall <= 1080, wide <= 1920) == (True, True), lang


def test_every_text_stands_out_from_its_ground_by_seven_to_one(hall, port, hall_page):
    stage.misses(hall, COUNTER, SERVICE)
    page = hall_page(port)
    expect(page.locator("#now")).to_be_visible()
    stage.calls(hall, COUNTER)
    expect(role(page, "new-call")).to_be_visible()
    faint = page.evaluate(
        """() => {
          const light = (rgb) => {
            const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const parse = (text) => text.match(/[\\d.]+/g).map(Number);
          const ground = (e) => {
            for (; e; e = e.parentElement) {
              const found = parse(getComputedStyle(e).backgroundColor);
              if (found.length === 3 || found[3] > 0) return found.slice(0, 3);
            }
          };
          const faint = [];
          for (const e of document.querySelectorAll("body *")) {
            const text = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim() !== "");
            if (!text || e.closest("script, template, .skip") || e.getClientRects().length === 0) continue;
            const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05);
            if (ratio < 7) faint.push([e.className, e.textContent.slice(0, 30), ratio]);
          }
          return faint;
        }"""
    )
    assert faint == []
