"""Sentences become lines that fit, and no word of them is lost."""

from hypothesis import given
from hypothesis import strategies as st

from printers import typeface
from printers.slip import Language
from printers.wrapping import CLOSING, OPENING, largest_fitting, wrap

LONG = "Dépôt de linge ou de panier de provisions (lorsqu'il est autorisé)"
WORDS = st.lists(st.text("abcéàœW1", min_size=1, max_size=14), min_size=1, max_size=12).map(" ".join)
ARABIC = st.lists(st.text("ابتمحدسلكنو", min_size=1, max_size=12), min_size=1, max_size=12).map(" ".join)


def fits(lines: tuple[str, ...], language: Language, *, dots: int, width: int) -> bool:
    return all(typeface.width_of(line, language, dots) <= width for line in lines)


@given(text=WORDS | ARABIC, width=st.sampled_from([200, 368, 560]), dots=st.integers(20, 60))
def test_every_letter_is_there_and_every_line_fits(text: str, width: int, dots: int) -> None:
    language: Language = "fr" if text[0] in "abcéàœW1" else "ar"
    wrapped = wrap(text, language, dots=dots, width=width)
    assert "".join(wrapped.lines).replace(" ", "") == text.replace(" ", "")
    assert fits(wrapped.lines, language, dots=wrapped.dots, width=width)
    assert wrapped.dots <= dots


def test_a_text_that_nearly_fits_shrinks_to_one_line() -> None:
    wide = typeface.width_of("Caisse et facturation", "fr", 42)
    wrapped = wrap("Caisse et facturation", "fr", dots=42, width=round(wide * 0.93))
    assert wrapped.lines == ("Caisse et facturation",)
    assert 37 <= wrapped.dots < 42


def test_a_long_text_is_broken_between_words_and_keeps_its_size() -> None:
    wrapped = wrap(LONG, "fr", dots=42, width=560)
    assert " ".join(wrapped.lines) == LONG
    assert wrapped.dots == 42
    assert len(wrapped.lines) == 3


def test_lines_are_even() -> None:
    lines = wrap(LONG, "fr", dots=42, width=560).lines
    widths = [typeface.width_of(line, "fr", 42) for line in lines]
    assert min(widths) > 0.5 * max(widths)


def test_a_range_is_not_torn_from_its_unit() -> None:
    assert wrap("Espera prevista: de 25 a 35 minutos", "es", dots=26, width=368).lines == (
        "Espera prevista:",
        "de 25 a 35 minutos",
    )


def test_a_word_that_is_too_long_shrinks_before_it_is_broken() -> None:
    assert wrap("Administrativgericht", "fr", dots=42, width=368).lines == ("Administrativgericht",)
    broken = wrap("x" * 80, "fr", dots=42, width=368)
    assert broken.dots == 25
    assert "".join(broken.lines) == "x" * 80


def test_a_no_break_space_is_not_a_place_to_break() -> None:
    lines = wrap("les numéros sont appelés dans l'ordre\u00a0; toute exception", "fr", dots=40, width=300).lines
    assert not any(line.startswith(";") for line in lines)


def test_an_isolate_that_is_broken_is_whole_on_both_lines() -> None:
    text = "الوثيقة \u2068Passeport biométrique de la personne accompagnée\u2069 مطلوبة"
    lines = wrap(text, "ar", dots=40, width=368).lines
    assert len(lines) > 2
    for line in lines:
        assert sum(line.count(one) for one in OPENING) == line.count(CLOSING)


def test_line_breaks_of_the_text_are_kept() -> None:
    assert wrap("un\ndeux\n\ntrois", "fr", dots=30, width=300).lines == ("un", "deux", "trois")


def test_nothing_becomes_no_line() -> None:
    assert wrap("  ", "fr", dots=30, width=300).lines == ()


def test_the_largest_size_is_the_largest() -> None:
    size = largest_fitting("A1203", "en", dots=400, width=560)
    assert typeface.width_of("A1203", "en", size) <= 560 < typeface.width_of("A1203", "en", size + 2)
