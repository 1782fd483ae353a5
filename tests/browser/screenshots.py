"""`python -m tests.browser.screenshots`: every page in each language and size, to be looked at by people.

Into `screenshots/` goes every page and state of the tours that the tests of accessibility follow, with a contact sheet for
each tour and language; into `docs/pictures/` go the few small pictures that README.md shows, of a living demonstration.
"""

import argparse
import re
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
from tests.access import hall as halls
from tests.access.hall import LANGUAGES, Hall
from tests.access.tours import TOURS
from tests.browser import chromium
from tests.browser.pages import DESK, LYING, PHONE, UPRIGHT, WALL, Kiosk, Pages, log_in, press
from tests.served import ROOT, Served, demonstration

TALL_PHONE = (420, 900)
GLASS = (UPRIGHT, LYING, DESK)
WALLS = (WALL, UPRIGHT, DESK)
DESKS = (LYING, DESK, TALL_PHONE, PHONE)
PHONES = (DESK, TALL_PHONE, PHONE)
#: The glass that each tour's pages are made for.
SIZES = {
    "kiosk": GLASS,
    "kiosk, troubles": GLASS,
    "kiosk by keys": (LYING,),
    "display": WALLS,
    "counter": DESKS,
    "desk": DESKS,
    "manager": DESKS,
    "public": PHONES,
    "demonstration": DESKS,
    "doors": DESKS,
    "account": DESKS,
}

SITE = "rabat"
#: A month, as `idarati demo` makes it.
PAST = 30
WIDEST = 900
COLOURS = 64
THUMBNAIL = (300, 300)
COLUMNS = 6


class Studio:
    """Takes the pictures of one tour in one language and keeps them for its contact sheet."""

    def __init__(self, folder: Path, tour: str, lang: str) -> None:
        self._sheet = folder / f"contact-{_as_file(tour)}-{lang}.png"
        self._folder = folder / lang
        self._folder.mkdir(parents=True, exist_ok=True)
        self._tour = tour
        self._taken: list[Path] = []

    def take(self, page: Page, name: str) -> None:
        """In each size, and then as it was."""
        before = page.viewport_size
        for width, height in SIZES[self._tour]:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(100)
            place = f"{len(self._taken):03}"
            path = self._folder / f"{_as_file(self._tour)}-{place}-{_as_file(name)}-{width}x{height}.png"
            page.screenshot(path=path, animations="disabled")
            self._taken.append(path)
        if before is not None:
            page.set_viewport_size(before)

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
        sheet.save(self._sheet, optimize=True)


def _as_file(name: str) -> str:
    return re.sub(r"\W+", "-", name)


def kiosk_by_keys(hall: Hall, lang: str) -> Iterator[tuple[str, Page]]:
    """A ticket without a touch: the arrows, Enter and the focus that one sees."""
    page = hall.machine("kiosk", LYING)
    page.goto(f"{hall.address}/kiosk/{SITE}?lang={lang}", wait_until="networkidle")
    yield "languages", page
    for step in ("a language", "a group", "a service", "take a ticket"):
        page.keyboard.press("ArrowDown")
        yield step, page
        page.keyboard.press("Enter")
    page.locator('[data-paper="kiosk.take_ticket"]').wait_for()
    yield "ticket", page
    page.keyboard.press("Escape")
    page.locator('[data-step="start"]').wait_for()
    yield "forgotten", page
    hall.leave(page)


def everything(folder: Path) -> None:
    with (
        chromium.browsing() as browser,
        TemporaryDirectory() as there,
        halls.opened(Path(there), browser) as hall,
    ):
        for lang in LANGUAGES:
            for tour, follow in {**TOURS, "kiosk by keys": kiosk_by_keys}.items():
                studio = Studio(folder, tour, lang)
                for name, page in follow(hall, lang):
                    studio.take(page, name)
                studio.contact_sheet()


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
        everything(ROOT / "screenshots")


if __name__ == "__main__":
    main()
