"""Halls of all kinds on the display: many services, many counters, long names, one language, a wrong clock, no sound."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from server.domain.sites import Counter
from tests.display import stage
from tests.display.test_board_page import role

pytestmark = pytest.mark.browser

SIZES = ((1920, 1080), (1080, 1920), (1280, 1024), (1024, 768))
LONG = (
    "Demande de certificat de conformité et de régularisation administrative des véhicules importés par des résidents"
)
#: As the page itself puts a number.
LONG_NUMBER = """() => {
  const number = document.querySelector("#number");
  number.textContent = "A1203";
  number.style.setProperty("--letters", 5);
  for (const one of document.querySelectorAll('[data-role="waiting"]')) one.textContent = "800";
  for (const one of document.querySelectorAll('[data-role="wait-range"]')) one.textContent = "185–240";
}"""
#: Texts of the board that are cut off by the screen or by the call's block.
OUTSIDE = """() => [...document.querySelectorAll(".hall *, .call *, .earlier *, .missed *, .message *, .line__waiting, .line__range")]
  .filter(e => e.checkVisibility() && e.children.length === 0 && e.textContent.trim() !== "")
  .filter(e => {
    const box = e.getBoundingClientRect();
    const around = (e.closest(".call") ?? document.body).getBoundingClientRect();
    return box.left < around.left - 1 || box.right > around.right + 1 || box.top < around.top - 1 || box.bottom > around.bottom + 1;
  })
  .map(e => [e.className, e.textContent])"""


def crowd(house):
    """60 services with long codes, 40 counters, hundreds of people, a number of five characters."""
    setup = house.hall("rabat").setup
    first = setup.services[0]
    services = (*setup.services, *(replace(first, code=f"x{n} {LONG}") for n in range(60 - len(setup.services))))
    counters = tuple(
        Counter(id=f"rabat-{n}", label=str(n), zone=setup.zones[n % len(setup.zones)], serves=(first.code,))
        for n in range(1, 41)
    )
    stage.changes(house, services=services, counters=counters)
    for n in range(1, 41):
        stage.opens(house, f"rabat-{n}")
    for _ in range(60):
        stage.draws(house, first.code)
    return [stage.calls(house, f"rabat-{n}").turn for n in range(1, 41)]


@pytest.fixture
def port(house):
    with stage.serving_app(house, _beat_s=0.5) as port:
        yield port


def test_a_full_hall_fits_every_screen_and_shows_all_services_in_turn(house, port, hall_page):
    calls = crowd(house)
    stage.posts(house, ("fr", LONG), ("ar", "تغلق المصلحة يوم الجمعة على الساعة الواحدة بعد الزوال."))
    page = hall_page(port, "/display/rabat?lang=fr", false_clock=True)
    expect(page.locator("#number")).to_have_text(calls[-1].number)
    page.evaluate(LONG_NUMBER)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(100)
        assert page.evaluate(OUTSIDE) == [], (width, height)
    lines = page.locator("[data-service]")
    expect(lines).to_have_count(60)
    shown: set[str] = set()
    for _ in range(120):
        seen = lines.locator("visible=true").evaluate_all("lines => lines.map(line => line.dataset.service)")
        assert len(seen) >= 2
        shown.update(seen)
        if len(shown) == 60:
            break
        page.clock.run_for(9_000)
    assert len(shown) == 60


def test_an_empty_hall_fits_every_screen(house, port, hall_page):
    for lang in ("ar", "fr", "zgh"):
        page = hall_page(port, f"/display/rabat?lang={lang}")
        expect(page.locator("#clock")).not_to_have_text("--:--")
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(50)
            assert page.evaluate(OUTSIDE) == [], (lang, width, height)


def test_the_languages_take_turns(house, port, hall_page):
    page = hall_page(port, "/display/rabat?lang=ar", false_clock=True)
    title = page.locator(".call__title")
    expect(title).to_contain_text("Dernier appel")
    page.clock.run_for(18_100)
    expect(title).to_contain_text("Last call")
    expect(title).to_contain_text("النداء الأخير")
    expect(title).not_to_contain_text("Dernier appel")
    page.clock.run_for(9_000)
    expect(title).to_contain_text("Dernier appel")


def test_in_amazigh_what_has_no_text_is_shown_in_french_and_arabic_and_marked(house, port, hall_page):
    page = hall_page(port, "/display/rabat?lang=zgh")
    nobody = page.locator("#nobody")
    expect(nobody).to_contain_text("Aucun appel pour le moment")
    expect(nobody.locator("[lang=ar]")).to_be_visible()
    expect(nobody.locator(".untranslated__mark")).to_have_count(1)


def test_messages_of_the_site_hang_in_the_hall_and_go(house, port, hall_page):
    page = hall_page(port)
    expect(role(page, "message")).to_be_hidden()
    stage.posts(house, ("fr", "Fermeture à 13 h"), ("ar", "الإغلاق على الساعة 13"))
    expect(role(page, "message")).to_contain_text("Fermeture à 13 h")
    expect(role(page, "message")).to_contain_text("الإغلاق")
    stage.changes(house, messages=())
    expect(role(page, "message")).to_be_hidden()


def test_a_suspended_service_says_why(house, port, hall_page):
    page = hall_page(port)
    stage.suspends(house, "acc")
    range_of = page.locator('[data-service="acc"] [data-role="wait-range"]')
    expect(range_of).to_contain_text("panne du système informatique")


def test_the_clock_is_the_servers_and_a_machine_that_is_off_is_told(house, port, hall_page):
    page = hall_page(port)
    expect(page.locator("#clock")).to_have_text("09:00")
    expect(role(page, "clock-differs")).to_be_visible()


def test_a_page_takes_over_a_new_version_by_itself(house, port, hall_page):
    page = hall_page(port)
    expect(page.locator("#nobody")).to_contain_text("Aucun appel")
    expect(page.locator("[data-service]")).to_have_count(10)
    stage.without_a_service(house)
    expect(page.locator("[data-service]")).to_have_count(9, timeout=10_000)


def test_where_the_browser_forbids_sound_the_screen_says_how_to_allow_it(house, port, hall_page):
    page = hall_page(port, "/display/rabat?lang=fr&chime=always")
    expect(role(page, "sound-blocked")).to_be_visible()
    page.locator("#sound-on").click()
    expect(role(page, "sound-blocked")).to_be_hidden()
    silent = hall_page(port, "/display/rabat?lang=fr&chime=never")
    expect(silent.locator("#clock")).not_to_have_text("--:--")
    expect(role(silent, "sound-blocked")).to_be_hidden()


def test_a_reload_costs_next_to_nothing(house, port, hall_page):
    page = hall_page(port)
    received = []
    session = page.context.new_cdp_session(page)
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    session.send("Network.enable")
    page.reload(wait_until="networkidle")
    assert 0 < sum(received) < 5_000


def test_at_night_it_says_when_the_site_opens(house, port, hall_page):
    house.clock.advance(hours=11)
    page = hall_page(port, "/display/rabat?lang=fr")
    expect(page.locator("#nobody")).to_contain_text("Accueil fermé. Ouverture le 25/11 à 08:30.")
