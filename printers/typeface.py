"""The face of all paper: opening it at a size, measuring with it, and telling what it cannot draw. It refuses to work
without raqm, because Arabic without shaping prints as disjoint letters in the wrong order, which is worse than a
server that doesn't start.
"""

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont, features

from printers.slip import Language, direction_of

FACE = Path(__file__).parent / "fonts" / "IdaratiPaper-Bold.ttf"
COVERAGE = FACE.with_suffix(".coverage.txt")


class ShapingMissingError(RuntimeError):
    """Pillow was built, or runs, without the libraries that shape Arabic."""


def require_shaping() -> None:
    if not features.check("raqm"):
        raise ShapingMissingError(
            "Pillow cannot shape Arabic here: it has no raqm, or its raqm found no FriBiDi. "
            "Install FriBiDi (Debian: apt install libfribidi0) and a Pillow wheel with raqm."
        )


@lru_cache(maxsize=64)
def at_size(dots: int) -> ImageFont.FreeTypeFont:
    require_shaping()
    return ImageFont.truetype(FACE, dots, layout_engine=ImageFont.Layout.RAQM)


@lru_cache(maxsize=8192)
def width_of(text: str, language: Language, dots: int) -> int:
    """Dots across, rounded up; a line of its own reads in its language's direction."""
    length = at_size(dots).getlength(text, direction=direction_of(language), language=language)
    return -int(-length // 1)


def uncovered(text: str) -> set[str]:
    """The characters of a text that would print as empty boxes; line breaks are the layout's, not the face's."""
    return {character for character in text if ord(character) not in _covered()} - {"\n", "\t", "\r"}


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    ranges = (line.split("-") for line in COVERAGE.read_text("ascii").split())
    return frozenset(code for first, last in ranges for code in range(int(first, 16), int(last, 16) + 1))
