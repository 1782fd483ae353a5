"""The page's own words in a real browser: same sentences as the server's, made of nodes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from server.web import i18n

pytestmark = pytest.mark.browser

STATIC = Path(i18n.__file__).parent / "static" / "web"
KEYS = ["ticket.people_ahead", "ticket.nobody_ahead", "ticket.wait_range", "ticket.wait_under", "kiosk.your_number"]
NUMBERS = (0, 1, 2, 3, 10, 11, 15, 99, 100, 101, 102, 103, 111)


@pytest.fixture(scope="module")
def browser_page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.route("**/*", serve)
    yield page
    page.context.close()


def serve(route: Route) -> None:
    name = route.request.url.split("/")[-1]
    if name == "words.js":
        route.fulfill(body=(STATIC / name).read_text(encoding="utf-8"), content_type="text/javascript")
        return
    data = json.dumps(i18n.catalogue(name, KEYS)).replace("<", "\\u003c")
    html = f'<!doctype html><html lang="{name}"><p id="said"></p><script type="application/json" id="words">{data}</script>'
    route.fulfill(body=html, content_type="text/html")


def said(page: Page, lang: str, key: str, **params: object) -> tuple[str, str]:
    if not page.url.endswith(f"/{lang}"):
        page.goto(f"http://page.test/{lang}")
    plain, html = page.evaluate(
        """async ([key, params]) => {
            const { Words } = await import("/words.js");
            const words = Words.of(), said = document.getElementById("said");
            words.show(said, key, params);
            return [words.plain(key, params), said.innerHTML];
        }""",
        [key, params],
    )
    return plain, html


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_the_browser_counts_like_the_server(browser_page: Page, lang: str) -> None:
    for number in NUMBERS:
        text = i18n.words(lang).t("ticket.people_ahead", ahead=number)
        assert said(browser_page, lang, "ticket.people_ahead", ahead=number) == (text.plain, html_of(text))


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_the_browser_isolates_and_escapes_like_the_server(browser_page: Page, lang: str) -> None:
    text = i18n.words(lang).t("kiosk.your_number", number="<A017>")
    assert said(browser_page, lang, "kiosk.your_number", number="<A017>") == (text.plain, html_of(text))


@pytest.mark.parametrize(("low", "high"), [(0, 0), (0, 4), (3, 3), (1, 2), (10, 15)])
def test_the_browser_says_a_range_like_the_server(browser_page: Page, low: int, high: int) -> None:
    browser_page.goto("http://page.test/ar")
    plain = browser_page.evaluate(
        """async ([low, high]) => {
            const words = (await import("/words.js")).Words.of();
            return words.plain(...words.waitRange(low, high));
        }""",
        [low, high],
    )
    assert plain == i18n.words("ar").wait_range(low, high).plain


def html_of(text: i18n.Text) -> str:
    """As a browser writes it back: it escapes no apostrophe and keeps no numeric reference."""
    return text.html.replace("&#39;", "'").replace("\u00a0", "&nbsp;")
