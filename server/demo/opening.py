"""Keeping a demonstration site open at whatever hour: by special openings, the house's own feature, never a false clock.

Each date is opened once. Whatever a person decides about it afterwards stands.
"""

from datetime import date, timedelta
from functools import partial

from server.actions import setup as setups
from server.demo.stage import HouseStage
from server.domain import calendar
from server.domain.calendar import DAY_MIN, Span, SpecialOpening

ALL_DAY = (Span(opens_min=0, closes_min=DAY_MIN),)


def keep_open(stage: HouseStage, *, seen_to: set[date] | None = None) -> None:
    """Open today and tomorrow around the clock, but for the dates in `seen_to`, which grows by them.

    With tomorrow too, there is no closing time at midnight. A date for which a person has decided something already is
    left alone, unless it is today at the start: then the demonstration would show closed doors.
    """
    seen_to = set() if seen_to is None else seen_to
    setup = stage.hall.setup
    assert setup is not None
    today = calendar.local(stage.now, setup.timezone).date()
    decided = {special.on for special in setup.hours.specials}
    for on in (today, today + timedelta(days=1)):
        if on in seen_to:
            continue
        if calendar.spans_on(setup.hours, on) != ALL_DAY and (on == today or on not in decided):
            opening = SpecialOpening(on=on, spans=ALL_DAY, reason="demonstration")
            stage.does("demo:hours", partial(setups.open_specially, opening=opening))
        seen_to.add(on)
