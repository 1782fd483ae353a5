"""Keeping a demonstration site open at whatever hour: by special openings, the house's own feature, never a false clock."""

from datetime import timedelta
from functools import partial

from server.actions import setup as setups
from server.demo.stage import HouseStage
from server.domain import calendar
from server.domain.calendar import DAY_MIN, Span, SpecialOpening

ALL_DAY = (Span(opens_min=0, closes_min=DAY_MIN),)


def keep_open(stage: HouseStage) -> None:
    """Open today and tomorrow around the clock: with tomorrow too, there is no closing time at midnight."""
    setup = stage.hall.setup
    assert setup is not None
    today = calendar.local(stage.now, setup.timezone).date()
    for on in (today, today + timedelta(days=1)):
        if calendar.spans_on(setup.hours, on) != ALL_DAY:
            opening = SpecialOpening(on=on, spans=ALL_DAY, reason="demonstration")
            stage.does("demo:hours", partial(setups.open_specially, opening=opening))
