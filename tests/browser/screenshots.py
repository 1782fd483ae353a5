"""`python -m tests.browser.screenshots`: every page in each language and size, to be looked at by people.

Into `screenshots/` goes everything, with a contact sheet for each language; into `docs/pictures/` go the few small
pictures that README.md shows. The halls are alive in them, so no two runs look the same.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import requests
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from server.clock import SystemClock
from tests.browser import chromium
from tests.browser.pages import DESK, GET_TICKET, LYING, PHONE, UPRIGHT, WALL, Kiosk, Pages, log_in, press
from tests.served import ROOT, Served, demonstration

LANGUAGES = ("ar", "fr", "zgh")
TALL_PHONE = (420, 900)
GLASS = (UPRIGHT, LYING, DESK)
WALLS = (WALL, UPRIGHT, DESK)
DESKS = (LYING, DESK, TALL_PHONE, PHONE)
PHONES = (TALL_PHONE, PHONE)

SITE = "rabat"
DISCREET = "oukacha"
#: A month, as `idarati demo` makes it.
PAST = 30
WIDEST = 900
COLOURS = 64
THUMBNAIL = (300, 300)
COLUMNS = 6


class Studio:
    """Takes the pictures of one language and keeps them for its contact sheet."""

    def __init__(self, pages: Pages, lang: str, folder: Path) -> None:
        self.pages = pages
        self.lang = lang
        self._folder = folder / lang
        self._folder.mkdir(parents=True, exist_ok=True)
        self._taken: list[Path] = []

    def take(self, page: Page, name: str, sizes: tuple[tuple[int, int], ...], *, whole: bool = False) -> None:
        """`whole` shows also what one would have to scroll to."""
        for width, height in sizes:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(150)
            path = self._folder / f"{name}-{width}x{height}.png"
            page.screenshot(path=path, full_page=whole, animations="disabled")
            self._taken.append(path)

    def contact_sheet(self) -> None:
        width, height = THUMBNAIL[0] + 12, THUMBNAIL[1] + 28
        rows = -(-len(self._taken) // COLUMNS)
        sheet = Image.new("RGB", (width * COLUMNS, height * rows), "white")
        pen = ImageDraw.Draw(sheet)
        for place, path in enumerate(self._taken):
            left, top = place % COLUMNS * width + 6, place // COLUMNS * height + 20
            picture = Image.open(path).convert("RGB")
            picture.thumbnail(THUMBNAIL)
            sheet.paste(picture, (left, top))
            pen.text((left, top - 14), path.stem, fill="black")
        sheet.save(self._folder.parent / f"contact-{self.lang}.png", optimize=True)


def kiosk_steps(studio: Studio, site: str, group: str, service: str) -> str:
    """Each step until the ticket; gives the address under which a phone follows it."""
    kiosk = studio.pages.kiosk(site, lang=studio.lang)
    name = f"kiosk-{site}"
    studio.take(kiosk.page, f"{name}-1-start", GLASS)
    kiosk.touch(f'.tongue[data-language="{studio.lang}"]')
    studio.take(kiosk.page, f"{name}-2-groups", GLASS)
    kiosk.touch(f'[data-step="groups"] [data-ref="{group}"]')
    studio.take(kiosk.page, f"{name}-3-services", GLASS)
    kiosk.touch(f'[data-step="services"] [data-ref="{service}"]')
    studio.take(kiosk.page, f"{name}-4-card", GLASS)
    if kiosk.page.locator('[data-go="priority"]').locator("visible=true").count():
        kiosk.touch('[data-go="priority"]')
        studio.take(kiosk.page, f"{name}-5-priority", GLASS)
        kiosk.touch("[data-back]")
    ticket = kiosk.draw()
    expect(kiosk.page.locator('[data-paper="kiosk.take_ticket"]')).to_be_visible(timeout=15_000)
    studio.take(kiosk.page, f"{name}-6-ticket", GLASS)
    return str(ticket["follow_url"])


def kiosk_troubles(studio: Studio) -> None:
    kiosk = studio.pages.kiosk(SITE, lang=studio.lang, false_clock=True)
    kiosk.touch(f'.tongue[data-language="{studio.lang}"]')
    kiosk.page.clock.run_for(31_000)
    studio.take(kiosk.page, "kiosk-idle", (UPRIGHT, LYING))
    kiosk = studio.pages.kiosk(SITE, lang=studio.lang)
    kiosk.choose(studio.lang, "vehicle", "imm")
    kiosk.page.route(f"**/kiosk/{SITE}/tickets", lambda route: route.abort())
    kiosk.touch(GET_TICKET)
    kiosk.at("unreachable").wait_for()
    studio.take(kiosk.page, "kiosk-unreachable", (UPRIGHT, LYING))


def displays(studio: Studio) -> None:
    for site in (SITE, DISCREET):
        studio.take(studio.pages.display(site, lang=studio.lang), f"display-{site}", WALLS)
    page = studio.pages.enrolled("display", SITE, size=WALL)
    page.goto(f"{studio.pages.served.address}/display/{SITE}/vehicles?lang={studio.lang}")
    expect(page.locator("#clock")).not_to_have_text("--:--")
    studio.take(page, "display-zone", WALLS)


def counters(studio: Studio) -> None:
    page = studio.pages.counter(SITE, lang=studio.lang)
    counter = studio.pages.served.facts.sites[SITE].free_counter
    studio.take(page, "counter-1-choose", DESKS)
    page.locator(f'[data-counter="{counter}"]').click()
    page.locator("#work").wait_for()
    studio.take(page, "counter-2-open", DESKS)
    press(page, "n")
    expect(page.locator('[data-verb="start"]')).to_be_enabled()
    studio.take(page, "counter-3-called", DESKS)
    press(page, "a")
    page.locator("#problem").wait_for()
    studio.take(page, "counter-4-refused", DESKS)
    press(page, "s")
    expect(page.locator('[data-verb="start"]')).to_be_disabled()
    studio.take(page, "counter-5-serving", DESKS)
    press(page, "f")
    expect(page.locator('[data-verb="finish"]')).to_be_disabled()
    press(page, "p")
    studio.take(page, "counter-6-reasons", DESKS)
    page.keyboard.press("1")
    page.locator("#paused").wait_for()
    studio.take(page, "counter-7-paused", DESKS)
    press(page, "c")
    page.locator("#choose").wait_for()


def managers(studio: Studio) -> None:
    page = studio.pages.manager(SITE, lang=studio.lang)
    studio.take(page, "manager", DESKS)
    studio.take(page, "manager-whole", (LYING, PHONE), whole=True)


def phones(studio: Studio, follow_url: str) -> None:
    page = studio.pages.blank(PHONE)
    page.goto(f"{follow_url}?lang={studio.lang}")
    studio.take(page, "phone", PHONES)


def doors(studio: Studio) -> None:
    for path, name in (("/", "welcome"), ("/login", "login"), (f"/kiosk/{SITE}", "enrol"), ("/t/nothing", "problem")):
        page = studio.pages.open(path, lang=studio.lang)
        studio.take(page, name, DESKS)
        if name == "welcome":
            studio.take(page, "welcome-whole", (DESK, PHONE), whole=True)
    page = studio.pages.open("/login", lang=studio.lang)
    page.locator("#name").fill("nobody")
    page.locator("#password").fill("nothing")
    page.keyboard.press("Enter")
    page.locator('[role="alert"]').wait_for()
    studio.take(page, "login-refused", DESKS)
    page = studio.pages.open(f"/kiosk/{SITE}/paper", lang=studio.lang)
    studio.take(page, "paper", (LYING, PHONE))


def everything(served: Served, folder: Path) -> None:
    with chromium.browsing() as browser:
        for lang in LANGUAGES:
            pages = Pages(browser, served)
            studio = Studio(pages, lang, folder)
            follow_url = kiosk_steps(studio, SITE, "vehicle", "mut")
            kiosk_troubles(studio)
            displays(studio)
            counters(studio)
            managers(studio)
            phones(studio, follow_url)
            doors(studio)
            studio.contact_sheet()
            pages.close()


def readme_pictures(served: Served, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with chromium.browsing() as browser:
        pages = Pages(browser, served)
        kiosk = pages.kiosk(SITE, size=LYING, lang="ar")
        follow_url = _ticket(kiosk)
        _keep(kiosk.page, folder / "kiosk-ar.png")
        paper = requests.get(f"{served.address}/kiosk/{SITE}/paper", timeout=10)
        assert paper.ok
        page = pages.open(f"/kiosk/{SITE}/paper", lang="ar")
        newest = requests.get(served.address + str(page.locator(".papers img").first.get_attribute("src")), timeout=10)
        _save(Image.open(BytesIO(newest.content)), folder / "paper-ar.png")
        _keep(pages.display(SITE, lang="ar"), folder / "display.png")
        with _counter_with_somebody(pages) as console:
            _keep(console, folder / "counter-fr.png")
        manager = pages.manager(SITE, size=LYING, lang="fr")
        manager.goto(f"{manager.url.partition('?')[0]}?from={_week_before()}&by=service")
        manager.locator("#waits").evaluate("element => element.scrollIntoView()")
        _keep(manager, folder / "manager-fr.png")
        phone = pages.blank(TALL_PHONE)
        phone.goto(follow_url)
        _keep(phone, folder / "phone-ar.png")
        pages.close()


def _week_before() -> str:
    """Enough days for figures that mean something."""
    return (SystemClock().now() - timedelta(days=7)).date().isoformat()


def _ticket(kiosk: Kiosk) -> str:
    kiosk.choose("ar", "vehicle", "mut")
    ticket = kiosk.draw()
    expect(kiosk.page.locator('[data-paper="kiosk.take_ticket"]')).to_be_visible(timeout=15_000)
    return str(ticket["follow_url"])


@contextmanager
def _counter_with_somebody(pages: Pages) -> Iterator[Page]:
    page = pages.blank(LYING)
    site = pages.served.facts.sites[SITE]
    page.goto(f"{pages.served.address}/counter/{SITE}?lang=fr")
    log_in(page, site.agent.login)
    page.locator(f'[data-counter="{site.free_counter}"]').click()
    page.locator("#work").wait_for()
    press(page, "n")
    expect(page.locator('[data-verb="start"]')).to_be_enabled()
    press(page, "s")
    expect(page.locator('[data-verb="start"]')).to_be_disabled()
    yield page
    press(page, "f")
    expect(page.locator('[data-verb="finish"]')).to_be_disabled()
    press(page, "c")
    page.locator("#choose").wait_for()


def _keep(page: Page, path: Path) -> None:
    page.wait_for_timeout(300)
    _save(Image.open(BytesIO(page.screenshot(animations="disabled"))), path)


def _save(picture: Image.Image, path: Path) -> None:
    """Small enough to stand in the repository."""
    picture = picture.convert("RGB")
    if picture.width > WIDEST:
        size = (WIDEST, round(picture.height * WIDEST / picture.width))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readme-only", action="store_true", help="only the small pictures of README.md")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder, demonstration(Path(folder), days_back=PAST, quiet=False) as served:
        readme_pictures(served, ROOT / "docs" / "pictures")
        if not asked.readme_only:
            everything(served, ROOT / "screenshots")


if __name__ == "__main__":
    main()
