"""The face draws every character of every word we have, and Arabic is shaped or nothing is drawn."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from PIL import features

from printers import typeface
from printers.fonts import merge
from printers.slip import Language
from printers.ticket import compose
from tests.printers.samples import duplicate, ticket

HOUSE = Path(__file__).parents[2]
WORDS = sorted([*HOUSE.glob("server/translations/words/*.yaml"), *HOUSE.glob("server/packs/sites/*.yaml")])


@pytest.mark.parametrize("language", ["ar", "fr", "zgh", "es", "en"])
def test_it_covers_every_ticket(language: Language) -> None:
    for words in (ticket(language), duplicate(language)):
        for text in compose(words).texts():
            assert typeface.uncovered(text) == set(), text


@pytest.mark.parametrize("file", WORDS, ids=lambda file: file.name)
def test_it_covers_every_word_of_the_interface_and_of_the_sites(file: Path) -> None:
    missing = {
        (number, character)
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        for character in typeface.uncovered(line.partition(" # ")[0])
    }
    assert missing == set()


@pytest.mark.parametrize(
    "text",
    [
        "ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ àâæçéèêëîïôœùûüÿ",
        "¿Á É Í Ñ Ó Ú Ü? ¡á é í ñ ó ú ü! 1.º 2.ª",
        "– — ’ ‘ “ ” « » … • ° × % € №",
        "\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200c\u200d\u00a0\u202f",
        "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي ڭ گ پ ڤ چ ٱ ، ؛ ؟ ـ",
        "اَلرَّقْمُ ثَلَاثَةٌ كتابٍ",
        "ⴰⴱⴳⴳⵯⴷⴹⴻⴼⴽⴽⵯⵀⵃⵄⵅⵇⵉⵊⵍⵎⵏⵓⵔⵕⵖⵙⵚⵛⵜⵟⵡⵢⵣⵥ",
    ],
)
def test_it_covers_what_our_languages_are_written_with(text: str) -> None:
    assert typeface.uncovered(text) == set()


def test_it_names_what_it_cannot_draw() -> None:
    assert typeface.uncovered("Guichet 3 🙂 窓") == {"🙂", "窓"}


def test_what_it_says_it_covers_is_what_the_face_holds() -> None:
    said = [tuple(int(end, 16) for end in line.split("-")) for line in typeface.COVERAGE.read_text().split()]
    assert said == merge.ranges(TTFont(typeface.FACE).getBestCmap())


def test_the_face_has_a_name_of_its_own_and_its_licence_beside_it() -> None:
    names = TTFont(typeface.FACE)["name"]
    assert [names.getDebugName(number) for number in (1, 4, 6)] == [
        "Idarati Paper",
        "Idarati Paper Bold",
        "IdaratiPaper-Bold",
    ]
    assert "SIL OPEN FONT LICENSE" in typeface.FACE.with_name("OFL.txt").read_text()


def test_invisible_characters_take_no_room() -> None:
    assert typeface.width_of("\u2068A017\u2069", "fr", 100) == typeface.width_of("A017", "fr", 100)


def test_arabic_letters_join() -> None:
    joined, apart = "محمد", "\u200c".join("محمد")
    assert typeface.width_of(joined, "ar", 100) < typeface.width_of(apart, "ar", 100)
    assert typeface.width_of("لا", "ar", 100) < typeface.width_of("ل", "ar", 100) + typeface.width_of("ا", "ar", 100)


def test_it_refuses_to_work_without_shaping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda _: False)
    with pytest.raises(typeface.ShapingMissingError, match="libfribidi0"):
        typeface.require_shaping()
