"""When a site is open and which day an instant belongs to, on the awkward nights above all."""

import dataclasses
import json
import timeit
import zoneinfo
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import calendar
from server.domain.calendar import DatedHours, Holiday, Hours, Span, SpecialOpening

RABAT = "Africa/Casablanca"
ALGECIRAS = "Europe/Madrid"

OFFICE = Span(510, 990)
FRIDAY = (Span(510, 690), Span(780, 990))
WEEK: calendar.Week = ((OFFICE,), (OFFICE,), (OFFICE,), (OFFICE,), FRIDAY, (), ())
RAMADAN = DatedHours(
    name="Ramadan",
    from_on=date(2026, 2, 19),
    to_on=date(2026, 3, 19),
    weekly=((Span(540, 900),),) * 5 + ((), ()),
    source="arrêté 05.1899",
)
ALWAYS = Hours(weekly=((Span(0, 1440),),) * 7)

spans = (
    st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True)
    .map(sorted)
    .map(lambda edges: tuple(Span(edges[i], edges[i + 1]) for i in range(0, len(edges) - 1, 2)))
)
weeks = st.tuples(*[st.one_of(st.just(()), spans)] * 7)
dates = st.dates(date(2024, 1, 1), date(2028, 12, 31))
instants = st.timedeltas(timedelta(days=1), timedelta(days=1800)).map(
    lambda after: datetime(2024, 1, 1, tzinfo=UTC) + after
)
zones = st.sampled_from(
    [RABAT, ALGECIRAS, "UTC", "America/Havana", "Asia/Beirut", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
texts = st.text(max_size=12)


@st.composite
def dated_rules(draw: st.DrawFn) -> DatedHours:
    from_on = draw(dates)
    return DatedHours(
        name=draw(texts),
        from_on=from_on,
        to_on=from_on + timedelta(days=draw(st.integers(0, 40))),
        weekly=draw(weeks),
        source=draw(texts),
        weekdays=tuple(sorted(draw(st.sets(st.integers(0, 6))))),
    )


hours_of_a_site = st.builds(
    Hours,
    weekly=weeks,
    dated=st.lists(dated_rules(), max_size=2).map(tuple),
    holidays=st.lists(st.builds(Holiday, on=dates, name=texts, confirmed_by=texts), max_size=3).map(tuple),
    specials=st.lists(
        st.builds(SpecialOpening, on=dates, spans=st.one_of(st.just(()), spans), reason=texts), max_size=3
    ).map(tuple),
)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_it_takes_zone_data_from_the_pinned_package_alone() -> None:
    assert zoneinfo.TZPATH == ()
    assert calendar.TZ_VERSION >= "2026f"


def test_casablanca_is_an_hour_ahead_until_20_september_2026_and_gmt_from_then_on() -> None:
    assert calendar.at_local(date(2026, 9, 19), 510, RABAT) == utc(2026, 9, 19, 7, 30)
    assert calendar.at_local(date(2026, 9, 21), 510, RABAT) == utc(2026, 9, 21, 8, 30)
    assert calendar.local(utc(2026, 9, 21, 8, 30), RABAT).isoformat() == "2026-09-21T08:30:00+00:00"
    day = calendar.business_day(RABAT, 0, utc(2026, 9, 20, 12))
    assert (day.begins_at, day.ends_at) == (utc(2026, 9, 19, 23), utc(2026, 9, 21))


def test_casablanca_goes_back_to_gmt_for_ramadan() -> None:
    hours = Hours(weekly=WEEK, dated=(RAMADAN,))
    before = calendar.opening_at(hours, RABAT, utc(2026, 2, 12, 10))
    during = calendar.opening_at(hours, RABAT, utc(2026, 2, 19, 10))
    assert before == calendar.Opening(begins_at=utc(2026, 2, 12, 7, 30), ends_at=utc(2026, 2, 12, 15, 30))
    assert during == calendar.Opening(begins_at=utc(2026, 2, 19, 9), ends_at=utc(2026, 2, 19, 15))


def test_ramadan_hours_hold_from_its_first_to_its_last_day() -> None:
    hours = Hours(weekly=WEEK, dated=(RAMADAN,))
    assert calendar.spans_on(hours, date(2026, 2, 18)) == (OFFICE,)
    assert calendar.spans_on(hours, date(2026, 2, 19)) == (Span(540, 900),)
    assert calendar.spans_on(hours, date(2026, 3, 19)) == (Span(540, 900),)
    assert calendar.spans_on(hours, date(2026, 3, 20)) == FRIDAY


def test_a_dated_rule_leaves_the_weekdays_alone_that_it_does_not_name() -> None:
    fridays_off = dataclasses.replace(RAMADAN, weekly=calendar.CLOSED_WEEK, weekdays=(4,))
    hours = Hours(weekly=WEEK, dated=(fridays_off,))
    assert calendar.spans_on(hours, date(2026, 2, 20)) == ()
    assert calendar.spans_on(hours, date(2026, 2, 19)) == (OFFICE,)


def test_where_two_dated_rules_meet_the_later_listed_holds() -> None:
    short = dataclasses.replace(RAMADAN, weekly=((Span(540, 720),),) * 7)
    assert calendar.spans_on(Hours(weekly=WEEK, dated=(RAMADAN, short)), date(2026, 3, 2)) == (Span(540, 720),)


def test_friday_is_split_by_the_prayer() -> None:
    hours = Hours(weekly=WEEK)
    assert calendar.opening_at(hours, RABAT, utc(2026, 11, 27, 11, 29)) is not None
    assert calendar.opening_at(hours, RABAT, utc(2026, 11, 27, 11, 30)) is None
    assert calendar.next_opening_at(hours, RABAT, utc(2026, 11, 27, 11, 30)) == utc(2026, 11, 27, 13)


def test_only_a_confirmed_holiday_closes() -> None:
    proposed = Hours(weekly=WEEK, holidays=(Holiday(on=date(2026, 11, 18), name="Fête de l'Indépendance"),))
    confirmed = Hours(weekly=WEEK, holidays=(dataclasses.replace(proposed.holidays[0], confirmed_by="Karim"),))
    assert calendar.spans_on(proposed, date(2026, 11, 18)) == (OFFICE,)
    assert calendar.spans_on(confirmed, date(2026, 11, 18)) == ()
    assert calendar.next_opening_at(confirmed, RABAT, utc(2026, 11, 17, 20)) == utc(2026, 11, 19, 8, 30)


def test_a_special_opening_goes_before_the_holiday_and_the_last_one_listed_holds() -> None:
    saturday = date(2026, 11, 21)
    hours = Hours(
        weekly=WEEK,
        holidays=(Holiday(on=saturday, name="x", confirmed_by="Karim"),),
        specials=(
            SpecialOpening(on=saturday, spans=(Span(540, 720),), reason="open day"),
            SpecialOpening(on=date(2026, 11, 23), spans=(), reason="works"),
        ),
    )
    assert calendar.spans_on(hours, saturday) == (Span(540, 720),)
    assert calendar.spans_on(hours, date(2026, 11, 23)) == ()
    called_off = dataclasses.replace(
        hours, specials=(*hours.specials, SpecialOpening(on=saturday, spans=(), reason="called off"))
    )
    assert calendar.spans_on(called_off, saturday) == ()


def test_spans_that_touch_at_midnight_are_one_opening() -> None:
    night = Hours(weekly=((Span(0, 360), Span(1320, 1440)),) * 7)
    assert calendar.opening_at(night, ALGECIRAS, utc(2026, 1, 13, 23, 30)) == calendar.Opening(
        begins_at=utc(2026, 1, 13, 21), ends_at=utc(2026, 1, 14, 5)
    )
    assert calendar.next_opening_at(night, ALGECIRAS, utc(2026, 1, 13, 21)) == utc(2026, 1, 14, 21)


def test_a_site_that_never_closes_is_never_close_to_closing() -> None:
    at = utc(2026, 1, 13, 22, 59)
    opening = calendar.opening_at(ALWAYS, ALGECIRAS, at)
    assert opening is not None
    assert opening.ends_at - at > timedelta(days=6)
    assert calendar.next_opening_at(ALWAYS, ALGECIRAS, at) is None


def test_a_site_that_never_opens_has_no_next_opening() -> None:
    assert calendar.next_opening_at(Hours(weekly=calendar.CLOSED_WEEK), RABAT, utc(2026, 1, 1)) is None


def test_in_the_spring_night_of_madrid_an_hour_is_missing() -> None:
    sunday = date(2026, 3, 29)
    hours = Hours(weekly=(*WEEK[:6], (Span(90, 240),)))
    opening = calendar.opening_at(hours, ALGECIRAS, utc(2026, 3, 29, 0, 45))
    assert opening == calendar.Opening(begins_at=utc(2026, 3, 29, 0, 30), ends_at=utc(2026, 3, 29, 2))
    assert calendar.at_local(sunday, 150, ALGECIRAS) == utc(2026, 3, 29, 1)  # 02:30 is the moment of the jump
    in_the_gap = Hours(weekly=(*WEEK[:6], (Span(125, 175),)))
    assert calendar.opening_at(in_the_gap, ALGECIRAS, utc(2026, 3, 29, 1)) is None
    day = calendar.business_day(ALGECIRAS, 240, utc(2026, 3, 28, 20))
    assert day.ends_at - day.begins_at == timedelta(hours=23)


def test_in_the_autumn_night_of_madrid_an_hour_comes_twice() -> None:
    hours = Hours(weekly=(*WEEK[:6], (Span(150, 240),)))
    opening = calendar.opening_at(hours, ALGECIRAS, utc(2026, 10, 25, 1, 30))  # 02:30 for the second time
    assert opening == calendar.Opening(begins_at=utc(2026, 10, 25, 0, 30), ends_at=utc(2026, 10, 25, 3))
    day = calendar.business_day(ALGECIRAS, 240, utc(2026, 10, 24, 20))
    assert day.ends_at - day.begins_at == timedelta(hours=25)
    assert day.on == date(2026, 10, 24)


def test_before_the_change_over_it_is_still_yesterday() -> None:
    just_before, just_after = utc(2026, 11, 24, 3, 59), utc(2026, 11, 24, 4)
    assert calendar.business_day(RABAT, 240, just_before).on == date(2026, 11, 23)
    assert calendar.business_day(RABAT, 240, just_after).on == date(2026, 11, 24)
    assert calendar.business_day(RABAT, 240, just_after).begins_at == just_after


def test_it_knows_a_zone_from_a_mistake() -> None:
    assert calendar.is_timezone(RABAT)
    assert not calendar.is_timezone("Africa/Rabat")
    assert not calendar.is_timezone("../zones")
    assert not calendar.is_timezone("")


@pytest.mark.parametrize(("opens", "closes"), [(600, 600), (600, 540), (-1, 60), (0, 1441)])
def test_a_span_opens_before_it_closes_within_one_day(opens: int, closes: int) -> None:
    with pytest.raises(ValueError, match="opens before it closes"):
        Span(opens, closes)


def test_a_dated_rule_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        dataclasses.replace(RAMADAN, to_on=date(2026, 2, 18))


@pytest.mark.parametrize(
    "text", ["8:30-16:30", "08:30", "08:30-16:60", "08:30–16:30", "", "16:30-08:30", "08:30-24:01"]
)
def test_a_span_has_one_spelling(text: str) -> None:
    with pytest.raises(ValueError):
        calendar.span_from_text(text)


def test_the_body_is_what_the_journal_may_hold() -> None:
    body = calendar.hours_to_body(
        Hours(
            weekly=WEEK,
            dated=(RAMADAN,),
            holidays=(Holiday(on=date(2026, 11, 18), name="عيد الاستقلال", confirmed_by="list 2026"),),
            specials=(SpecialOpening(on=date(2026, 11, 21), spans=(Span(540, 1440),), reason="open day"),),
        )
    )
    assert body["weekly"][4] == ["08:30-11:30", "13:00-16:30"]
    assert body["specials"] == [{"on": "2026-11-21", "spans": ["09:00-24:00"], "reason": "open day"}]
    assert body["dated"][0]["from_on"] == "2026-02-19"
    assert json.loads(json.dumps(body)) == body


@given(hours_of_a_site)
def test_hours_come_back_from_their_body(hours: Hours) -> None:
    again = calendar.hours_from_body(json.loads(json.dumps(calendar.hours_to_body(hours))))
    assert again == hours
    assert hash(again) == hash(hours)


@given(zones, st.integers(0, 1439), instants)
def test_every_instant_is_in_the_business_day_it_is_given(zone: str, change_over_min: int, at: datetime) -> None:
    day = calendar.business_day(zone, change_over_min, at)
    assert day.begins_at <= at < day.ends_at
    assert calendar.business_day(zone, change_over_min, day.ends_at).begins_at == day.ends_at
    assert timedelta(hours=22) <= day.ends_at - day.begins_at <= timedelta(hours=26)


@given(zones, dates, st.integers(0, 1440), st.integers(0, 1440))
def test_a_later_minute_is_never_an_earlier_instant(zone: str, on: date, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert calendar.at_local(on, low, zone) <= calendar.at_local(on, high, zone)


@given(hours_of_a_site, zones, instants)
def test_an_opening_is_open_from_begin_to_end_and_closed_beside(hours: Hours, zone: str, at: datetime) -> None:
    opening = calendar.opening_at(hours, zone, at)
    if opening is None:
        return
    assert opening.begins_at <= at < opening.ends_at
    if opening.ends_at - at < timedelta(days=6):
        assert calendar.opening_at(hours, zone, opening.ends_at) is None
        assert calendar.opening_at(hours, zone, opening.ends_at - timedelta(seconds=1)) is not None


@given(hours_of_a_site, zones, instants)
def test_nothing_opens_between_now_and_the_next_opening(hours: Hours, zone: str, at: datetime) -> None:
    begins_at = calendar.next_opening_at(hours, zone, at, horizon_days=9)
    if begins_at is None:
        return
    assert begins_at > at
    assert calendar.opening_at(hours, zone, begins_at) is not None
    assert calendar.opening_at(hours, zone, begins_at - timedelta(microseconds=1)) is None
    if calendar.opening_at(hours, zone, at) is None:
        halfway = at + (begins_at - at) / 2
        assert calendar.opening_at(hours, zone, halfway) is None


def test_asking_on_every_ticket_costs_nothing_to_speak_of() -> None:
    many = tuple(Holiday(on=date(2026, 1, 1) + timedelta(days=7 * n), name=f"{n}", confirmed_by="x") for n in range(40))
    hours, at = Hours(weekly=WEEK, dated=(RAMADAN,), holidays=many), utc(2026, 11, 25, 10)
    calendar.opening_at(hours, RABAT, at)
    runs = 2_000
    # A generous bound, so that a busy machine doesn't fail it; what it holds is that the lists are not read again.
    assert min(timeit.repeat(lambda: calendar.opening_at(hours, RABAT, at), number=runs, repeat=5)) / runs < 50e-6
