"""What the screens cost, in the real browser on a slow machine: bytes on the wire, time until they can be used, frames.

The processor is slowed down four times, as old kiosks and agents' computers are; the network is the loopback, so that
bytes, not seconds, tell what a slow line would take.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import CDPSession, Page

from server.clock import SystemClock
from tests.browser import chromium
from tests.browser.pages import DESK, LYING, WALL, Pages, log_in
from tests.served import demonstration

SLOWER = 4
SITE = "rabat"
#: A month, as the demonstration makes it.
PAST = 30

#: The scripts of a page run before the browser says this.
_STARTED = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd > 0"
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
#: From the touch to the next frame that the browser painted after it, as the browser itself counts.
_WATCH_TOUCHES = """() => {
  window.touches = [];
  new PerformanceObserver((list) => window.touches.push(...list.getEntries().filter((one) => one.interactionId)
    .map((one) => one.duration))).observe({ type: "event", durationThreshold: 16, buffered: true });
}"""
_COUNT_FRAMES = """() => new Promise((resolve) => {
  const frames = [];
  const next = (at) => frames.push(at) && (at - frames[0] < 3000 ? requestAnimationFrame(next) : resolve(frames));
  requestAnimationFrame(next);
})"""


@dataclass(frozen=True)
class Visit:
    """Bytes of all answers and messages; milliseconds from the start of the navigation."""

    received: int
    painted_ms: float
    usable_ms: float


class Screens:
    """The screens of one demonstration, each opened as its machine or person does."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def first_and_again(self, kind: str) -> tuple[Visit, Visit]:
        page, path, usable = getattr(self, f"_{kind}")()
        session = _slowed(page)
        received: list[float] = []
        session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
        session.on(
            "Network.webSocketFrameReceived", lambda event: received.append(len(event["response"]["payloadData"]))
        )

        def visit(go: Callable[[], object]) -> Visit:
            received.clear()
            go()
            while not page.evaluate(usable):
                page.wait_for_timeout(10)
            usable_ms = page.evaluate("performance.now()")
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(700)
            return Visit(round(sum(received)), page.evaluate(_PAINTED), usable_ms)

        visits = visit(lambda: page.goto(f"{self._pages.served.address}{path}")), visit(page.reload)
        page.context.close()
        return visits

    def touch_ms(self) -> float:
        """The slowest touch from the language to the card of a service."""
        kiosk = self._pages.kiosk(SITE, size=LYING)
        kiosk.page.evaluate(_WATCH_TOUCHES)
        _slowed(kiosk.page)
        for selector in (
            '.tongue[data-language="ar"]',
            '[data-step="groups"] [data-ref="vehicle"]',
            '[data-step="services"] [data-ref="mut"]',
        ):
            kiosk.touch(selector)
            kiosk.page.wait_for_timeout(400)
        found = max(kiosk.page.evaluate("window.touches"), default=0.0)
        kiosk.page.context.close()
        return float(found)

    def frames_per_second(self, calls: int) -> list[float]:
        """While a call comes up on the display, for each of so many calls; the processor is not slowed down."""
        served = self._pages.served
        agent = served.api(served.facts.sites[SITE].agent.token)
        counter = served.facts.sites[SITE].free_counter
        page = self._pages.display(SITE, size=WALL)
        agent.post(f"/counters/{counter}/shifts")
        found = []
        for _ in range(calls):
            served.api(served.kiosk(SITE)).post(f"/sites/{SITE}/tickets", {"service": "mut", "language": "ar"})
            page.evaluate(f"void (window.counted = ({_COUNT_FRAMES})())")
            agent.post(f"/counters/{counter}/calls", {"ending": "finished"})
            frames = page.evaluate("window.counted")
            found.append((len(frames) - 1) * 1000 / (frames[-1] - frames[0]))
        page.context.close()
        return found

    def month_of_waits(self) -> tuple[int, float]:
        """Bytes of the whole page on a first visit, and milliseconds until its first byte."""
        page = self._pages.manager(SITE)
        path = f"{self._pages.served.address}/manager/{SITE}?from={SystemClock().now().date() - timedelta(days=PAST)}&by=hour"
        received = chromium.weight_of(page, path)
        waited = page.evaluate(
            "(({ requestStart, responseStart }) => responseStart - requestStart)"
            "(performance.getEntriesByType('navigation')[0])"
        )
        page.context.close()
        return received, waited

    def _kiosk(self) -> tuple[Page, str, str]:
        return self._pages.enrolled("kiosk", SITE, size=LYING), f"/kiosk/{SITE}?lang=ar", _STARTED

    def _display(self) -> tuple[Page, str, str]:
        return (
            self._pages.enrolled("display", SITE, size=WALL),
            f"/display/{SITE}?lang=ar",
            "document.getElementById('clock').textContent !== '--:--'",
        )

    def _counter(self) -> tuple[Page, str, str]:
        page = self._pages.blank(DESK)
        page.goto(f"{self._pages.served.address}/login?next=/account&lang=ar")
        log_in(page, self._pages.served.facts.sites[SITE].agent.login)
        page.wait_for_url("**/account")
        return page, f"/counter/{SITE}?lang=ar", "document.querySelector('.console')?.dataset.ready !== undefined"


def _slowed(page: Page) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


@contextmanager
def screens(folder: Path) -> Iterator[Screens]:
    with demonstration(folder, days_back=PAST) as served, chromium.browsing() as browser:
        pages = Pages(browser, served)
        yield Screens(pages)
        pages.close()
