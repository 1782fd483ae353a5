"""A call on the screen of a hall, as somebody who can't hear sees it."""

import re

import pytest
from playwright.sync_api import expect

from tests.display import stage
from tests.display.test_board_page import COUNTER, SERVICE, role

pytestmark = pytest.mark.browser

#: Pictures that the browser drew per second while a call took the screen.
FRAMES = """() => new Promise(done => {
  const began = performance.now();
  let frames = 0;
  const count = () => {
    frames += 1;
    if (performance.now() - began < 2500) requestAnimationFrame(count);
    else done(frames * 1000 / (performance.now() - began));
  };
  requestAnimationFrame(count);
})"""


@pytest.fixture
def hall(house):
    """All counters open, people waiting for every service."""
    for counter in house.hall("rabat").setup.counters:
        stage.opens(house, counter.id)
    for service in house.hall("rabat").setup.services:
        for _ in range(4):
            stage.draws(house, service.code)
    return house


@pytest.fixture
def port(hall):
    with stage.serving_app(hall, _beat_s=0.5) as port:
        yield port


def ready(page):
    expect(page.locator("#nobody")).to_contain_text("Aucun appel")
    return page


def test_a_new_call_takes_the_whole_screen_and_gives_it_back(hall, port, hall_page):
    page = ready(hall_page(port, "/display/rabat?lang=fr&right=1-20"))
    call = stage.calls(hall, COUNTER).turn
    takeover = role(page, "new-call")
    expect(takeover).to_be_visible()
    expect(page.locator("#new-number")).to_have_text(call.number)
    expect(page.locator("#new-counter")).to_have_text("1")
    expect(page.locator("#new-zone")).to_contain_text("Espace")
    expect(page.locator("#new-way")).to_have_attribute("data-way", "right")
    box = takeover.bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 1920, 1080)
    assert page.locator("#new-number").bounding_box()["height"] > 400
    expect(takeover).to_be_hidden(timeout=9_000)
    expect(page.locator("#current")).to_have_class(re.compile("call--new"))
    assert page.locator("#number").bounding_box()["height"] > 150


def test_calls_within_a_second_wait_where_everybody_sees_them(hall, port, hall_page):
    page = ready(hall_page(port))
    numbers = [stage.calls(hall, f"rabat-{n}").turn.number for n in (1, 2, 3)]
    expect(page.locator("#new-number")).to_have_text(numbers[0])
    others = page.locator("#new-others li")
    expect(others).to_have_count(2)
    assert [other.get_attribute("data-number") for other in others.all()] == numbers[1:]
    expect(page.locator("#new-number")).to_have_text(numbers[1], timeout=5_000)
    expect(page.locator("#new-number")).to_have_text(numbers[2], timeout=5_000)
    expect(role(page, "new-call")).to_be_hidden(timeout=9_000)


def test_a_call_that_was_made_while_the_screen_was_away_is_shown_when_it_is_back(hall, hall_page):
    with stage.serving_app(hall, _beat_s=0.5) as port:
        page = ready(hall_page(port))
        stage.calls(hall, "rabat-1")
        expect(role(page, "new-call")).to_be_hidden(timeout=9_000)
    second = stage.calls(hall, "rabat-2").turn
    with stage.serving_app(hall, port=port, _beat_s=0.5):
        expect(page.locator("#new-number")).to_have_text(second.number, timeout=15_000)
        expect(role(page, "new-call")).to_be_visible()


def test_a_page_that_is_opened_shows_no_old_call_as_new(hall, port, hall_page):
    call = stage.calls(hall, COUNTER).turn
    page = hall_page(port)
    expect(page.locator("#number")).to_have_text(call.number)
    expect(role(page, "new-call")).to_be_hidden()


def test_who_did_not_come_stands_among_the_missed(hall, port, hall_page):
    page = ready(hall_page(port))
    expect(role(page, "missed-calls")).to_be_hidden()
    did = stage.calls(hall, COUNTER).turn
    hall.clock.advance(seconds=61)
    stage.recalls(hall, did.ticket, COUNTER)
    stage.no_show(hall, did.ticket, COUNTER)
    expect(page.locator("#missed-calls")).to_contain_text(did.number)
    later = hall_page(port)
    expect(later.locator("#missed-calls")).to_contain_text(did.number)


def test_the_screen_is_empty_on_the_next_morning(hall, port, hall_page):
    page = ready(hall_page(port))
    stage.calls(hall, COUNTER)
    expect(page.locator("#now")).to_be_visible()
    hall.clock.advance(hours=24)
    stage.draws(hall, SERVICE)
    expect(page.locator("#nobody")).to_contain_text("Aucun appel", timeout=10_000)
    expect(page.locator("#now")).to_be_hidden()


def test_a_call_moves_smoothly(hall, port, hall_page):
    page = ready(hall_page(port))
    still = page.evaluate(FRAMES)
    stage.calls(hall, COUNTER)
    expect(role(page, "new-call")).to_be_visible()
    moving = page.evaluate(FRAMES)
    assert moving > 0.9 * min(still, 60)


def test_whoever_wants_no_motion_gets_the_steady_block(hall, port, hall_page):
    page = ready(hall_page(port, reduced_motion="reduce"))
    stage.calls(hall, COUNTER)
    takeover = role(page, "new-call")
    expect(takeover).to_be_visible()
    look = "e => [getComputedStyle(e, '::before').animationName, getComputedStyle(e).backgroundColor]"
    assert takeover.evaluate(look) == ["none", "rgb(242, 196, 106)"]


def test_a_call_that_is_taken_back_leaves_the_screen_and_is_struck_through(hall, port, hall_page):
    page = ready(hall_page(port, "/display/rabat?lang=fr"))
    call = stage.calls(hall, COUNTER).turn
    expect(role(page, "new-call")).to_be_visible()
    stage.undoes(hall, call.ticket, COUNTER)
    expect(role(page, "new-call")).to_be_hidden()
    expect(page.locator("#number")).to_have_text(call.number)
    expect(role(page, "call-withdrawn")).to_contain_text("Appel annulé")
    expect(page.locator("#current")).not_to_have_class("call call--new")
    assert (
        page.locator("#number").locator("xpath=..").evaluate("(one) => getComputedStyle(one).textDecorationLine")
        == "line-through"
    )
    other = stage.calls(hall, "rabat-5").turn
    expect(page.locator("#number")).to_have_text(other.number)
    expect(role(page, "call-withdrawn")).to_be_hidden()
    expect(page.locator(f'#calls [data-number="{call.number}"]')).to_have_attribute("data-state", "undone")
    again = stage.calls(hall, COUNTER).turn
    assert again.number == call.number
    expect(page.locator("#number")).to_have_text(call.number)
    expect(role(page, "call-withdrawn")).to_be_hidden()


def test_who_is_put_back_after_a_missed_call_is_called_missed_no_more(hall, port, hall_page):
    page = ready(hall_page(port, "/display/rabat?lang=fr"))
    turn = stage.misses(hall, COUNTER).turn
    expect(role(page, "missed-calls")).to_contain_text(turn.number)
    stage.puts_back(hall, turn.ticket, COUNTER)
    expect(role(page, "missed-calls")).to_be_hidden()
