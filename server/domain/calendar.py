"""When a site is open, and which business day an instant belongs to.

Weekly hours, dated rules (Ramadan), holidays that a person has confirmed and special openings become spans of local
time, and those become instants in UTC. This module reads no clock, never decides that a day is a holiday by
computing it, and trusts no zone data but the `tzdata` package: zones change by decree, and a machine's own copy is
often older than the law.
"""

import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Any

import tzdata

# zoneinfo prefers the operating system's files. Since 20 September 2026 Africa/Casablanca is GMT (tzdata 2026.6); a
# kiosk installed the year before would open an hour late. An empty search path leaves only the pinned package.
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()

#: Which edition of the zone data reckoned the days; written into `day.opened`.
TZ_VERSION: str = tzdata.IANA_VERSION

DAY_MIN = 1440
ALL_WEEKDAYS = (0, 1, 2, 3, 4, 5, 6)
#: An opening that goes on over midnight is followed this many days each way; a site that never closes gets an end
#: that is always at least this far off.
REACH_DAYS = 7


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Minutes of a local day, from opening up to but not including closing; 1440 is the midnight that ends it."""

    opens_min: int
    closes_min: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens_min < self.closes_min <= DAY_MIN:
            raise ValueError(f"a span opens before it closes, within one day: {self.opens_min}-{self.closes_min}")


Spans = tuple[Span, ...]
#: Monday first, as `date.weekday` counts.
Week = tuple[Spans, Spans, Spans, Spans, Spans, Spans, Spans]

CLOSED_WEEK: Week = ((), (), (), (), (), (), ())


@dataclass(frozen=True, slots=True)
class DatedHours:
    """Other hours from one date to another, both included, on the weekdays named; where two meet, the later listed."""

    name: str
    from_on: date
    to_on: date
    weekly: Week
    #: The decree or notice it rests on.
    source: str
    weekdays: tuple[int, ...] = ALL_WEEKDAYS

    def __post_init__(self) -> None:
        if self.to_on < self.from_on:
            raise ValueError(f"{self.name} ends before it begins")

    def covers(self, on: date) -> bool:
        return self.from_on <= on <= self.to_on and on.weekday() in self.weekdays


@dataclass(frozen=True, slots=True)
class Holiday:
    on: date
    name: str
    #: Who said that it closes the site. Empty: only a proposal, and the site stays open.
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class SpecialOpening:
    """What a person decided for one date, over every other rule; without spans the site is closed that day."""

    on: date
    spans: Spans
    reason: str


@dataclass(frozen=True)
class Hours:
    weekly: Week
    dated: tuple[DatedHours, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    specials: tuple[SpecialOpening, ...] = ()

    @cached_property
    def _hash(self) -> int:
        return hash((self.weekly, self.dated, self.holidays, self.specials))

    def __hash__(self) -> int:
        # Asked for on every ticket as the key of the caches below; reckoned once because the lists are long.
        return self._hash


@dataclass(frozen=True, slots=True)
class Opening:
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class BusinessDay:
    """From one change-over to the next; `on` is the local date it begins on."""

    on: date
    begins_at: datetime
    ends_at: datetime


def is_timezone(timezone: str) -> bool:
    try:
        zoneinfo.ZoneInfo(timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def local(at: datetime, timezone: str) -> datetime:
    return at.astimezone(_zone(timezone))


def at_local(on: date, minute_of_day: int, timezone: str) -> datetime:
    """The instant a wall clock first shows this minute; one that the clocks jump over is the instant of the jump.

    So a later minute is never an earlier instant, on the two nights of the year as on all others.
    """
    return _at_local(on, minute_of_day, timezone)


def business_day(timezone: str, change_over_min: int, at: datetime) -> BusinessDay:
    # Tomorrow first: where clocks go back over midnight, a day can have begun before its date is shown for good.
    on = local(at, timezone).date() + timedelta(days=1)
    while (begins_at := at_local(on, change_over_min, timezone)) > at:
        on -= timedelta(days=1)
    return BusinessDay(on=on, begins_at=begins_at, ends_at=at_local(on + timedelta(days=1), change_over_min, timezone))


def spans_on(hours: Hours, on: date) -> Spans:
    """A special opening goes before a confirmed holiday, that before a dated rule, that before the week."""
    for special in reversed(hours.specials):
        if special.on == on:
            return special.spans
    if any(holiday.on == on and holiday.confirmed_by for holiday in hours.holidays):
        return ()
    for rule in reversed(hours.dated):
        if rule.covers(on):
            return rule.weekly[on.weekday()]
    return hours.weekly[on.weekday()]


def opening_at(hours: Hours, timezone: str, at: datetime) -> Opening | None:
    """The opening that holds `at`; spans that touch, over midnight too, are one opening."""
    for opening in _openings_around(hours, timezone, local(at, timezone).date()):
        if opening.begins_at <= at < opening.ends_at:
            return opening
    return None


def openings_today(hours: Hours, timezone: str, at: datetime) -> tuple[Opening, ...]:
    """The openings that begin on this local date, and the one that holds `at`, in their order."""
    on = local(at, timezone).date()
    return tuple(
        opening
        for opening in _openings_around(hours, timezone, on)
        if local(opening.begins_at, timezone).date() == on or opening.begins_at <= at < opening.ends_at
    )


def next_opening_at(hours: Hours, timezone: str, at: datetime, horizon_days: int = 60) -> datetime | None:
    """When the first opening after `at` begins; while the site is open, that is the one after this."""
    today = local(at, timezone).date()
    for on in _days(today, range(horizon_days + 1)):
        before = _openings_on(hours, timezone, on - timedelta(days=1))
        goes_on_from = before[-1].ends_at if before else None
        for opening in _openings_on(hours, timezone, on):
            if opening.begins_at > at and opening.begins_at != goes_on_from:
                return opening.begins_at
    return None


def hours_to_body(hours: Hours) -> dict[str, Any]:
    return {
        "weekly": _week_to_body(hours.weekly),
        "dated": [
            {
                "name": rule.name,
                "from_on": rule.from_on.isoformat(),
                "to_on": rule.to_on.isoformat(),
                "weekdays": list(rule.weekdays),
                "weekly": _week_to_body(rule.weekly),
                "source": rule.source,
            }
            for rule in hours.dated
        ],
        "holidays": [
            {"on": holiday.on.isoformat(), "name": holiday.name, "confirmed_by": holiday.confirmed_by}
            for holiday in hours.holidays
        ],
        "specials": [
            {"on": special.on.isoformat(), "spans": spans_to_text(special.spans), "reason": special.reason}
            for special in hours.specials
        ],
    }


def hours_from_body(body: Mapping[str, Any]) -> Hours:
    return Hours(
        weekly=_week_from_body(body["weekly"]),
        dated=tuple(
            DatedHours(
                name=rule["name"],
                from_on=date.fromisoformat(rule["from_on"]),
                to_on=date.fromisoformat(rule["to_on"]),
                weekly=_week_from_body(rule["weekly"]),
                source=rule["source"],
                weekdays=tuple(rule["weekdays"]),
            )
            for rule in body["dated"]
        ),
        holidays=tuple(
            Holiday(on=date.fromisoformat(holiday["on"]), name=holiday["name"], confirmed_by=holiday["confirmed_by"])
            for holiday in body["holidays"]
        ),
        specials=tuple(
            SpecialOpening(
                on=date.fromisoformat(special["on"]),
                spans=spans_from_text(special["spans"]),
                reason=special["reason"],
            )
            for special in body["specials"]
        ),
    )


def span_to_text(span: Span) -> str:
    opens, closes = divmod(span.opens_min, 60), divmod(span.closes_min, 60)
    return f"{opens[0]:02d}:{opens[1]:02d}-{closes[0]:02d}:{closes[1]:02d}"


def span_from_text(text: str) -> Span:
    """`08:30-16:30`, and nothing looser: what is written in a journal or a pack has one spelling."""
    opens, _, closes = text.partition("-")
    span = Span(opens_min=_minute_from_text(opens), closes_min=_minute_from_text(closes))
    if span_to_text(span) != text:
        raise ValueError(f"not a span of the day: {text}")
    return span


def spans_to_text(spans: Iterable[Span]) -> list[str]:
    return [span_to_text(span) for span in spans]


def spans_from_text(texts: Iterable[str]) -> Spans:
    return tuple(span_from_text(text) for text in texts)


@lru_cache(maxsize=64)
def _zone(timezone: str) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(timezone)


@lru_cache(maxsize=4096)
def _at_local(on: date, minute_of_day: int, timezone: str) -> datetime:
    zone = _zone(timezone)
    naive = datetime.combine(on, time()) + timedelta(minutes=minute_of_day)
    first = naive.replace(tzinfo=zone)
    instant = first.astimezone(UTC)
    after = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return instant if instant <= after else _jump_between(after, instant, zone)


def _jump_between(low: datetime, high: datetime, zone: zoneinfo.ZoneInfo) -> datetime:
    """The second at which the offset changes; zone data has no public list of its transitions, so we halve."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


@lru_cache(maxsize=4096)
def _openings_on(hours: Hours, timezone: str, on: date) -> tuple[Opening, ...]:
    instants = (
        Opening(begins_at=at_local(on, span.opens_min, timezone), ends_at=at_local(on, span.closes_min, timezone))
        for span in sorted(spans_on(hours, on))
    )
    # A span that lies wholly in the hour the clocks jump over has no length and is no opening.
    return tuple(_merged(opening for opening in instants if opening.begins_at < opening.ends_at))


@lru_cache(maxsize=4096)
def _openings_around(hours: Hours, timezone: str, on: date) -> tuple[Opening, ...]:
    days = _days(on, range(-REACH_DAYS, REACH_DAYS + 1))
    begins_at, ends_at = at_local(on, 0, timezone), at_local(on, DAY_MIN, timezone)
    merged = _merged(opening for day in days for opening in _openings_on(hours, timezone, day))
    return tuple(opening for opening in merged if opening.begins_at < ends_at and opening.ends_at > begins_at)


def _merged(openings: Iterable[Opening]) -> Iterator[Opening]:
    current: Opening | None = None
    for opening in openings:
        if current is None:
            current = opening
        elif opening.begins_at <= current.ends_at:
            current = Opening(begins_at=current.begins_at, ends_at=max(current.ends_at, opening.ends_at))
        else:
            yield current
            current = opening
    if current is not None:
        yield current


def _days(on: date, offsets: range) -> Iterator[date]:
    return (on + timedelta(days=offset) for offset in offsets)


def _week_to_body(week: Week) -> list[list[str]]:
    return [spans_to_text(spans) for spans in week]


def _week_from_body(body: Sequence[Iterable[str]]) -> Week:
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (spans_from_text(texts) for texts in body)
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday


def _minute_from_text(text: str) -> int:
    hours, _, minutes = text.partition(":")
    if int(minutes) > 59:
        raise ValueError(f"not a time of day: {text}")
    return int(hours) * 60 + int(minutes)
