"""Whether a ticket can be had: suspension, hours, the last ticket before closing, the quota of the day, the forecast.

One answer for the draw, the kiosk, the desk and the list of services, so that none of them offers what another refuses.
Every refusal that is over by itself says when. Nothing here writes.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from server.domain import calendar, estimates, waiting
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.sites import Service, Setup


def why_no_ticket(
    hall: Hall, service: Service, at: datetime, *, klass: str = "ordinary", appointed: bool = False
) -> Refusal | None:
    """Why nobody of this class can have a ticket for `service` now. Who has an appointment is not sent away by a
    forecast: his time was promised to him.

    Refused as: suspended, site_closed, service_closed, last_ticket_passed, quota_reached, not_served_today.
    """
    assert hall.setup is not None
    refused = why_closed(hall.setup, service, at) or _why_quota(hall, service, at)
    if refused is None and service.last_ticket_by_forecast and not appointed:
        return _why_forecast(hall, hall.setup, service, at, klass)
    return refused


def why_closed(setup: Setup, service: Service, at: datetime) -> Refusal | None:
    """Why no ticket can be had for `service` at this moment by the clock, with the next opening where it is known.

    A suspension is said first: whoever is told only "we open at 8" comes at 8 for nothing.
    """
    reason = setup.why_suspended.get(service.code)
    if reason is not None:
        return Refusal("suspended", {"reason": reason})
    opening = calendar.opening_at(setup.hours, setup.timezone, at)
    if opening is None:
        return _closed(setup, at)
    last_at = opening.ends_at - timedelta(seconds=service.last_ticket_before_s)
    if at >= last_at:
        return _with_opening(Refusal("last_ticket_passed", {"time": last_at}), setup, at, after=at)
    return None


def left_today(hall: Hall, service: Service, at: datetime) -> int | None:
    """How many tickets the day's quota still holds; None where there is no quota."""
    if service.quota is None:
        return None
    # Nobody has turned the page yet of a day that is over; its tickets are not today's.
    over = hall.day is None or at >= hall.day.ends_at
    return max(0, service.quota - (0 if over else hall.drawn.get(service.code, 0)))


def likely_to_close_before_at(setup: Setup, point_s: int | None, at: datetime) -> datetime | None:
    """When the site closes for today, if whoever joins now is likely to be still waiting then; `point_s` is the middle
    of what is expected, in seconds.

    A break in the middle of the day is no wait: only the time that the site is still open counts.
    """
    openings = [one for one in calendar.openings_today(setup.hours, setup.timezone, at) if one.ends_at > at]
    if point_s is None or not openings:
        return None
    open_s = sum((one.ends_at - max(one.begins_at, at)).total_seconds() for one in openings)
    return openings[-1].ends_at if point_s > open_s else None


def closes_before_a_newcomer_at(hall: Hall, service: str, at: datetime, klass: str = "ordinary") -> datetime | None:
    """When the site closes for today, if whoever takes a ticket now is likely to be still waiting then."""
    assert hall.setup is not None
    place = waiting.place_of_newcomer(hall, at, klass)
    expected = estimates.estimate(hall.learned, waiting.line_now(hall, service, place, at))
    return likely_to_close_before_at(hall.setup, expected.point_s, at)


def _why_quota(hall: Hall, service: Service, at: datetime) -> Refusal | None:
    if left_today(hall, service, at) != 0:
        return None
    assert hall.setup is not None
    # The quota is that of the business day: another opening of the same day gives no ticket either.
    after = at if hall.day is None else hall.day.ends_at
    return _with_opening(Refusal("quota_reached"), hall.setup, at, after=after)


def _why_forecast(hall: Hall, setup: Setup, service: Service, at: datetime, klass: str) -> Refusal | None:
    closes_at = closes_before_a_newcomer_at(hall, service.code, at, klass)
    if closes_at is None:
        return None
    return _with_opening(Refusal("not_served_today", {"time": closes_at}), setup, at, after=closes_at)


def _closed(setup: Setup, at: datetime) -> Refusal:
    works_today = calendar.spans_on(setup.hours, calendar.local(at, setup.timezone).date())
    return _with_opening(Refusal("service_closed" if works_today else "site_closed"), setup, at, after=at)


def _with_opening(refusal: Refusal, setup: Setup, at: datetime, *, after: datetime) -> Refusal:
    """The refusal with the next opening that helps as its hint, where one is known: what the person can do is come
    then.
    """
    opens_at = calendar.next_opening_at(setup.hours, setup.timezone, after)
    if opens_at is None:
        return refusal
    if calendar.local(opens_at, setup.timezone).date() == calendar.local(at, setup.timezone).date():
        return replace(refusal, hint="opens_at", hint_params={"time": opens_at})
    return replace(refusal, hint="opens_on", hint_params={"date": opens_at, "time": opens_at})
