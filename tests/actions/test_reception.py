"""Drawing and withdrawing: who gets a number, who doesn't, and what the person can do then."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from server.domain.calendar import DatedHours, Holiday, Hours, Span, SpecialOpening
from server.domain.errors import Refusal
from tests.world import MORNING, Story, small_setup, weekly


def utc(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_a_ticket_says_number_place_and_when_it_was_drawn():
    world = Story()
    world.draws("a")
    drawn = world.draws("a", language="fr", klass="priority", channel="desk")
    assert (drawn.turn.number, drawn.turn.ticket, drawn.ahead) == ("A002", "hall-4", 0)
    assert (drawn.turn.joined_at, drawn.seq, drawn.turn.day) == (MORNING, 4, "2026-11-24")
    assert (drawn.turn.state, drawn.turn.calls, drawn.turn.counter) == ("waiting", 0, None)
    body = world.entries[-1].body
    assert (body["language"], body["class"], body["channel"], body["n"]) == ("fr", "priority", "desk", 2)
    assert body["due_at"] == "2026-11-24T08:40:00.000Z"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"service": "nothing"}, "no_such_service"),
        ({"language": "de"}, "language_not_offered"),
        ({"language": ""}, "language_not_offered"),
        ({"klass": "royal"}, "no_such_class"),
        ({"klass": "appointment"}, "no_such_class"),
        ({"klass": "priority", "appointed_at": MORNING}, "no_such_class"),
        ({"klass": "appointment", "appointed_at": MORNING, "service": "b"}, "no_appointments"),
        ({"klass": "appointment", "appointed_at": MORNING + timedelta(days=1)}, "appointment_not_today"),
        ({"channel": "pigeon"}, "invalid_input"),
    ],
)
def test_what_can_not_be_had_is_refused_and_writes_nothing(facts, code):
    world = Story()
    count = len(world.written)
    assert world.draws(**{"service": "a", **facts}).code == code
    assert len(world.written) == count


def test_before_the_first_set_up_there_is_nothing_to_draw():
    assert Story(set_up=False).draws("a") == Refusal("no_such_site")


def test_early_in_the_morning_it_says_at_what_time_the_service_opens():
    world = Story(at=utc(2026, 11, 24, 6))
    opens_at = utc(2026, 11, 24, 8)
    assert world.draws("a") == Refusal("service_closed", hint="opens_at", hint_params={"time": opens_at})


def test_in_the_evening_it_says_on_which_day_the_service_opens():
    world = Story(at=utc(2026, 11, 24, 17))
    opens_at = utc(2026, 11, 25, 8)
    assert world.draws("a") == Refusal(
        "service_closed", hint="opens_on", hint_params={"date": opens_at, "time": opens_at}
    )


def test_on_a_sunday_the_site_is_closed_and_opens_on_monday():
    refused = Story(at=utc(2026, 11, 22, 10)).draws("a")
    assert (refused.code, refused.hint) == ("site_closed", "opens_on")
    assert refused.hint_params["date"] == utc(2026, 11, 23, 8)


def test_a_confirmed_holiday_closes_the_site_and_a_proposed_one_does_not():
    for confirmed_by, code in (("k3f9", "site_closed"), ("", None)):
        hours = replace(weekly(), holidays=(Holiday(on=date(2026, 11, 24), name="Feast", confirmed_by=confirmed_by),))
        drawn = Story(small_setup(hours=hours)).draws("a")
        assert getattr(drawn, "code", None) == code


def test_a_site_that_never_opens_again_gives_no_false_hope():
    closed = Hours(weekly=((), (), (), (), (), (), ()))
    assert Story(small_setup(hours=closed)).draws("a") == Refusal("site_closed")


def test_the_last_ticket_is_given_half_an_hour_before_closing_and_the_refusal_says_when_to_come():
    world = Story(at=utc(2026, 11, 24, 16, 29))
    assert world.draws("b").turn.number == "B001"
    world.clock.advance(minutes=1)
    opens_at = utc(2026, 11, 25, 8)
    assert world.draws("b") == Refusal(
        "last_ticket_passed",
        {"time": utc(2026, 11, 24, 16, 30)},
        hint="opens_on",
        hint_params={"date": opens_at, "time": opens_at},
    )
    assert world.draws("a").turn.number == "A001"


def test_where_nothing_else_is_said_tickets_are_given_to_the_last_second():
    world = Story(at=utc(2026, 11, 24, 16, 59))
    world.clock.advance(seconds=59)
    assert world.draws("a").turn.number == "A001"
    world.clock.advance(seconds=1)
    assert world.draws("a").code == "service_closed"


def test_a_last_ticket_before_the_lunch_break_names_the_afternoon():
    spans = (Span(opens_min=480, closes_min=720), Span(opens_min=840, closes_min=1020))
    world = Story(small_setup(hours=Hours(weekly=(spans,) * 7)), at=utc(2026, 11, 24, 11, 45))
    refused = world.draws("b")
    assert (refused.code, refused.hint) == ("last_ticket_passed", "opens_at")
    assert refused.hint_params["time"] == utc(2026, 11, 24, 14)


def test_a_special_opening_opens_a_sunday():
    special = SpecialOpening(on=date(2026, 11, 22), spans=(Span(opens_min=0, closes_min=1440),), reason="backlog")
    world = Story(small_setup(hours=replace(weekly(), specials=(special,))), at=utc(2026, 11, 22, 23, 59))
    assert world.draws("a").turn.number == "A001"


def test_in_ramadan_other_hours_hold_from_the_first_day_to_the_last():
    ramadan = DatedHours(
        name="Ramadan",
        from_on=date(2027, 2, 8),
        to_on=date(2027, 3, 9),
        weekly=weekly(9 * 60, 15 * 60).weekly,
        source="decree",
    )
    setup = small_setup(hours=replace(weekly(), dated=(ramadan,)))
    for at, opened in (
        (utc(2027, 2, 5, 8, 30), True),
        (utc(2027, 2, 8, 8, 30), False),
        (utc(2027, 2, 8, 9), True),
        (utc(2027, 3, 9, 14, 59), True),
        (utc(2027, 3, 9, 15), False),
        (utc(2027, 3, 10, 8, 30), True),
    ):
        assert hasattr(Story(setup, at=at).draws("a"), "turn") == opened, at


def test_casablanca_opens_an_hour_later_by_utc_from_20_september_2026():
    """Until then the wall clock is an hour ahead of UTC; machines with older zone data open an hour early."""
    hours = Hours(weekly=((Span(opens_min=480, closes_min=1020),),) * 7)
    for at, opened in (
        (utc(2026, 9, 19, 6, 59), False),
        (utc(2026, 9, 19, 7), True),
        (utc(2026, 9, 20, 7, 59), False),
        (utc(2026, 9, 20, 8), True),
    ):
        assert hasattr(Story(small_setup(hours=hours), at=at).draws("a"), "turn") == opened, at


def test_madrid_opens_by_its_wall_clock_on_both_sides_of_both_changes():
    hours = Hours(weekly=((Span(opens_min=540, closes_min=840),),) * 7)
    setup = small_setup(timezone="Europe/Madrid", hours=hours)
    for at, opened in (
        (utc(2026, 3, 28, 7, 59), False),
        (utc(2026, 3, 28, 8), True),
        (utc(2026, 3, 29, 6, 59), False),
        (utc(2026, 3, 29, 7), True),
        (utc(2026, 10, 24, 7), True),
        (utc(2026, 10, 25, 7), False),
        (utc(2026, 10, 25, 8), True),
    ):
        assert hasattr(Story(setup, at=at).draws("a"), "turn") == opened, at


def test_who_gives_up_leaves_the_line_and_the_next_is_called():
    world = Story()
    world.opens(1)
    first = world.draws("a").turn.ticket
    world.draws("a")
    moved = world.withdraws(first)
    assert (moved.turn.state, moved.turn.ending, moved.seq) == ("ended", "withdrawn", world.hall.seq)
    assert world.calls(1).turn.number == "A002"


def test_a_ticket_can_be_given_up_once_and_not_after_the_call():
    world = Story()
    world.opens(1)
    one, two = world.draws("a").turn.ticket, world.draws("a").turn.ticket
    world.calls(1)
    assert world.withdraws(one) == Refusal("illegal_move", {"number": "A001"})
    world.withdraws(two)
    assert world.withdraws(two).code == "illegal_move"


@pytest.mark.parametrize("ticket", ["hall-999", "hall-1", "elsewhere-3", "", "hall-", "nonsense", "hall-0003"])
def test_a_ticket_that_never_was_is_unknown_to_every_verb(ticket):
    world = Story()
    world.opens(1)
    world.draws("a")
    for verb in (world.withdraws, *(_at_counter(world, name) for name in ("recalls", "starts", "finishes", "no_show"))):
        assert verb(ticket).code == "no_such_ticket"


def _at_counter(world, name):
    return lambda ticket: getattr(world, name)(ticket, 1)


def test_whoever_comes_in_time_for_an_appointment_has_its_head_start():
    world = Story()
    world.draws("a")
    drawn = world.draws("a", klass="appointment", appointed_at=MORNING + timedelta(minutes=5))
    assert (drawn.turn.klass, drawn.appointment.standing, drawn.ahead) == ("appointment", "on_time", 0)
    body = world.entries[-1].body
    assert (body["appointed_at"], body["due_at"]) == ("2026-11-24T09:05:00.000Z", "2026-11-24T08:50:00.000Z")
    assert world.entries[-2].body["appointed_at"] is None


def test_whoever_is_early_for_an_appointment_joins_a_quarter_of_an_hour_before_it():
    world = Story()
    appointed_at = MORNING + timedelta(hours=1)
    early = world.draws("a", klass="appointment", appointed_at=appointed_at)
    assert early.turn.due_at == appointed_at - timedelta(minutes=15 + 10)
    assert (early.appointment.standing, early.estimate.untold) == ("early", "appointment")
    world.clock.advance(minutes=20)
    later = world.draws("a")
    assert later.ahead == 0
    assert world.opens(1) is not None
    assert world.calls(1).turn.ticket == later.turn.ticket


def test_whoever_is_late_for_an_appointment_gets_an_ordinary_ticket():
    world = Story()
    in_time = world.draws("a", klass="appointment", appointed_at=MORNING - timedelta(minutes=15))
    late = world.draws("a", klass="appointment", appointed_at=MORNING - timedelta(minutes=16))
    assert (in_time.turn.klass, in_time.appointment.standing) == ("appointment", "on_time")
    assert (late.turn.klass, late.appointment.standing) == ("ordinary", "late")
    assert late.turn.due_at == MORNING
    assert world.entries[-1].body["appointed_at"] == "2026-11-24T08:44:00.000Z"


def test_near_closing_it_says_whom_the_day_may_be_too_short_for():
    world = Story()
    for _ in range(5):
        world.draws("a")
    world.opens(1)
    for _ in range(5):
        ticket = world.calls(1).turn.ticket
        world.clock.advance(minutes=30)
        world.finishes(ticket, 1)
    drawn = [world.draws("a") for _ in range(20)]
    closes_at = world.clock.now().replace(hour=17, minute=0, second=0, microsecond=0)
    left_s = (closes_at - world.clock.now()).total_seconds()
    assert [one.may_close_before_at is not None for one in drawn] == [one.estimate.point_s > left_s for one in drawn]
    assert (drawn[0].may_close_before_at, drawn[-1].may_close_before_at) == (None, closes_at)
