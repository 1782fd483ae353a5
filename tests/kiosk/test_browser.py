"""The kiosk in a real browser: touches, keys, languages, a server that is away, and a person who leaves."""

import json
import re
from dataclasses import replace

import pytest

from server.actions.house import open_house
from server.config import Settings
from server.web import access
from tests.kiosk import hosting

pytestmark = pytest.mark.browser

SMALLEST_TARGET = 60


def choose(page, lang="ar", group="vehicle", service="mut"):
    page.click(f".tongue[data-language={lang}]")
    page.click(f"[data-step=groups] [data-ref={group}]")
    page.click(f"[data-step=services]:not([hidden]) [data-ref={service}]")


def take(page):
    page.click("[data-step=card]:not([hidden]) [data-draw]")
    page.wait_for_selector("[data-role=ticket-number]:not(:empty)")
    return number(page)


def number(page):
    return page.text_content("[data-role=ticket-number]")


def html_lang(page):
    return page.evaluate("[document.documentElement.lang, document.documentElement.dir].join(' ')")


def test_four_touches_give_a_ticket_in_arabic_from_right_to_left(open_kiosk):
    page = open_kiosk()
    choose(page)
    assert take(page) == "B001"
    assert html_lang(page) == "ar rtl"
    assert page.text_content("[data-role=people-ahead]") == "لا أحد قبلكم"
    assert page.text_content("[data-role=wait-range]").strip() != ""


def test_no_touch_but_the_draw_asks_the_server(open_kiosk):
    page = open_kiosk()
    asked = []
    page.on("request", lambda request: "/files/" in request.url or asked.append((request.method, request.url)))
    choose(page, lang="fr")
    page.click("[data-step=card]:not([hidden]) [data-go=priority]")
    page.keyboard.press("Escape")
    assert [address for _method, address in asked if not address.endswith(".json")] == []
    take(page)
    assert [address.rpartition("/")[2] for method, address in asked if method == "POST"] == ["tickets"]


def test_changing_the_language_keeps_the_step(open_kiosk):
    page = open_kiosk()
    choose(page)
    page.click(".kiosk__languages [data-language=fr]")
    assert html_lang(page) == "fr ltr"
    assert page.text_content("[data-step=card]:not([hidden]) h1").startswith("Mutation de véhicule")
    take(page)
    page.click(".kiosk__languages [data-language=ar]")
    assert number(page) == "B001"
    assert page.text_content("[data-role=people-ahead]") == "لا أحد قبلكم"


def test_the_ticket_of_a_hospital_says_no_more_than_its_hall(open_kiosk):
    page = open_kiosk("eljadida")
    choose(page, "fr", "care", "rad")
    take(page)
    assert "Service 8" in page.inner_text("[data-step=ticket]")
    assert "Radiologie" not in page.inner_text("[data-step=ticket]")


def test_a_lost_answer_gives_the_same_ticket(open_kiosk, house):
    page = open_kiosk()
    lost = []

    def lose_the_first(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().json()["number"])
        route.abort()

    page.route("**/tickets", lose_the_first)
    choose(page)
    assert take(page) == lost[0]
    assert house.hall("rabat").numbers == {"B": 1}


def test_a_server_that_is_away_is_said_calmly_and_tried_again(open_kiosk, house):
    page = open_kiosk()
    page.route("**/tickets", lambda route: route.abort())
    choose(page, lang="fr")
    page.click("[data-step=card]:not([hidden]) [data-draw]")
    page.wait_for_selector("[data-role=unreachable]:not([hidden])")
    assert "un seul ticket" in page.inner_text("[data-role=unreachable]")
    page.unroute("**/tickets")
    page.click("[data-retry]")
    page.wait_for_selector("[data-step=ticket]:not([hidden])")
    assert number(page) == "B001"
    assert page.is_hidden("[data-role=unreachable]")


def test_going_back_from_a_lost_attempt_and_asking_again_gives_one_ticket(open_kiosk, house):
    page = open_kiosk()

    def lose(route):
        route.fetch()
        route.abort()

    page.route("**/tickets", lose)
    choose(page)
    page.click("[data-step=card]:not([hidden]) [data-draw]")
    page.wait_for_selector("[data-role=unreachable]:not([hidden])")
    page.keyboard.press("Escape")
    page.unroute("**/tickets")
    page.click("[data-step=services]:not([hidden]) [data-ref=mut]")
    assert take(page) == "B001"
    assert house.hall("rabat").numbers == {"B": 1}


def test_it_asks_before_it_forgets_and_leaves_no_trace(open_kiosk):
    page = open_kiosk(clock=True)
    choose(page, lang="fr")
    page.click("[data-toggle=contrast]")
    page.clock.run_for(31_000)
    warning = page.locator("[data-role=idle-warning]")
    assert warning.is_visible()
    assert re.search(r"Retour à l'accueil dans \d+ secondes", warning.inner_text())
    page.click("[data-stay]")
    page.clock.run_for(1_000)
    assert warning.is_hidden()
    page.clock.run_for(52_000)
    assert page.is_visible("[data-step=start]")
    assert html_lang(page) == "ar rtl"
    assert page.evaluate("JSON.stringify(document.documentElement.dataset)") == "{}"
    assert number(page) == ""


def test_after_a_ticket_in_another_language_the_start_is_as_it_was_in_the_morning(open_kiosk):
    page = open_kiosk()
    shown = (
        "[...document.querySelectorAll('button')].filter((one) => one.checkVisibility()).map((one) => one.innerText)"
    )
    morning = page.evaluate(shown)
    choose(page, lang="fr")
    take(page)
    page.keyboard.press("Escape")
    page.wait_for_selector("html[lang=ar] [data-at=start]")
    assert page.evaluate(shown) == morning


def test_larger_text_is_forgotten_too_when_nothing_else_was_touched(open_kiosk):
    page = open_kiosk(clock=True)
    page.click("[data-toggle=text]")
    page.clock.run_for(52_000)
    assert page.evaluate("JSON.stringify(document.documentElement.dataset)") == "{}"


def test_a_session_that_the_server_forgot_costs_nobody_a_ticket(open_kiosk, house):
    page = open_kiosk()
    page.context.clear_cookies(name="idarati_session")
    choose(page)
    assert take(page) == "B001"
    assert house.hall("rabat").numbers == {"B": 1}


def test_it_goes_by_keys_alone(open_kiosk):
    page = open_kiosk()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.className") == "tongue"
    page.keyboard.press("Enter")
    for _step in ("group", "service", "card"):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    page.wait_for_selector("[data-step=ticket]:not([hidden])")
    page.keyboard.press("Escape")
    assert page.is_visible("[data-step=start]")


def test_a_closed_service_shows_its_card_and_when_it_opens_but_gives_no_ticket(open_kiosk, clock):
    clock.advance(hours=9)
    page = open_kiosk()
    assert page.is_visible("[data-step=start] [data-all-closed]")
    choose(page, lang="fr")
    assert "08:30" in page.inner_text("[data-closed=mut]")
    assert page.is_hidden("[data-step=card]:not([hidden]) [data-draw]")
    assert page.is_visible("[data-step=card]:not([hidden]) .sheet")


def test_a_paper_that_does_not_come_leaves_the_number_valid(open_kiosk):
    page = open_kiosk()
    body = json.dumps({"print": "blocked"})
    page.route("**/tickets/rabat-*", lambda route: route.fulfill(body=body, content_type="application/json"))
    choose(page, lang="fr")
    take(page)
    page.wait_for_selector("[data-paper='kiosk.number_kept_without_paper']")
    assert "B001" in page.inner_text("[data-paper]")


@pytest.mark.parametrize("size", [(1080, 1920), (1280, 1024)])
@pytest.mark.parametrize("lang", ["ar", "fr", "zgh"])
def test_fingers_find_everything_and_nothing_runs_out_of_the_screen(open_kiosk, lang, size):
    page = open_kiosk(size=size)

    def measure():
        return page.evaluate(
            """() => [...document.querySelectorAll("button")].filter((b) => b.checkVisibility()).map((b) => {
                const box = b.getBoundingClientRect();
                return [b.textContent.trim(), Math.min(box.width, box.height), box.left, box.right - innerWidth];
            })"""
        )

    choose(page, lang)
    for back in range(4):
        found = measure()
        assert [text for text, least, *_ in found if least < SMALLEST_TARGET] == []
        assert [text for text, _least, left, beyond in found if left < 0 or beyond > 0] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], back
        page.keyboard.press("Escape")


def test_tifinagh_is_drawn_with_its_own_face(open_kiosk):
    page = open_kiosk()
    page.click(".tongue[data-language=zgh]")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": ".kiosk__languages [lang=zgh]"})["nodeId"]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    assert {font["familyName"] for font in fonts} == {"Noto Sans Tifinagh"}


def test_a_site_with_one_language_has_a_kiosk_in_it(open_kiosk, house):
    pack = house.pack("rabat")
    hosting.put_pack(house, replace(pack, languages=("fr",)))
    page = open_kiosk()
    assert html_lang(page) == "fr ltr"
    assert page.locator("[hreflang]").count() == 0
    choose(page, lang="fr")
    assert take(page) == "B001"
    assert page.evaluate(MEASURE) == FINE


def test_everything_comes_down_to_the_hands_of_somebody_who_sits_and_goes_back_after_him(open_kiosk):
    page = open_kiosk(clock=True)
    page.click("[data-toggle=reach]")
    choose(page)
    tops = page.evaluate(
        "[...document.querySelectorAll('button')].filter((one) => one.checkVisibility())"
        ".map((one) => one.getBoundingClientRect().top)"
    )
    assert len(tops) > 5
    assert min(tops) > 1920 * 0.4
    page.clock.run_for(52_000)
    assert page.evaluate("document.documentElement.dataset.reach") is None


def test_a_new_version_is_taken_over_between_two_people_and_not_under_anybodys_hands(open_kiosk, house):
    page = open_kiosk(clock=True)
    old = page.evaluate("document.body.dataset.version")
    choose(page, lang="fr")
    pack = house.pack("rabat")
    hosting.put_pack(house, replace(pack, names=replace(pack.names, fr="Centre des véhicules")))
    page.clock.run_for(31_000)
    page.wait_for_timeout(300)
    assert page.is_visible("[data-step=card]:not([hidden])")
    assert page.evaluate("document.body.dataset.version") == old
    page.clock.run_for(82_000)
    page.wait_for_selector(f"body:not([data-version='{old}'])")
    assert page.is_visible("[data-step=start]")


def test_somebody_with_an_appointment_chooses_its_time_and_reads_it_beside_the_number(open_kiosk, house):
    page = open_kiosk()
    choose(page, lang="fr", group="licence", service="rpc")
    page.click("[data-step=card]:not([hidden]) [data-go=appointment]")
    page.click("[data-step=appointment] [data-times] button >> nth=-1")
    page.wait_for_selector("[data-role=ticket-number]:not(:empty)")
    (turn,) = house.hall("rabat").turns.values()
    assert turn.klass == "appointment"
    assert "Votre rendez-vous est à" in page.inner_text("[data-step=ticket]")


SIZES = [(1080, 1920), (1280, 1024), (1024, 768), (420, 900), (360, 640)]
#: What runs out of the screen or is cut off, and what lies over what, by the browser's own measure.
MEASURE = """() => {
  const seen = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 0;
  const name = (element) => `${element.tagName}.${element.className} ${element.textContent.trim().slice(0, 40)}`;
  const all = [...document.body.querySelectorAll("*")].filter((one) => seen(one) && !one.closest("svg svg, symbol, .visually-hidden"));
  const out = all.filter((one) => {
    const box = one.getBoundingClientRect();
    return box.left < -1 || box.right > innerWidth + 1;
  });
  const cut = all.filter((one) => one.id !== "main" && getComputedStyle(one).overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1);
  const [head, main, foot] = [".kiosk__head", "#main", ".kiosk__foot"].map((one) => document.querySelector(one).getBoundingClientRect());
  const buttons = all.filter((one) => one.tagName === "BUTTON").map((one) => one.getBoundingClientRect());
  const over = buttons.filter((one, at) => buttons.slice(at + 1).some((two) =>
    Math.min(one.right, two.right) - Math.max(one.left, two.left) > 1 && Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top) > 1
      && [one, two].every((box) => box.top >= main.top && box.bottom <= main.bottom)));
  return {
    out: out.map(name), cut: cut.map(name), over: over.length,
    wide: document.documentElement.scrollWidth > innerWidth || document.getElementById("main").scrollWidth > document.getElementById("main").clientWidth,
    small: buttons.filter((box) => Math.min(box.width, box.height) < 59.5).length,
    room: main.height >= Math.min(200, innerHeight / 3), order: head.bottom <= main.top + 1 && main.bottom <= foot.top + 1,
  };
}"""
FINE = {"out": [], "cut": [], "over": 0, "wide": False, "small": 0, "room": True, "order": True}


@pytest.fixture
def crowded(settings, clock):
    """A site with sixty services and the longest names."""
    house = open_house(Settings(data_dir=settings.data_dir, public_url="https://q.example"), clock)
    hosting.add_pack(house, hosting.crowded_pack())
    with hosting.served(hosting.make_app(house)) as url:
        yield house, url
    house.close()


def grow(page, text):
    """The text as a person can set it, or twice as large, which the browser can be told to."""
    if text == "large":
        page.evaluate("document.documentElement.dataset.text = 'large'")
    if text == "double":
        page.evaluate("document.documentElement.style.setProperty('--scale', 2)")


#: The tall screen and a low one with large text; the rest of the table takes minutes and is for the long run.
ALWAYS = {((1080, 1920), "normal"), ((1024, 768), "large")}


@pytest.mark.parametrize(
    ("size", "text"),
    [
        pytest.param(size, text, marks=() if (size, text) in ALWAYS else pytest.mark.long)
        for size, text in (
            *((size, text) for size in SIZES for text in ("normal", "large")),
            *((size, "double") for size in SIZES[:2]),
        )
    ],
    ids=str,
)
def test_sixty_services_and_the_longest_names_fit_every_screen_in_every_language(browser, crowded, size, text):
    house, url = crowded
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    context.add_cookies(
        [{"name": access.device_cookie("kiosk", "rabat"), "value": hosting.device_token(house, "rabat"), "url": url}]
    )
    page = context.new_page()
    page.route("**/tickets", lambda route: route.fulfill(status=201, json={**route.fetch().json(), "number": "A1203"}))
    page.goto(f"{url}/kiosk/rabat")
    page.wait_for_load_state("networkidle")
    grow(page, text)
    found = {}
    for lang in ("ar", "fr", "zgh", "es", "en"):
        found[lang, "start"] = page.evaluate(MEASURE)
        choose(page, lang, service="more_0")
        for step in ("checklist", "appointment", "priority"):
            found[lang, "card"] = page.evaluate(MEASURE)
            page.click(f"[data-step=card]:not([hidden]) [data-go={step}]")
            page.wait_for_timeout(150)
            found[lang, step] = page.evaluate(MEASURE)
            page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        found[lang, "services"] = page.evaluate(MEASURE)
        page.keyboard.press("Escape")
        found[lang, "groups"] = page.evaluate(MEASURE)
        page.evaluate("document.querySelector('[data-again]').click()")
        grow(page, text)
    choose(page, "zgh", service="more_0")
    assert take(page) == "A1203"
    found["zgh", "ticket"] = page.evaluate(MEASURE)
    context.close()
    assert {place: was for place, was in found.items() if was != FINE} == {}
