"""Black or white, at the right place."""

from PIL import Image, ImageChops

from printers import qr, raster
from printers.layout import lay_out
from printers.slip import Number, Ornament, Qr, Row, Slip, Text


def drawn(*blocks: Text | Number | Row | Qr | Ornament) -> Image.Image:
    return raster.draw(lay_out(Slip("fr", blocks), 576))


def ink(picture: Image.Image) -> int:
    return picture.histogram()[0]


def test_paper_is_one_bit_deep() -> None:
    assert drawn(Number("A017")).mode == "1"


def test_drawing_twice_gives_the_same_dots() -> None:
    assert drawn(Text("الرقم", "ar")).tobytes() == drawn(Text("الرقم", "ar")).tobytes()


def test_no_letter_is_cut_at_the_top_or_the_bottom_of_the_paper() -> None:
    for text in (Text("ÀÉÎŸ gjpqy Ç", "fr", size="large"), Text("إآ جحخ ويي", "ar", size="large")):
        box = ImageChops.invert(drawn(text)).getbbox()
        assert box is not None
        assert box[1] >= 0
        assert box[3] <= drawn(text).height
        taller = raster.draw(lay_out(Slip("fr", (Ornament(), text, Ornament())), 576))
        assert ink(taller) == ink(drawn(text)) + 2 * ink(drawn(Ornament()))


def place_of(word: str, line: Image.Image) -> int:
    """Where a word stands in a drawn line, by its dots; -1 when it is nowhere. Letters may fall between two dots, so a
    few may differ."""
    alone = drawn(Text(word, "ar"))
    box = ImageChops.invert(alone).getbbox()
    assert box is not None
    shape = alone.crop(box)
    differences = {
        x: ImageChops.logical_xor(shape, line.crop((x, box[1], x + shape.width, box[3]))).histogram()[255]
        for x in range(line.width - shape.width)
    }
    best = min(differences, key=differences.__getitem__)
    return best if differences[best] < 0.06 * shape.width * shape.height else -1


def test_numbers_in_arabic_read_from_left_to_right_and_follow_each_other_to_the_left() -> None:
    line = drawn(Text("من \u206810:42\u2069 إلى \u2068A017\u2069", "ar"))
    assert place_of("10:42", line) > place_of("A017", line) > 0


def test_a_stamp_is_more_black_than_white() -> None:
    picture = drawn(Row((Text("DUPLICATA", "fr", size="large"),), stamp=True))
    assert ink(picture) > 0.6 * picture.width * picture.height


def test_the_stars_are_a_thin_line_drawing() -> None:
    picture = drawn(Ornament())
    assert 0.03 < ink(picture) / (picture.width * picture.height) < 0.2


def test_the_code_is_drawn_module_by_module_with_its_quiet_zone() -> None:
    modules = qr.modules("A017")
    picture = drawn(Qr("A017"))
    scale = picture.height // len(modules)
    left = (picture.width - len(modules) * scale) // 2
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            assert (picture.getpixel((left + x * scale + 1, y * scale + 1)) == 0) is dark
    assert not any(modules[0])
    assert not any(row[qr.QUIET - 1] for row in modules)


def test_two_isolates_side_by_side_stay_in_the_order_of_reading() -> None:
    line = drawn(Text("تذكرة \u2068A017\u2069 \u206810:42\u2069", "ar"))
    assert place_of("A017", line) > place_of("10:42", line) > 0
