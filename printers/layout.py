"""Where everything on a slip stands, in dots: sizes that follow the paper's width, one column from top to bottom, each
text on the side where its language begins. It measures and places; it draws nothing and leaves nothing out.
"""

from dataclasses import dataclass, replace
from typing import Literal, get_args

from printers import qr, typeface
from printers.slip import (
    Align,
    Block,
    Direction,
    Language,
    Number,
    Ornament,
    Qr,
    Row,
    Rule,
    Size,
    Slip,
    Space,
    Text,
    direction_of,
)
from printers.wrapping import largest_fitting, wrap

Width = Literal[384, 512, 576]
WIDTHS: tuple[int, ...] = get_args(Width)

# Dots on 576-dot paper (80 mm, 8 dots to the millimetre). 512 dots are the same paper with coarser dots; 384 dots are
# 58 mm, read at the same distance, so its letters shrink less than its width.
SIZES: dict[Size, int] = {"small": 27, "body": 33, "large": 42}
SCALES: dict[int, float] = {576: 1.0, 512: 0.89, 384: 0.8}
# Naskh and Tifinagh letters are smaller than Latin ones at the same nominal size.
ENLARGED: dict[Language, float] = {"ar": 1.15, "zgh": 1.1}
# Above and below the baseline, as shares of the size: Arabic carries marks and deep tails.
ASCENT: dict[Direction, float] = {"ltr": 0.98, "rtl": 0.95}
DESCENT: dict[Direction, float] = {"ltr": 0.26, "rtl": 0.42}

MARGIN = 8
NUMBER_DOTS = 232
CAPITAL = 0.714  # height of a capital or a digit, as a share of the size
WORD_SHARE = 0.32  # the letter's word beside the number
QR_SHARE = 0.42  # of the column, when captions stand beside the code
QR_SHARE_ALONE = 0.6
SIDE_BY_SIDE = 512  # from this width on, captions stand beside the code


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text with its baseline; `light` draws it white, on a bar."""

    text: str
    language: Language
    dots: int
    x: int
    baseline: int
    light: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Code:
    modules: qr.Modules
    scale: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Stars:
    y: int
    height: int


Mark = Line | Bar | Code | Stars


@dataclass(frozen=True, slots=True)
class Layout:
    width: int
    height: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block laid out at the top of its own column; marks count from the column's upper left corner."""

    height: int
    marks: tuple[Mark, ...] = ()


def lay_out(slip: Slip, width: int) -> Layout:
    if width not in WIDTHS:
        raise ValueError(f"a paper width is one of {', '.join(map(str, WIDTHS))} dots, not {width}")
    scale = SCALES[width]
    column = width - 2 * MARGIN
    marks: list[Mark] = []
    y = 0
    for block in slip.blocks:
        piece = _piece(block, column=column, scale=scale, direction=slip.direction)
        marks += _moved(piece, x=0 if isinstance(block, Ornament) else MARGIN, y=y)
        y += piece.height
    return Layout(width=width, height=max(y, 1), marks=tuple(marks))


def _piece(block: Block, *, column: int, scale: float, direction: Direction) -> _Piece:
    match block:
        case Text():
            return _text(block, column=column, scale=scale)
        case Number():
            return _number(block, column=column, scale=scale)
        case Row():
            return _row(block, column=column, scale=scale, direction=direction)
        case Qr():
            return _code(block, column=column, scale=scale, direction=direction)
        case Ornament():
            height = round(44 * scale)
            return _Piece(height + round(10 * scale), (Stars(0, height),))
        case Rule():
            gap = round(12 * scale)
            return _Piece(2 * gap + 2, (Bar(0, gap, column, 2),))
        case Space(lines=lines):
            return _Piece(round(lines * SIZES["body"] * scale * 1.25))


def _text(text: Text, *, column: int, scale: float) -> _Piece:
    direction = direction_of(text.language)
    wrapped = wrap(text.shown, text.language, dots=_dots(text, scale=scale), width=column)
    ascent, descent = round(wrapped.dots * ASCENT[direction]), round(wrapped.dots * DESCENT[direction])
    lines = []
    y = 0
    for line in wrapped.lines:
        slack = column - typeface.width_of(line, text.language, wrapped.dots)
        x = _aligned(slack, align=text.align, direction=direction)
        lines.append(Line(line, text.language, wrapped.dots, x, y + ascent))
        y += ascent + descent
    return _Piece(y, tuple(lines))


def _aligned(slack: int, *, align: Align, direction: Direction) -> int:
    if align == "center":
        return slack // 2
    return slack if (align == "start") == (direction == "rtl") else 0


def _number(block: Number, *, column: int, scale: float) -> _Piece:
    """The word stands to the left, on the side of the letter it says: A of A017 is ألف."""
    gap = round(24 * scale)
    wanted = round(NUMBER_DOTS * scale)
    dots = largest_fitting(block.number, "en", dots=wanted, width=column)
    word_dots = round(wanted * WORD_SHARE)
    word_width = 0
    if block.word:
        word_width = gap + typeface.width_of(block.word, "ar", word_dots)
        dots = largest_fitting(block.number, "en", dots=wanted, width=column - word_width)
    baseline = round(dots * (CAPITAL + 0.06))
    number_width = typeface.width_of(block.number, "en", dots)
    x = (column - word_width - number_width) // 2
    marks = [Line(block.number, "en", dots, x + word_width, baseline)]
    if block.word:
        marks.append(Line(block.word, "ar", word_dots, x, baseline))
    return _Piece(baseline + round(word_dots * 0.5), tuple(marks))


def _row(row: Row, *, column: int, scale: float, direction: Direction) -> _Piece:
    """The first text stands where the slip's reading begins; all of them share one baseline."""
    texts = row.texts if direction == "ltr" else row.texts[::-1]
    cell = column // max(1, len(texts))
    largest = max((_dots(text, scale=scale) for text in texts), default=0)
    height = round(largest * (1.4 if row.stamp else 1.1))
    baseline = height // 2 + round(largest * CAPITAL / 2)
    marks: list[Mark] = [Bar(0, 0, column, height)] if row.stamp else []
    for place, text in enumerate(texts):
        dots = largest_fitting(text.shown, text.language, dots=_dots(text, scale=scale), width=cell - MARGIN)
        slack = cell - typeface.width_of(text.shown, text.language, dots)
        marks.append(Line(text.shown, text.language, dots, cell * place + slack // 2, baseline, light=row.stamp))
    return _Piece(height + round(8 * scale), tuple(marks))


def _dots(text: Text, *, scale: float) -> int:
    return round(SIZES[text.size] * scale * ENLARGED.get(text.language, 1.0))


def _code(block: Qr, *, column: int, scale: float, direction: Direction) -> _Piece:
    """Captions first, on the side where the reading begins; on narrow paper above the code."""
    modules = qr.modules(block.payload)
    beside = column + 2 * MARGIN >= SIDE_BY_SIDE and bool(block.captions)
    module = max(3, round(column * (QR_SHARE if beside else QR_SHARE_ALONE)) // len(modules))
    side = module * len(modules)
    captions_width = column - side - 2 * MARGIN if beside else column
    captions = _stack(block.captions, column=captions_width, scale=scale, align="start" if beside else "center")
    if not beside:
        code = Code(modules, module, (column - side) // 2, captions.height)
        return _Piece(captions.height + side, (*captions.marks, code))
    height = max(side, captions.height)
    code = Code(modules, module, 0 if direction == "rtl" else column - side, (height - side) // 2)
    x = column - captions_width if direction == "rtl" else 0
    return _Piece(height, (*_moved(captions, x=x, y=(height - captions.height) // 2), code))


def _stack(texts: tuple[Text, ...], *, column: int, scale: float, align: Align) -> _Piece:
    marks: list[Mark] = []
    y = 0
    for text in texts:
        piece = _text(replace(text, align=align), column=column, scale=scale)
        marks += _moved(piece, x=0, y=y)
        y += piece.height
    return _Piece(y, tuple(marks))


def _moved(piece: _Piece, *, x: int, y: int) -> list[Mark]:
    moved: list[Mark] = []
    for mark in piece.marks:
        match mark:
            case Line():
                moved.append(replace(mark, x=mark.x + x, baseline=mark.baseline + y))
            case Bar() | Code():
                moved.append(replace(mark, x=mark.x + x, y=mark.y + y))
            case Stars():
                moved.append(replace(mark, y=mark.y + y))
    return moved
