"""What a site tells its hall while it lasts: services that are suspended, with the reason, and messages of the site.

Both are part of the set-up in force, so that each change of them is an entry by somebody. A reason is one of a list that
has been reviewed and translated, never a sentence. A message is the one text that people write themselves: it hangs in
the hall for everybody to read, so nothing that is not for everybody belongs in it.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.domain.entries import instant, instant_text

#: Why a service can be suspended; words stand under `suspend.<reason>`.
SUSPEND_REASONS = ("agent_absent", "system_down", "network_down", "supplies", "safety")

MESSAGES_MOST = 5
MESSAGE_LONGEST = 200
#: Nothing is planned, or hangs, for longer than this; without an end it hangs until somebody takes it down.
AHEAD_MOST = timedelta(days=366)
#: Joiners are part of how some languages are written; every other invisible character only disturbs a screen.
_KEPT_INVISIBLE = "\u200c\u200d"
#: One of these stands in for a language that a text was not written in.
STAND_INS = ("fr", "ar")


@dataclass(frozen=True, slots=True)
class Suspension:
    service: str
    reason: str
    #: Where whoever waits may be transferred to, if he wants; empty: the manager has named nothing.
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    #: By language, sorted by its code as the journal sorts keys; a language that nobody wrote is missing.
    texts: tuple[tuple[str, str], ...]
    from_at: datetime | None = None
    #: First instant at which it is gone.
    until_at: datetime | None = None

    def over(self, at: datetime) -> bool:
        return self.until_at is not None and self.until_at <= at

    def shown(self, at: datetime) -> bool:
        return not self.over(at) and (self.from_at is None or self.from_at <= at)

    def says_something_in(self, languages: Iterable[str]) -> bool:
        """Does a reader of each of these languages find the text, or French or Arabic in its place?"""
        written = {lang for lang, _text in self.texts}
        return bool(written.intersection(STAND_INS)) or written.issuperset(languages)


def plain_text(text: str) -> str:
    """One line of visible text: no line breaks, no control characters, nothing that turns the direction of a screen."""
    visible = (
        char if char in _KEPT_INVISIBLE or unicodedata.category(char)[0] != "C" else " " if char.isspace() else ""
        for char in text
    )
    return " ".join("".join(visible).split())


def messages_on_board(messages: Iterable[Message], languages: Iterable[str], at: datetime) -> list[dict[str, Any]]:
    """Those that hang in the hall at this moment, as the board shows them; null where a language is not written."""
    langs = tuple(languages)
    return [
        {"id": message.id, "texts": {lang: dict(message.texts).get(lang) for lang in langs}}
        for message in messages
        if message.shown(at)
    ]


def messages_until(messages: Iterable[Message], at: datetime) -> str | None:
    """When the list on the board is next another one: no entry tells a screen that a message begins or is over."""
    edges = (edge for message in messages for edge in (message.from_at, message.until_at))
    later = [edge for edge in edges if edge is not None and edge > at]
    return instant_text(min(later)) if later else None


def suspended_to_body(suspended: Iterable[Suspension]) -> list[dict[str, Any]]:
    return [{"service": one.service, "reason": one.reason, "instead": one.instead or None} for one in suspended]


def suspended_from_body(body: Iterable[Mapping[str, Any]]) -> tuple[Suspension, ...]:
    """Older entries name nothing that one could be transferred to."""
    return tuple(
        Suspension(service=one["service"], reason=one["reason"], instead=one.get("instead") or "") for one in body
    )


def messages_to_body(messages: Iterable[Message]) -> list[dict[str, Any]]:
    return [
        {
            "id": message.id,
            "texts": dict(message.texts),
            "from_at": None if message.from_at is None else instant_text(message.from_at),
            "until_at": None if message.until_at is None else instant_text(message.until_at),
        }
        for message in messages
    ]


def messages_from_body(body: Iterable[Mapping[str, Any]]) -> tuple[Message, ...]:
    return tuple(
        Message(
            id=message["id"],
            texts=tuple(message["texts"].items()),
            from_at=None if message["from_at"] is None else instant(message["from_at"]),
            until_at=None if message["until_at"] is None else instant(message["until_at"]),
        )
        for message in body
    )
