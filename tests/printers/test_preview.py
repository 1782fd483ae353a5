"""Whole tickets, read back by programs that are not ours, and timed."""

import io
import time

import pytest
from PIL import Image

from printers import preview
from printers.layout import WIDTHS
from printers.slip import Language
from printers.ticket import compose
from tests.printers.eyes import codes_in, words_in
from tests.printers.samples import FOLLOW, duplicate, ticket

pytestmark = pytest.mark.slow

LANGUAGES: tuple[Language, ...] = ("ar", "fr", "zgh", "es", "en")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_reads_the_code_of_every_ticket(language: Language, width: int) -> None:
    assert codes_in(preview.render(compose(ticket(language)), width).picture) == [FOLLOW]


@pytest.mark.parametrize("payload", ["4J7QK2ZB5T3N6XWR2MCVHD7LPA", "https://example.ma/" + "t/" * 60, "1"])
def test_a_phone_reads_short_and_long_codes_on_narrow_paper(payload: str) -> None:
    assert codes_in(preview.render(compose(ticket("fr", qr=payload)), 384).picture) == [payload]


def test_there_is_no_code_where_none_was_given() -> None:
    assert codes_in(preview.render(compose(ticket("fr", qr=None)), 576).picture) == []


@pytest.mark.parametrize("width", [384, 576])
def test_the_arabic_is_read_as_arabic(width: int) -> None:
    read = words_in(preview.render(compose(ticket("ar", qr=None)), width).picture)
    for word in ("المستشفى", "محمد", "أشخاص", "دقيقة", "التذكرة", "استثناء"):
        assert word in read, read


def test_a_tamazight_ticket_shows_arabic_and_french() -> None:
    read = words_in(preview.render(compose(ticket("zgh", qr=None)), 576).picture)
    for word in ("التذكرة", "Caisse", "personnes"):
        assert word in read, read


def test_a_second_print_says_so() -> None:
    assert "DUPLICATA" in words_in(preview.render(compose(duplicate("fr")), 576).picture)
    assert "[DUPLICATA / نظير]" in preview.render(compose(duplicate("fr")), 576).text


def test_the_png_is_the_picture() -> None:
    rendered = preview.render(compose(ticket("es")), 512)
    opened = Image.open(io.BytesIO(rendered.png))
    assert (opened.mode, opened.size, opened.tobytes()) == ("1", rendered.picture.size, rendered.picture.tobytes())


def test_the_words_are_all_in_the_text() -> None:
    slip = compose(ticket("zgh"))
    text = preview.render(slip, 384).text
    assert all(said in text for said in slip.texts())
    assert FOLLOW in text


def test_a_ticket_is_small_enough_for_a_network_printer() -> None:
    assert len(preview.render(compose(ticket("ar")), 576).bytes) < 70_000


def test_a_warm_ticket_is_drawn_within_25_ms() -> None:
    def drawn(number: int) -> float:
        slip = compose(ticket("ar", number=f"A{number:03d}", qr=f"{FOLLOW}{number}"))
        started = time.perf_counter()
        preview.render(slip, 576)
        return time.perf_counter() - started

    drawn(0)
    assert min(drawn(number) for number in range(1, 10)) < 0.025
