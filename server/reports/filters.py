"""What a report is asked for: from one business day to another, both included, and by what its rows are told apart.

The bad questions are refused here and nowhere else, so that a page and the API refuse the same ones with the same word.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast, get_args

from server.domain.errors import Refusal

By = Literal["service", "counter", "agent", "hour", "day"]

#: What the rows of a report on waits can be told apart by.
BYS: tuple[By, ...] = get_args(By)
#: A year and its month before: enough to compare with, few enough to be read from rows while somebody waits.
LONGEST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Asked:
    from_on: date
    to_on: date
    by: By


def asked(
    *, from_text: str | None, to_text: str | None, by: str | None, today: date, bys: Collection[str] = BYS
) -> Asked | Refusal:
    """The question, where what was left out means today and by service. Refused as: invalid_input."""
    from_on = _day(from_text, today)
    to_on = _day(to_text, today)
    if from_on is None or to_on is None or from_on > to_on:
        return Refusal("invalid_input")
    if (to_on - from_on).days >= LONGEST_DAYS:
        return Refusal("invalid_input")
    wanted = by or "service"
    if wanted not in bys:
        return Refusal("invalid_input")
    return Asked(from_on=from_on, to_on=to_on, by=cast("By", wanted))


def _day(text: str | None, today: date) -> date | None:
    """A day in the one spelling that an address has for it, 2026-11-24."""
    if not text:
        return today
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return None
    return on if on.isoformat() == text else None
