"""The console's picture of one agent's counter: who is here, what may be done, who waits and why in this order.

The page holds no rule and no arithmetic but its running clocks. Agents are staff: they read real service names also at a
discreet site, where the hall reads neutral ones.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from counter import asides, lines
from counter.desks import Desk
from server.actions import shifts
from server.domain import estimates, tickets
from server.domain import hall as halls
from server.domain.entries import instant_text, whole_seconds
from server.domain.hall import Hall, Shift
from server.domain.sites import OUTCOMES, Counter, Rule
from server.domain.tickets import Turn
from server.web import i18n


def console(desk: Desk) -> dict[str, Any]:
    """Everything the page shows, with `may`: which keys do something now."""
    shift = desk.shift
    return {
        "seq": desk.hall.seq,
        "at": instant_text(desk.at),
        "agent": desk.agent,
        "counters": [_counter(desk, counter) for counter in desk.setup.counters],
        "may": _may(desk, shift),
        "helps": asides.helps(desk),
        **(_NO_COUNTER if shift is None else _at_counter(desk, shift)),
    }


_NO_COUNTER: Mapping[str, Any] = {
    "counter": None,
    "label": None,
    "paused": None,
    "present": None,
    "next": [],
    "more": 0,
    "lines": [],
    "empty_lines": 0,
    "parked": [],
    "missed": [],
    "missed_today": 0,
    "waiting": 0,
    "undo": None,
}


def _at_counter(desk: Desk, shift: Shift) -> dict[str, Any]:
    return {
        "counter": shift.counter,
        "label": desk.counter_label(shift.counter),
        "paused": _pause(desk, shift),
        "present": _present(desk, shift),
        **lines.shown(desk, shift),
        "parked": asides.parked(desk, shift),
        **asides.just_missed(desk, shift),
        "undo": asides.undo(desk, shift),
    }


def _counter(desk: Desk, counter: Counter) -> dict[str, Any]:
    shift = desk.hall.shifts.get(counter.id)
    turn = halls.turn_at(desk.hall, counter.id)
    return {
        "id": counter.id,
        "label": counter.label,
        "state": "closed" if shift is None else "open" if shift.paused_at is None else "paused",
        "mine": shift is not None and shift.agent == desk.agent,
        "taken": shift is not None and shift.agent != desk.agent,
        "gone": shift is not None and _is_gone(desk, shift),
        "agent": None if shift is None else desk.names.get(shift.agent, shift.agent),
        "paused": None if shift is None else _pause(desk, shift),
        "number": None if turn is None else turn.number,
    }


def _is_gone(desk: Desk, shift: Shift) -> bool:
    """Whoever has no counter yet may take this one over: its agent's machine gives no sign any more. Who works by a program
    alone never gave one, and his silence says nothing.
    """
    seen_at = desk.seen_at.get(shift.agent)
    if desk.shift is not None or shift.agent == desk.agent or seen_at is None:
        return False
    return shifts.is_gone(desk.hall, shift.counter, seen_at=seen_at, at=desk.at)


def _pause(desk: Desk, shift: Shift) -> dict[str, Any] | None:
    if shift.paused_at is None:
        return None
    return {
        "reason": shift.pause_reason,
        "since": desk.clock(shift.paused_at),
        "since_at": instant_text(shift.paused_at),
    }


def _present(desk: Desk, shift: Shift) -> dict[str, Any] | None:
    turn = halls.turn_at(desk.hall, shift.counter)
    if turn is None:
        return None
    assert turn.called_at is not None
    assert turn.stretch_at is not None
    return {
        "ticket": turn.ticket,
        "number": turn.number,
        "service": desk.service_name(turn.service),
        "language": turn.language,
        "language_name": i18n.AUTONYMS.get(turn.language, turn.language),
        "class": turn.klass,
        "state": turn.state,
        "calls": turn.calls,
        "joined": desk.clock(turn.arrived_at),
        # Of this visit: whoever was parked has been called before.
        "called": desk.clock(turn.stretch_at),
        "called_at": instant_text(turn.stretch_at),
        "started": None if turn.started_at is None else desk.clock(turn.started_at),
        "waited_min": whole_seconds(turn.joined_at, turn.called_at) // 60,
        "outcomes": _outcomes(desk, turn),
        "usual_s": _usual_s(desk.hall, turn.service),
        "no_show": _no_show(turn, desk.setup.rule, desk.at),
    }


def _usual_s(hall: Hall, service: str) -> int | None:
    """The median from call to end of the last turns for this service, once there are enough to speak of a habit."""
    took = hall.learned.turns_s.get(service, ())
    return None if len(took) < estimates.TURNS_NEEDED else round(estimates.quantile(sorted(took), 50))


def _outcomes(desk: Desk, turn: Turn) -> list[str]:
    service = desk.setup.service_by_code.get(turn.service)
    return list(OUTCOMES if service is None else service.possible_outcomes)


def _no_show(turn: Turn, rule: Rule, at: datetime) -> Mapping[str, int]:
    """What is still lacking before the turn may end as a no-show."""
    assert turn.stretch_at is not None
    return {
        "calls_lacking": max(0, rule.no_show_min_calls - turn.calls),
        "seconds_lacking": max(0, rule.no_show_min_s - whole_seconds(turn.stretch_at, at)),
    }


def _may(desk: Desk, shift: Shift | None) -> dict[str, bool]:
    """Which keys do something now; a key that is not named here never does."""
    hall = desk.hall
    go_help = any(shift is None or counter != shift.counter for counter in hall.helps)
    if shift is None:
        return {"go_help": go_help}
    turn = halls.turn_at(hall, shift.counter)
    working = shift.paused_at is None
    calls_help = shift.counter in hall.helps
    moves = ("recall", "start", "finish", "no_show", "park", "transfer")
    return {
        "call": working,
        **{verb: turn is not None and tickets.may(verb, turn) for verb in moves},
        "outcome": turn is not None and tickets.may("finish", turn),
        "out_of_order": working and lines.anybody(hall, shift),
        "take_up": bool(asides.parked_turns(hall, shift)),
        "put_back": asides.may_be_put_back(desk, shift),
        "undo": asides.undo(desk, shift) is not None,
        "pause": working,
        "resume": not working,
        "close": turn is None,
        "go_help": go_help,
        "ask_help": not calls_help,
        "end_help": calls_help,
    }
