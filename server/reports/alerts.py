"""What is wrong at a site now, as the API and the manager's page show it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from server.domain import calendar
from server.domain.entries import instant_text
from server.domain.sites import Setup
from server.store import devices, print_jobs
from server.store.schema import from_ms, to_ms

#: A printer that failed longer ago than this and was not used since is no news.
LOOKS_BACK = timedelta(hours=1)
#: Whoever drew too fast longer ago than this has gone.
FAST_LOOKS_BACK = timedelta(minutes=10)
#: Signs of life are written once a minute, so that a machine that lives is never this old.
SILENT_AFTER = timedelta(minutes=2)
#: What a silent machine is called, by its kind. Counters' machines are switched off whenever the agent is away.
SILENT_CODES = {"display": "display_stale", "kiosk": "kiosk_offline"}


def alerts(conn: Connection, site: str, at: datetime, *, setup: Setup | None = None) -> list[dict[str, Any]]:
    """One line per kiosk whose last ticket could not be printed, `since` when it first could not; and one per kiosk
    that was lately refused for drawing too fast, `since` when it last was. With the set-up, which knows when the site
    is open, also one per machine that has fallen silent, `since` its last sign of life.
    """
    fast = devices.too_fast_since(conn, site, to_ms(at - FAST_LOOKS_BACK))
    return (
        [
            {
                "code": kiosk.problem or "printer_offline",
                "since": instant_text(from_ms(kiosk.since)),
                "device": kiosk.device,
            }
            for kiosk in print_jobs.failing(conn, site, since_ms=to_ms(at - LOOKS_BACK))
        ]
        + [
            {"code": "too_fast", "since": instant_text(from_ms(kiosk.too_fast_at or 0)), "device": kiosk.code}
            for kiosk in fast
        ]
        + ([] if setup is None else silent_machines(conn, setup, at))
    )


def silent_machines(conn: Connection, setup: Setup, at: datetime) -> list[dict[str, Any]]:
    """Displays and kiosks that were seen today and are not now, while the site is open. Revoked ones are no matter."""
    if calendar.opening_at(setup.hours, setup.timezone, at) is None:
        return []
    today = calendar.local(at, setup.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    silent = devices.silent(
        conn,
        setup.site,
        kinds=list(SILENT_CODES),
        seen_from_ms=to_ms(today),
        seen_until_ms=to_ms(at - SILENT_AFTER),
    )
    return [
        {
            "code": SILENT_CODES[machine.kind],
            "since": instant_text(from_ms(machine.last_seen_at or 0)),
            "device": machine.code,
        }
        for machine in silent
    ]
