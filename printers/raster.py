"""Draws a layout in black and white, one bit per dot, as the print head will burn it. Nothing here is grey: a dithered
letter is unreadable on thermal paper.
"""

from functools import lru_cache
from math import cos, pi, sin

from PIL import Image, ImageDraw

from printers import typeface
from printers.layout import Bar, Code, Layout, Line, Stars
from printers.qr import Modules
from printers.slip import Language, direction_of

BLACK, WHITE = 0, 255


def draw(layout: Layout) -> Image.Image:
    typeface.require_shaping()
    paper = Image.new("1", (layout.width, layout.height), WHITE)
    pen = ImageDraw.Draw(paper)
    pen.fontmode = "1"
    for mark in layout.marks:
        match mark:
            case Line():
                _write(paper, mark)
            case Bar():
                pen.rectangle((mark.x, mark.y, mark.x + mark.width - 1, mark.y + mark.height - 1), fill=BLACK)
            case Code():
                paper.paste(_code(mark.modules, mark.scale), (mark.x, mark.y))
            case Stars():
                paper.paste(_stars(layout.width, mark.height), (0, mark.y))
    return paper


def _write(paper: Image.Image, line: Line) -> None:
    strip, left, top = _strip(line.text, line.language, line.dots)
    paper.paste(WHITE if line.light else BLACK, (line.x + left, line.baseline + top), strip)


@lru_cache(maxsize=512)
def _strip(text: str, language: Language, dots: int) -> tuple[Image.Image, int, int]:
    """The dots of one line as a mask, and where it lies from its place on the baseline. Most lines of a ticket are the
    same all day, and shaping them is what takes the time.
    """
    font = typeface.at_size(dots)
    direction = direction_of(language)
    left, top, right, bottom = font.getbbox(text, mode="1", anchor="ls", direction=direction, language=language)
    left, top, right, bottom = int(left) - 1, int(top) - 1, int(right) + 2, int(bottom) + 2
    mask = Image.new("1", (max(1, right - left), max(1, bottom - top)), 0)
    pen = ImageDraw.Draw(mask)
    pen.fontmode = "1"
    pen.text((-left, -top), text, fill=1, font=font, anchor="ls", direction=direction, language=language)
    return mask, left, top


def _code(modules: Modules, scale: int) -> Image.Image:
    side = len(modules)
    small = Image.frombytes("L", (side, side), bytes(BLACK if dark else WHITE for row in modules for dark in row))
    return small.convert("1").resize((side * scale, side * scale), Image.Resampling.NEAREST)


@lru_cache(maxsize=8)
def _stars(width: int, height: int) -> Image.Image:
    """A row of eight-point stars, tip to tip, in thin lines; drawn four times as large and brought down, so that the
    slanted lines are as thin as the straight ones.
    """
    fine = 4
    band = Image.new("L", (width * fine, height * fine), WHITE)
    pen = ImageDraw.Draw(band)
    stars = max(1, round(width / height))
    step, middle = width * fine / stars, height * fine / 2
    radius = min(step / 2, middle - fine)
    for place in range(stars):
        centre = (step * (place + 0.5), middle)
        for turn in (0.0, pi / 4):
            corners = [
                (centre[0] + radius * cos(turn + pi / 2 * k), centre[1] + radius * sin(turn + pi / 2 * k))
                for k in range(5)
            ]
            pen.line(corners, fill=BLACK, width=2 * fine, joint="curve")
    return band.resize((width, height), Image.Resampling.BOX).point(lambda grey: WHITE if grey > 120 else BLACK, "1")
