"""What the orientation desk does that no turn remembers: people sent home for want of a document, and copies of tickets.

Both are of the present day alone. Nobody is named: a document is counted, never whose it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

#: (service, document)
Missing = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Desk:
    #: How many people were sent home today, by what was missing.
    sent_home: Mapping[Missing, int] = field(default_factory=dict)
    #: Number of the last copy on paper, where it isn't the one that a kiosk prints.
    copies: Mapping[str, int] = field(default_factory=dict)


def copies_of(desk: Desk, ticket: str) -> int:
    return desk.copies.get(ticket, 1)


def after_draw(desk: Desk, ticket: str, channel: str) -> Desk:
    """Whoever drew elsewhere than at a kiosk has no paper yet."""
    return desk if channel == "kiosk" else replace(desk, copies={**desk.copies, ticket: 0})


def after_reprint(desk: Desk, ticket: str, copy: int) -> Desk:
    return replace(desk, copies={**desk.copies, ticket: copy})


def after_sent_home(desk: Desk, service: str, document: str) -> Desk:
    missing = (service, document)
    return replace(desk, sent_home={**desk.sent_home, missing: desk.sent_home.get(missing, 0) + 1})
