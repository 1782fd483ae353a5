"""The ticket: which words stand where on the paper that a citizen takes from the kiosk. The number first and largest,
then what it is for and where to wait, then how long; what is read once comes last and small. The words come
translated from the caller, in as many languages as it gives; this module chooses order and size, never words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from printers.slip import UNTRANSLATED_MARK, Block, Language, Number, Ornament, Qr, Row, Rule, Size, Slip, Space, Text


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said in one language; `translated=False` when it stands in for a text that is still missing."""

    text: str
    language: Language
    translated: bool = True


# The same thing in each language of the ticket, the reader's own first.
Words: TypeAlias = tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class TicketWords:
    language: Language
    site: Words
    number: str
    service: Words
    number_label: Words = ()
    letter_word: str | None = None  # Arabic word of the letter, so that what is heard can be matched with the paper
    zone: Words = ()
    ahead: Words = ()
    wait: Words = ()
    appointment: Words = ()  # the time that the person came for, and whether it still counts
    warning: Words = ()  # the hall may close first
    drawn_at: Words = ()
    code: Words = ()  # of the ticket's entry in the journal, so that anybody can find it there
    notes: tuple[Words, ...] = ()  # promise, keep, valid today …: each a sentence
    qr: str | None = None
    qr_caption: Words = ()
    duplicate: Words = ()  # not empty on a reprint
    untranslated_note: Words = ()  # explains the mark; printed only when a mark is


ONE_SMALLER: dict[Size, Size] = {"large": "body", "body": "small", "small": "small"}


def compose(words: TicketWords) -> Slip:
    return Slip(language=words.language, blocks=tuple(_blocks(words)))


def _blocks(words: TicketWords) -> Iterator[Block]:
    reader = words.language
    yield Ornament()
    yield from _lines(words.site, reader, size="body")
    if words.duplicate:
        yield Space(0.25)
        yield Row(tuple(Text(said.text, said.language, size="large") for said in words.duplicate), stamp=True)
    yield Space(0.25)
    if words.number_label:
        yield Row(tuple(_lines(words.number_label, reader, size="body")))
    yield Number(words.number, words.letter_word)
    yield from _lines(words.service, reader, size="large")
    yield from _lines(words.zone, reader, size="large")
    yield Rule()
    for group in (words.appointment, words.ahead, words.wait, words.warning):
        yield from _lines(group, reader, size="body")
    if words.qr:
        yield Space(0.25)
        yield Qr(words.qr, tuple(_lines(words.qr_caption, reader, size="small")))
    yield Rule()
    yield from _lines(words.drawn_at, reader, size="small")
    yield from _lines(words.code, reader, size="small")
    for note in words.notes:
        yield from _lines(note, reader, size="small")
    if _stands_in(words):
        for said in words.untranslated_note:
            yield Text(f"{UNTRANSLATED_MARK} {said.text}", said.language, size="small", align="center")
    yield Space(0.5)


def _lines(words: Words, reader: Language, *, size: Size) -> Iterator[Text]:
    """The reader's own language at full size, a second one a step smaller. Where the reader's is missing, what stands
    in for it keeps the size, and one mark at its end says so.
    """
    for place, said in enumerate(words, start=1):
        own = said.language == reader or not said.translated
        yield Text(
            said.text,
            said.language,
            size=size if own else ONE_SMALLER[size],
            align="center",
            untranslated=not said.translated and place == len(words),
        )


def _stands_in(words: TicketWords) -> bool:
    told = (words.appointment, words.ahead, words.wait, words.warning)
    said = (words.site, words.service, words.number_label, words.zone, *told, words.drawn_at, words.code)
    return any(not one.translated for group in (*said, *words.notes, words.qr_caption) for one in group)
