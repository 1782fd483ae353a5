"""What happens to a person who was called: start, finish, no-show.

Only the agent at the turn's counter may move it. A no-show needs the calls and the time that the rule asks for, so that
nobody is struck off for being slow.
"""

from typing import Any

from server.actions.reception import Moved, open_turn
from server.domain import tickets
from server.domain.entries import whole_seconds
from server.domain.errors import Refusal
from server.domain.sites import OUTCOMES, Counter
from server.domain.story import Pen
from server.domain.tickets import Turn


def start(pen: Pen, *, ticket: str, agent: str) -> Moved | Refusal:
    """The person is at the counter. Refused as: no_such_ticket, illegal_move, not_your_counter."""
    return _move(pen, "start", ticket=ticket, agent=agent, more={})


def finish(pen: Pen, *, ticket: str, agent: str, outcome: str | None = None) -> Moved | Refusal:
    """The person has been served. `outcome` is a code of the service's list, for the journal is no place for sentences
    about people.

    Refused as: no_such_ticket, illegal_move, not_your_counter, no_such_outcome.
    """
    turn = open_turn(pen, ticket, "finish")
    if isinstance(turn, Refusal):
        return turn
    if not outcome_known(pen, turn, outcome):
        return Refusal("no_such_outcome")
    return _move(pen, "finish", ticket=ticket, agent=agent, more={"outcome": outcome})


def no_show(pen: Pen, *, ticket: str, agent: str) -> Moved | Refusal:
    """The person did not come. Refused as: no_such_ticket, illegal_move, not_your_counter, no_show_too_soon."""
    turn = open_turn(pen, ticket, "no_show")
    if isinstance(turn, Refusal):
        return turn
    too_soon = _too_soon(pen, turn)
    if too_soon is not None:
        return too_soon
    return _move(pen, "no_show", ticket=ticket, agent=agent, more={"calls": turn.calls})


def outcome_known(pen: Pen, turn: Turn, outcome: str | None) -> bool:
    """A service that the set-up no longer has can still be finished, with one of the usual outcomes."""
    assert pen.hall.setup is not None
    service = pen.hall.setup.service_by_code.get(turn.service)
    return outcome is None or outcome in (OUTCOMES if service is None else service.possible_outcomes)


def counter_of(pen: Pen, turn: Turn, agent: str) -> Counter | Refusal:
    """The counter where the turn is, if this agent may act there: its shift is his, or he called and the shift ended."""
    assert turn.counter is not None
    assert pen.hall.setup is not None
    where = pen.hall.setup.counter_by_id.get(turn.counter)
    if where is None:
        return Refusal("no_such_counter")
    shift = pen.hall.shifts.get(turn.counter)
    owner = turn.agent if shift is None else shift.agent
    return where if owner == agent else Refusal("not_your_counter", {"counter": where.label})


def _move(pen: Pen, verb: str, *, ticket: str, agent: str, more: dict[str, Any]) -> Moved | Refusal:
    turn = open_turn(pen, ticket, verb)
    if isinstance(turn, Refusal):
        return turn
    where = counter_of(pen, turn, agent)
    if isinstance(where, Refusal):
        return where
    body = {
        "ticket": turn.ticket,
        "number": turn.number,
        "service": turn.service,
        "counter": where.id,
        "zone": where.zone,
        **more,
    }
    entry = pen.write(tickets.MOVES[verb].entry, body)
    assert pen.hall.touched_turn is not None
    return Moved(turn=pen.hall.touched_turn, seq=entry.seq)


def _too_soon(pen: Pen, turn: Turn) -> Refusal | None:
    assert pen.hall.setup is not None
    rule = pen.hall.setup.rule
    assert turn.stretch_at is not None
    if turn.calls >= rule.no_show_min_calls and whole_seconds(turn.stretch_at, pen.at) >= rule.no_show_min_s:
        return None
    return Refusal("no_show_too_soon", {"count": rule.no_show_min_calls, "seconds": rule.no_show_min_s})
