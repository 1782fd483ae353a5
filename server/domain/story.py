"""A pen that writes the next entries of a site's story, and a hall that follows each stroke.

An action gets a pen, looks at `pen.hall` and `pen.at`, and writes entries; or it returns a refusal, and whoever holds
the pen takes back what that action wrote. Nothing here touches a database: the same actions make a month of past in
memory.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.domain import fold
from server.domain.entries import Entry, seal
from server.domain.hall import Hall
from server.domain.tickets import site_and_seq


@dataclass(frozen=True, slots=True)
class Written:
    """An entry, the text that is its record, and the hall after it."""

    entry: Entry
    text: str
    hall: Hall


def _nothing_known(_seq: int) -> str | None:
    return None


@dataclass(slots=True)
class Pen:
    hall: Hall
    now: datetime
    actor: str
    #: Kind of an entry further back than the hall can see; None if there is no such entry.
    kind_of: Callable[[int], str | None] = _nothing_known
    written: list[Written] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        """The time of the next entry: never earlier than the last one, whatever the clock says."""
        last_at = self.hall.at
        return self.now if last_at is None or last_at < self.now else last_at

    def write(self, kind: str, body: Mapping[str, Any], *, actor: str | None = None) -> Entry:
        entry, text = seal(
            site=self.hall.site,
            seq=self.hall.seq + 1,
            at=self.at,
            kind=kind,
            actor=actor or self.actor,
            body={"v": 1, **body},
            prev=self.hall.hash,
        )
        self.hall = fold.apply(self.hall, entry)
        self.written.append(Written(entry=entry, text=text, hall=self.hall))
        return entry

    def take_back(self, hall: Hall, count: int) -> None:
        """Forget everything written after the first `count` entries, when the hall was `hall`."""
        self.hall = hall
        del self.written[count:]

    def was_drawn(self, ticket: str) -> bool:
        """Was this ticket ever drawn here? Open tickets are in the hall; this asks about ended ones."""
        named = site_and_seq(ticket)
        return named is not None and named[0] == self.hall.site and self.kind_of(named[1]) == "ticket.drawn"
