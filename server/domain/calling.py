"""The calling rule: who is next at a counter, and why.

A turn is due at the time it joined minus the head start of its class. Next is the earliest due among the turns that this
counter serves, ties by the order in which they joined. A line that the counter only helps with counts once its first
turn is past due by the time the set-up says. The reason is data, so that the call can be replayed and explained.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Literal

from server.domain.entries import instant_text
from server.domain.hall import Hall, Place, Shift
from server.domain.tickets import TicketId


@dataclass(frozen=True, slots=True)
class Reason:
    #: Version of the published rule.
    rule: int
    #: The counter serves this line, or only helps with it.
    line: Literal["serves", "helps"]
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    ticket: TicketId
    reason: Reason


def choose_next(hall: Hall, shift: Shift, at: datetime) -> Choice | None:
    """The next person for this counter, or None when nobody may be called here."""
    # By place alone: of a line that is both served and helped, "serves" comes first and stays.
    first = min(_heads(hall, shift, at), key=itemgetter(0), default=None)
    if first is None:
        return None
    (due_at, _seq, ticket), line = first
    assert hall.setup is not None
    return Choice(ticket=ticket, reason=Reason(rule=hall.setup.rule.version, line=line, due_at=due_at))


def _heads(hall: Hall, shift: Shift, at: datetime) -> Iterator[tuple[Place, Literal["serves", "helps"]]]:
    """The first place of each line that the counter may call from: within a line the order is the due times' own."""
    for service in shift.serves:
        line = hall.lines.get(service)
        if line:
            yield line[0], "serves"
    for helped in shift.helps:
        line = hall.lines.get(helped.service)
        if line and line[0][0] + timedelta(seconds=helped.after_s) <= at:
            yield line[0], "helps"


def due_at(joined_at: datetime, head_start_s: int) -> datetime:
    return joined_at - timedelta(seconds=head_start_s)


def reason_to_body(reason: Reason) -> dict[str, Any]:
    return {"rule": reason.rule, "line": reason.line, "due_at": instant_text(reason.due_at)}
