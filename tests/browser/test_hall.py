"""One call, from key to display: the agent's keyboard, the hall's display, the citizen's phone, the manager's figures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from server.web.i18n import words
from tests.browser.pages import PHONE, Pages, plain, press
from tests.served import Api

pytestmark = pytest.mark.browser

SITE = "algeciras"
CALLED_WITHIN_MS = 2000


@dataclass
class Hall:
    """The free counter of a site, and a citizen who comes for what it serves."""

    pages: Pages
    counter: str
    service: str
    kiosk: Api
    agent: Api
    tickets: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.counter.rpartition("-")[2]

    def draws(self) -> dict[str, Any]:
        ticket: dict[str, Any] = self.kiosk.post(f"/sites/{SITE}/tickets", {"service": self.service, "language": "fr"})
        self.tickets.append(ticket["id"])
        return ticket

    def console(self) -> Page:
        """Its agent's console, opened at the counter by keyboard."""
        page = self.pages.counter(SITE)
        button = page.locator(f'[data-counter="{self.counter}"]')
        button.focus()
        page.keyboard.press("Enter")
        page.locator("#work").wait_for()
        return page

    def everybody_leaves(self) -> None:
        for ticket in self.tickets:
            if self.kiosk.get(f"/tickets/{ticket}")["state"] in {"called", "serving"}:
                self.agent.post(f"/tickets/{ticket}/finishes")
            elif self.kiosk.get(f"/tickets/{ticket}")["state"] == "waiting":
                self.kiosk.post(f"/tickets/{ticket}/withdrawals")
        if any(one["open"] for one in self._counters() if one["code"] == self.counter):
            self.agent.delete(f"/counters/{self.counter}/shifts/current")

    def _counters(self) -> list[dict[str, Any]]:
        counters: list[dict[str, Any]] = self.agent.get(f"/sites/{SITE}")["counters"]
        return counters


@pytest.fixture
def hall(pages: Pages) -> Iterator[Hall]:
    served = pages.served
    counter = served.facts.sites[SITE].free_counter
    agent = served.api(served.agent(SITE))
    serves = next(one["serves"] for one in agent.get(f"/sites/{SITE}")["counters"] if one["code"] == counter)
    hall = Hall(pages, counter, serves[0], served.api(served.kiosk(SITE)), agent)
    yield hall
    hall.everybody_leaves()


def test_a_key_at_the_counter_is_seen_on_the_display(hall: Hall):
    display = hall.pages.display(SITE)
    display.evaluate("window.neverReloaded = true")
    console = hall.console()
    number = hall.draws()["number"]
    console.locator("#next", has_text=number).wait_for()
    press(console, "n")
    current = display.locator('[data-role="current-call"]')
    expect(current).to_contain_text(number, timeout=CALLED_WITHIN_MS)
    expect(current.locator("#counter")).to_have_text(hall.label)
    assert display.evaluate("window.neverReloaded")


def test_a_recall_is_seen_on_the_display(hall: Hall):
    display = hall.pages.display(SITE)
    console = hall.console()
    number = hall.draws()["number"]
    console.locator("#next", has_text=number).wait_for()
    press(console, "n")
    current = display.locator('[data-role="current-call"]')
    expect(current).to_contain_text(number, timeout=CALLED_WITHIN_MS)
    current.evaluate("element => element.classList.remove('call--new')")
    press(console, "r")
    expect(current).to_have_class(re.compile("call--new"), timeout=CALLED_WITHIN_MS)
    expect(current).to_contain_text(number)


def test_an_earlier_call_stays_on_the_display(hall: Hall):
    display = hall.pages.display(SITE)
    console = hall.console()
    first, second = hall.draws()["number"], hall.draws()["number"]
    console.locator("#next", has_text=second).wait_for()
    press(console, "n")
    expect(console.locator("#number")).to_have_text(first)
    # A key that falls twice in one breath asks first; the guard begins when the picture of the call has come.
    expect(console.locator('[data-verb="start"]')).to_be_enabled()
    console.wait_for_timeout(100)
    console.locator(".console:not([data-guarded])").wait_for()
    press(console, "n")
    expect(console.locator("#number")).to_have_text(second)
    expect(display.locator('[data-role="current-call"]')).to_contain_text(second, timeout=CALLED_WITHIN_MS)
    expect(display.locator('[data-role="last-calls"]')).to_contain_text(first)


def test_a_choice_is_not_lost_when_something_happens_in_the_hall(hall: Hall):
    console = hall.pages.counter(SITE)
    mine = console.locator(f'[data-counter="{hall.counter}"]')
    mine.focus()
    colleague = next(agent for agent in hall.pages.served.facts.sites[SITE].agents if agent.counter != hall.counter)
    theirs = hall.pages.served.api(colleague.token)
    hall.draws()
    theirs.post(f"/counters/{colleague.counter}/shifts")
    expect(console.locator(f'[data-counter="{colleague.counter}"]')).to_be_disabled()
    expect(mine).to_be_focused()
    theirs.delete(f"/counters/{colleague.counter}/shifts/current")
    expect(console.locator(f'[data-counter="{colleague.counter}"]')).to_be_enabled()
    console.keyboard.press("Enter")
    expect(console.locator("#work")).to_be_visible()


def test_an_agent_works_by_keyboard_alone(hall: Hall):
    console = hall.console()
    number = hall.draws()["number"]
    console.locator("#next", has_text=number).wait_for()
    shown = console.locator("#number")
    press(console, "n")
    expect(shown).to_have_text(number)
    press(console, "a")
    # Nobody is declared absent before he was called often and long enough; the console says so.
    expect(console.locator('[data-role="problem"]')).to_be_visible()
    press(console, "r")
    expect(console.locator('[data-role="problem"]')).to_be_hidden()
    expect(console.locator("#facts")).to_contain_text("2")
    press(console, "s")
    expect(console.locator('[data-verb="start"]')).to_be_disabled()
    press(console, "f")
    expect(console.locator('[data-verb="finish"]')).to_be_disabled()
    expect(shown).not_to_have_text(number)
    press(console, "p")
    console.keyboard.press("2")
    expect(console.locator("#paused")).to_be_visible()
    press(console, "p")
    expect(console.locator("#paused")).to_be_hidden()
    press(console, "c")
    expect(console.locator("#choose")).to_be_visible()
    assert hall.kiosk.get(f"/tickets/{hall.tickets[0]}")["state"] == "ended"


def test_my_ticket_follows_what_happens(hall: Hall):
    ticket = hall.draws()
    hall.agent.post(f"/counters/{hall.counter}/shifts")
    page = hall.pages.blank(PHONE)
    page.goto(ticket["follow_url"])
    mine = page.locator(".my-ticket")
    expect(mine.locator('[data-role="ticket-number"]')).to_have_text(ticket["number"])
    expect(mine).to_have_attribute("data-state", "waiting")
    expect(mine.locator('[data-role="people-ahead"]')).not_to_be_empty()
    expect(mine.locator('[data-role="wait-range"]')).not_to_be_empty()
    hall.agent.post(f"/counters/{hall.counter}/calls")
    page.reload()
    expect(mine).to_have_attribute("data-state", "called")
    assert hall.label in plain(mine.inner_text())
    hall.agent.post(f"/tickets/{ticket['id']}/finishes")
    page.reload()
    expect(mine).to_contain_text(words("fr").t("phone.over").plain)


def test_the_managers_report_counts_who_was_served(hall: Hall):
    manager = hall.pages.manager(SITE)
    before = _served(manager)
    ticket = hall.draws()
    hall.agent.post(f"/counters/{hall.counter}/shifts")
    hall.agent.post(f"/counters/{hall.counter}/calls")
    hall.agent.post(f"/tickets/{ticket['id']}/starts")
    hall.agent.post(f"/tickets/{ticket['id']}/finishes")
    manager.reload()
    assert _served(manager) == before + 1


def test_the_report_is_had_as_csv(hall: Hall):
    manager = hall.pages.manager(SITE)
    with manager.expect_download() as download:
        manager.locator('#waits a[href*="waits.csv"]').first.click()
    assert download.value.suggested_filename.endswith(".csv")
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) > 1
    assert len({line.count(",") for line in lines}) == 1


def _served(manager: Page) -> int:
    """What stands below "served" in the totals of the report by service."""
    heading = words("fr").t("manager.served").plain
    table = manager.locator("#waits table.figures:has(tfoot)").first
    if table.count() == 0:
        return 0  # nobody has come yet, so there is no table
    columns = [plain(text) for text in table.locator("thead th.figure").all_inner_texts()]
    cells = [plain(text) for text in table.locator("tfoot td").all_inner_texts()]
    assert heading in columns, (columns, cells)
    return int(cells[columns.index(heading)])
