"""What a voice says of a text that stands on a screen: Arabic with its vowels, numbers as words.

A sentence with numbers that change is cut into pieces that can be spoken ahead and joined: "B017" is "B" and "17", "34
persons before you" is "34" and "persons before you". The kiosk's script cuts in the same way; a test holds the two
together. A number is said as hundreds and a rest, so two hundred pieces are enough for all.
"""

import re
from collections.abc import Iterable

from server.translations import spoken as arabic

#: A letter before a digit, or digits.
_NUMBER = re.compile(r"([A-Z](?=[0-9])|[0-9]+)")
#: What Arabic says in words of its own: numbers, and Latin letters one by one.
_FOREIGN = re.compile(r"([A-Z]+|[0-9]+)")
_PLACEHOLDER = re.compile(r"\{\w+\}")
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_SPACE = re.compile(r"\s+")
#: Marks of direction and of what isn't translated: seen, not heard.
_UNHEARD = re.compile("[\u200e\u200f\u2066-\u2069*]")

_REST = re.compile(r"\+([0-9]{1,2})")
_HUNDREDS = re.compile(r"([1-9]00)\+")
#: How a language says hundreds that more follows, where it isn't how it says them alone.
_BEFORE_REST = {("es", "100"): "ciento"}
_AND_AFTER_HUNDREDS = {"en": "and "}


def plain(text: str) -> str:
    """The text of an element as it is looked up: one space between words and nothing that can't be heard."""
    return _SPACE.sub(" ", _UNHEARD.sub("", text)).strip()


def literals(template: str) -> list[str]:
    """What stands around the numbers of a sentence."""
    between = (piece for part in _PLACEHOLDER.split(plain(template)) for piece in _NUMBER.split(part)[::2])
    return [piece for piece in (_EDGES.sub("", one) for one in between) if piece]


def number_pieces(letters: Iterable[str]) -> list[str]:
    """All that numbers are joined from: letters, 0 to 99, hundreds alone and before a rest ("200+"), rests ("+34")."""
    hundreds = [str(hundred) for hundred in range(100, 1000, 100)]
    below = [str(number) for number in range(100)]
    return [*letters, *below, *hundreds, *(f"{one}+" for one in hundreds), *(f"+{one}" for one in below[1:])]


def instead(piece: str) -> str:
    """The piece that does where one hasn't been recorded in its joined form."""
    return piece.strip("+")


def spoken(lang: str, text: str) -> str:
    """The words that a synthesiser is given for a text or a piece."""
    if hundreds := _HUNDREDS.fullmatch(text):
        return _BEFORE_REST.get((lang, hundreds[1])) or _number(lang, hundreds[1])
    if rest := _REST.fullmatch(text):
        return arabic.rest(int(rest[1])) if lang == "ar" else _AND_AFTER_HUNDREDS.get(lang, "") + rest[1]
    if re.fullmatch(r"[A-Z]", text):
        return arabic.ticket_number(text) if lang == "ar" else text
    if lang == "ar":
        return _vowelled(text)
    # What the synthesiser would take for phonemes of its own.
    return text.replace("[[", " ")


def is_vowelled(text: str) -> bool:
    """Whether the synthesiser needn't guess the vowels of this Arabic text."""
    return arabic.vowelled(text) is not None or all(arabic.vowelled(piece) is not None for piece in arabic_pieces(text))


def arabic_pieces(text: str) -> list[str]:
    """What stands around the numbers and Latin letters of an Arabic text."""
    return [piece for piece in (_EDGES.sub("", one) for one in _FOREIGN.split(text)[::2]) if piece]


def _number(lang: str, digits: str) -> str:
    return arabic.cardinal(int(digits)) if lang == "ar" else digits


def _vowelled(text: str) -> str:
    whole = arabic.vowelled(text)
    if whole is not None:
        return whole
    pieces = enumerate(_FOREIGN.split(text.replace("[[", " ")))
    said = (arabic.ticket_number(piece) if place % 2 else _vowelled_piece(piece) for place, piece in pieces)
    return " ".join(piece for piece in said if piece)


def _vowelled_piece(piece: str) -> str:
    known = arabic.vowelled(_EDGES.sub("", piece))
    return piece.strip() if known is None else known
