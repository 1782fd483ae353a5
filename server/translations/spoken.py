"""What a voice says in Arabic, fully vowelled, for a synthesiser or for the list of clips to record. Digits never reach it:
a ticket number becomes the letter's word and then the number. It refuses what the words have no vowelled form for,
because a synthesiser guesses wrongly and nobody in the hall could tell.
"""

import re
from functools import cache
from typing import Any

import yaml

from server.translations.catalogues import HOME, catalogue

AND = "وَ"
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
    hundreds, rest = number - number % 100, number % 100
    if hundreds and rest:
        return f"{words['hundreds'][hundreds]} {_joined(_below_hundred(rest))}"
    return str(words["hundreds"][hundreds]) if hundreds else _below_hundred(rest)


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


@cache
def _spoken() -> dict[str, Any]:
    content = yaml.safe_load((HOME / "words" / "spoken.yaml").read_text(encoding="utf-8"))
    return dict(content["spoken"])
