"""A note is bound by its hash alone: the same text seals differently each time, and what is no note is refused."""

from hashlib import sha256

import pytest

from server.domain import sealing
from server.domain.errors import Refusal

SALT = bytes(range(16))


def test_it_is_bound_by_random_bytes_and_text():
    sealed = sealing.seal("  Malaise constaté.  ", salt=SALT)
    assert sealed.text == "Malaise constaté."
    assert sealed.hash == sha256(SALT + "Malaise constaté.".encode()).hexdigest()
    assert sealing.seal("Malaise constaté.", salt=bytes(16)).hash != sealed.hash


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_an_empty_note_is_none(text):
    assert sealing.seal(text, salt=SALT) == Refusal("note_required")


@pytest.mark.parametrize("text", ["<b>x</b>", "a <script>", "</p>", "<!-- -->", "<?php", "bell\x07", "tab\there"])
def test_markup_and_control_characters_are_refused(text):
    assert sealing.seal(text, salt=SALT) == Refusal("note_markup")


@pytest.mark.parametrize("text", ["3 < 5", "a > b", "ligne une\nligne deux", "قبل < بعد", "x" * sealing.LONGEST])
def test_plain_text_is_none_of_it(text):
    assert sealing.seal(text, salt=SALT).text == text


def test_a_long_one_is_refused_whatever_it_says():
    assert sealing.seal("x" * 501, salt=SALT) == Refusal("note_too_long", {"count": 500})
