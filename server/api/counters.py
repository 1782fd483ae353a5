"""Counters: shifts, pauses and calls. An agent's token acts for himself; a manager may close what was left open."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, g, jsonify

from server.actions import calling, shifts
from server.actions import help as help_calls
from server.api.blueprint import api
from server.api.bodies import Call, CounterPath, Nothing, OvertakenPath, Pause
from server.domain import calling as rule
from server.domain.calling import reason_to_body
from server.domain.entries import instant_text
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.store import logins
from server.store.schema import from_ms
from server.store.transact import Answer
from server.web import commands, presenters
from server.web.access import guard, target_site
from server.web.context import house
from server.web.errors import Refused


@api.post("/counters/<string:counter>/shifts")
@guard("agent")
def open_shift(path: CounterPath, body: Nothing) -> Response:
    """Open the counter."""
    del body
    action = partial(shifts.open_shift, counter=path.counter, agent=_agent_at(path.counter))
    return commands.run(_site(), action, _shift_opened)


@api.delete("/counters/<string:counter>/shifts/current")
@guard("agent", "manager", "admin")
def close_shift(path: CounterPath) -> Response:
    """Close the counter."""
    if g.identity.kind == "agent":
        action = partial(shifts.close, counter=path.counter, agent=_agent_at(path.counter))
    else:
        action = partial(shifts.close_for_agent, counter=path.counter)
    return commands.run(_site(), action, _shift_changed)


@api.post("/counters/<string:counter>/takeovers")
@guard("agent")
def take_over(path: CounterPath, body: Nothing) -> Response:
    """Go on at a counter whose agent's machine has given no sign for three minutes. Whoever is there stays there."""
    del body
    hall = house().hall(_site())
    shift = None if hall is None else hall.shifts.get(path.counter)
    seen_at = None
    if shift is not None:
        with house().read() as conn:
            seen = logins.last_seen(conn, [shift.agent]).get(shift.agent)
        seen_at = None if seen is None else from_ms(seen)
    action = partial(shifts.take_over, counter=path.counter, agent=_agent_at(path.counter), seen_at=seen_at)
    return commands.run(_site(), action, _shift_opened)


@api.post("/counters/<string:counter>/pauses")
@guard("agent")
def pause(path: CounterPath, body: Pause) -> Response:
    """Pause with a reason; nobody is called to this counter meanwhile."""
    action = partial(shifts.pause, counter=path.counter, agent=_agent_at(path.counter), reason=body.reason)
    return commands.run(_site(), action, _shift_opened)


@api.delete("/counters/<string:counter>/pauses/current")
@guard("agent")
def resume(path: CounterPath) -> Response:
    """End the pause."""
    action = partial(shifts.resume, counter=path.counter, agent=_agent_at(path.counter))
    return commands.run(_site(), action, _shift_changed)


@api.post("/counters/<string:counter>/calls")
@guard("agent")
def call(path: CounterPath, body: Call) -> Response:
    """Call the next person by the published rule; 204 when nobody waits. With `expected` a press that comes twice is
    409 `other_at_counter` and changes nothing. With `ticket` and `reason` that person is called before others.
    """
    if body.ticket is not None or body.reason is not None:
        return _call_out_of_order(path.counter, body)
    if body.note is not None:
        raise Refused(Refusal("reason_required"))
    action = partial(
        calling.call_next,
        counter=path.counter,
        agent=_agent_at(path.counter),
        ending=body.ending,
        outcome=body.outcome,
        expected=body.expected,
    )
    view = presenters.ticket_view(house(), _site())

    def present(did: calling.Called | calling.NobodyWaiting, _hall: Hall) -> Answer:
        if isinstance(did, calling.NobodyWaiting):
            return 204, None
        return 201, {
            "ticket": presenters.moved(view, did.turn, did.seq),
            "counter": path.counter,
            "reason": reason_to_body(did.reason),
            "seq": did.seq,
        }

    return commands.run(_site(), action, present)


def _call_out_of_order(counter: str, body: Call) -> Response:
    if body.ticket is None or body.reason is None:
        raise Refused(Refusal("reason_required" if body.reason is None else "ticket_required"))
    sealed = commands.seal(body.note)
    action = partial(
        calling.call_out_of_order,
        counter=counter,
        agent=_agent_at(counter),
        ticket=body.ticket,
        why=body.reason,
        sealed=None if sealed is None else sealed.hash,
        ending=body.ending,
        outcome=body.outcome,
        expected=body.expected,
    )
    view = presenters.ticket_view(house(), _site())

    def present(did: calling.CalledOutOfOrder, _hall: Hall) -> Answer:
        return 201, {
            "ticket": presenters.moved(view, did.turn, did.seq),
            "counter": counter,
            "reason": {"why": did.why, "overtaken": list(did.overtaken)},
            "seq": did.seq,
        }

    return commands.run(_site(), action, present, beside=commands.keeping(_site(), sealed))


@api.get("/counters/<string:counter>/overtaken/<string:ticket>")
@guard("agent", "manager", "admin")
def overtaken(path: OvertakenPath) -> Response:
    """Whom a call of this ticket at this counter would pass now: what an agent is shown before the key is pressed."""
    hall = house().hall(_site())
    assert hall is not None
    shift, turn = hall.shifts.get(path.counter), hall.turns.get(path.ticket)
    if shift is None:
        raise Refused(Refusal("no_shift"))
    if turn is None or turn.state != "waiting":
        raise Refused(Refusal("no_such_ticket", {"number": path.ticket}))
    passed = rule.overtaken(hall, shift, turn, house().clock.now())
    numbers = [hall.turns[ticket].number for ticket in passed]
    return jsonify({"number": turn.number, "count": len(numbers), "numbers": numbers})


@api.post("/counters/<string:counter>/helps")
@guard("agent")
def call_for_help(path: CounterPath, body: Nothing) -> Response:
    """Call colleagues, quietly."""
    del body
    return commands.run(
        _site(), partial(help_calls.call, counter=path.counter, agent=_agent_at(path.counter)), _helped(201)
    )


@api.delete("/counters/<string:counter>/helps/current")
@guard("agent", "orienter", "manager", "admin")
def answer_help(path: CounterPath) -> Response:
    """Say that somebody goes there."""
    return commands.run(
        _site(), partial(help_calls.answer, counter=path.counter, agent=commands.identity().code), _helped(200)
    )


def _helped(status: int) -> Callable[[help_calls.Helped, Hall], Answer]:
    return lambda did, _hall: (status, {"counter": did.counter, "seq": did.seq})


def _shift_opened(did: shifts.Shifted, _hall: Hall) -> Answer:
    return 201, _shift(did)


def _shift_changed(did: shifts.Shifted, _hall: Hall) -> Answer:
    return 200, _shift(did)


def _shift(did: shifts.Shifted) -> dict[str, Any]:
    shift = did.shift
    return {
        "counter": shift.counter,
        "agent": shift.agent,
        "opened_at": instant_text(shift.opened_at),
        "closed_at": None if shift.closed_at is None else instant_text(shift.closed_at),
        "paused": shift.pause_reason,
        "seq": did.seq,
    }


def _agent_at(counter: str) -> str:
    """The agent of this request, who may be bound to one counter."""
    who = commands.identity()
    if who.counter is not None and who.counter != counter:
        raise Refused(Refusal("not_your_counter", {"counter": counter.rpartition("-")[2]}))
    return who.code


def _site() -> str:
    site = target_site()
    assert site is not None
    return site
