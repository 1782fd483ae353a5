"""A manager's people and machines, and everybody's own account, in a real browser against the real server."""

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser import chromium
from tests.browser.pages import DESK, PHONE, Pages
from tests.browser.test_quality import LANGUAGES, OVERLAPS, WIDER

pytestmark = pytest.mark.browser

SITE = "eljadida"
PHRASE = "une-bonne-phrase-7"


def types(page: Page, *keys: str) -> None:
    """Words are typed; the names of keys are pressed."""
    for key in keys:
        if key in {"Tab", "Enter"}:
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


def invites(manager: Page, name: str) -> str:
    manager.locator("#name").fill(name)
    manager.locator("form.add button").click()
    return manager.locator('[data-role="invitation-link"]').inner_text()


def keeping(pages: Pages, page: str) -> Page:
    manager = pages.manager(SITE)
    manager.goto(f"{pages.served.address}/manager/{SITE}/{page}?lang=fr")
    return manager


def test_an_invited_person_goes_all_the_way_by_keys_alone(pages: Pages):
    link = invites(keeping(pages, "people"), "Nadia Essai")
    page = pages.blank(PHONE)
    page.goto(link)
    page.locator("#password").focus()
    types(page, PHRASE, "Tab", PHRASE, "Enter")
    page.wait_for_url(f"{pages.served.address}/")
    page.goto(f"{pages.served.address}/account/second-factor?lang=fr")
    key = page.locator("code.key").inner_text().replace(" ", "")
    page.locator("#code").focus()
    types(page, pyotp.TOTP(key).now(), "Enter")
    expect(page.locator(".codes code")).to_have_count(10)
    codes = page.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10
    again = pages.blank(PHONE)
    again.goto(f"{pages.served.address}/login?lang=fr&next=/account")
    again.locator("#name").focus()
    types(again, "Nadia Essai", "Tab", PHRASE, "Enter")
    again.locator("#code").focus()
    types(again, codes[0], "Enter")
    again.wait_for_url(f"{pages.served.address}/account")
    expect(again.locator("tbody tr")).to_have_count(2)


def test_a_revoked_display_goes_dark_at_once(pages: Pages):
    manager = keeping(pages, "devices")
    manager.locator("#name").fill("Essai")
    manager.locator("#kind").select_option("display")
    manager.locator("form.add button").click()
    display, closed = pages.blank(DESK), []
    display.on("websocket", lambda socket: socket.on("close", lambda _socket: closed.append(1)))
    display.goto(manager.locator('[data-role="enrol-link"]').inner_text())
    expect(display.locator("#clock")).not_to_have_text("--:--")
    manager.goto(f"{pages.served.address}/manager/{SITE}/devices")
    essai = manager.locator(".kept__one", has_text="Essai")
    essai.locator("summary").click()
    essai.locator("button.button--alarm").click()
    expect(essai).to_have_count(0)
    display.wait_for_timeout(500)
    assert closed
    display.reload()
    expect(display.locator("[data-kind='display'] #code")).to_be_visible()


@pytest.mark.long
def test_the_pages_are_drawn_by_our_own_fonts_and_nothing_lies_outside_or_on_top(pages: Pages):
    manager, address = keeping(pages, "people"), pages.served.address
    link = invites(manager, "Une personne au nom particulièrement long et composé")
    shown = {
        f"/manager/{SITE}/people": manager,
        f"/manager/{SITE}/devices": manager,
        "/account": manager,
        "/account/password": manager,
        "/account/second-factor": manager,
        link.removeprefix(address): pages.blank(PHONE),
    }
    foreign, wide, overlaps = [], [], []
    for path, page in shown.items():
        for lang in LANGUAGES:
            page.goto(f"{address}{path}?lang={lang}")
            for summary in page.locator(".more summary").all()[:1]:
                summary.click()
            foreign += [(path, lang, name) for name, ours in chromium.fonts_of(page, "body *") if not ours]
            for width, height in (DESK, PHONE):
                page.set_viewport_size({"width": width, "height": height})
                # A page that has just been made narrower is measured once it has been drawn so.
                page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
                wide += [(path, lang, width)] if page.evaluate(WIDER) > 0 else []
                overlaps += [(path, lang, width, pair) for pair in page.evaluate(OVERLAPS)]
    assert foreign == []
    assert wide == []
    assert overlaps == []
