"""The browser that the pages are tested in, and pages that are watched: what the browser complains about is kept.

A page of ours asks no other host for anything, breaks no security policy and writes no error. Each test looks at that
at its end, whatever else it is about.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Error,
    Page,
    Request,
    sync_playwright,
)

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: The browser notes each answer of 400 and more as an error; these are answers that a page expects.
EXPECTED = ("status of 401 ", "status of 409 ")
#: What it notes while a server is away.
AWAY = ("net::ERR_", "WebSocket connection to ")


def require_chromium() -> None:
    """Where there is none, the tests are skipped with a word; in the pipeline that is a failure."""
    if not CHROMIUM.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"the pages are not tested: no Chromium at {CHROMIUM}")


@contextmanager
def browsing() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """Complaints of all pages of its contexts."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._complaints: list[str] = []
        self._may_be_away = False

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._on_console)
        context.on("request", self._on_request)
        context.on("weberror", lambda error: self._complaints.append(f"error: {error.error}"))

    def expect_away(self) -> None:
        """From now on the server may be away."""
        self._may_be_away = True

    @property
    def complaints(self) -> list[str]:
        expected = EXPECTED + (AWAY if self._may_be_away else ())
        return [said for said in self._complaints if not any(part in said for part in expected)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != self._host:
            self._complaints.append(f"another host: {request.url}")


def weight_of(page: Page, address: str) -> int:
    """Bytes on the wire of a first visit: heads and bodies of everything that the page loads."""
    session = page.context.new_cdp_session(page)
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    session.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    session.detach()
    return round(sum(received))


def fonts_of(page: Page, selector: str) -> set[tuple[str, bool]]:
    """Which fonts drew the text of the elements, and whether each of them came from us, once those under way are there."""
    page.evaluate("document.fonts.ready.then(() => null)")
    session = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        session.send(f"{domain}.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]
    fonts = [font for node in nodes for font in _fonts_of_node(session, node)]
    session.detach()
    return {(font["familyName"], font["isCustomFont"]) for font in fonts}


def _fonts_of_node(session: CDPSession, node: int) -> list[dict[str, Any]]:
    """A page that lives may have let the node go in the meantime."""
    try:
        fonts: list[dict[str, Any]] = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    except Error:
        return []
    return fonts
