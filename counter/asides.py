"""Who is not in the line and may come back to it, what the last key can still take back, and who calls for help."""

from datetime import timedelta
from typing import Any

from counter.desks import Desk
from server.actions.turns import UNDO_FOR
from server.domain.calls import MISSED_FOR
from server.domain.entries import instant_text
from server.domain.hall import Hall, Part, Shift
from server.domain.tickets import Turn

#: Whoever was parked longer ago than this is marked, so that nobody is forgotten.
LONG_PARKED = timedelta(minutes=20)
MISSED_SHOWN = 4


def parked_turns(hall: Hall, shift: Shift) -> list[Turn]:
    """Of the services that this counter serves, and its own; who was parked first comes first."""
    turns = [turn for turn in hall.turns.values() if turn.state == "parked" and _is_ours(turn, shift)]
    return sorted(turns, key=lambda turn: (turn.aside_at or turn.joined_at, turn.opened_seq))


def missed_turns(hall: Hall, shift: Shift) -> list[Turn]:
    """Today's no-shows of those services, the latest first: most come a few minutes too late."""
    turns = [turn for turn in hall.no_shows.values() if _is_ours(turn, shift)]
    return sorted(turns, key=lambda turn: (turn.ended_at or turn.joined_at, turn.opened_seq), reverse=True)


def parked(desk: Desk, shift: Shift) -> list[dict[str, Any]]:
    return [_parked(desk, turn) for turn in parked_turns(desk.hall, shift)]


def missed(desk: Desk, shift: Shift) -> list[dict[str, Any]]:
    """All of today, to choose from."""
    return [_missed(desk, turn) for turn in missed_turns(desk.hall, shift)]


def just_missed(desk: Desk, shift: Shift) -> dict[str, Any]:
    """Whoever may still be on the way, as the displays show them; and how many it were today."""
    turns = missed_turns(desk.hall, shift)
    fresh = [turn for turn in turns if turn.ended_at is not None and desk.at - turn.ended_at < MISSED_FOR]
    return {"missed": [_missed(desk, turn) for turn in fresh[:MISSED_SHOWN]], "missed_today": len(turns)}


def may_be_put_back(desk: Desk, shift: Shift) -> bool:
    most = desk.setup.rule.put_backs_max
    return any(turn.put_backs < most for turn in missed_turns(desk.hall, shift))


def undo(desk: Desk, shift: Shift) -> dict[str, Any] | None:
    """What the last key of this counter did, and until when it can be taken back."""
    stroke = desk.hall.strokes.get(shift.counter)
    if stroke is None or desk.at - stroke.at > UNDO_FOR:
        return None
    newest = stroke.parts[-1].before
    return {
        "ticket": newest.ticket,
        "number": newest.number,
        "what": [_did(part) for part in stroke.parts],
        "until": instant_text(stroke.at + UNDO_FOR),
    }


def helps(desk: Desk) -> list[dict[str, Any]]:
    """Counters that call for help, the first caller first; the agent's own among them is `mine`."""
    calls = sorted(desk.hall.helps.items(), key=lambda call: call[1].seq)
    return [
        {
            "counter": counter,
            "label": desk.counter_label(counter),
            "since": desk.clock(call.at),
            "mine": desk.shift is not None and desk.shift.counter == counter,
        }
        for counter, call in calls
    ]


def _is_ours(turn: Turn, shift: Shift) -> bool:
    return turn.service in shift.serves or turn.counter == shift.counter


def _parked(desk: Desk, turn: Turn) -> dict[str, Any]:
    assert turn.aside_at is not None
    return {
        **_aside(desk, turn),
        "since_min": desk.minutes_since(turn.aside_at),
        "long": desk.at - turn.aside_at > LONG_PARKED,
    }


def _missed(desk: Desk, turn: Turn) -> dict[str, Any]:
    assert turn.ended_at is not None
    return {
        **_aside(desk, turn),
        "at": desk.clock(turn.ended_at),
        "left": max(0, desk.setup.rule.put_backs_max - turn.put_backs),
    }


def _aside(desk: Desk, turn: Turn) -> dict[str, Any]:
    return {"ticket": turn.ticket, "number": turn.number, "service": desk.service_name(turn.service)}


def _did(part: Part) -> dict[str, str]:
    """`called`, `finished` …: the words stand under `did.`."""
    return {"what": part.kind.partition(".")[2], "number": part.before.number}
