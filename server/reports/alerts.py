"""What is wrong at a site now, as the API and the manager's page show it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from server.domain.entries import instant_text
from server.store import devices, print_jobs
from server.store.schema import from_ms, to_ms

#: A printer that failed longer ago than this and was not used since is no news.
LOOKS_BACK = timedelta(hours=1)


#: Whoever drew too fast longer ago than this has gone.
FAST_LOOKS_BACK = timedelta(minutes=10)


def alerts(conn: Connection, site: str, at: datetime) -> list[dict[str, Any]]:
    """One line per kiosk whose last ticket could not be printed, `since` when it first could not; and one per kiosk
    that was lately refused for drawing too fast, `since` when it last was.
    """
    fast = devices.too_fast_since(conn, site, to_ms(at - FAST_LOOKS_BACK))
    return [
        {
            "code": kiosk.problem or "printer_offline",
            "since": instant_text(from_ms(kiosk.since)),
            "device": kiosk.device,
        }
        for kiosk in print_jobs.failing(conn, site, since_ms=to_ms(at - LOOKS_BACK))
    ] + [
        {"code": "too_fast", "since": instant_text(from_ms(kiosk.too_fast_at or 0)), "device": kiosk.code}
        for kiosk in fast
    ]
