"""Packs a black-and-white picture into the bytes of an ESC/POS printer: raster bands for what is black, feeds for long
white, a cut or a tear at the end. It knows no text, asks the printer nothing, and takes only pictures of mode "1".
"""

from collections.abc import Iterator
from typing import Literal

from PIL import Image, ImageChops

Ending = Literal["cut", "tear"]

INITIALISE = b"\x1b@"
CUT = b"\x1dVB\x00"  # feed to the knife, then a partial cut
BAND_ROWS = 255  # cheap printers read one byte of the height
# Shorter gaps are sent as white dots: a feed is counted in motion units, which some printers round;
# inside a letter (the dots of an i, an accent) that would show.
FEED_ROWS = 8
TEAR_FEED_MM = 14  # from the head to the tearing edge, where there is no knife


def pack(picture: Image.Image, *, ending: Ending = "cut", dots_per_inch: int = 203) -> bytes:
    if picture.mode != "1":
        raise ValueError(f'paper is black and white: a picture of mode "1" is wanted, not "{picture.mode}"')
    if picture.width % 8:
        raise ValueError(f"a line of dots is sent in whole bytes: {picture.width} is not a multiple of 8")
    bytes_per_row = picture.width // 8
    dots = ImageChops.invert(picture).tobytes()
    rows = [dots[start : start + bytes_per_row] for start in range(0, len(dots), bytes_per_row)]
    parts = [INITIALISE, _unit_of_one_dot(dots_per_inch)]
    for black, run in _runs(rows):
        parts += _bands(run, bytes_per_row=bytes_per_row) if black else _feeds(len(run))
    parts += [CUT] if ending == "cut" else _feeds(round(TEAR_FEED_MM * dots_per_inch / 25.4))
    return b"".join(parts)


def _unit_of_one_dot(dots_per_inch: int) -> bytes:
    """Feeds are counted in units that differ by model until they are set: here one unit is one row of dots."""
    return b"\x1dP" + bytes((0, dots_per_inch))


def _runs(rows: list[bytes]) -> Iterator[tuple[bool, list[bytes]]]:
    """The rows in order, as stretches to print and stretches to feed."""
    blank = bytes(len(rows[0])) if rows else b""
    printed: list[bytes] = []
    white = 0
    for row in rows:
        if row == blank:
            white += 1
            continue
        if white >= FEED_ROWS:
            if printed:
                yield True, printed
            yield False, [blank] * white
            printed = []
        else:
            printed += [blank] * white
        white = 0
        printed.append(row)
    if printed:
        yield True, printed
    if white:
        yield False, [blank] * white


def _bands(rows: list[bytes], *, bytes_per_row: int) -> Iterator[bytes]:
    for start in range(0, len(rows), BAND_ROWS):
        band = rows[start : start + BAND_ROWS]
        yield b"\x1dv0\x00" + bytes_per_row.to_bytes(2, "little") + len(band).to_bytes(2, "little") + b"".join(band)


def _feeds(rows: int) -> list[bytes]:
    whole, rest = divmod(rows, 255)
    return [b"\x1bJ\xff"] * whole + ([bytes((0x1B, 0x4A, rest))] if rest else [])
