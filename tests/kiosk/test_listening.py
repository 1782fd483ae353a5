"""Listening at the kiosk, in a real browser: what is read and in which order, what ends it, and that silence holds nobody up."""

import pytest

from kiosk import reading
from server.web import access, voice
from tests.kiosk import hosting
from tests.web import sounds

pytestmark = pytest.mark.browser

#: What is played, and what is marked meanwhile.
WATCH = """
window.played = [];
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  const marked = document.querySelector(".is-read");
  window.played.push([decodeURIComponent(new URL(this.src).pathname), marked?.textContent.replace(/\\s+/g, " ").trim()]);
  return play.call(this);
};
"""


@pytest.fixture
def address(app):
    with hosting.served(app) as url:
        yield url


@pytest.fixture
def open_kiosk(browser, address, house):
    contexts, errors = [], []

    def open_page(site="rabat", *, size=(1080, 1920), locale="fr", clock=False):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale)
        token = hosting.device_token(house, site)
        context.add_cookies([{"name": access.device_cookie("kiosk", site), "value": token, "url": address}])
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        if clock:
            page.clock.install()
        page.goto(f"{address}/kiosk/{site}?lang={locale}")
        page.wait_for_load_state("networkidle")
        contexts.append(context)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def record(house, settings):
    """Puts a recording of every text of a language, or of some, into the data folder; gives name → text."""

    def put(lang="fr", *, site="rabat", only=None, seconds=0.05):
        pack = house.pack(site)
        names = {}
        for spoken_in, text in reading.texts(pack):
            if spoken_in == lang and (only is None or text in only):
                name = voice.recording_name(lang, text)
                sounds.write_tone(settings.data_dir / "voice" / lang / f"{name}.wav", seconds=seconds)
                names[name] = text
        return names

    return put


def listen(page):
    page.click("[data-listen]")


def is_on(page):
    return page.get_attribute("[data-listen]", "aria-pressed") == "true"


def heard(page, names):
    """The texts that were played so far."""
    return [names[path.rpartition("/")[2].partition(".")[0]] for path, _marked in page.evaluate("window.played")]


def wait_for_the_end(page):
    page.wait_for_selector("[data-listen][aria-pressed=false]")


def to_card(page, lang="fr"):
    page.click(f".tongue[data-language={lang}]")
    page.click("[data-step=groups] [data-ref=vehicle]")
    page.click("[data-step=services]:not([hidden]) [data-ref=mut]")


def test_a_step_is_read_from_its_heading_to_its_last_choice_and_each_is_marked_meanwhile(open_kiosk, record):
    names = record()
    page = open_kiosk()
    page.click(".tongue[data-language=fr]")
    listen(page)
    assert is_on(page)
    wait_for_the_end(page)
    groups = [text.strip() for text in page.locator("[data-step=groups] .tile__name").all_inner_texts()]
    assert heard(page, names) == ["Choisissez un type de démarche", *groups]
    assert [marked for _path, marked in page.evaluate("window.played")] == heard(page, names)
    assert page.locator(".is-read").count() == 0
