"""What a voice says in Arabic, fully vowelled, for a synthesiser or for the list of clips to record. Digits never reach it:
a ticket number becomes the letter's word and then the number. A message without a vowelled form is refused, because a
synthesiser guesses wrongly and nobody in the hall could tell; whoever reads other texts aloud asks `vowelled` first.
"""

import re
from functools import cache
from typing import Any

import yaml

from server.translations.catalogues import HOME, catalogue

AND = "وَ"
_VOWELS = re.compile("[\u064b-\u0652\u0670\u0640]")
_SILENT_START = ("اِ", "ا")  # the helping vowel of اِثْنَان is not said after a word


def letter(latin: str) -> str:
    """The word of a series letter as it is printed beside the number on an Arabic ticket."""
    return str(_spoken()["letters"][latin]["ar"])


def ticket_number(number: str) -> str:
    """A017 is said أَلِف سَبْعَةَ عَشَر."""
    letters = _spoken()["letters"]
    said = [
        cardinal(int(part)) if part.isdigit() else letters[part]["ar_spoken"]
        for part in re.findall(r"[0-9]+|[A-Z]", number)
    ]
    return " ".join(said)


def cardinal(number: int) -> str:
    """In pausal form. Numbers beyond 999 are said digit by digit."""
    words = _spoken()
    if number > 999:
        return " ".join(words["numbers"][int(digit)] for digit in str(number))
    hundreds, below = number - number % 100, number % 100
    if hundreds and below:
        return f"{words['hundreds'][hundreds]} {rest(below)}"
    return str(words["hundreds"][hundreds]) if hundreds else _below_hundred(below)


def rest(number: int) -> str:
    """What follows hundreds: مِئَتَان, then وَسَبْعَةَ عَشَر."""
    return _joined(_below_hundred(number))


def vowelled(text: str) -> str | None:
    """The text with its vowels, if somebody wrote them down."""
    return vowelled_texts().get(_bare(text))


@cache
def vowelled_texts() -> dict[str, str]:
    """By the text without its vowels, which is how it stands on a screen."""
    content = yaml.safe_load((HOME / "words" / "vowelled_ar.yaml").read_text(encoding="utf-8"))
    return {_bare(text): text for text in content["texts"]} | dict(content["abbreviated"])


def say(key: str, **params: Any) -> str:
    """The spoken text of a message. `number` and `counter` are given as on the screen, `minutes` as a number."""
    arabic = catalogue("ar")
    counted = arabic.counted.get(key)
    template = arabic.spoken(key, number=None if counted is None else params[counted])
    if template is None:
        raise KeyError(f"{key} has no vowelled text")
    return template.format(**{name: _said(name, value) for name, value in params.items()})


def _said(name: str, value: Any) -> str:
    if name in {"number", "counter"}:
        return ticket_number(str(value))
    if name == "minutes":
        return str(_spoken()["minutes_before_noun"].get(value) or _refuse_minutes(value))
    return str(value)


def _refuse_minutes(value: int) -> str:
    if value in {0, 1, 2}:  # said in words by the message itself
        return ""
    raise ValueError(f"no vowelled form for {value} minutes")


def _below_hundred(number: int) -> str:
    words = _spoken()
    if number in words["numbers"]:
        return str(words["numbers"][number])
    tens, unit = words["tens"][number - number % 10], number % 10
    return f"{words['units_before_ten'][unit]} {AND}{tens}" if unit else str(tens)


def _joined(word: str) -> str:
    before, after = _SILENT_START
    return AND + (after + word.removeprefix(before) if word.startswith(before) else word)


def _bare(text: str) -> str:
    return _VOWELS.sub("", text)


@cache
def _spoken() -> dict[str, Any]:
    content = yaml.safe_load((HOME / "words" / "spoken.yaml").read_text(encoding="utf-8"))
    return dict(content["spoken"])
