"""Listening at the kiosk, in a real browser: what is read and in which order, what ends it, and that silence holds nobody up."""

from functools import partial

import pytest

from kiosk import reading
from server.web import voice
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
def open_kiosk(open_kiosk):
    """Opens it as in other tests, in French unless another language is named, and watches what is played."""
    return partial(open_kiosk, before=WATCH, locale="fr")


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


@pytest.mark.long
def test_the_card_is_read_with_its_documents_fee_and_delay_and_what_one_can_do_comes_last(open_kiosk, record):
    names = record()
    page = open_kiosk()
    to_card(page)
    listen(page)
    wait_for_the_end(page)
    said = heard(page, names)
    assert said[0] == "Mutation de véhicule (changement de propriétaire)"
    order = ["Documents requis", "Justificatif de domicile", "Frais", "Délai", "Obtenir un ticket"]
    assert sorted(order, key=said.index) == order
    assert said[-1] == "Liste des documents"
    assert "Textes de référence" not in said


def test_the_ticket_is_read_by_its_letter_and_number_and_who_is_before(open_kiosk, record):
    names = record()
    page = open_kiosk()
    to_card(page)
    page.click("[data-step=card]:not([hidden]) [data-draw]")
    page.wait_for_selector("[data-role=ticket-number]:not(:empty)")
    listen(page)
    wait_for_the_end(page)
    said = heard(page, names)
    assert said[:3] == ["Numéro", "B", "1"]
    assert {"Personne avant vous", "Attendez ici : Espace véhicules"} <= set(said)


def test_a_number_in_a_sentence_is_joined_and_a_sentence_without_one_piece_is_left_out(open_kiosk, record):
    names = record()
    page = open_kiosk()
    to_card(page)
    page.evaluate(
        """() => {
          const step = document.querySelector("[data-step=card]:not([hidden])");
          for (const said of step.querySelectorAll("[data-say]")) said.removeAttribute("data-say");
          for (const text of ["234 personnes avant vous", "Personne ne l'a dit : 7", "À 1205"]) {
            const line = document.createElement("p");
            line.dataset.say = "";
            line.textContent = text;
            step.append(line);
          }
        }"""
    )
    listen(page)
    wait_for_the_end(page)
    assert heard(page, names) == ["200+", "+34", "personnes avant vous"]


@pytest.mark.long
def test_the_first_screen_greets_in_each_language_that_has_a_voice(open_kiosk, record):
    names = {**record("fr"), **record("ar")}
    page = open_kiosk()
    listen(page)
    wait_for_the_end(page)
    assert heard(page, names) == ["مرحبا بكم", "Bienvenue", "العربية", "Français"]


def test_keys_alone_start_and_end_it_and_escape_leaves_the_step_where_it_is(open_kiosk, record):
    record(seconds=5)
    page = open_kiosk()
    page.click(".tongue[data-language=fr]")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-listen]')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector(".is-read")
    assert is_on(page)
    page.keyboard.press("Escape")
    assert not is_on(page)
    assert page.is_visible("[data-step=groups]")
    page.keyboard.press("Space")
    assert is_on(page)
    page.keyboard.press("Enter")
    assert not is_on(page)
    assert page.locator(".is-read").count() == 0


@pytest.mark.parametrize(
    "touched",
    [
        "[data-step=groups] h1",
        "[data-listen]",
        *(
            pytest.param(touched, marks=pytest.mark.long)
            for touched in (
                "[data-step=groups] [data-ref=vehicle]",
                "[data-back]",
                "[data-again]:visible",
                ".kiosk__languages [data-language=ar]",
                "[data-toggle=text]",
            )
        ),
    ],
)
def test_any_touch_ends_it_and_counts(open_kiosk, record, touched):
    record(seconds=5)
    page = open_kiosk()
    page.click(".tongue[data-language=fr]")
    listen(page)
    page.wait_for_selector(".is-read")
    page.click(touched)
    page.wait_for_timeout(600)
    assert page.get_attribute("[data-listen]", "aria-pressed") == "false"
    assert page.locator(".is-read").count() == 0
    assert len(page.evaluate("window.played")) == 1


def test_what_is_read_can_be_chosen_at_once(open_kiosk, record):
    record(seconds=5)
    page = open_kiosk()
    to_card(page)
    listen(page)
    page.wait_for_selector(".is-read")
    page.click("[data-step=card]:not([hidden]) [data-draw]")
    page.wait_for_selector("[data-role=ticket-number]:not(:empty)")
    assert not is_on(page)


def test_without_any_voice_there_is_no_button_and_the_ticket_comes_with_the_same_touches(open_kiosk):
    page = open_kiosk()
    assert page.is_hidden("[data-listen]")
    to_card(page)
    assert page.is_hidden("[data-listen]")
    page.click("[data-step=card]:not([hidden]) [data-draw]")
    page.wait_for_selector("[data-role=ticket-number]:not(:empty)")


@pytest.mark.long
def test_amazigh_has_the_button_only_where_it_was_recorded(open_kiosk, record):
    record("fr")
    page = open_kiosk()
    page.click(".tongue[data-language=zgh]")
    assert page.is_hidden("[data-listen]")
    page.click(".kiosk__languages [data-language=fr]")
    assert page.is_visible("[data-listen]")


@pytest.mark.long
def test_amazigh_that_was_recorded_is_read(open_kiosk, record):
    names = record("zgh")
    page = open_kiosk()
    page.click(".tongue[data-language=zgh]")
    listen(page)
    wait_for_the_end(page)
    assert len(heard(page, names)) >= 2


@pytest.mark.long
def test_clips_that_don_t_come_are_said_in_a_word_and_hold_nobody_up(open_kiosk, record):
    record()
    page = open_kiosk()
    page.route("**/voice/recorded/**", lambda route: route.abort())
    page.click(".tongue[data-language=fr]")
    listen(page)
    page.wait_for_selector("[data-role=notice]:not([hidden])")
    assert page.inner_text("[data-role=notice]") == "Pas de son pour le moment sur cette borne."
    assert not is_on(page)
    page.click("[data-step=groups] [data-ref=vehicle]")
    assert page.is_hidden("[data-role=notice]")


def test_a_server_that_never_answers_for_a_clip_holds_nobody_up(open_kiosk, record):
    record()
    page = open_kiosk()
    page.route("**/voice/**", lambda _route: None)
    to_card(page)
    listen(page)
    assert is_on(page)
    page.click("[data-step=card]:not([hidden]) [data-draw]")
    page.wait_for_selector("[data-role=ticket-number]:not(:empty)")
    assert not is_on(page)


@pytest.mark.long
def test_one_clip_that_is_broken_is_passed_over(open_kiosk, record, settings):
    names = record()
    (broken,) = [name for name, text in names.items() if text == "Véhicules"]
    (settings.data_dir / "voice" / "fr" / f"{broken}.wav").write_bytes(b"no sound at all")
    page = open_kiosk()
    page.click(".tongue[data-language=fr]")
    listen(page)
    wait_for_the_end(page)
    assert heard(page, names)[-1] == "Accueil, retrait et réclamations"
    assert page.is_hidden("[data-role=notice]")


def test_somebody_who_listens_is_there(open_kiosk, record):
    record(seconds=3)
    page = open_kiosk(clock=True)
    to_card(page)
    listen(page)
    page.wait_for_selector(".is-read")
    page.clock.run_for(2_000)
    page.clock.run_for(40_000)
    assert page.is_hidden("[data-role=idle-warning]")


@pytest.mark.parametrize("size", [(1080, 1920), (1280, 1024), (420, 900)])
@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_the_button_is_large_enough_and_covers_nothing(open_kiosk, record, lang, size):
    record(lang)
    page = open_kiosk(size=size)
    to_card(page, lang)
    box = page.locator("[data-listen]").bounding_box()
    assert min(box["width"], box["height"]) >= 60
    overlapping = page.evaluate(
        """() => {
          const foot = [...document.querySelectorAll(".kiosk__foot button, .kiosk__help")].filter((one) => one.checkVisibility());
          const boxes = foot.map((one) => one.getBoundingClientRect());
          return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
            a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)).length;
        }"""
    )
    assert overlapping == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
