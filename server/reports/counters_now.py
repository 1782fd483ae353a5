"""What the manager should know of the counters now: an agent whose machine has gone silent, and a call for help.

A silent machine closes nothing by itself: whoever is at the counter stays there, and a colleague may take it over.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from server.domain.entries import instant_text
from server.domain.hall import SILENT_FOR, Hall
from server.store import logins
from server.store.schema import from_ms


def alerts(conn: Connection, hall: Hall, at: datetime) -> list[dict[str, Any]]:
    """`counter_silent`, `since` the last sign of life, and `help_called`, `since` the call; each with its counter."""
    return [*_silent(conn, hall, at), *_helps(hall)]


def _silent(conn: Connection, hall: Hall, at: datetime) -> list[dict[str, Any]]:
    """Whoever works by a program's token alone gives no signs, and his silence says nothing."""
    working = [shift for shift in hall.shifts.values() if shift.paused_at is None]
    seen = logins.last_seen(conn, [shift.agent for shift in working]) if working else {}
    found = []
    for shift in working:
        if shift.agent not in seen:
            continue
        signs = [from_ms(seen[shift.agent]), hall.acted.get(shift.counter, shift.opened_at)]
        if at - max(signs) >= SILENT_FOR:
            found.append({"code": "counter_silent", "since": instant_text(max(signs)), "counter": shift.counter})
    return found


def _helps(hall: Hall) -> list[dict[str, Any]]:
    return [
        {"code": "help_called", "since": instant_text(called.at), "counter": counter}
        for counter, called in hall.helps.items()
    ]
