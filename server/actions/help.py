"""A counter calls its colleagues, quietly: consoles, desk and manager see it, the hall does not."""

from dataclasses import dataclass

from server.actions.calling import working_shift
from server.domain.errors import Refusal
from server.domain.story import Pen


@dataclass(frozen=True, slots=True)
class Helped:
    counter: str
    seq: int


def call(pen: Pen, *, counter: str, agent: str) -> Helped | Refusal:
    """Refused as: no_such_counter, counter_closed, not_your_counter, help_called."""
    place = working_shift(pen, counter, agent)
    if isinstance(place, Refusal):
        return place
    _shift, where = place
    if counter in pen.hall.helps:
        return Refusal("help_called")
    entry = pen.write("help.called", {"counter": where.id, "zone": where.zone, "agent": agent})
    return Helped(counter=where.id, seq=entry.seq)


def answer(pen: Pen, *, counter: str, agent: str) -> Helped | Refusal:
    """Somebody goes there, or the one who called says that it is over. Refused as: no_such_counter, no_help_called."""
    setup = pen.hall.setup
    where = None if setup is None else setup.counter_by_id.get(counter)
    if where is None:
        return Refusal("no_such_counter")
    if counter not in pen.hall.helps:
        return Refusal("no_help_called")
    entry = pen.write("help.answered", {"counter": where.id, "zone": where.zone, "agent": agent})
    return Helped(counter=where.id, seq=entry.seq)
