"""Calling the next person, calling somebody before others, and calling again.

Everything at a site happens in one order, so two counters can't get the same person: the second to come simply gets the
next one. *Next* while somebody is at the counter ends that turn and calls, in one transaction. A call out of order is
possible and never hidden: it needs a reason from the site's list, and its entry names everybody whom it passes.
"""

from dataclasses import dataclass
from typing import Any

from server.actions import serving
from server.actions.reception import Moved, open_turn
from server.domain import calling
from server.domain import hall as halls
from server.domain.entries import instant_text
from server.domain.errors import Refusal
from server.domain.hall import Shift
from server.domain.sites import NEED_A_NOTE, Counter
from server.domain.story import Pen
from server.domain.tickets import Turn


@dataclass(frozen=True, slots=True)
class Called:
    turn: Turn
    reason: calling.Reason
    seq: int


@dataclass(frozen=True, slots=True)
class CalledOutOfOrder:
    turn: Turn
    why: str
    #: Tickets of the people who were passed.
    overtaken: tuple[str, ...]
    seq: int


@dataclass(frozen=True, slots=True)
class NobodyWaiting:
    """Nobody may be called here. If a turn was ended on the way, `ended` says so and stands."""

    ended: Moved | None


def call_next(
    pen: Pen,
    *,
    counter: str,
    agent: str,
    ending: str | None = None,
    outcome: str | None = None,
    expected: str | None = None,
) -> Called | NobodyWaiting | Refusal:
    """The next person by the rule. `expected` is the ticket that the caller believes is at the counter: a key that was
    pressed twice must not end the turn that its first press began.

    Refused as: no_such_counter, counter_closed, not_your_counter, counter_paused, counter_busy (somebody is at the
    counter and no `ending` was given), other_at_counter (somebody else is there than `expected`), and by what `ending`
    itself is refused for.
    """
    ready = _ready(pen, counter, agent, ending=ending, outcome=outcome, expected=expected)
    if isinstance(ready, Refusal):
        return ready
    shift, where, ended = ready
    choice = calling.choose_next(pen.hall, shift, pen.at)
    if choice is None:
        return NobodyWaiting(ended=ended)
    body = {
        **_names(pen.hall.turns[choice.ticket], where),
        "agent": agent,
        "reason": calling.reason_to_body(choice.reason),
        "ended_seq": None if ended is None else ended.seq,
    }
    entry = pen.write("ticket.called", body)
    return Called(turn=pen.hall.turns[choice.ticket], reason=choice.reason, seq=entry.seq)


def call_out_of_order(
    pen: Pen,
    *,
    counter: str,
    agent: str,
    ticket: str,
    why: str,
    sealed: str | None = None,
    ending: str | None = None,
    outcome: str | None = None,
    expected: str | None = None,
) -> CalledOutOfOrder | Refusal:
    """Call a person now, whoever is before. `sealed` binds a note that stands outside the journal.

    Refused as: no_such_reason, note_required, no_such_ticket, illegal_move, bound_elsewhere (sent to another counter
    alone), not_served_here (the counter neither serves nor helps that line), and like `call_next`.
    """
    setup = pen.hall.setup
    if setup is None or why not in setup.possible_call_reasons:
        return Refusal("no_such_reason")
    if why in NEED_A_NOTE and sealed is None:
        return Refusal("note_required")
    ready = _ready(pen, counter, agent, ending=ending, outcome=outcome, expected=expected)
    if isinstance(ready, Refusal):
        return ready
    shift, where, ended = ready
    turn = open_turn(pen, ticket, "call_out_of_order")
    if isinstance(turn, Refusal):
        return turn
    refused = _why_not_here(pen, shift, where, turn)
    if refused is not None:
        return refused
    passed = calling.overtaken(pen.hall, shift, turn, pen.at)
    body = {
        **_names(turn, where),
        "agent": agent,
        "why": why,
        "sealed": sealed,
        "rule": setup.rule.version,
        "due_at": instant_text(turn.due_at),
        "overtaken": passed,
        "ended_seq": None if ended is None else ended.seq,
    }
    entry = pen.write("ticket.called_out_of_order", body)
    return CalledOutOfOrder(turn=pen.hall.turns[turn.ticket], why=why, overtaken=tuple(passed), seq=entry.seq)


def recall(pen: Pen, *, ticket: str, agent: str) -> Moved | Refusal:
    """Call the same person again. Refused as: no_such_ticket, illegal_move, not_your_counter."""
    turn = open_turn(pen, ticket, "recall")
    if isinstance(turn, Refusal):
        return turn
    where = serving.counter_of(pen, turn, agent)
    if isinstance(where, Refusal):
        return where
    entry = pen.write("ticket.recalled", {**_names(turn, where), "calls": turn.calls + 1})
    return Moved(turn=pen.hall.turns[turn.ticket], seq=entry.seq)


def working_shift(pen: Pen, counter: str, agent: str) -> tuple[Shift, Counter] | Refusal:
    """The agent's own open shift at this counter."""
    setup = pen.hall.setup
    where = None if setup is None else setup.counter_by_id.get(counter)
    if where is None:
        return Refusal("no_such_counter")
    shift = pen.hall.shifts.get(counter)
    if shift is None:
        return Refusal("counter_closed", {"counter": where.label})
    if shift.agent != agent:
        return Refusal("not_your_counter", {"counter": where.label})
    return shift, where


def _ready(
    pen: Pen, counter: str, agent: str, *, ending: str | None, outcome: str | None, expected: str | None
) -> tuple[Shift, Counter, Moved | None] | Refusal:
    """The counter, free to call: its present turn, if there was one, has been ended on the way."""
    place = working_shift(pen, counter, agent)
    if isinstance(place, Refusal):
        return place
    shift, where = place
    if shift.paused_at is not None:
        return Refusal("counter_paused", {"counter": where.label})
    present = halls.turn_at(pen.hall, where.id)
    if present is not None and expected is not None and present.ticket != expected:
        return Refusal("other_at_counter", {"number": present.number, "counter": where.label})
    ended = _end_present(pen, where, agent, ending, outcome)
    return ended if isinstance(ended, Refusal) else (shift, where, ended)


def _why_not_here(pen: Pen, shift: Shift, where: Counter, turn: Turn) -> Refusal | None:
    if turn.bound is not None and turn.bound != where.id:
        assert pen.hall.setup is not None
        there = pen.hall.setup.counter_by_id.get(turn.bound)
        label = turn.bound if there is None else there.label
        return Refusal("bound_elsewhere", {"number": turn.number, "counter": label})
    if turn.bound is None and not shift.may_call(turn.service):
        return Refusal("not_served_here", {"number": turn.number, "counter": where.label})
    return None


def _end_present(
    pen: Pen, where: Counter, agent: str, ending: str | None, outcome: str | None
) -> Moved | Refusal | None:
    present = halls.turn_at(pen.hall, where.id)
    if present is None:
        return None
    if ending == "finished":
        return serving.finish(pen, ticket=present.ticket, agent=agent, outcome=outcome)
    if ending == "no_show":
        return serving.no_show(pen, ticket=present.ticket, agent=agent)
    return Refusal("counter_busy", {"number": present.number, "counter": where.label})


def _names(turn: Turn, where: Counter) -> dict[str, Any]:
    return {
        "ticket": turn.ticket,
        "number": turn.number,
        "service": turn.service,
        "counter": where.id,
        "zone": where.zone,
    }
