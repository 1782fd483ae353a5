"""An agent at a counter from open to close: one agent per counter, one counter per agent.

A shift that a dead machine left open can be closed by the same agent or by the manager, or taken over by a colleague; a
turn that is at the counter stays with the counter, and whoever opens it next finds the person there.
"""

from dataclasses import dataclass
from datetime import datetime

from server.actions.calling import working_shift
from server.domain import hall as halls
from server.domain.errors import Refusal
from server.domain.hall import SILENT_FOR, Hall, Shift
from server.domain.sites import PAUSE_REASONS, Counter
from server.domain.story import Pen


@dataclass(frozen=True, slots=True)
class Shifted:
    shift: Shift
    seq: int


def open_shift(pen: Pen, *, counter: str, agent: str) -> Shifted | Refusal:
    """Refused as: no_such_counter, counter_taken, agent_elsewhere."""
    setup = pen.hall.setup
    where = None if setup is None else setup.counter_by_id.get(counter)
    if setup is None or where is None:
        return Refusal("no_such_counter")
    if counter in pen.hall.shifts:
        return Refusal("counter_taken", {"counter": where.label})
    for other in pen.hall.shifts.values():
        if other.agent == agent:
            return Refusal("agent_elsewhere", {"counter": setup.counter_by_id[other.counter].label})
    entry = pen.write(
        "shift.opened",
        {
            "counter": counter,
            "zone": where.zone,
            "agent": agent,
            "serves": list(where.serves),
            "helps": [{"service": helped.service, "after_s": helped.after_s} for helped in where.helps],
        },
    )
    return Shifted(shift=pen.hall.shifts[counter], seq=entry.seq)


def pause(pen: Pen, *, counter: str, agent: str, reason: str) -> Shifted | Refusal:
    """Refused as: no_such_counter, counter_closed, not_your_counter, no_such_pause_reason, already_paused."""
    place = working_shift(pen, counter, agent)
    if isinstance(place, Refusal):
        return place
    shift, where = place
    if reason not in PAUSE_REASONS:
        return Refusal("no_such_pause_reason")
    if shift.paused_at is not None:
        return Refusal("already_paused", {"counter": where.label})
    entry = pen.write("shift.paused", {"counter": counter, "agent": agent, "reason": reason})
    return Shifted(shift=pen.hall.shifts[counter], seq=entry.seq)


def resume(pen: Pen, *, counter: str, agent: str) -> Shifted | Refusal:
    """Refused as: no_such_counter, counter_closed, not_your_counter, not_paused."""
    place = working_shift(pen, counter, agent)
    if isinstance(place, Refusal):
        return place
    shift, where = place
    if shift.paused_at is None:
        return Refusal("not_paused", {"counter": where.label})
    entry = pen.write("shift.resumed", {"counter": counter, "agent": agent})
    return Shifted(shift=pen.hall.shifts[counter], seq=entry.seq)


def close(pen: Pen, *, counter: str, agent: str) -> Shifted | Refusal:
    """The agent goes. Refused as: no_such_counter, counter_closed, not_your_counter, counter_busy."""
    place = working_shift(pen, counter, agent)
    if isinstance(place, Refusal):
        return place
    _shift, where = place
    present = halls.turn_at(pen.hall, counter)
    if present is not None:
        return Refusal("counter_busy", {"number": present.number, "counter": where.label})
    return _write_closed(pen, where, agent, why="agent")


def close_for_agent(pen: Pen, *, counter: str) -> Shifted | Refusal:
    """The manager closes what somebody else left open. Refused as: no_such_counter, counter_closed."""
    setup = pen.hall.setup
    where = None if setup is None else setup.counter_by_id.get(counter)
    if where is None:
        return Refusal("no_such_counter")
    shift = pen.hall.shifts.get(counter)
    if shift is None:
        return Refusal("counter_closed", {"counter": where.label})
    return _write_closed(pen, where, shift.agent, why="manager")


def take_over(pen: Pen, *, counter: str, agent: str, seen_at: datetime | None) -> Shifted | Refusal:
    """A colleague goes on at a counter whose agent's machine is gone; whoever is at the counter stays there.

    `seen_at` is the last sign of life of that agent's logins, which the journal doesn't know; what was done at the counter
    is one too. Refused as: no_such_counter, counter_closed, agent_elsewhere, agent_there.
    """
    setup = pen.hall.setup
    where = None if setup is None else setup.counter_by_id.get(counter)
    if setup is None or where is None:
        return Refusal("no_such_counter")
    shift = pen.hall.shifts.get(counter)
    if shift is None:
        return Refusal("counter_closed", {"counter": where.label})
    if shift.agent == agent or any(other.agent == agent for other in pen.hall.shifts.values()):
        mine = next(other for other in pen.hall.shifts.values() if other.agent == agent)
        return Refusal("agent_elsewhere", {"counter": setup.counter_by_id[mine.counter].label})
    if not is_gone(pen.hall, counter, seen_at=seen_at, at=pen.at):
        return Refusal("agent_there", {"counter": where.label})
    _write_closed(pen, where, shift.agent, why="taken_over")
    return open_shift(pen, counter=counter, agent=agent)


def is_gone(hall: Hall, counter: str, *, seen_at: datetime | None, at: datetime) -> bool:
    """No sign of life of the agent's logins, and nothing done at the counter, for some minutes."""
    signs = (seen_at, hall.acted.get(counter))
    return all(at - sign >= SILENT_FOR for sign in signs if sign is not None)


def _write_closed(pen: Pen, where: Counter, agent: str, *, why: str) -> Shifted:
    entry = pen.write("shift.closed", {"counter": where.id, "agent": agent, "why": why})
    assert pen.hall.touched_shift is not None
    return Shifted(shift=pen.hall.touched_shift, seq=entry.seq)
