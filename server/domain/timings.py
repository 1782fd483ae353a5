"""The stretches of a turn, in seconds. Each has one definition, here and in docs/figures.md.

    joined ──waiting── first call ──calling── last call ──walking── start ──service── finish
                           └──────────────────transaction──────────────────────────────┘

Waiting, calling, walking and service add up to the whole. A turn that was parked comes to a counter more than once: its
calling, walking and service are sums, and what lies between is aside and no part of the transaction. A stretch whose end
was never recorded is None, never 0.
"""

from dataclasses import dataclass
from datetime import datetime

from server.domain.tickets import Turn


@dataclass(frozen=True, slots=True)
class Timings:
    waiting_s: float | None
    calling_s: float | None
    walking_s: float | None
    service_s: float | None
    #: Parked and waiting again, until called again.
    aside_s: float | None
    transaction_s: float | None


def timings(turn: Turn) -> Timings:
    """Service and transaction end only for a turn that was served: a no-show has neither."""
    served_at = turn.ended_at if turn.ending == "served" else None
    earlier = turn.earlier
    return Timings(
        waiting_s=_between(turn.joined_at, turn.called_at),
        calling_s=_between(turn.stretch_at, turn.last_call_at, earlier.calling_ms),
        walking_s=_between(turn.last_call_at, turn.started_at, earlier.walking_ms),
        service_s=_between(turn.started_at, served_at, earlier.service_ms),
        aside_s=None if turn.called_at is None or turn.aside_at is not None else earlier.aside_ms / 1000,
        transaction_s=_between(turn.called_at, served_at, -earlier.aside_ms),
    )


def _between(begin_at: datetime | None, end_at: datetime | None, earlier_ms: int = 0) -> float | None:
    if begin_at is None or end_at is None:
        return None
    return (end_at - begin_at).total_seconds() + earlier_ms / 1000
