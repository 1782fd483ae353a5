"""The only place that reads the time. Everything else is told what time it is, so that a test can say so too.

Instants are aware, in UTC, and cut to milliseconds, because that is what the journal keeps.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        return to_millisecond(datetime.now(UTC))


class FakeClock:
    """A clock that stands still until it is told to move: for tests and for a past made in memory."""

    def __init__(self, at: datetime) -> None:
        self.at = to_millisecond(at)

    def now(self) -> datetime:
        return self.at

    def advance(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        self.at = to_millisecond(self.at + timedelta(hours=hours, minutes=minutes, seconds=seconds))
        return self.at


def to_millisecond(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
