"""The days that are over, as anybody may see them: the head of each, its counts, and where its entries can be had.

A closed day never changes, so what was read once is given back and only what came since is read. Of a discreet site
there are heads and counts alone, and the counts are rounded: five visitors of a prison are nobody in particular, one is
somebody, and what is left out of a sum could be reckoned back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from server.domain import heads
from server.domain.entries import Entry, instant_text
from server.store import journal

COUNTS = ("drawn", "served", "no_shows", "withdrawn", "not_served")
#: The counts of a discreet site are told to the nearest of these.
ROUNDED_TO = 5


@dataclass(frozen=True, slots=True)
class ClosedDay:
    day: str
    #: The day's own entries, and what was written between it and the day before.
    first_seq: int
    seq: int
    hash: str
    closed_at: datetime
    counts: Mapping[str, int]

    @property
    def short(self) -> str:
        return heads.short(self.hash)


def closed_days(conn: Connection, site: str, known: Sequence[ClosedDay] = ()) -> tuple[ClosedDay, ...]:
    """All closed days of the site, oldest first. `known` is what was found earlier."""
    head = journal.head(conn, site)
    if head is None:
        return ()
    last_seq = known[-1].seq if known else 0
    found = list(known)
    for entry in journal.of_kind(conn, site, "day.closed", after=last_seq, until=head.seq):
        found.append(_closed_day(entry, first_seq=last_seq + 1))
        last_seq = entry.seq
    return tuple(found)


def before(conn: Connection, site: str, day: ClosedDay) -> list[Entry]:
    """What was in force when the day's entries begin: the last set-up, and the closing of the day before."""
    found = []
    for kind in ("setup.changed", "day.closed"):
        seq = journal.last_of_kind(conn, site, kind, at_most=day.first_seq - 1)
        if seq is not None:
            found += journal.of_kind(conn, site, kind, after=seq - 1, until=seq)
    return found


def to_json(day: ClosedDay, *, site: str, discreet: bool) -> dict[str, Any]:
    address = f"/open-data/{site}/journal"
    return {
        "site": site,
        "day": day.day,
        "closed_at": instant_text(day.closed_at),
        "first_seq": day.first_seq,
        "seq": day.seq,
        "hash": day.hash,
        "short": day.short,
        "counts": counts(day, discreet=discreet),
        "entries": None if discreet else f"{address}/{day.day}.jsonl",
        "before": None if discreet else f"{address}/before-{day.day}.jsonl",
    }


def counts(day: ClosedDay, *, discreet: bool) -> dict[str, int]:
    if not discreet:
        return dict(day.counts)
    return {name: (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO for name, count in day.counts.items()}


def _closed_day(entry: Entry, *, first_seq: int) -> ClosedDay:
    return ClosedDay(
        day=entry.body["day"],
        first_seq=first_seq,
        seq=entry.seq,
        hash=entry.hash,
        closed_at=entry.at,
        counts={name: entry.body[name] for name in COUNTS},
    )
