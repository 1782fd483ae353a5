"""Committed halls: one per site and process, each replaced whole when something newer is known.

A reader takes the reference and has a consistent hall. A hall is built from the set-up in force, the last closed day's
checkpoint and what came after it; from then on it only catches up.
"""

import threading
from dataclasses import replace

from sqlalchemy import Connection, select

from server.domain import fold
from server.domain.hall import Hall
from server.domain.sites import setup_from_body
from server.store import journal, schema


class Halls:
    def __init__(self) -> None:
        self._committed: dict[str, Hall] = {}
        # By its module's name: see the writer's.
        self._lock = threading.Lock()

    def committed(self, site: str) -> Hall | None:
        return self._committed.get(site)

    def commit(self, hall: Hall) -> None:
        """Make `hall` the one that readers see, unless they see a newer one already."""
        with self._lock:
            known = self._committed.get(hall.site)
            if known is None or known.seq < hall.seq:
                self._committed[hall.site] = hall

    def forget(self, site: str) -> None:
        """Drop what is known, so that the next reader builds it from the journal."""
        with self._lock:
            self._committed.pop(site, None)

    def caught_up(self, conn: Connection, site: str) -> Hall | None:
        """The hall at least as of the journal's end in this transaction; None if there is no such site."""
        head = journal.head(conn, site)
        if head is None:
            return None
        known = self._committed.get(site)
        if known is not None and known.seq > head.seq:
            # The writer committed between the two questions.
            return known
        hall = self.at_head(conn, site, head)
        self.commit(hall)
        return hall

    def at_head(self, conn: Connection, site: str, head: journal.Head) -> Hall:
        """The hall exactly as of `head`, made from the known one where that is on the same chain."""
        known = self._committed.get(site)
        if known is None or known.seq > head.seq:
            return rebuilt(conn, site)
        if known.seq == head.seq:
            return known if known.hash == head.hash else rebuilt(conn, site)
        later = list(journal.all_after(conn, site, known.seq))
        if not later or later[0].prev != known.hash:
            return rebuilt(conn, site)
        return fold.fold(known, later)


def rebuilt(conn: Connection, site: str) -> Hall:
    """The hall from the journal: from the last closed day on where there is one, else from the first entry."""
    start = before_open_day(conn, site)
    return fold.fold(start, journal.all_after(conn, site, start.seq))


def before_open_day(conn: Connection, site: str, *, at_most: int | None = None) -> Hall:
    """A hall that the fold can go on from: right before the last `day.closed`, up to entry `at_most`, else the empty one."""
    closed_seq = journal.last_of_kind(conn, site, "day.closed", at_most=at_most)
    if closed_seq is None:
        return Hall(site=site)
    setup_seq = journal.last_of_kind(conn, site, "setup.changed", at_most=closed_seq)
    assert setup_seq is not None
    setup_entry = journal.after(conn, site, setup_seq - 1, limit=1)[0]
    return replace(Hall(site=site), seq=closed_seq - 1, setup=setup_from_body(setup_entry.body["setup"]))


def site_codes(conn: Connection) -> list[str]:
    return list(conn.execute(select(schema.sites.c.code).order_by(schema.sites.c.code)).scalars())
