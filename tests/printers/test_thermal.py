"""What we pack is what a printer reads: the bytes are turned back into dots and compared."""

import pytest
from escpos.printer import Dummy
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from printers import layout, preview, raster, reader, thermal
from printers.slip import Language
from printers.ticket import compose
from tests.printers.samples import ticket


@st.composite
def pictures(draw: st.DrawFn) -> Image.Image:
    wide = draw(st.integers(1, 12))
    runs = draw(
        st.lists(st.tuples(st.sampled_from([b"\x00", b"\x18", b"\xff"]), st.integers(1, 300)), min_size=1, max_size=6)
    )
    dots = b"".join(byte * wide * rows for byte, rows in runs)
    return ImageChops.invert(Image.frombytes("1", (wide * 8, len(dots) // wide), dots))


@given(picture=pictures())
def test_every_dot_and_every_blank_row_arrives(picture: Image.Image) -> None:
    paper = reader.read(thermal.pack(picture))
    if ImageChops.invert(picture).getbbox() is None:
        assert paper.picture.height == picture.height
    else:
        assert paper.picture.size == picture.size
        assert paper.picture.tobytes() == picture.tobytes()


@pytest.mark.parametrize("width", layout.WIDTHS)
@pytest.mark.parametrize("language", ["ar", "fr", "zgh", "es", "en"])
def test_the_bytes_of_a_ticket_are_its_picture(language: Language, width: int) -> None:
    slip = compose(ticket(language))
    rendered = preview.render(slip, width)
    paper = reader.read(rendered.bytes)
    assert paper.cut
    assert paper.picture.tobytes() == raster.draw(layout.lay_out(slip, width)).tobytes()


def test_no_band_is_higher_than_the_smallest_printer_takes() -> None:
    data = thermal.pack(Image.new("1", (8, 1000), 0))
    heights = [data[at + 6] + 256 * data[at + 7] for at in range(len(data)) if data[at : at + 4] == b"\x1dv0\x00"]
    assert heights == [255, 255, 255, 235]


def test_a_job_starts_from_a_known_state_and_ends_with_a_cut() -> None:
    data = thermal.pack(Image.new("1", (576, 10), 0))
    assert data.startswith(b"\x1b@")
    assert data.endswith(b"\x1dVB\x00")


def test_long_white_costs_no_bytes() -> None:
    picture = Image.new("1", (576, 900), 255)
    picture.putpixel((0, 0), 0)
    picture.putpixel((0, 899), 0)
    assert len(thermal.pack(picture)) < 250


def test_a_printer_without_a_knife_feeds_to_the_tearing_edge() -> None:
    picture = Image.new("1", (384, 10), 0)
    paper = reader.read(thermal.pack(picture, ending="tear"))
    assert not paper.cut
    assert paper.picture.height == 10 + 112


def test_it_refuses_grey() -> None:
    with pytest.raises(ValueError, match='mode "1"'):
        thermal.pack(Image.new("L", (8, 8)))


def test_it_refuses_a_width_that_is_not_whole_bytes() -> None:
    with pytest.raises(ValueError, match="multiple of 8"):
        thermal.pack(Image.new("1", (9, 8)))


def test_the_reader_reads_another_encoder_too() -> None:
    picture = preview.render(compose(ticket("fr")), 384).picture
    foreign = Dummy()
    foreign.image(picture, impl="bitImageRaster", fragment_height=200)
    assert reader.read(foreign.output).picture.tobytes() == picture.tobytes()


@pytest.mark.parametrize("data", [b"\x1b@\x1dv0\x00\x01", b"\x1b@hello", b"\x1dv0\x00\x00\x00\x01\x00"])
def test_the_reader_refuses_what_a_printer_would_print_as_rubbish(data: bytes) -> None:
    with pytest.raises(reader.UnreadableJobError):
        reader.read(data)
