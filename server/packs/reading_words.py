"""Reads what stands everywhere in a pack: codes, names in five languages, provenance marks, working notes."""

import re
from collections.abc import Collection, Hashable, Sequence

from server.packs.parts import FALLBACK_LANGUAGES, LANGUAGES, MARKS, Provenance, Remark, Words
from server.packs.places import Place, maybe

CODE = re.compile(r"[a-z][a-z0-9_]{0,23}")
CODE_SHAPE = "a code: small letters, digits and _, at most 24, a letter first"

_PROVENANCE_SHAPE = f"one mark ({', '.join(MARKS)}), then keys of `sources`, each after a space"


def read_words(place: Place) -> Words:
    """French and Arabic are always there: they stand in for a language without a translation."""
    at = place.fields(needed=FALLBACK_LANGUAGES, optional=[x for x in LANGUAGES if x not in FALLBACK_LANGUAGES])
    return Words(**{language: text.text() for language, text in at.items()})


def read_provenance(place: Place, *, sources: Collection[str]) -> Provenance:
    mark, *keys = place.text().split(" ")
    if mark not in MARKS:
        place.wrong(_PROVENANCE_SHAPE)
    for key in keys:
        if key not in sources:
            place.wrong(_PROVENANCE_SHAPE, f"{key!r}, which `sources` does not have")
    return Provenance(mark=mark, sources=tuple(keys))


def read_provenances(
    place: Place | None, *, facts: Collection[str], sources: Collection[str]
) -> tuple[tuple[str, Provenance], ...]:
    if place is None:
        return ()
    at = place.fields(needed=(), optional=facts)
    return tuple((fact, read_provenance(mark, sources=sources)) for fact, mark in at.items())


def read_codes(place: Place | None, known: Collection[str], what: str) -> tuple[str, ...]:
    """A choice of codes for which the product has words in every language, each once; none where the key is missing."""
    if place is None:
        return ()
    codes = tuple(item.one_of(known, what) for item in place.items())
    distinct(place, codes, "each code once")
    return codes


def read_remarks(place: Place | None, *, sources: Collection[str]) -> tuple[Remark, ...]:
    return tuple(_remark(item, sources=sources) for item in maybe(place, Place.items) or ())


def distinct(place: Place, values: Sequence[Hashable], expected: str, *, key: str | None = None) -> None:
    """The items of the list at `place` gave these values, in its order; with `key`, they stand under it."""
    seen = set()
    for item, value in zip(place.items(), values, strict=True):
        if value in seen:
            twice = item if key is None else item.entries()[key]
            twice.wrong(expected, f"{value!r} a second time")
        seen.add(value)


def _remark(place: Place, *, sources: Collection[str]) -> Remark:
    at = place.fields(needed=("about", "text", "provenance"))
    return Remark(
        about=at["about"].matching(CODE, CODE_SHAPE),
        text=at["text"].text(),
        provenance=read_provenance(at["provenance"], sources=sources),
    )
