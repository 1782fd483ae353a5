"""Changing what a site is set up to do. Every change is an entry that carries the whole set-up in force after it."""

import re
from dataclasses import dataclass, replace
from datetime import date

from server.actions import days
from server.domain import calendar
from server.domain import hall as halls
from server.domain.calendar import Holiday, Hours, SpecialOpening, Week
from server.domain.draw_limits import DrawLimits
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.sites import (
    OPENING_REASONS,
    QUOTA_MOST,
    Counter,
    CounterId,
    Helps,
    ServiceCode,
    Setup,
    ZoneCode,
    setup_to_body,
)
from server.domain.story import Pen

#: What a new counter can be called: short, and fit to stand in its id.
COUNTER_LABEL = re.compile(r"[0-9A-Za-z]{1,4}")


@dataclass(frozen=True, slots=True)
class Changed:
    """`seq` is None when the site was set up like this already."""

    seq: int | None


def put_in_force(pen: Pen, *, setup: Setup, what: str = "pack") -> Changed | Refusal:
    """Make `setup` the one in force; the same set-up once more writes nothing. Another rule in it waits for the next
    day's opening, like any change of the rule.

    Refused as: counter_busy, counter_taken, when it does without a counter where somebody is served or works: nobody
    could ever end that turn or close that shift.
    """
    assert setup.site == pen.hall.site
    setup = _with_the_rule_in_force(pen, setup)
    if pen.hall.setup == setup:
        return Changed(seq=None)
    needed = _counter_in_use(pen.hall, setup)
    if needed is not None:
        return needed
    entry = pen.write("setup.changed", {"what": what, "setup": setup_to_body(setup)})
    days.turn_the_page(pen)
    return Changed(seq=entry.seq)


def open_specially(pen: Pen, *, opening: SpecialOpening) -> Changed | Refusal:
    """Other hours on one date, today or later. Refused as: no_such_site, no_such_reason, date_passed."""
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    if opening.reason not in OPENING_REASONS:
        return Refusal("no_such_reason")
    if opening.on < _today(pen, setup):
        return Refusal("date_passed")
    others = tuple(special for special in setup.hours.specials if special.on != opening.on)
    return _with_hours(pen, setup, replace(setup.hours, specials=(*others, opening)), what="special_opening")


def take_special_opening_back(pen: Pen, *, on: date) -> Changed | Refusal:
    """The rules hold again on this date. Refused as: no_such_site, no_such_date."""
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    others = tuple(special for special in setup.hours.specials if special.on != on)
    if others == setup.hours.specials:
        return Refusal("no_such_date")
    return _with_hours(pen, setup, replace(setup.hours, specials=others), what="special_opening_removed")


def change_week(pen: Pen, *, weekly: Week) -> Changed | Refusal:
    """Other usual hours, from now on. Refused as: no_such_site."""
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    return _with_hours(pen, setup, replace(setup.hours, weekly=weekly), what="weekly_hours")


def confirm_holiday(pen: Pen, *, on: date, name: str) -> Changed | Refusal:
    """The site is closed on this date, by the word of whoever holds the pen. Refused as: no_such_site, date_passed."""
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    if on < _today(pen, setup):
        return Refusal("date_passed")
    if any(known.on == on and known.name == name and known.confirmed_by for known in setup.hours.holidays):
        return Changed(seq=None)
    others = [known for known in setup.hours.holidays if (known.on, known.name) != (on, name)]
    holidays = sorted([*others, Holiday(on=on, name=name, confirmed_by=pen.actor)], key=lambda one: (one.on, one.name))
    return _with_hours(pen, setup, replace(setup.hours, holidays=tuple(holidays)), what="holiday")


def take_holiday_back(pen: Pen, *, on: date, name: str) -> Changed | Refusal:
    """The date is only proposed again, and the site open. Refused as: no_such_site, no_such_date."""
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    holidays = tuple(
        replace(known, confirmed_by="") if (known.on, known.name) == (on, name) else known
        for known in setup.hours.holidays
    )
    if holidays == setup.hours.holidays:
        return Refusal("no_such_date")
    return _with_hours(pen, setup, replace(setup.hours, holidays=holidays), what="holiday_removed")


def change_counter(pen: Pen, *, counter: str, serves: tuple[str, ...], helps: tuple[Helps, ...]) -> Changed | Refusal:
    """What a counter serves and helps with; a shift that is open keeps what it has until the counter is opened again.

    Refused as: no_such_site, no_such_counter, no_such_service.
    """
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    known = setup.counter_by_id.get(counter)
    if known is None:
        return Refusal("no_such_counter")
    changed = _with_lines(known, serves, helps)
    if not _lines_known(setup, changed):
        return Refusal("no_such_service")
    counters = tuple(changed if one.id == counter else one for one in setup.counters)
    return put_in_force(pen, setup=replace(setup, counters=counters), what="counter")


def add_counter(
    pen: Pen, *, label: str, zone: str, serves: tuple[str, ...], helps: tuple[Helps, ...]
) -> Changed | Refusal:
    """One more counter. Refused as: no_such_site, no_such_zone, counter_label, counter_exists, no_such_service."""
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    if zone not in setup.zone_codes:
        return Refusal("no_such_zone")
    if not COUNTER_LABEL.fullmatch(label):
        return Refusal("counter_label")
    code = CounterId(f"{setup.site}-{label.lower()}")
    if any(one.id == code or one.label == label for one in setup.counters):
        return Refusal("counter_exists", {"counter": label})
    counter = _with_lines(Counter(id=code, label=label, zone=ZoneCode(zone), serves=()), serves, helps)
    if not _lines_known(setup, counter):
        return Refusal("no_such_service")
    return put_in_force(pen, setup=replace(setup, counters=(*setup.counters, counter)), what="counter")


def remove_counter(pen: Pen, *, counter: str) -> Changed | Refusal:
    """Refused as: no_such_site, no_such_counter, counter_busy, counter_taken."""
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    if counter not in setup.counter_by_id:
        return Refusal("no_such_counter")
    counters = tuple(one for one in setup.counters if one.id != counter)
    return put_in_force(pen, setup=replace(setup, counters=counters), what="counter_removed")


def change_draw_limits(pen: Pen, *, limits: DrawLimits) -> Changed | Refusal:
    """How fast people may draw at a kiosk. Refused as: no_such_site."""
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    return put_in_force(pen, setup=replace(setup, draw_limits=limits), what="draw_limits")


def change_quota(pen: Pen, *, service: str, quota: int | None) -> Changed | Refusal:
    """At most so many tickets a day from now on, those of today counted; None: as many as come.

    Refused as: no_such_site, no_such_service, invalid_input.
    """
    setup = pen.hall.setup
    if setup is None:
        return Refusal("no_such_site")
    if service not in setup.service_by_code:
        return Refusal("no_such_service")
    if quota is not None and not 1 <= quota <= QUOTA_MOST:
        return Refusal("invalid_input")
    services = tuple(replace(one, quota=quota) if one.code == service else one for one in setup.services)
    return put_in_force(pen, setup=replace(setup, services=services), what="quota")


def _with_the_rule_in_force(pen: Pen, setup: Setup) -> Setup:
    known = pen.hall.setup
    if known is None:
        return setup
    if replace(setup.rule, version=known.rule.version, reason=known.rule.reason) == known.rule:
        return replace(setup, rule=known.rule, next_rule=known.next_rule, next_rule_by=known.next_rule_by)
    waiting = replace(setup.rule, version=known.rule.version + 1, reason="")
    return replace(setup, rule=known.rule, next_rule=waiting, next_rule_by=pen.actor)


def _with_hours(pen: Pen, setup: Setup, hours: Hours, *, what: str) -> Changed | Refusal:
    return put_in_force(pen, setup=replace(setup, hours=hours), what=what)


def _today(pen: Pen, setup: Setup) -> date:
    return calendar.local(pen.at, setup.timezone).date()


def _with_lines(counter: Counter, serves: tuple[str, ...], helps: tuple[Helps, ...]) -> Counter:
    """A line that the counter serves is not one that it helps with, whatever the form said."""
    return replace(
        counter,
        serves=tuple(ServiceCode(service) for service in serves),
        helps=tuple(helped for helped in helps if helped.service not in serves),
    )


def _lines_known(setup: Setup, counter: Counter) -> bool:
    named = {*counter.serves, *(helped.service for helped in counter.helps)}
    return named <= set(setup.service_by_code)


def _counter_in_use(hall: Hall, setup: Setup) -> Refusal | None:
    """Why a counter that `setup` no longer has can't be missed yet."""
    gone = (
        []
        if hall.setup is None
        else [counter for counter in hall.setup.counters if counter.id not in setup.counter_by_id]
    )
    for counter in gone:
        present = halls.turn_at(hall, counter.id)
        if present is not None:
            return Refusal("counter_busy", {"number": present.number, "counter": counter.label})
        if counter.id in hall.shifts:
            return Refusal("counter_taken", {"counter": counter.label})
    return None
