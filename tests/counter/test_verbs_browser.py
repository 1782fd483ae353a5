"""All further keys of the console in a real browser: what each asks first, what it sends, and what a finger can't do by mistake."""

from functools import partial

import pytest
from playwright.sync_api import expect

from server.actions import turns
from server.domain.errors import Refusal
from server.web.i18n import words
from tests.counter.consoles import console
from tests.counter.test_browser import arabic, called, steady

pytestmark = pytest.mark.browser

FR = words("fr")


def settled(page):
    page.locator(".console:not([data-busy]):not([data-guarded])").wait_for(state="attached")


def served(hall, page, service="mut"):
    """Somebody is at the counter and being served."""
    turn = hall.draws(service)
    page.keyboard.press("n")
    called(page, turn.number)
    steady(page)
    return turn


def nobody(page):
    expect(page.locator("#number")).to_have_attribute("data-nobody", "")


def choices(page):
    page.locator("#pick[open] [data-key]").first.wait_for()


def does(hall, action, **facts):
    done = hall.office.house.submit("rabat", "test:1", partial(action, **facts))
    assert not isinstance(done, Refusal), done
    return done.did


@pytest.mark.parametrize(("code", "key"), [("KeyZ", "z"), ("KeyW", "z"), ("KeyZ", "ئ"), ("KeyW", "ص")])
def test_the_undo_key_is_found_where_it_is_written(hall, code, key):
    page = hall.desk("rabat-3")
    turn = served(hall, page)
    arabic(page, code, key)
    nobody(page)
    assert hall.turn(turn.ticket).state == "waiting"


def test_a_w_of_an_english_keyboard_takes_nothing_back(hall):
    page = hall.desk("rabat-3")
    turn = served(hall, page)
    arabic(page, "KeyW", "w")
    arabic(page, "KeyS", "s")
    expect(page.locator('[data-verb="start"]')).to_be_disabled()
    assert hall.turn(turn.ticket).state == "serving"


def test_undo_says_what_and_how_long_and_goes_by_itself(hall):
    page = hall.desk("rabat-3")
    first = served(hall, page)
    expect(page.locator("#undo-what")).to_have_text(FR.t("did.called", number=first.number).plain)
    expect(page.locator("#undo-left")).to_contain_text("s")
    second = hall.draws("mut")
    page.keyboard.press("n")
    called(page, second.number)
    expect(page.locator("#undo-what")).to_contain_text(FR.t("did.finished", number=first.number).plain)
    expect(page.locator("#undo-what")).to_contain_text(FR.t("did.called", number=second.number).plain)
    steady(page)
    page.keyboard.press("z")
    called(page, first.number)
    assert hall.turn(second.ticket).state == "waiting"
    expect(page.locator("#undo")).to_be_hidden()
    expect(page.locator("#own-undone")).to_have_text("1")
    page.keyboard.press("s")
    expect(page.locator("#undo")).to_be_visible()
    hall.office.clock.advance(seconds=16)
    hall.draws("mut")
    expect(page.locator("#undo")).to_be_hidden()
    page.keyboard.press("z")
    assert hall.turn(first.ticket).state == "serving"


def test_undo_counts_down_to_nothing_between_two_pictures(hall):
    page = hall.desk("rabat-3")
    served(hall, page)
    hall.office.clock.advance(seconds=13)
    hall.draws("mut")
    expect(page.locator("#undo-left")).to_have_text(FR.t("common.seconds_short", seconds=1).plain)
    expect(page.locator("#undo")).to_be_hidden()


def test_somebody_is_parked_and_comes_back_in_two_keys(hall):
    page = hall.desk("rabat-3")
    turn = served(hall, page)
    page.keyboard.press("k")
    nobody(page)
    expect(page.locator("#parked")).to_contain_text(turn.number)
    expect(page.locator('[data-note="take_up"]')).to_have_text(turn.number)
    page.keyboard.press("u")
    choices(page)
    page.keyboard.press("1")
    expect(page.locator("#parked")).to_be_hidden()
    assert hall.turn(turn.ticket).state == "waiting"


def test_a_transfer_takes_two_keys(hall):
    page = hall.desk("rabat-3")
    turn = served(hall, page)
    page.keyboard.press("t")
    choices(page)
    page.locator('#pick [value="service:imm"] kbd').wait_for()
    page.keyboard.press(page.locator('#pick [value="service:imm"]').get_attribute("data-key"))
    nobody(page)
    moved = hall.turn(turn.ticket)
    assert (moved.service, moved.state, moved.due_at) == ("imm", "waiting", turn.due_at)


def test_a_hand_that_knows_the_key_needn_t_wait_for_the_list(hall):
    page = hall.desk("rabat-3")
    turn = served(hall, page)
    page.keyboard.press("t")
    page.keyboard.press("d")
    nobody(page)
    assert hall.turn(turn.ticket).service == "imm"


def test_the_transfer_key_that_falls_twice_sends_nobody_away(hall):
    page = hall.desk("rabat-3")
    turn = served(hall, page)
    page.keyboard.press("t")
    choices(page)
    page.keyboard.press("t")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    settled(page)
    assert hall.turn(turn.ticket).service == "mut"
    called(page, turn.number)


def test_whoever_was_served_here_goes_on_to_a_counter_with_the_same_number(hall):
    colleague = console(hall.office, "Chafik")
    colleague.opens("rabat-5")
    page = hall.desk("rabat-3")
    turn = served(hall, page)
    page.keyboard.press("t")
    choices(page)
    page.keyboard.press("s")
    page.keyboard.press("5")
    nobody(page)
    assert hall.turn(turn.ticket).bound == "rabat-5"
    expect(page.locator("#own-served")).to_have_text("1")


def test_a_refused_transfer_is_said_in_the_agent_s_language_and_changes_nothing(hall):
    colleague = console(hall.office, "Chafik")
    colleague.opens("rabat-5")
    page = hall.desk("rabat-3")
    turn = served(hall, page)
    page.keyboard.press("t")
    page.locator('#pick [value="counter:rabat-5"]').wait_for()
    hall.manager_closes("rabat-5")
    page.keyboard.press("5")
    expect(page.locator("#problem")).to_contain_text("guichet 5")
    assert hall.turn(turn.ticket).state == "called"


def test_a_turn_ends_with_an_outcome_in_two_keys_and_plainly_in_one(hall):
    page = hall.desk("rabat-3")
    turn = served(hall, page)
    page.keyboard.press("e")
    choices(page)
    page.keyboard.press("2")
    nobody(page)
    told = hall.office.api(hall.office.person("manager", "rabat")).get(f"/tickets/{turn.ticket}").json
    assert told["turns"][0]["outcome"] == "document_missing"
    served(hall, page)
    page.keyboard.press("f")
    nobody(page)


def test_a_missed_person_is_put_back_in_two_keys(hall):
    page = hall.desk("rabat-3")
    turn = served(hall, page)
    page.keyboard.press("r")
    expect(page.locator("#facts")).to_contain_text("2")
    hall.office.clock.advance(seconds=61)
    page.keyboard.press("a")
    nobody(page)
    expect(page.locator("#missed")).to_contain_text(turn.number)
    page.keyboard.press("b")
    choices(page)
    expect(page.locator("#pick")).to_contain_text(FR.t("counter.put_backs_left", count=2).plain)
    page.keyboard.press("1")
    expect(page.locator("#missed")).to_be_hidden()
    expect(page.locator("#own-put-backs")).to_have_text("1")
    assert hall.turn(turn.ticket).put_backs == 1


def test_before_others_one_is_told_whom_one_passes_and_needs_a_reason(hall):
    waiting = [hall.draws("mut") for _ in range(4)]
    page = hall.desk("rabat-3")
    page.keyboard.press("o")
    page.locator("#before-people button").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("#before-why")).to_be_hidden()
    page.keyboard.type(waiting[3].number[1:])
    page.keyboard.press("Enter")
    expect(page.locator("#before-passes")).to_have_text(FR.t("counter.overtakes", count=3).plain)
    expect(page.locator("#before-numbers")).to_have_text(" ".join(turn.number for turn in waiting[:3]))
    expect(page.locator("#before-send")).to_be_disabled()
    page.keyboard.press("Enter")
    assert hall.turn(waiting[3].ticket).state == "waiting"
    page.keyboard.press("5")
    page.keyboard.press("Enter")
    called(page, waiting[3].number)
    entry = last_entry(hall, "ticket.called_out_of_order")
    assert (entry.body["why"], len(entry.body["overtaken"]), entry.body["sealed"]) == ("our_error", 3, None)


def test_a_reason_that_says_too_little_needs_a_word_and_its_enter_sends_nothing(hall):
    first, second = hall.draws("mut"), hall.draws("mut")
    page = hall.desk("rabat-3")
    page.keyboard.press("o")
    page.locator("#before-people button").nth(1).click()
    expect(page.locator("#before-why")).to_be_visible()
    page.keyboard.press("0")
    expect(page.locator("#before-note")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#before-note")).to_have_attribute("aria-invalid", "true")
    page.keyboard.type("vu avec la direction 1")
    page.keyboard.press("Enter")
    expect(page.locator("#before-send")).to_be_focused()
    assert hall.turn(second.ticket).state == "waiting"
    page.keyboard.press("Enter")
    called(page, second.number)
    assert last_entry(hall, "ticket.called_out_of_order").body["sealed"] is not None
    assert hall.turn(first.ticket).state == "waiting"


def test_a_call_before_others_that_comes_too_late_is_refused_and_ends_nobody(hall):
    page = hall.desk("rabat-3")
    here = served(hall, page)
    wanted = hall.draws("mut")
    expect(page.locator("#next")).to_contain_text(wanted.number)
    page.keyboard.press("o")
    page.locator("#before-people button").first.click()
    expect(page.locator("#before-why")).to_be_visible()
    expect(page.locator("#before-ends")).to_contain_text(here.number)
    page.keyboard.press("1")
    colleague = console(hall.office, "Chafik")
    colleague.opens("rabat-4")
    assert colleague.calls("rabat-4").json["ticket"]["number"] == wanted.number
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_contain_text(wanted.number)
    called(page, here.number)
    assert hall.turn(here.ticket).state == "called"


def test_two_agents_take_up_the_same_person_and_one_is_told(hall):
    page = hall.desk("rabat-3")
    turn = served(hall, page)
    page.keyboard.press("k")
    nobody(page)
    other = hall.desk("rabat-4", name="Chafik")
    for one in (page, other):
        one.keyboard.press("u")
        choices(one)
    page.keyboard.press("1")
    expect(page.locator("#parked")).to_be_hidden()
    other.keyboard.press("1")
    expect(other.locator("#problem")).to_contain_text(turn.number)
    assert hall.turn(turn.ticket).state == "waiting"


def test_what_a_colleague_has_built_on_can_t_be_taken_back(hall):
    page = hall.desk("rabat-3")
    turn = served(hall, page)
    page.keyboard.press("k")
    nobody(page)
    expect(page.locator("#undo")).to_be_visible()
    colleague = console(hall.office, "Chafik")
    colleague.opens("rabat-4")
    does(hall, turns.resume, ticket=turn.ticket, agent="someone")
    expect(page.locator("#undo")).to_be_hidden()


def test_a_call_for_help_reaches_the_others_quietly_and_its_answer_comes_back(hall):
    page = hall.desk("rabat-3")
    other = hall.desk("rabat-4", name="Chafik")
    chooser = hall.chooses(name="Driss")
    page.keyboard.press("h")
    expect(page.locator("#helps")).to_contain_text(FR.t("counter.help_sent").plain)
    for one in (other, chooser):
        expect(one.locator("#helps")).to_contain_text(FR.t("counter.help_wanted", counter="3").plain)
    other.keyboard.press("g")
    expect(other.locator("#helps")).to_be_hidden()
    expect(page.locator("#problem")).to_have_text(FR.t("counter.help_coming").plain)
    expect(page.locator("#helps")).to_be_hidden()
    page.keyboard.press("h")
    expect(page.locator("#helps")).to_be_visible()
    page.keyboard.press("h")
    expect(other.locator("#helps")).to_be_hidden()
    expect(page.locator("#problem")).to_be_hidden()


def test_who_waits_for_this_counter_alone_is_told_apart(hall):
    colleague = console(hall.office, "Chafik")
    colleague.opens("rabat-4")
    page = hall.desk("rabat-3")
    hall.draws("mut")
    ticket = colleague.calls("rabat-4").json["ticket"]
    colleague.post(f"/api/v1/tickets/{ticket['id']}/transfers", {"counter": "rabat-3"})
    expect(page.locator(".place--first")).to_contain_text(FR.t("counter.why_bound", number=ticket["number"]).plain)


def test_the_counter_of_a_machine_that_is_gone_is_taken_over_with_whoever_is_there(hall):
    amina = console(hall.office, "Amina")
    amina.opens("rabat-4")
    turn = hall.draws("mut")
    amina.calls("rabat-4")
    hall.office.clock.advance(minutes=4)
    page = hall.chooses(name="Brahim")
    gone = page.locator('[data-counter="rabat-4"]')
    expect(gone).to_contain_text(FR.t("counter.gone").plain)
    expect(gone).to_contain_text(turn.number)
    gone.click()
    page.keyboard.press("Enter")
    expect(page.locator("#taking")).to_be_hidden()
    expect(page.locator("#work")).to_be_hidden()
    gone.click()
    page.locator('#taking [value="yes"]').click()
    called(page, turn.number)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["ar", *(pytest.param(lang, marks=pytest.mark.long) for lang in ("fr", "zgh"))])
def test_every_key_fits_an_old_window_and_a_narrow_one(hall, lang):
    page = hall.desk("rabat-3", lang=lang, size=(1024, 700))
    served(hall, page)
    page.keyboard.press("k")
    nobody(page)
    served(hall, page)
    assert lowest_key(page) <= 700
    for width in (1024, 420, 360):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate(
            "[...document.querySelectorAll('.keys button:not([hidden])')].every((one) => one.scrollWidth <= one.clientWidth + 1)"
        )


def lowest_key(page):
    return page.evaluate("document.querySelector('.keys').getBoundingClientRect().bottom")


def last_entry(hall, kind):
    from_end = hall.office.api(hall.office.person("manager", "rabat", "Khadija")).get(
        "/sites/rabat/journal?after=0&limit=5000"
    )
    found = [entry for entry in from_end.json["entries"] if entry["kind"] == kind]
    return Entry(found[-1])


class Entry:
    def __init__(self, told):
        self.body = told["body"]
