"""Who waits for one agent's counter, in order and with the reason of the order; and whom it could call before others."""

from datetime import datetime
from typing import Any

from counter.desks import Desk
from server.domain import calling
from server.domain import hall as halls
from server.domain.calling import Line
from server.domain.entries import whole_seconds
from server.domain.hall import Hall, Place, Shift
from server.domain.tickets import Turn

#: So many places of the line are shown; the rest is a count.
PLACES_SHOWN = 8
#: So many lines with people in them are shown, the longest wait first.
LINES_SHOWN = 8


def shown(desk: Desk, shift: Shift) -> dict[str, Any]:
    places = calling.candidates(desk.hall, shift, desk.at)
    lines = _lines(desk, shift)
    waiting = [line for line in lines if line["waiting"]]
    return {
        "next": [_place(desk, shift, place, line) for place, line in places[:PLACES_SHOWN]],
        "more": max(0, len(places) - PLACES_SHOWN),
        "lines": sorted(waiting, key=lambda line: -line["longest_min"])[:LINES_SHOWN],
        "empty_lines": len(lines) - len(waiting),
        "waiting": len(places),
    }


def callable_before_others(hall: Hall, shift: Shift) -> list[Turn]:
    """Everybody whom this counter could call out of order, also from a line that it does not help yet."""
    codes = dict.fromkeys((*shift.serves, *(helped.service for helped in shift.helps)))
    places: set[Place] = {place for code in codes for place in hall.lines.get(code, ())}
    places |= set(hall.bound.get(shift.counter, ()))
    return [hall.turns[ticket] for _due_at, _seq, ticket in sorted(places)]


def anybody(hall: Hall, shift: Shift) -> bool:
    codes = (*shift.serves, *(helped.service for helped in shift.helps))
    return bool(hall.bound.get(shift.counter)) or any(hall.lines.get(code) for code in codes)


def waiting(desk: Desk, shift: Shift) -> list[dict[str, Any]]:
    """What the agent chooses from who calls out of order."""
    return [
        {
            "ticket": turn.ticket,
            "number": turn.number,
            "service": desk.service_name(turn.service),
            "class": turn.klass,
            "due": desk.clock(turn.due_at),
            "waited_min": desk.minutes_since(turn.joined_at),
        }
        for turn in callable_before_others(desk.hall, shift)
    ]


def _place(desk: Desk, shift: Shift, place: Place, line: Line) -> dict[str, Any]:
    turn = desk.hall.turns[place[2]]
    helped = next(h for h in shift.helps if h.service == turn.service) if line == "helps" else None
    return {
        "ticket": turn.ticket,
        "number": turn.number,
        "service": desk.service_name(turn.service),
        "class": turn.klass,
        "due": desk.clock(turn.due_at),
        # A transferred person came earlier than he joined this line.
        "joined": desk.clock(turn.arrived_at),
        "waited_min": desk.minutes_since(turn.joined_at),
        "head_start_min": whole_seconds(turn.due_at, turn.arrived_at) // 60,
        "helped_after_min": None if helped is None else helped.after_s // 60,
        "bound": line == "bound",
        "rule": desk.setup.rule.version,
    }


def _lines(desk: Desk, shift: Shift) -> list[dict[str, Any]]:
    helped = [helps.service for helps in shift.helps if helps.service not in shift.serves]
    return [
        {
            "service": desk.service_name(code),
            "helps": code in helped,
            "waiting": halls.waiting_count(desk.hall, code),
            "longest_min": _longest_min(desk.hall, code, desk.at),
        }
        for code in (*shift.serves, *helped)
    ]


def _longest_min(hall: Hall, code: str, at: datetime) -> int | None:
    """Of all who wait for the service, also those who wait for one counter alone."""
    lines = (hall.lines.get(code, ()), *hall.bound.values())
    turns = (hall.turns[ticket] for line in lines for _due_at, _seq, ticket in line)
    joined = [turn.joined_at for turn in turns if turn.service == code]
    return whole_seconds(min(joined), at) // 60 if joined else None
