"""axe finds nothing on any page in any language, and would find something if there were something."""

import pytest

from tests.access import axe
from tests.access.hall import LANGUAGES
from tests.access.tours import TOURS
from tests.browser.pages import DESK

pytestmark = pytest.mark.browser

#: The markup hardly differs; the other languages are for the long run.
ALWAYS = ("ar",)
PALE = """<!doctype html><html lang="fr"><title>x</title><main><h1>x</h1>
<img src="data:,"><button></button><input><p style="color: #aaa; background: #fff">pale</p></main>"""


@pytest.fixture(autouse=True)
def installed():
    axe.require_axe()


@pytest.mark.parametrize(
    ("tour", "lang"),
    [
        pytest.param(tour, lang, marks=() if lang in ALWAYS else pytest.mark.long)
        for lang in LANGUAGES
        for tour in TOURS
    ],
)
def test_it_finds_nothing_but_what_is_excused(hall, tour, lang):
    found = {
        (tour, name, one.rule): str(one)
        for name, page in TOURS[tour](hall, lang)
        for one in axe.look_at(page).violations
    }
    excused = {place for place in axe.EXCUSED if place[0] == tour}
    assert set(found) == excused, "\n".join(f"{place}: {what}" for place, what in found.items())


def test_it_would_find_what_is_wrong(hall):
    page = hall.blank(DESK)
    page.set_content(PALE)
    assert {"image-alt", "button-name", "label", "color-contrast"} <= {one.rule for one in axe.look_at(page).violations}
