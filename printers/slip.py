"""What a piece of paper says, as a sequence of blocks in reading order: words already translated, each with the
language it is in. It knows nothing of dots, faces or printers, translates nothing and does no I/O.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Language = Literal["ar", "zgh", "fr", "es", "en"]
Direction = Literal["ltr", "rtl"]
Size = Literal["small", "body", "large"]
Align = Literal["start", "center", "end"]

UNTRANSLATED_MARK = "*"


def direction_of(language: Language) -> Direction:
    return "rtl" if language == "ar" else "ltr"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in one language. `untranslated` puts the mark beside words that stand in for missing ones."""

    text: str
    language: Language
    size: Size = "body"
    align: Align = "start"
    untranslated: bool = False

    @property
    def shown(self) -> str:
        return f"{self.text}\N{NO-BREAK SPACE}{UNTRANSLATED_MARK}" if self.untranslated else self.text


@dataclass(frozen=True, slots=True)
class Number:
    """The number itself, as large as the paper allows; `word` is how the Arabic voice says its letter."""

    number: str
    word: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Short texts side by side on one line, such as a label in two languages. A stamp is white on black, so that a
    copy cannot pass for the first print.
    """

    texts: tuple[Text, ...]
    stamp: bool = False


@dataclass(frozen=True, slots=True)
class Qr:
    """A code for a phone, with the words that say what it is for."""

    payload: str
    captions: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Ornament:
    """The band of eight-point stars."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line across the paper."""


@dataclass(frozen=True, slots=True)
class Space:
    """Blank paper; 1.0 is the height of one body line."""

    lines: float = 0.5


Block = Text | Number | Row | Qr | Ornament | Rule | Space


@dataclass(frozen=True, slots=True)
class Slip:
    """One piece of paper. `language` is the reader's: it decides on which side the reading begins."""

    language: Language
    blocks: tuple[Block, ...]

    @property
    def direction(self) -> Direction:
        return direction_of(self.language)

    def texts(self) -> Iterator[str]:
        """Every string that will be drawn: what a check of the face's coverage has to look at."""
        for block in self.blocks:
            match block:
                case Text():
                    yield block.shown
                case Number(number=number, word=word):
                    yield number
                    if word:
                        yield word
                case Row(texts=texts) | Qr(captions=texts):
                    yield from (text.shown for text in texts)
                case Ornament() | Rule() | Space():
                    pass


def plain(slip: Slip) -> str:
    """The slip as lines of text, for a terminal, a log of what was said, or a reader of screens."""
    lines = []
    for block in slip.blocks:
        match block:
            case Text():
                lines.append(block.shown)
            case Number(number=number, word=word):
                lines.append(f"{number} ({word})" if word else number)
            case Row(texts=texts, stamp=stamp):
                said = " / ".join(text.shown for text in texts)
                lines.append(f"[{said}]" if stamp else said)
            case Qr(payload=payload, captions=captions):
                lines += [text.shown for text in captions]
                lines.append(payload)
            case Rule():
                lines.append("-" * 32)
            case Ornament() | Space():
                pass
    return "\n".join(lines) + "\n"
