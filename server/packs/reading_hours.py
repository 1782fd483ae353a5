"""Reads a pack's opening hours: the week, dated rules, holidays and special openings."""

from itertools import pairwise

from server.domain.calendar import ALL_WEEKDAYS, DatedHours, Holiday, Hours, Spans, SpecialOpening, Week
from server.packs.bodies import WEEKDAYS
from server.packs.places import Place, maybe
from server.packs.reading_words import distinct


def read_hours(place: Place) -> Hours:
    at = place.fields(needed=("weekly",), optional=("dated", "holidays", "specials"))
    return Hours(
        weekly=_week(at["weekly"]),
        dated=tuple(_dated(item) for item in maybe(at.get("dated"), Place.items) or ()),
        holidays=tuple(_holiday(item) for item in maybe(at.get("holidays"), Place.items) or ()),
        specials=tuple(_special(item) for item in maybe(at.get("specials"), Place.items) or ()),
    )


def read_spans(place: Place) -> Spans:
    items = place.items()
    spans = tuple(item.span() for item in items)
    for item, (before, span) in zip(items[1:], pairwise(spans), strict=True):
        if span.opens_min < before.closes_min:
            item.wrong("hours that begin after the ones before have ended")
    return spans


def _week(place: Place) -> Week:
    """A day that is not named, or is null, is closed."""
    at = place.fields(needed=(), optional=WEEKDAYS)
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (
        maybe(at.get(day), read_spans) or () for day in WEEKDAYS
    )
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday


def _dated(place: Place) -> DatedHours:
    at = place.fields(needed=("name", "from", "to", "weekly", "source"), optional=("weekdays",))
    from_on, to_on = at["from"].day(), at["to"].day()
    if to_on < from_on:
        at["to"].wrong(f"a date not before {from_on}")
    return DatedHours(
        name=at["name"].text(),
        from_on=from_on,
        to_on=to_on,
        weekly=_week(at["weekly"]),
        source=at["source"].text(),
        weekdays=maybe(at.get("weekdays"), _weekdays) or ALL_WEEKDAYS,
    )


def _weekdays(place: Place) -> tuple[int, ...]:
    names = [item.one_of(WEEKDAYS, "a day of the week") for item in place.items()]
    if not names:
        place.wrong("at least one day of the week; leave the key out for all of them", "an empty list")
    distinct(place, names, "each day once")
    return tuple(WEEKDAYS.index(name) for name in names)


def _holiday(place: Place) -> Holiday:
    at = place.fields(needed=("date", "name"), optional=("confirmed_by",))
    return Holiday(
        on=at["date"].day(), name=at["name"].text(), confirmed_by=maybe(at.get("confirmed_by"), Place.text) or ""
    )


def _special(place: Place) -> SpecialOpening:
    at = place.fields(needed=("date", "open", "reason"))
    return SpecialOpening(on=at["date"].day(), spans=read_spans(at["open"]), reason=at["reason"].text())
