"""Every call of one business day and everybody whom it passed, one by one: for whoever wants to look behind the figures.

The recount itself, not the facts that are kept of it. Tickets have numbers and no names, and agents are not told.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from server.domain import fairness, slips
from server.domain.entries import instant_text
from server.domain.overtakes import Call
from server.domain.slips import Served, Visit
from server.reports import fairness_days
from server.store import fairness_days as days
from server.store import journal, schema
from server.store.schema import from_ms


@dataclass(frozen=True, slots=True)
class Overtakes:
    site: str
    day: date
    calls: list[Call]
    #: By number of the call; calls that were taken back have none.
    served: dict[int, Served]
    #: RAQFM's D in seconds, by the entry with which the person came to stand there; of visits that are over.
    discrimination: dict[int, float]

    def to_json(self) -> dict[str, Any]:
        return {
            "site": self.site,
            "day": self.day.isoformat(),
            "calls": [self._call_to_json(call) for call in self.calls],
        }

    def _call_to_json(self, call: Call) -> dict[str, Any]:
        discrimination = None if call.undone else self.discrimination.get(call.stretch)
        return {
            **_call_to_json(call, self.served.get(call.seq)),
            "discrimination_s": None if discrimination is None else round(discrimination, 3),
        }

    def rows(self) -> list[dict[str, Any]]:
        """One for each overtake."""
        return [
            {
                "seq": call.seq,
                "at": instant_text(call.at),
                "counter": call.counter,
                "service": call.service,
                "number": call.number,
                "out_of_order": call.why,
                "undone": call.undone,
                "passed_number": overtake.number,
                "passed_service": overtake.service,
                "kind": overtake.kind,
            }
            for call in self.calls
            for overtake in call.overtakes
        ]


def overtakes(conn: Connection, *, site: str, day: date) -> Overtakes:
    """Of a day that never was there is nothing to tell."""
    calls: list[Call] = []
    for row in days.days_between(conn, site, day.isoformat(), day.isoformat()):
        entries = journal.of_kinds(conn, site, fairness.KINDS_READ, after=row.opened_seq - 1, until=row.closed_seq)
        calls = list(fairness.recount(entries, **fairness_days.before_day(conn, site, row)))
    return Overtakes(
        site=site,
        day=day,
        calls=calls,
        served={one.call.seq: one for one in slips.served(calls)},
        discrimination=slips.discrimination(_visits(conn, site, day)),
    )


def _visits(conn: Connection, site: str, day: date) -> dict[int, Visit]:
    """Turns that were at a counter once and left it. Who was parked had two visits, which no row tells apart."""
    table = schema.turns
    rows = conn.execute(
        select(table.c.opened_seq, table.c.joined_at, table.c.called_at, table.c.ended_at).where(
            table.c.site == site,
            table.c.day == day.isoformat(),
            table.c.called_at.is_not(None),
            table.c.ended_at.is_not(None),
            table.c.called_at == table.c.stretch_at,
            table.c.aside_at.is_(None),
        )
    )
    return {row.opened_seq: Visit(*(from_ms(ms) for ms in row[1:])) for row in rows}


def _call_to_json(call: Call, served: Served | None) -> dict[str, Any]:
    return {
        "seq": call.seq,
        "at": instant_text(call.at),
        "ticket": call.ticket,
        "number": call.number,
        "service": call.service,
        "class": call.klass,
        "counter": call.counter,
        "out_of_order": call.why,
        "undone": call.undone,
        "slips": None if served is None else served.slips,
        "skips": None if served is None else served.skips,
        "extra_wait_s": None if served is None else round(served.extra_wait.total_seconds(), 3),
        "overtakes": [
            {
                "ticket": overtake.ticket,
                "number": overtake.number,
                "service": overtake.service,
                "kind": overtake.kind,
            }
            for overtake in call.overtakes
        ],
    }
