"""Hashes as people write them down."""

import pytest

from server.domain import heads

HASH = "41d0c3a79be2517f06d8aa1f" + "0" * 40


def test_sixteen_characters_are_the_first_eighty_bits():
    assert heads.short(HASH) == "IHIMHJ434JIX6BWY"
    assert heads.grouped(HASH) == "IHIM HJ43 4JIX 6BWY"


@pytest.mark.parametrize("typed", [HASH, HASH.upper(), f" {HASH}\n"])
def test_a_whole_hash_is_itself(typed):
    assert heads.prefix_of(typed) == HASH


@pytest.mark.parametrize("typed", ["IHIMHJ434JIX6BWY", "ihim hj43 4jix 6bwy", "IHIM-HJ43-4JIX-6BWY"])
def test_a_code_is_what_the_hash_begins_with(typed):
    assert heads.prefix_of(typed) == HASH[:20]


@pytest.mark.parametrize("typed", ["", "41d0", "IHIMHJ434JIX6BW1", HASH[:-1], "IHIMHJ434JIX6BWYA"])
def test_what_is_neither_is_nothing(typed):
    assert heads.prefix_of(typed) is None
