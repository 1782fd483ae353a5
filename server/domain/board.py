"""The board: what a waiting-room display shows now, and what the live channel may say of an entry.

Both are pure functions of the hall and of the time, ready for JSON. They hold nothing of a person: no ticket id, no
agent, no class, no ground; at a discreet site the hall knows only neutral service codes, so the board can't say more.
"""

from datetime import datetime
from typing import Any, Literal

from server.domain import calendar, calls, estimates, notices, waiting
from server.domain import hall as halls
from server.domain.calls import Call
from server.domain.entries import Entry, instant_text
from server.domain.hall import Hall
from server.domain.sites import Service
from server.domain.tickets import AT_COUNTER

#: `undone`: the call was taken back, and nobody should go there.
CallState = Literal["called", "serving", "ended", "undone"]

#: Kinds that say something about a ticket that a whole hall may hear.
TICKET_KINDS = ("ticket.", "action.undone")
#: What of a ticket entry's body is public.
PUBLIC_FIELDS = ("number", "service", "counter", "zone")
#: What the desk does for one person is nobody's business: the hall hears only how many wait.
BETWEEN_TWO = frozenset({"ticket.reclassified", "ticket.reprinted"})
#: To the hall a call is a call: whoever is called out of order is not pointed at. The counts are public.
TOLD_AS = {"ticket.called_out_of_order": "ticket.called"}


def board(hall: Hall, at: datetime, *, zone: str | None = None) -> dict[str, Any]:
    """Calls and missed calls, newest first, and lines, of one zone if it is named; and the messages of the site."""
    missed = calls.still_missed(hall.missed, at)
    return {
        "seq": hall.seq,
        "at": instant_text(at),
        "utc_offset_s": utc_offset_s(hall, at),
        "calls": [_call(hall, call) for call in hall.calls if zone in {None, call.zone}],
        "missed": [_missed(hall, call) for call in missed if zone in {None, call.zone}],
        "lines": lines(hall, at, zone=zone),
        "closed": _closed(hall, at),
        **_messages(hall, at),
    }


def lines(hall: Hall, at: datetime, *, zone: str | None = None) -> list[dict[str, Any]]:
    """Each service's line, in the order of the set-up, with the wait of somebody who would join now."""
    services = () if hall.setup is None else hall.setup.services
    return [_line(hall, service, at) for service in services if zone in {None, service.zone}]


def utc_offset_s(hall: Hall, at: datetime) -> int:
    """What a screen adds to read local time: its own zone data may be older than the law."""
    offset = None if hall.setup is None else calendar.local(at, hall.setup.timezone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def public_view(entry: Entry, hall: Hall) -> dict[str, Any]:
    """What the live channel tells of `entry`; `hall` is the hall right after it.

    A ticket's entry carries its number and service, once called its counter and zone, and how many wait in that line
    now. Everything else carries only that it happened: who needs more asks for the board.
    """
    kind = TOLD_AS.get(entry.kind, entry.kind)
    told: dict[str, Any] = {"seq": entry.seq, "kind": kind, "at": instant_text(entry.at)}
    if not entry.kind.startswith(TICKET_KINDS):
        return told
    told.update({name: entry.body[name] for name in PUBLIC_FIELDS if entry.body.get(name) is not None})
    if entry.kind in BETWEEN_TWO:
        del told["number"]
    if "counter" in told:
        told["counter_label"] = counter_label(hall, told["counter"])
    if "service" in told:
        told["waiting"] = halls.waiting_count(hall, told["service"])
    return told


def counter_label(hall: Hall, counter: str) -> str:
    """What the hall reads of a counter. A counter that the set-up no longer knows shows its id."""
    known = None if hall.setup is None else hall.setup.counter_by_id.get(counter)
    return counter if known is None else known.label


def _call(hall: Hall, call: Call) -> dict[str, Any]:
    return {**_missed(hall, call), "state": _state(hall, call)}


def _missed(hall: Hall, call: Call) -> dict[str, Any]:
    return {
        "seq": call.seq,
        "at": instant_text(call.at),
        "number": call.number,
        "service": call.service,
        "counter": call.counter,
        "counter_label": counter_label(hall, call.counter),
        "zone": call.zone,
    }


def _state(hall: Hall, call: Call) -> CallState:
    """A ticket that went on to another service or counter has ended here."""
    if call.undone:
        return "undone"
    turn = hall.turns.get(call.ticket)
    if turn is None or turn.counter != call.counter or turn.state not in AT_COUNTER:
        return "ended"
    return "serving" if turn.state == "serving" else "called"


def _line(hall: Hall, service: Service, at: datetime) -> dict[str, Any]:
    why_suspended = halls.why_suspended(hall, service.code)
    now = waiting.line_now(hall, service.code, waiting.place_of_newcomer(hall, at), at)
    estimate = estimates.estimate(hall.learned, now)
    told = estimate.told
    line: dict[str, Any] = {
        "service": service.code,
        "zone": service.zone,
        "waiting": halls.waiting_count(hall, service.code),
        "counters_open": now.open_counters,
        "estimate": None
        if told is None
        else {"low_s": told.low_s, "median_s": told.median_s, "high_s": told.high_s, "level": told.level},
    }
    if estimate.untold is not None:
        line["estimate_why"] = estimate.untold
    if why_suspended is not None:
        line["suspended"] = why_suspended
    return line


def _closed(hall: Hall, at: datetime) -> dict[str, Any] | None:
    """None while the site is open; else when it opens next, in its local time: today, or on a day that is named."""
    setup = hall.setup
    if setup is None or calendar.opening_at(setup.hours, setup.timezone, at) is not None:
        return None
    opens_at = calendar.next_opening_at(setup.hours, setup.timezone, at)
    if opens_at is None:
        return {"time": None, "date": None}
    opens = calendar.local(opens_at, setup.timezone)
    is_today = opens.date() == calendar.local(at, setup.timezone).date()
    return {"time": f"{opens:%H:%M}", "date": None if is_today else f"{opens:%d/%m}"}


def _messages(hall: Hall, at: datetime) -> dict[str, Any]:
    """What hangs in the hall, and until when that list holds: then a screen asks again."""
    messages, languages = ((), ()) if hall.setup is None else (hall.setup.messages, hall.setup.languages)
    return {
        "messages": notices.messages_on_board(messages, languages, at),
        "messages_until": notices.messages_until(messages, at),
    }
