"""The facts of some business days: those of closed days from where they are kept, the others counted from the journal.

Counting reads the entries of one day at a time. What was counted for a closed day is handed back, to be kept by whoever
may write; nothing here writes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from server.domain import fair_days
from server.domain.fair_days import DayFacts
from server.reports.waits import QUARTER_MS, LocalHours
from server.store import fairness_days, journal
from server.store.fairness_days import DayRow, Kept
from server.store.schema import to_ms

#: Before the first business day and after the last, as days are written.
ALWAYS = ("0000-00-00", "9999-99-99")


@dataclass(frozen=True, slots=True)
class Found:
    facts: list[DayFacts]
    #: Closed days that had to be counted now.
    fresh: list[Kept]


def facts_between(conn: Connection, site: str, *, from_on: date, to_on: date) -> Found:
    stretch = (from_on.isoformat(), to_on.isoformat())
    kept = fairness_days.kept(conn, site, *stretch, version=fair_days.VERSION)
    found = Found(facts=[], fresh=[])
    for row in fairness_days.days_between(conn, site, *stretch):
        if row.day in kept:
            found.facts.append(fair_days.from_text(row.day, kept[row.day].facts))
            continue
        facts = count_day(conn, site, row)
        found.facts.append(facts)
        if row.closed_seq is not None:
            closed_hash = journal.hash_at(conn, site, row.closed_seq)
            found.fresh.append(Kept(row.day, str(closed_hash), fair_days.to_text(facts)))
    return found


def kept_wrongly(conn: Connection, site: str) -> Iterator[tuple[DayRow, str, str]]:
    """Days whose kept facts are not what their entries give, with what they give and what is kept: none, unless somebody
    changed them beside the journal.
    """
    kept = fairness_days.kept(conn, site, *ALWAYS, version=fair_days.VERSION)
    for row in fairness_days.days_between(conn, site, *ALWAYS):
        if row.day in kept:
            counted = fair_days.to_text(count_day(conn, site, row))
            if counted != kept[row.day].facts:
                yield row, counted, kept[row.day].facts


def count_day(conn: Connection, site: str, row: DayRow) -> DayFacts:
    """From the journal alone: the day's own entries, the set-up in force before them, and who was carried over."""
    (opened,) = journal.after(conn, site, row.opened_seq - 1, limit=1)
    hours = LocalHours(opened.body["timezone"])

    def hour_of(at: datetime) -> int:
        return hours[to_ms(at) // QUARTER_MS]

    before = before_day(conn, site, row)
    entries = journal.of_kinds(conn, site, fair_days.KINDS_READ, after=row.opened_seq - 1, until=row.closed_seq)
    return fair_days.counted(entries, day=row.day, hour_of=hour_of, **before)


def before_day(conn: Connection, site: str, row: DayRow) -> dict[str, Any]:
    """What a recount of the day begins with, as `fairness.recount` takes it."""
    set_up = _last_body(conn, site, "setup.changed", row.opened_seq - 1)
    closed = _last_body(conn, site, "day.closed", row.opened_seq - 1)
    return {
        "setup": None if set_up is None else set_up["setup"],
        "carried": () if closed is None else closed["carried"],
    }


def _last_body(conn: Connection, site: str, kind: str, at_most: int) -> Mapping[str, Any] | None:
    seq = journal.last_of_kind(conn, site, kind, at_most=at_most)
    return None if seq is None else journal.after(conn, site, seq - 1, limit=1)[0].body
