"""The business day: the first command after its end closes it and opens the next, in one transaction.

A ticker in every process sends an empty command, so that a quiet hall does it too; the second to come finds it done.
Everybody still waiting, called or parked ends as not served: counted, published, never deleted. A turn at a counter may
still be finished and counts to its own day.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from server.domain import calendar, estimates, tickets
from server.domain.calendar import BusinessDay
from server.domain.entries import instant_text
from server.domain.hall import Day
from server.domain.sites import Setup, setup_to_body
from server.domain.story import Pen

ACTOR = "system:day"


def turn_the_page(pen: Pen) -> None:
    """Make sure that the day the pen writes in is open. Does nothing at a site without a set-up."""
    setup, old = pen.hall.setup, pen.hall.day
    if setup is None:
        return
    if old is not None:
        if pen.at < old.ends_at:
            return
        _close(pen)
    _open(pen, setup, _next_day(setup, pen.at, old))


def _next_day(setup: Setup, at: datetime, old: Day | None) -> BusinessDay:
    """The day that `at` lies in, and never the old one again.

    When the change-over hour or the zone's offset was changed meanwhile, the calendar may say the old date once more.
    Two days of one date would give the same numbers twice, so the new one begins early and is longer instead.
    """
    day = calendar.business_day(setup.timezone, setup.change_over_min, at)
    if old is None:
        return day
    next_on = date.fromisoformat(old.on) + timedelta(days=1)
    if day.on < next_on:
        ends_at = calendar.at_local(next_on + timedelta(days=1), setup.change_over_min, setup.timezone)
        return BusinessDay(on=next_on, begins_at=old.ends_at, ends_at=ends_at)
    return replace(day, begins_at=max(day.begins_at, old.ends_at))


def _close(pen: Pen) -> None:
    for turn in sorted(pen.hall.turns.values(), key=lambda turn: turn.opened_seq):
        if turn.state in tickets.UNSERVED:
            body = {"ticket": turn.ticket, "number": turn.number, "service": turn.service, "was": turn.state}
            pen.write("ticket.expired", body, actor=ACTOR)
    for counter, shift in sorted(pen.hall.shifts.items()):
        pen.write("shift.closed", {"counter": counter, "agent": shift.agent, "why": "day_end"}, actor=ACTOR)
    hall = pen.hall
    assert hall.day is not None
    carried = [tickets.turn_to_body(turn) for turn in sorted(hall.turns.values(), key=lambda turn: turn.opened_seq)]
    pen.write(
        "day.closed",
        {
            "day": hall.day.on,
            "opened_seq": hall.day.opened_seq,
            "begins_at": instant_text(hall.day.begins_at),
            "ends_at": instant_text(hall.day.ends_at),
            "drawn": hall.tally.drawn,
            "served": hall.tally.served,
            "no_shows": hall.tally.no_shows,
            "withdrawn": hall.tally.withdrawn,
            "not_served": hall.tally.not_served,
            "carried": carried,
            "estimator": estimates.learned_to_body(hall.learned),
        },
        actor=ACTOR,
    )


def _open(pen: Pen, setup: Setup, day: BusinessDay) -> None:
    if setup.next_rule is not None:
        setup = replace(setup, rule=setup.next_rule, next_rule=None, next_rule_by="")
        pen.write("setup.changed", {"what": "rule", "setup": setup_to_body(setup)}, actor=ACTOR)
    pen.write(
        "day.opened",
        {
            "day": day.on.isoformat(),
            "timezone": setup.timezone,
            "tz_version": calendar.TZ_VERSION,
            "begins_at": instant_text(day.begins_at),
            "ends_at": instant_text(day.ends_at),
        },
        actor=ACTOR,
    )
