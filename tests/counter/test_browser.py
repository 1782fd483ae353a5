"""The console in a real browser: keys and what they may not do, connections that fail, agents that change."""

import pytest
from playwright.sync_api import expect

from server.web.i18n import words
from tests.counter.consoles import console

pytestmark = pytest.mark.browser

FR = words("fr")


def arabic(page, code, key):
    """A key of an Arabic keyboard: its place, and the letter that it types."""
    page.evaluate(
        "([code, key]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {code, key, bubbles: true}))",
        [code, key],
    )


def steady(page):
    """A person who has been at the counter for longer than a finger falls twice."""
    expect(page.locator('[data-verb="start"]')).to_be_enabled()
    page.locator(".console:not([data-guarded])").wait_for()


def called(page, number):
    expect(page.locator("#number")).to_have_text(number)


def test_a_second_press_in_one_breath_asks_first_and_ends_nobody(hall):
    first, second = hall.draws("mut"), hall.draws("mut")
    page = hall.desk("rabat-3")
    page.keyboard.press("n")
    expect(page.locator('[data-verb="start"]')).to_be_enabled()
    page.keyboard.press("n")
    expect(page.locator("#confirm-text")).to_contain_text(first.number)
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    expect(page.locator("#confirm")).to_be_hidden()
    assert hall.turn(first.ticket).state == "called"
    steady(page)
    page.keyboard.press("n")
    called(page, second.number)


def test_a_key_that_falls_twice_while_it_is_on_its_way_is_sent_once(hall):
    first = hall.draws("mut")
    hall.draws("mut")
    page = hall.desk("rabat-3")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/calls") else None)
    page.evaluate("for (let i = 0; i < 5; i++) document.querySelector('[data-verb=call]').click()")
    called(page, first.number)
    assert len(sent) == 1


def test_another_key_pressed_while_one_is_on_its_way_takes_its_turn(hall):
    hall.draws("mut")
    page = hall.desk("rabat-3")
    page.evaluate(
        "for (const verb of ['call', 'start']) document.querySelector(`[data-verb=${verb}]`).disabled = false"
    )
    arabic(page, "KeyN", "ى")
    arabic(page, "KeyS", "س")
    expect(page.locator('[data-verb="start"]')).to_be_disabled()
    expect(page.locator("#facts")).to_contain_text("Début")


@pytest.mark.parametrize(("code", "key"), [("KeyN", "n"), ("KeyN", "ى"), ("KeyN", "ⵏ")])
def test_next_is_found_on_each_keyboard(hall, code, key):
    number = hall.draws("mut").number
    page = hall.desk("rabat-3")
    arabic(page, code, key)
    called(page, number)


@pytest.mark.parametrize(("code", "key"), [("KeyA", "a"), ("KeyQ", "a"), ("KeyA", "q"), ("KeyA", "ش"), ("KeyQ", "ض")])
def test_the_no_show_key_is_found_where_it_is_written(hall, code, key):
    hall.draws("mut")
    page = hall.desk("rabat-3")
    page.keyboard.press("n")
    expect(page.locator('[data-verb="start"]')).to_be_enabled()
    arabic(page, code, key)
    expect(page.locator("#problem")).to_contain_text("2 appels")


def test_a_key_pressed_while_the_server_is_away_is_done_once_when_it_is_back(hall):
    first, second = hall.draws("mut"), hall.draws("mut")
    page = hall.desk("rabat-3")
    hall.away(page)
    page.keyboard.press("n")
    expect(page.locator("#connection")).to_contain_text(FR.t("counter.call_next").plain)
    expect(page.locator("#link")).to_have_attribute("data-link", "lost")
    page.keyboard.press("p")
    expect(page.locator("#problem")).to_have_text(FR.t("counter.key_waits").plain)
    hall.back(page)
    called(page, first.number)
    assert hall.turn(second.ticket).state == "waiting"
    expect(page.locator("#connection")).to_be_hidden()


def test_an_answer_that_is_lost_on_the_way_is_not_a_second_call(hall):
    first, second = hall.draws("mut"), hall.draws("mut")
    page = hall.desk("rabat-3")
    hall.loses_one_answer(page)
    page.keyboard.press("n")
    called(page, first.number)
    assert hall.turn(second.ticket).state == "waiting"


def test_a_key_on_its_way_survives_a_reload(hall):
    first, second = hall.draws("mut"), hall.draws("mut")
    page = hall.desk("rabat-3")
    hall.away(page, only="**/calls")
    page.keyboard.press("n")
    expect(page.locator("#give-up")).to_be_visible()
    hall.back(page)
    page.reload()
    called(page, first.number)
    assert hall.turn(second.ticket).state == "waiting"


def test_a_key_that_is_given_up_is_not_sent_again(hall):
    waiting = hall.draws("mut")
    page = hall.desk("rabat-3")
    hall.away(page, only="**/calls")
    page.keyboard.press("n")
    expect(page.locator("#give-up")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#connection")).to_be_hidden()
    hall.back(page)
    page.wait_for_timeout(500)
    assert hall.turn(waiting.ticket).state == "waiting"


def test_the_agent_changes_in_two_keys_and_the_next_sees_nothing(hall):
    ticket = hall.draws("mut")
    page = hall.desk("rabat-3")
    page.keyboard.press("n")
    called(page, ticket.number)
    steady(page)
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_be_visible()
    page.keyboard.press("f")
    expect(page.locator("#own-served")).to_have_text("1")
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    page.locator("#password").wait_for()
    hall.logs_in(page, "Brahim")
    page.locator("#choose").wait_for()
    assert "Amina" not in page.content()
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    expect(page.locator("#own-served")).to_have_text("0")


def test_a_key_pressed_while_leaving_is_refused_takes_its_turn_then_and_not_later(hall):
    first = hall.draws("mut")
    hall.draws("mut")
    page = hall.desk("rabat-3")
    page.keyboard.press("n")
    called(page, first.number)
    steady(page)
    page.keyboard.press("x")
    page.evaluate("document.querySelector('#leaving button').click()")
    page.keyboard.press("s")
    expect(page.locator('[data-verb="start"]')).to_be_disabled()
    page.keyboard.press("f")
    expect(page.locator("#number")).to_have_attribute("data-nobody", "")


def test_another_window_of_the_agent_who_left_shows_the_login(hall):
    page = hall.desk("rabat-3")
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#work").wait_for()
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    other.locator("#password").wait_for()


def test_two_windows_of_one_agent_agree(hall):
    first, second = hall.draws("mut"), hall.draws("mut")
    page = hall.desk("rabat-3")
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#work").wait_for()
    page.keyboard.press("n")
    called(other, first.number)
    steady(other)
    other.keyboard.press("n")
    called(page, second.number)
    called(other, second.number)


def test_a_shift_that_the_manager_closes_is_told(hall):
    number = hall.draws("mut").number
    page = hall.desk("rabat-3")
    page.keyboard.press("n")
    called(page, number)
    hall.manager_closes("rabat-3")
    expect(page.locator("#problem")).to_have_text(FR.t("counter.closed_meanwhile", counter="3").plain)
    expect(page.locator('[data-counter="rabat-3"]')).to_contain_text(number)


def test_the_no_show_key_says_what_is_lacking(hall):
    hall.draws("mut")
    page = hall.desk("rabat-3")
    note = page.locator('[data-note="no_show"]')
    page.keyboard.press("n")
    expect(note).to_have_text(FR.t("counter.calls_lacking", count=1).plain)
    page.keyboard.press("r")
    expect(note).to_have_text(FR.t("counter.possible_in", time="0:59").plain)


def test_the_title_tells_how_many_wait(hall):
    page = hall.desk("rabat-3")
    expect(page).to_have_title(FR.t("counter.title", counter="3").plain)
    hall.draws("mut")
    expect(page).to_have_title("(1) " + FR.t("counter.title", counter="3").plain)


def test_help_opens_and_closes_by_its_key(hall):
    page = hall.desk("rabat-3")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_hidden()


def test_everything_is_reached_by_tab(hall):
    page = hall.desk("rabat-3")
    seen = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.dataset.verb ?? document.activeElement.tagName"))
    assert {"call", "pause", "close", "help", "SUMMARY"} <= seen


def test_a_colleague_who_pauses_is_seen(hall):
    page = hall.desk("rabat-3")
    colleague = console(hall.office, "Chafik")
    colleague.opens("rabat-4")
    colleague.pauses("rabat-4", reason="meal")
    expect(page.locator("#others .other--paused")).to_contain_text("Chafik")
    expect(page.locator("#others .other--paused")).to_contain_text(FR.t("pause.meal").plain)
