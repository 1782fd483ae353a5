"""Pages as the people of a reception hall open them: at a kiosk by touch, before a display, at a counter by keyboard."""

import re
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from server.web.access import device_cookie
from server.web.demo_facts import Login
from tests.browser.chromium import Watch
from tests.served import Served

UPRIGHT = (1080, 1920)
LYING = (1280, 1024)
WALL = (1920, 1080)
DESK = (1024, 768)
PHONE = (360, 640)

GET_TICKET = '[data-draw="ordinary"]'


class Pages:
    """All pages that one test opened; each stands in a browser of its own, so that nobody's cookies meet."""

    def __init__(self, browser: Browser, served: Served) -> None:
        self._browser = browser
        self.served = served
        self.watch = Watch(served.address)
        self._contexts: list[BrowserContext] = []

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def blank(self, size: tuple[int, int], *, cookies: dict[str, str] | None = None, touch: bool = False) -> Page:
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]}, has_touch=touch, locale="fr-MA"
        )
        self._contexts.append(context)
        context.set_default_timeout(10_000)
        kept = cookies or {}
        context.add_cookies([{"name": name, "value": kept[name], "url": self.served.address} for name in kept])
        self.watch.over(context)
        return context.new_page()

    def enrolled(self, kind: str, site: str, *, size: tuple[int, int] = LYING) -> Page:
        """An empty page of a machine that is this site's first of its kind."""
        token = self.served.facts.sites[site].device(kind).token
        return self.blank(size, cookies={device_cookie(kind, site): token}, touch=kind == "kiosk")

    def open(self, path: str, *, lang: str = "fr", size: tuple[int, int] = DESK) -> Page:
        """As anybody sees it."""
        page = self.blank(size)
        page.goto(f"{self.served.address}{path}?lang={lang}")
        return page

    def kiosk(
        self, site: str, *, size: tuple[int, int] = UPRIGHT, lang: str = "fr", false_clock: bool = False
    ) -> "Kiosk":
        page = self.enrolled("kiosk", site, size=size)
        if false_clock:
            page.clock.install()
        page.goto(f"{self.served.address}/kiosk/{site}?lang={lang}", wait_until="networkidle")
        return Kiosk(page)

    def display(self, site: str, *, size: tuple[int, int] = WALL, lang: str = "fr", false_clock: bool = False) -> Page:
        page = self.enrolled("display", site, size=size)
        if false_clock:
            page.clock.install()
        page.goto(f"{self.served.address}/display/{site}?lang={lang}")
        expect(page.locator("#clock")).not_to_have_text("--:--")
        return page

    def counter(self, site: str, *, size: tuple[int, int] = DESK, lang: str = "fr") -> Page:
        """The console of the agent of the free counter, who has not chosen it yet."""
        page = self.blank(size)
        page.goto(f"{self.served.address}/counter/{site}?lang={lang}")
        log_in(page, self.served.facts.sites[site].agent.login)
        page.locator("#choose, #work").locator("visible=true").first.wait_for()
        return page

    def manager(self, site: str, *, size: tuple[int, int] = DESK, lang: str = "fr") -> Page:
        page = self.blank(size)
        page.goto(f"{self.served.address}/manager/{site}?lang={lang}")
        log_in(page, self.served.facts.sites[site].manager)
        page.locator("#now").wait_for()
        return page


class Kiosk:
    """A citizen at the kiosk, who counts how often the glass was touched."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.touches = 0

    def at(self, role: str) -> Locator:
        return self.page.locator(f'[data-role="{role}"]').locator("visible=true")

    def touch(self, selector: str) -> None:
        self.page.locator(selector).locator("visible=true").tap()
        self.touches += 1

    def choose(self, lang: str, group: str, service: str) -> None:
        """From the languages to the card of a service."""
        self.touch(f'.tongue[data-language="{lang}"]')
        self.touch(f'[data-step="groups"] [data-ref="{group}"]')
        self.touch(f'[data-step="services"] [data-ref="{service}"]')

    def draw(self) -> dict[str, Any]:
        """Touch, and what the server answered."""
        with self.page.expect_response(lambda answer: answer.request.method == "POST") as said:
            self.touch(GET_TICKET)
        ticket: dict[str, Any] = said.value.json()
        self.at("ticket-number").wait_for()
        return ticket


def log_in(page: Page, login: Login) -> None:
    """By keyboard: the name, the pass phrase, Enter."""
    page.locator("#name").focus()
    page.keyboard.type(login.name)
    page.keyboard.press("Tab")
    page.keyboard.type(login.password)
    page.keyboard.press("Enter")


def press(console: Page, *keys: str) -> None:
    """Keys of the console, each when the one before is done and no finger that falls twice is guarded against."""
    for key in keys:
        console.locator(".console:not([data-busy]):not([data-guarded])").wait_for(state="attached")
        console.keyboard.press(key)


def plain(text: str) -> str:
    """Without the marks that keep directions apart, and with single spaces."""
    return re.sub(r"\s+", " ", re.sub("[\u2066-\u2069\u200e\u200f\u202a-\u202e]", "", text)).strip()
