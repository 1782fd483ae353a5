"""What is wrong at a site now, as the API and the manager's page show it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from server.domain.entries import instant_text
from server.store import print_jobs
from server.store.schema import from_ms, to_ms

#: A printer that failed longer ago than this and was not used since is no news.
LOOKS_BACK = timedelta(hours=1)


def alerts(conn: Connection, site: str, at: datetime) -> list[dict[str, Any]]:
    """One line per kiosk whose last ticket could not be printed."""
    last = print_jobs.last_by_device(conn, site, since_ms=to_ms(at - LOOKS_BACK))
    return [
        {"code": job.problem or "printer_offline", "since": instant_text(from_ms(job.changed_at)), "device": device}
        for device, job in sorted(last.items())
        if job.state == "blocked"
    ]
