"""A person with an appointment: when he joins the line, and with what head start.

He joins when he checks in, but not earlier than a quarter of an hour before his time; so whoever comes at dawn for eleven
o'clock overtakes nobody. In time, he has the head start of his class; more than a quarter of an hour late, he joins like
everybody else. Whose appointment it is and where it was booked is not known here and is kept nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from server.domain.calendar import Opening

EARLIEST = timedelta(minutes=15)
LATEST = timedelta(minutes=15)
#: Times are offered in these steps …
STEP = timedelta(minutes=15)
#: … from so long ago, for those who are late, until so far ahead, for those who are early.
OFFERED_BACK = timedelta(hours=2)
OFFERED_AHEAD = timedelta(hours=4)

Standing = Literal["early", "on_time", "late"]


@dataclass(frozen=True, slots=True)
class Appointment:
    at: datetime
    standing: Standing
    #: From here on the place in the line counts.
    joins_at: datetime

    @property
    def klass(self) -> str:
        return "ordinary" if self.standing == "late" else "appointment"


def checked_in(appointed_at: datetime, at: datetime) -> Appointment:
    if at > appointed_at + LATEST:
        return Appointment(at=appointed_at, standing="late", joins_at=at)
    joins_at = max(at, appointed_at - EARLIEST)
    return Appointment(at=appointed_at, standing="early" if joins_at > at else "on_time", joins_at=joins_at)


def times(openings: Iterable[Opening], at: datetime) -> list[datetime]:
    """The times that a person can choose from at this moment, within these openings."""
    offered = []
    for opening in openings:
        step_at = opening.begins_at
        while step_at < opening.ends_at:
            if at - OFFERED_BACK <= step_at <= at + OFFERED_AHEAD:
                offered.append(step_at)
            step_at += STEP
    return offered
