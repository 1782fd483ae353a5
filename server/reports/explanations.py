"""Calls explained and made once more, from the journal alone.

Nothing of the tables is read: a call of years ago is told from the entries of its day, by the rule that was in force.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from server.domain import explaining, fold
from server.domain.entries import entry_from_text
from server.domain.explaining import Difference, Explanation
from server.domain.hall import Hall
from server.store import halls, journal


def explanation(conn: Connection, site: str, seq: int) -> Explanation | None:
    """Of the call with this number; None if there is no such entry, or it is no call."""
    if journal.kind_of(conn, site, seq) not in explaining.CALLS:
        return None
    start = halls.before_open_day(conn, site, at_most=seq)
    return explaining.explain(start, journal.all_after(conn, site, start.seq, until=seq))


def recalled(conn: Connection, site: str, *, after: int = 0, until: int | None = None) -> Iterator[Difference | int]:
    """Every call of a stretch of entries made once more: each difference, and at the end how many calls there were."""
    hall = halls.before_open_day(conn, site, at_most=after) if after else Hall(site=site)
    count = 0
    for row in journal.rows_after(conn, site, hall.seq):
        if until is not None and row.seq > until:
            break
        entry = entry_from_text(row.text, row.hash)
        if entry.seq > after and entry.kind in explaining.CALLS:
            count += 1
            yield from explaining.recalled(hall, entry)
        hall = fold.apply(hall, entry)
    yield count
