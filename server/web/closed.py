"""The closed days of a site, for every page that shows them. What was read once is kept by the process: closed days only
become more, and none of them changes.
"""

from flask import current_app

from server.reports import closed_days
from server.reports.closed_days import ClosedDay
from server.web.context import house


def days_of(site: str) -> tuple[ClosedDay, ...]:
    """Oldest first."""
    known: dict[str, tuple[ClosedDay, ...]] = current_app.extensions.setdefault("closed_days", {})
    with house().read() as conn:
        known[site] = closed_days.closed_days(conn, site, known.get(site, ()))
    return known[site]


def day_of(site: str, on: str) -> ClosedDay | None:
    return next((day for day in days_of(site) if day.day == on), None)
