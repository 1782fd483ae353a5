"""Where things stand: sides, sizes, nothing over the edge, nothing over each other."""

import itertools

import pytest

from printers import typeface
from printers.layout import CAPITAL, MARGIN, WIDTHS, Bar, Code, Layout, Line, Stars, lay_out
from printers.slip import Language, Number, Ornament, Qr, Row, Rule, Slip, Space, Text
from printers.ticket import Said, compose
from tests.printers.samples import FOLLOW, duplicate, ticket

LONG_SERVICE = (
    Said("إيداع الملابس أو قفة المؤونة (عند السماح بذلك)", "ar"),
    Said("Dépôt de linge ou de panier de provisions (lorsqu'il est autorisé)", "fr"),
)


def lines(laid: Layout) -> list[Line]:
    return [mark for mark in laid.marks if isinstance(mark, Line)]


def right_end(line: Line) -> int:
    return line.x + typeface.width_of(line.text, line.language, line.dots)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["ar", "fr", "zgh", "es", "en"])
def test_nothing_leaves_the_paper(language: Language, width: int) -> None:
    laid = lay_out(compose(ticket(language, number="A1203", service=LONG_SERVICE)), width)
    for mark in laid.marks:
        match mark:
            case Line():
                assert mark.x >= MARGIN - 1
                assert right_end(mark) <= width - MARGIN + 1
                assert mark.baseline <= laid.height
            case Bar():
                assert mark.x + mark.width <= width
            case Code():
                assert mark.x + len(mark.modules) * mark.scale <= width
            case Stars():
                assert mark.y + mark.height <= laid.height


@pytest.mark.parametrize("width", WIDTHS)
def test_lines_stand_below_each_other(width: int) -> None:
    laid = lay_out(compose(ticket("ar", qr=None, number_label=(), letter_word=None, service=LONG_SERVICE)), width)
    placed = lines(laid)
    for above, below in itertools.pairwise(placed):
        assert below.baseline - round(below.dots * CAPITAL) > above.baseline


def test_arabic_begins_on_the_right_and_french_on_the_left() -> None:
    slip = Slip("ar", (Text("مرحبا", "ar"), Text("Bienvenue", "fr"), Text("Fin", "fr", align="end")))
    arabic, french, end = lines(lay_out(slip, 576))
    assert right_end(arabic) == 576 - MARGIN
    assert french.x == MARGIN
    assert right_end(end) == 576 - MARGIN


@pytest.mark.parametrize(("number", "tall"), [("A017", 18), ("A1203", 15), ("K1 001", 12)])
def test_the_number_is_the_largest_thing_on_80_mm(number: str, tall: int) -> None:
    (line,) = lines(lay_out(Slip("fr", (Number(number),)), 576))
    assert line.dots * CAPITAL / 8 >= tall  # millimetres; 8 dots each


def test_the_word_of_the_letter_stands_beside_the_letter() -> None:
    number, word = lines(lay_out(Slip("ar", (Number("A017", "ألف"),)), 384))
    assert right_end(word) < number.x
    assert number.baseline == word.baseline


def test_the_first_of_a_row_stands_where_reading_begins() -> None:
    row = Row((Text("Numéro", "fr"), Text("الرقم", "ar")))
    first, second = lines(lay_out(Slip("fr", (row,)), 576))
    assert (first.language, second.language) == ("fr", "ar")
    row = Row((Text("الرقم", "ar"), Text("Numéro", "fr")))
    first, second = lines(lay_out(Slip("ar", (row,)), 576))
    assert (first.language, second.language) == ("fr", "ar")
    assert first.x < second.x


def test_the_code_stands_at_the_end_of_the_reading_line() -> None:
    for language, on_the_left in (("ar", True), ("fr", False)):
        laid = lay_out(compose(ticket("ar" if language == "ar" else "fr")), 576)
        (code,) = (mark for mark in laid.marks if isinstance(mark, Code))
        assert (code.x < 288) is on_the_left


@pytest.mark.parametrize(("width", "smallest"), [(384, 5), (512, 4), (576, 5)])
def test_the_modules_of_the_code_are_large_enough_for_a_cheap_phone(width: int, smallest: int) -> None:
    laid = lay_out(Slip("fr", (Qr(FOLLOW, (Text("Scannez", "fr"),)),)), width)
    (code,) = (mark for mark in laid.marks if isinstance(mark, Code))
    assert code.scale >= smallest


def test_a_stamp_is_white_on_black() -> None:
    laid = lay_out(compose(duplicate("fr")), 576)
    light = [line.text for line in lines(laid) if line.light]
    assert light == ["DUPLICATA", "نظير"]
    assert any(isinstance(mark, Bar) and mark.height > 40 for mark in laid.marks)


def test_rules_spaces_and_stars_take_the_room_they_need() -> None:
    heights = [lay_out(Slip("fr", blocks), 576).height for blocks in ((Rule(),), (Space(1.0),), (Ornament(),), ())]
    assert heights == [26, 41, 54, 1]


def test_it_refuses_a_width_that_no_paper_has() -> None:
    with pytest.raises(ValueError, match="384, 512, 576"):
        lay_out(Slip("fr", ()), 600)
