"""What can happen to a turn beside being called and served: put back, parked, resumed, transferred, undone.

None of them makes anybody younger in the line: whoever is parked or transferred keeps the time at which he came, and
whoever missed his call joins again now, with a small head start. An undo takes back the last key of the same counter and
nothing that anybody else has built on.
"""

from datetime import timedelta

from server.actions.calling import working_shift
from server.actions.reception import Moved, open_turn
from server.actions.serving import counter_of, outcome_known
from server.domain import calendar, calling
from server.domain import hall as halls
from server.domain.entries import instant_text
from server.domain.errors import Refusal
from server.domain.hall import Part
from server.domain.sites import Counter, Service
from server.domain.story import Pen
from server.domain.tickets import AT_COUNTER, Turn

#: For so long the last key can be taken back.
UNDO_FOR = timedelta(seconds=15)


def put_back(pen: Pen, *, ticket: str, agent: str) -> Moved | Refusal:
    """Somebody has come after being struck off: he joins again now, with the small head start of the rule.

    Refused as: no_such_ticket, illegal_move (not struck off today), put_back_limit.
    """
    missed = pen.hall.no_shows.get(ticket)
    if missed is None:
        turn = pen.hall.turns.get(ticket)
        known = turn is not None or pen.was_drawn(ticket)
        number = ticket if turn is None else turn.number
        return Refusal("illegal_move" if known else "no_such_ticket", {"number": number})
    assert pen.hall.setup is not None
    rule = pen.hall.setup.rule
    if missed.put_backs >= rule.put_backs_max:
        return Refusal("put_back_limit", {"number": missed.number, "count": rule.put_backs_max})
    body = {
        **_names(missed),
        "counter": _own_counter(pen, agent),
        "agent": agent,
        "times": missed.put_backs + 1,
        "due_at": instant_text(calling.due_at(pen.at, rule.put_back_head_start_s)),
    }
    return _written(pen, "ticket.put_back", body)


def park(pen: Pen, *, ticket: str, agent: str) -> Moved | Refusal:
    """The person steps aside, for instance to fill in a form, and the counter is free for others.

    Refused as: no_such_ticket, illegal_move, not_your_counter.
    """
    turn = open_turn(pen, ticket, "park")
    if isinstance(turn, Refusal):
        return turn
    where = counter_of(pen, turn, agent)
    if isinstance(where, Refusal):
        return where
    assert turn.stretch_at is not None
    body = {
        **_names(turn),
        "counter": where.id,
        "zone": where.zone,
        "agent": agent,
        "called_at": instant_text(turn.stretch_at),
    }
    return _written(pen, "ticket.parked", body)


def resume(pen: Pen, *, ticket: str, agent: str) -> Moved | Refusal:
    """The person is ready again and waits where he stood: the due time is kept, and the rule calls him.

    Refused as: no_such_ticket, illegal_move.
    """
    turn = open_turn(pen, ticket, "resume")
    if isinstance(turn, Refusal):
        return turn
    body = {
        **_names(turn),
        "counter": _own_counter(pen, agent),
        "agent": agent,
        "due_at": instant_text(turn.due_at),
    }
    return _written(pen, "ticket.resumed", body)


def transfer(
    pen: Pen,
    *,
    ticket: str,
    agent: str,
    service: str | None = None,
    counter: str | None = None,
    served: bool = False,
    outcome: str | None = None,
) -> Moved | Refusal:
    """On to another service, or to one counter alone, with the same number and the time at which the person came.
    `served`: he was served here, and goes on to the next thing that he came for. Who still waits is transferred only
    while his service is suspended, and only to another service: the one that the manager has named, if he has.

    Refused as: no_such_ticket, illegal_move, not_your_counter, transfer_nowhere, no_such_service, no_such_counter,
    suspended, service_closed, counter_closed, no_such_outcome.
    """
    turn = open_turn(pen, ticket, "transfer_suspended" if _is_stranded(pen, ticket) else "transfer")
    if isinstance(turn, Refusal):
        return turn
    here = counter_of(pen, turn, agent) if turn.state in AT_COUNTER else None
    if isinstance(here, Refusal):
        return here
    target = _target(pen, turn, service, counter)
    if isinstance(target, Refusal):
        return target
    if not outcome_known(pen, turn, outcome):
        return Refusal("no_such_outcome")
    if served and here is None:
        return Refusal("illegal_move", {"number": turn.number})
    to_service, to_counter = target
    assert pen.hall.setup is not None
    if turn.state == "waiting":
        named = pen.hall.setup.instead_of.get(turn.service, to_service.code)
        if to_counter is not None or to_service.code not in {named} - {turn.service}:
            return Refusal("transfer_nowhere", {"number": turn.number})
    head_start_s = pen.hall.setup.rule.head_start_s(turn.klass)
    as_appointed = turn.counts_from if turn.klass == "appointment" else None
    body = {
        **_names(turn),
        "counter": None if here is None else here.id,
        "zone": None if here is None else here.zone,
        "agent": agent,
        "served": served,
        "outcome": outcome,
        "to_service": to_service.code,
        "to_counter": None if to_counter is None else to_counter.id,
        "to_zone": to_service.zone if to_counter is None else to_counter.zone,
        "arrived_at": instant_text(turn.arrived_at),
        "due_at": instant_text(calling.due_at(as_appointed or turn.arrived_at, head_start_s)),
    }
    return _written(pen, "ticket.transferred", body)


def undo(pen: Pen, *, ticket: str, agent: str) -> Moved | Refusal:
    """Take back what the agent's last key did to this ticket. The entries stay; their effect is gone.

    Refused as: no_such_ticket, counter_closed (no counter of his is open), nothing_to_undo (no key of his, or somebody
    has built on it), undo_too_late.
    """
    if ticket not in pen.hall.turns and not pen.was_drawn(ticket):
        return Refusal("no_such_ticket", {"number": ticket})
    shift = halls.shift_of(pen.hall, agent)
    if shift is None:
        return Refusal("no_shift")
    place = working_shift(pen, shift.counter, agent)
    if isinstance(place, Refusal):
        return place
    _shift, where = place
    stroke = pen.hall.strokes.get(where.id)
    if stroke is None or all(part.before.ticket != ticket for part in stroke.parts):
        return Refusal("nothing_to_undo")
    if pen.at - stroke.at > UNDO_FOR:
        return Refusal("undo_too_late")
    newest = stroke.parts[-1].before
    body = {
        **_names(newest),
        "counter": where.id,
        "zone": where.zone,
        "agent": agent,
        "undone": [_undone(part) for part in reversed(stroke.parts)],
    }
    entry = pen.write("action.undone", body)
    after = next(turn for turn in reversed(pen.hall.touched) if turn.ticket == ticket)
    return Moved(turn=after, seq=entry.seq)


def _is_stranded(pen: Pen, ticket: str) -> bool:
    """He waits for a service that is suspended."""
    turn = pen.hall.turns.get(ticket)
    return turn is not None and turn.state == "waiting" and halls.why_suspended(pen.hall, turn.service) is not None


def _target(pen: Pen, turn: Turn, service: str | None, counter: str | None) -> tuple[Service, Counter | None] | Refusal:
    """Where the person is sent, if anybody can be called there."""
    setup = pen.hall.setup
    assert setup is not None
    to_service = setup.service_by_code.get(service or turn.service)
    if to_service is None:
        return Refusal("no_such_service")
    to_counter = None if counter is None else setup.counter_by_id.get(counter)
    if counter is not None and to_counter is None:
        return Refusal("no_such_counter")
    if to_service.code == turn.service and counter in (None, turn.counter if turn.state in AT_COUNTER else None):
        return Refusal("transfer_nowhere", {"number": turn.number})
    if to_counter is not None:
        closed = to_counter.id not in pen.hall.shifts
        return Refusal("counter_closed", {"counter": to_counter.label}) if closed else (to_service, to_counter)
    reason = setup.why_suspended.get(to_service.code)
    if reason is not None:
        return Refusal("suspended", {"reason": reason})
    # Who is in the hall may still be served after the last ticket, as long as somebody works there.
    if halls.counters_open(pen.hall, to_service.code) == 0 and not _open_now(pen):
        return Refusal("service_closed")
    return to_service, None


def _open_now(pen: Pen) -> bool:
    setup = pen.hall.setup
    assert setup is not None
    return calendar.opening_at(setup.hours, setup.timezone, pen.at) is not None


def _own_counter(pen: Pen, agent: str) -> str | None:
    """Where the agent works, if anywhere: the key of an undo."""
    shift = halls.shift_of(pen.hall, agent)
    return None if shift is None else shift.counter


def _written(pen: Pen, kind: str, body: dict[str, object]) -> Moved:
    entry = pen.write(kind, body)
    assert pen.hall.touched_turn is not None
    return Moved(turn=pen.hall.touched_turn, seq=entry.seq)


def _undone(part: Part) -> dict[str, object]:
    return {"seq": part.seq, "kind": part.kind, "ticket": part.before.ticket, "number": part.before.number}


def _names(turn: Turn) -> dict[str, object]:
    return {"ticket": turn.ticket, "number": turn.number, "service": turn.service}
