"""How a sentence becomes lines of a given width: shrunk a little when that saves a line, else broken between words,
and inside a word only when nothing else is left. Nothing is ever cut off. A no-break space is not a place to break,
and an isolate that a break would cut open is closed at the end of the line and opened again on the next.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from printers import typeface
from printers.slip import Language

BREAKS = re.compile(r"[ \t]+")
OPENING = "\u2066\u2067\u2068"
CLOSING = "\u2069"
SAVES_A_LINE = 0.88  # smaller than this, two lines read better than one
SMALLEST = 0.6  # how far a single word may shrink before it is broken


@dataclass(frozen=True, slots=True)
class Wrapped:
    lines: tuple[str, ...]
    dots: int  # the size they are drawn at


def wrap(text: str, language: Language, *, dots: int, width: int) -> Wrapped:
    lines: list[str] = []
    paragraphs = [part for part in text.splitlines() if part.strip()]
    dots = min((_fitting(part, language, dots=dots, width=width) for part in paragraphs), default=dots)
    for paragraph in paragraphs:
        lines += _balanced(paragraph, language, dots=dots, width=width)
    return Wrapped(tuple(_with_whole_isolates(lines)), dots)


def largest_fitting(text: str, language: Language, *, dots: int, width: int) -> int:
    """The largest size up to `dots` at which the text is one line; width grows with size, but not quite evenly."""
    needed = typeface.width_of(text, language, dots)
    if needed <= width:
        return dots
    size = max(1, dots * width // needed)
    while size > 1 and typeface.width_of(text, language, size) > width:
        size -= 1
    return size


def _fitting(text: str, language: Language, *, dots: int, width: int) -> int:
    one_line = largest_fitting(text, language, dots=dots, width=width)
    if one_line >= dots * SAVES_A_LINE:
        return one_line
    longest = max(BREAKS.split(text), key=lambda word: typeface.width_of(word, language, dots))
    return max(largest_fitting(longest, language, dots=dots, width=width), round(dots * SMALLEST))


def _balanced(text: str, language: Language, *, dots: int, width: int) -> list[str]:
    """As few lines as the width allows, and these as even as they can be: no last line of one word."""
    best = _greedy(text, language, dots=dots, width=width)
    narrow, wide = width // 2, width
    while len(best) > 1 and wide - narrow > 4:
        middle = (narrow + wide) // 2
        tried = _greedy(text, language, dots=dots, width=middle)
        if len(tried) > len(best) or any(typeface.width_of(line, language, dots) > middle for line in tried):
            narrow = middle
        else:
            best, wide = tried, middle
    return _at_the_colon(text, language, dots=dots, width=width) or best if len(best) == 2 else best


def _at_the_colon(text: str, language: Language, *, dots: int, width: int) -> list[str]:
    """“Expected wait: / 25 to 35 minutes” reads better than a break in the middle of the range."""
    label, colon, value = text.strip().partition(": ")
    halves = [f"{label}:", value]
    fits = all(typeface.width_of(half, language, dots) <= width for half in halves)
    return halves if colon and fits else []


def _greedy(text: str, language: Language, *, dots: int, width: int) -> list[str]:
    lines = [""]
    for word in _words(text, language, dots=dots, width=width):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if not lines[-1] or typeface.width_of(longer, language, dots) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _words(text: str, language: Language, *, dots: int, width: int) -> Iterator[str]:
    for word in BREAKS.split(text.strip()):
        rest = word
        while len(rest) > 1 and typeface.width_of(rest, language, dots) > width:
            fits = next(
                (n for n in range(len(rest) - 1, 1, -1) if typeface.width_of(rest[:n], language, dots) <= width), 1
            )
            yield rest[:fits]
            rest = rest[fits:]
        yield rest


def _with_whole_isolates(lines: list[str]) -> Iterator[str]:
    still_open = ""
    for line in lines:
        whole = still_open + line
        still_open = ""
        for character in whole:
            if character in OPENING:
                still_open += character
            elif character == CLOSING:
                still_open = still_open[:-1]
        yield whole + CLOSING * len(still_open)
