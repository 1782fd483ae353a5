"""The calling rule: who is next at a counter, and why.

A turn is due at the time it joined minus the head start of its class. Next is the earliest due among the turns that this
counter serves, ties by the order in which they joined. Who was sent to this counter alone waits for it by the same due
time. A line that the counter only helps with counts once its first turn is past due by the time the set-up says. The
reason is data, so that the call can be replayed and explained.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Literal

from server.domain.entries import instant_text
from server.domain.hall import Hall, Place, Shift
from server.domain.tickets import TicketId, Turn

#: The counter serves the line, or only helps with it; or the turn waits for this counter alone.
Line = Literal["serves", "helps", "bound"]


@dataclass(frozen=True, slots=True)
class Reason:
    #: Version of the published rule.
    rule: int
    line: Line
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


def candidates(hall: Hall, shift: Shift, at: datetime) -> list[tuple[Place, Line]]:
    """Everybody who may be called here now, in the order in which they would be."""
    return sorted(_everybody(hall, shift, at), key=itemgetter(0))


def overtaken(hall: Hall, shift: Shift, turn: Turn, at: datetime) -> list[TicketId]:
    """Whom a call of this waiting turn passes: who would be called here before it, and who stands before it in its own
    line. In the order of their due times.
    """
    own = hall.lines.get(turn.service, ()) if turn.bound is None else hall.bound.get(turn.bound, ())
    before = {place for place, _line in _everybody(hall, shift, at)} | set(own)
    return [ticket for due_at, seq, ticket in sorted(before) if (due_at, seq, ticket) < turn.place]


def _heads(hall: Hall, shift: Shift, at: datetime) -> Iterator[tuple[Place, Line]]:
    """The first place of each line that the counter may call from: within a line the order is the due times' own."""
    for line, name, latest in _lines(hall, shift, at):
        if line and (latest is None or line[0][0] <= latest):
            yield line[0], name


def _everybody(hall: Hall, shift: Shift, at: datetime) -> Iterator[tuple[Place, Line]]:
    for line, name, latest in _lines(hall, shift, at):
        end = len(line) if latest is None else bisect_right(line, latest, key=itemgetter(0))
        for place in line[:end]:
            yield place, name


def _lines(hall: Hall, shift: Shift, at: datetime) -> Iterator[tuple[tuple[Place, ...], Line, datetime | None]]:
    """The lines that the counter may call from, and until which due time; None: whatever it is."""
    for service in shift.serves:
        yield hall.lines.get(service, ()), "serves", None
    yield hall.bound.get(shift.counter, ()), "bound", None
    for helped in shift.helps:
        if helped.service not in shift.serves:
            yield hall.lines.get(helped.service, ()), "helps", at - timedelta(seconds=helped.after_s)


def due_at(joined_at: datetime, head_start_s: int) -> datetime:
    return joined_at - timedelta(seconds=head_start_s)


def reason_to_body(reason: Reason) -> dict[str, Any]:
    return {"rule": reason.rule, "line": reason.line, "due_at": instant_text(reason.due_at)}
