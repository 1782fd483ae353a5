"""Tours through the house: each goes to every state of some pages and shows it, in one language. What is looked at there (by
axe, enlarged, without motion, read aloud) is for whoever follows the tour to say.

    for name, page in TOURS["kiosk"](hall, "fr"): ...
"""

import re
from collections.abc import Callable, Iterator

import pyotp
from playwright.sync_api import Page, expect

from server.actions import calling, serving, shifts
from server.store import journal
from tests.access.hall import BUSY, SITE, Hall
from tests.browser.pages import DESK, GET_TICKET, LYING, PHONE, UPRIGHT, WALL
from tests.office import PASSWORD

Shown = tuple[str, Page]
Tour = Callable[[Hall, str], Iterator[Shown]]

#: The counter of the agent whose console is shown.
COUNTER = "rabat-3"
GONE = "kiosk.number_kept_without_paper"


def kiosk(hall: Hall, lang: str) -> Iterator[Shown]:
    page = _kiosk(hall, lang)
    yield "languages", page
    _touch(page, f'.tongue[data-language="{lang}"]')
    yield "groups", page
    _touch(page, '[data-step="groups"] [data-ref="vehicle"]')
    yield "services", page
    _touch(page, '[data-step="services"] [data-ref="mut"]')
    yield "card", page
    _touch(page, '[data-go="checklist"]')
    page.locator('[data-step="checklist"] [data-qr], [data-step="checklist"] figure svg path').first.wait_for()
    yield "list to take", page
    _touch(page, "[data-back]")
    _touch(page, '[data-go="priority"]')
    yield "priority", page
    _touch(page, "[data-back]")
    _touch(page, GET_TICKET)
    page.locator('[data-paper="kiosk.take_ticket"]').wait_for()
    yield "ticket", page
    page.keyboard.press("Escape")
    _touch(page, f'.tongue[data-language="{lang}"]')
    _touch(page, '[data-step="groups"] [data-ref="licence"]')
    _touch(page, '[data-step="services"] [data-ref="rpc"]')
    _touch(page, '[data-go="appointment"]')
    yield "appointment", page
    _touch(page, '[data-toggle="contrast"]')
    _touch(page, '[data-toggle="text"]')
    _touch(page, '[data-toggle="reach"]')
    _touch(page, "[data-back]")
    yield "card, large, high contrast, within reach", page
    hall.leave(page)


def kiosk_troubles(hall: Hall, lang: str) -> Iterator[Shown]:
    page = _kiosk(hall, lang, false_clock=True)
    _touch(page, f'.tongue[data-language="{lang}"]')
    _touch(page, '[data-step="groups"] [data-ref="info"]')
    _touch(page, '[data-step="services"] [data-ref="rec"]')
    yield "suspended service", page
    page.clock.run_for(31_000)
    page.locator('[data-role="idle-warning"]').wait_for()
    yield "idle warning", page
    _touch(page, '[data-role="idle-warning"] [data-again]')
    page.clock.resume()
    _to_card(page, lang)
    page.route("**/tickets", lambda route: route.abort())
    hall.watch.expect_away()
    _touch(page, GET_TICKET)
    page.locator('[data-role="unreachable"]').wait_for()
    yield "server away", page
    page.unroute("**/tickets")
    page.route("**/tickets/*", lambda route: route.fulfill(json={"print": "blocked"}))
    _touch(page, "[data-retry]")
    page.locator(f'[data-paper="{GONE}"]').wait_for()
    yield "ticket without paper", page
    hall.leave(page)


def display(hall: Hall, lang: str) -> Iterator[Shown]:
    page = hall.machine("display", WALL)
    for name, path in (("board", ""), ("board of a zone", "/vehicles")):
        _go(hall, page, f"/display/{SITE}{path}", lang)
        expect(page.locator("#clock")).not_to_have_text("--:--")
        yield name, page
    _go(hall, page, f"/display/{SITE}", lang)
    expect(page.locator("#clock")).not_to_have_text("--:--")
    turn = hall.draws("acc")
    hall.does(calling.call_next, counter=BUSY, agent=BUSY, ending="finished")
    expect(page.locator("#number")).to_have_text(turn.number)
    yield "a call", page
    _go(hall, page, f"/display/{SITE}/plain", lang)
    yield "plain board", page
    hall.leave(page)


def counter(hall: Hall, lang: str) -> Iterator[Shown]:
    if COUNTER in hall.office.house.hall(SITE).shifts:
        hall.does(shifts.close_for_agent, counter=COUNTER)
    hall.draws("mut")
    page = hall.person("agent", DESK)
    _go(hall, page, f"/counter/{SITE}", lang)
    page.locator("#choose").wait_for()
    yield "choice of a counter", page
    page.locator(f'[data-counter="{COUNTER}"]').click()
    page.locator("#work").wait_for()
    yield "nobody called", page
    _press(page, "?")
    page.locator("#help").wait_for()
    yield "help", page
    page.keyboard.press("Escape")
    _press(page, "n")
    expect(page.locator('[data-verb="start"]')).to_be_enabled()
    yield "somebody called", page
    _press(page, "a")
    page.locator("#problem").wait_for()
    yield "refused", page
    _press(page, "s")
    expect(page.locator('[data-verb="start"]')).to_be_disabled()
    yield "serving", page
    yield from _asking(page)
    page.locator(".menu summary").click()
    yield "menu", page
    page.locator(".menu summary").click()
    _press(page, "f")
    expect(page.locator("#number")).to_have_attribute("data-nobody", "")
    _press(page, "x")
    page.locator("#leaving").wait_for()
    yield "change of agent", page
    page.keyboard.press("Escape")
    _press(page, "p")
    page.locator("#reasons").wait_for()
    yield "reasons for a pause", page
    page.keyboard.press("1")
    page.locator("#paused").wait_for()
    yield "pause", page
    hall.leave(page)


def _asking(page: Page) -> Iterator[Shown]:
    """What keys of the console ask first; nothing is sent but a call for help, which is taken back."""
    for key, name in (("t", "transfer"), ("e", "outcome")):
        _press(page, key)
        page.locator("#pick[open] [data-key]").first.wait_for()
        yield name, page
        page.keyboard.press("Escape")
        page.locator("#pick").wait_for(state="hidden")
    _press(page, "o")
    page.locator("#before-people button").first.wait_for()
    yield "out of order: who", page
    page.locator("#before-people button").last.click()
    page.locator("#before-why").wait_for()
    page.keyboard.press("0")
    yield "out of order: why", page
    page.keyboard.press("Escape")
    page.locator("#before").wait_for(state="hidden")
    # The page hears of the closing a moment after the sheet is gone.
    page.wait_for_timeout(500)
    _press(page, "h")
    page.locator("#helps li").wait_for()
    yield "called for help", page
    _press(page, "h")
    page.locator("#helps").wait_for(state="hidden")


def desk(hall: Hall, lang: str) -> Iterator[Shown]:
    page = hall.person("orienter", DESK)
    _go(hall, page, f"/desk/{SITE}", lang)
    yield "services", page
    page.locator("#asked").fill("Z999")
    page.keyboard.press("Enter")
    page.locator('[role="alert"]').wait_for()
    yield "number not found", page
    _go(hall, page, f"/desk/{SITE}/services/mut", lang)
    _unfold(page)
    yield "card", page
    page.locator('.give [name="language"]').first.check()
    page.locator(".give .button--main").click()
    page.locator("#number").wait_for()
    _unfold(page)
    yield "ticket", page
    hall.leave(page)


def manager(hall: Hall, lang: str) -> Iterator[Shown]:
    page = hall.person("manager", LYING)
    for name, path in (
        ("hall now and waits", ""),
        ("waits by hour", "?by=hour"),
        ("calls", "/calls"),
        ("a call explained", f"/calls/{_first_call(hall)}"),
        ("fairness", "/fairness"),
        ("rule", "/rule"),
        ("set-up", "/setup"),
        ("a counter's set-up", f"/setup/counters/{COUNTER}"),
        ("a new counter", "/setup/counters/new"),
        ("changes", "/changes"),
        ("closings", "/closings"),
        ("people", "/people"),
        ("devices", "/devices"),
    ):
        _go(hall, page, f"/manager/{SITE}{path}", lang)
        _unfold(page)
        yield name, page
    page.locator("#name").fill(hall.fresh_name("Display"))
    page.locator("#kind").select_option("display")
    page.locator("form.add button").click()
    page.locator('[data-role="enrol-link"]').wait_for()
    yield "a new device", page
    _go(hall, page, f"/manager/{SITE}/people", lang)
    page.locator("#name").fill(hall.fresh_name("Nadia"))
    page.locator("form.add button").click()
    page.locator('[data-role="invitation-link"]').wait_for()
    yield "a new person", page
    hall.leave(page)


def _first_call(hall: Hall) -> int:
    with hall.office.house.read() as conn:
        return journal.of_kind(conn, SITE, "ticket.called", after=0, until=journal.NO_SEQ)[0].seq


def public(hall: Hall, lang: str) -> Iterator[Shown]:
    page = hall.blank(PHONE)
    for name, path in (
        ("welcome", "/"),
        ("card of a service", f"/c/{SITE}/mut"),
        ("the published rule", f"/p/{SITE}/rule"),
        ("is the order respected", f"/p/{SITE}/fairness"),
        ("open data", "/open-data/"),
        ("open data of a site", f"/open-data/{SITE}/"),
        ("how to check us", "/open-data/how"),
    ):
        _go(hall, page, path, lang)
        yield name, page
    turn = hall.draws("cand", language=lang)
    _go(hall, page, hall.follow(turn), lang)
    yield "my ticket, waiting", page
    hall.does(shifts.open_shift, counter="rabat-5", agent="a5")
    served = hall.office.house.hall(SITE).setup.counter_by_id["rabat-5"].serves[0]
    turn = hall.draws(served, language=lang)
    while hall.does(calling.call_next, counter="rabat-5", agent="a5", ending="finished").turn.ticket != turn.ticket:
        pass
    _go(hall, page, hall.follow(turn), lang)
    yield "my ticket, called", page
    hall.does(serving.finish, ticket=turn.ticket, agent="a5")
    hall.does(shifts.close_for_agent, counter="rabat-5")
    _go(hall, page, hall.follow(turn), lang)
    yield "my ticket, over", page
    _go(hall, page, "/t/nothing", lang)
    yield "problem", page
    hall.leave(page)


def demonstration(hall: Hall, lang: str) -> Iterator[Shown]:
    page = hall.blank(DESK)
    _go(hall, page, "/demo/components", lang)
    yield "components", page
    _go(hall, page, f"/kiosk/{SITE}/paper", lang)
    yield "printed tickets", page
    hall.leave(page)


def doors(hall: Hall, lang: str) -> Iterator[Shown]:
    """How people and machines get in."""
    page = hall.blank(DESK)
    for name, path in (
        ("log-in", "/login"),
        ("enrolment of a kiosk", f"/kiosk/{SITE}"),
        ("enrolment of a display", f"/display/{SITE}"),
        ("invitation", hall.invites(hall.fresh_name("Salma"))),
    ):
        _go(hall, page, path, lang)
        yield name, page
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD[::-1])
    page.keyboard.press("Enter")
    page.locator('[role="alert"]').wait_for()
    yield "invitation refused", page
    _go(hall, page, "/login", lang)
    page.locator("#name").fill(hall.fresh_name("Nobody"))
    page.locator("#password").fill("nothing")
    page.keyboard.press("Enter")
    page.locator('[role="alert"]').wait_for()
    yield "log-in refused", page
    hall.leave(page)


def account(hall: Hall, lang: str) -> Iterator[Shown]:
    name = hall.fresh_name("Boss")
    hall.office.person("manager", SITE, name)
    page = hall.blank(DESK)
    _log_in(hall, page, name, lang)
    for shown, path in (
        ("logins", "/account"),
        ("new pass phrase", "/account/password"),
        ("second factor, set up", "/account/second-factor"),
    ):
        _go(hall, page, path, lang)
        yield shown, page
    secret = page.locator("code.key").inner_text().replace(" ", "")
    page.locator("#code").fill(pyotp.TOTP(secret).at(hall.office.clock.now()))
    page.keyboard.press("Enter")
    page.locator(".codes").wait_for()
    yield "second factor, recovery codes", page
    hall.leave(page)
    page = hall.blank(DESK)
    _log_in(hall, page, name, lang)
    page.locator("#code").wait_for()
    yield "second factor, asked", page
    hall.leave(page)


TOURS: dict[str, Tour] = {
    "kiosk": kiosk,
    "kiosk, troubles": kiosk_troubles,
    "display": display,
    "counter": counter,
    "desk": desk,
    "manager": manager,
    "public": public,
    "demonstration": demonstration,
    "doors": doors,
    "account": account,
}


def _go(hall: Hall, page: Page, path: str, lang: str) -> None:
    sign = "&" if "?" in path else "?"
    page.goto(f"{hall.address}{path}{sign}lang={lang}")


def _kiosk(hall: Hall, lang: str, *, false_clock: bool = False) -> Page:
    page = hall.machine("kiosk", UPRIGHT)
    if false_clock:
        page.clock.install()
    page.goto(f"{hall.address}/kiosk/{SITE}?lang={lang}", wait_until="networkidle")
    return page


def _touch(page: Page, selector: str) -> None:
    page.locator(selector).locator("visible=true").first.click()


def _to_card(page: Page, lang: str) -> None:
    _touch(page, f'.tongue[data-language="{lang}"]')
    _touch(page, '[data-step="groups"] [data-ref="vehicle"]')
    _touch(page, '[data-step="services"] [data-ref="mut"]')


def _press(page: Page, key: str) -> None:
    """A key of the console, when the one before is done and no finger that falls twice is guarded against."""
    page.locator(".console:not([data-busy]):not([data-guarded])").wait_for(state="attached")
    page.keyboard.press(key)


def _unfold(page: Page) -> None:
    page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")


def _log_in(hall: Hall, page: Page, name: str, lang: str) -> None:
    _go(hall, page, "/login", lang)
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"^(?!.*/login(\?|$))"))
