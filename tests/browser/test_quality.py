"""What holds on every page: it is light, it is drawn by our own fonts, nothing lies outside it, nobody complains."""

import pytest
from playwright.sync_api import Page

from tests.browser import chromium
from tests.browser.pages import DESK, LYING, PHONE, UPRIGHT, WALL, Pages

pytestmark = pytest.mark.browser

SITE = "eljadida"
LIGHT = 200_000
LANGUAGES = ("ar", "fr", "zgh")


@pytest.mark.parametrize("kind", ["kiosk", "display"])
def test_a_screens_first_visit_is_light(pages: Pages, kind: str):
    page = pages.enrolled(kind, SITE)
    weight = chromium.weight_of(page, f"{pages.served.address}/{kind}/{SITE}?lang=zgh")
    assert 0 < weight < LIGHT


def test_our_own_fonts_draw_every_script_and_nothing_lies_outside(pages: Pages):
    shown = {
        f"/kiosk/{SITE}": (pages.enrolled("kiosk", SITE), (UPRIGHT, LYING)),
        f"/display/{SITE}": (pages.enrolled("display", SITE), (WALL, DESK)),
        f"/counter/{SITE}": (pages.counter(SITE), (DESK,)),
        f"/manager/{SITE}": (pages.manager(SITE), (DESK, PHONE)),
        "/": (pages.blank(PHONE), (PHONE,)),
        "/login": (pages.blank(PHONE), (PHONE,)),
    }
    foreign, wide = [], []
    for path, (page, sizes) in shown.items():
        for lang in LANGUAGES:
            page.goto(f"{pages.served.address}{path}?lang={lang}")
            foreign += [(path, lang, name) for name, ours in chromium.fonts_of(page, "body *") if not ours]
            wide += [(path, lang, size) for size in sizes if _overflow(page, size) > 0]
    assert foreign == []
    assert wide == []


def test_each_language_is_written_in_its_own_font(pages: Pages):
    names = {}
    page = pages.kiosk(SITE).page
    for lang in LANGUAGES:
        ((name, _ours),) = chromium.fonts_of(page, f'.tongue[data-language="{lang}"]')
        names[lang] = name.split()[0]
    assert names == {"ar": "Idarati", "fr": "Idarati", "zgh": "Noto"}


def _overflow(page: Page, size: tuple[int, int]) -> int:
    """By how much a page is wider than its window."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider
