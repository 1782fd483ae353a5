"""The console's picture of one agent's counter: who is here, what may be done, who waits and why in this order.

The page holds no rule and no arithmetic but its running clocks. Agents are staff: they read real service names also at a
discreet site, where the hall reads neutral ones.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.domain import calendar, calling, calls, estimates, tickets
from server.domain import hall as halls
from server.domain.entries import instant_text, whole_seconds
from server.domain.hall import Hall, Shift
from server.domain.sites import Counter, Rule, Setup
from server.domain.tickets import Turn
from server.packs.pack import Pack
from server.web import i18n
from server.web.i18n import Words

#: So many places of the line are shown; the rest is a count.
PLACES_SHOWN = 8
#: So many lines with people in them are shown, the longest wait first.
LINES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Desk:
    """One agent's counter at one moment, and what is needed to say it in words."""

    hall: Hall
    setup: Setup
    pack: Pack
    words: Words
    #: Of the agents who are at a counter, by code.
    names: Mapping[str, str]
    agent: str
    at: datetime

    @property
    def shift(self) -> Shift | None:
        return next((shift for shift in self.hall.shifts.values() if shift.agent == self.agent), None)

    def service_name(self, code: str) -> str:
        service = self.pack.service(code)
        if service is None:
            return code
        names = {lang: service.names.own(lang) for lang in i18n.LANGUAGES}
        return self.words.name(names).plain

    def clock(self, at: datetime) -> str:
        """As the clock in the hall shows it, whatever the computer of the agent believes."""
        return self.words.time(calendar.local(at, self.setup.timezone))


def console(desk: Desk) -> dict[str, Any]:
    """Everything the page shows, with `may`: which keys do something now."""
    shift = desk.shift
    return {
        "seq": desk.hall.seq,
        "at": instant_text(desk.at),
        "agent": desk.agent,
        "counters": [_counter(desk, counter) for counter in desk.setup.counters],
        "may": _may(desk.hall, shift),
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
    "waiting": 0,
}


def _at_counter(desk: Desk, shift: Shift) -> dict[str, Any]:
    places = _places(desk, shift)
    lines = _lines(desk, shift)
    waiting = [line for line in lines if line["waiting"]]
    return {
        "counter": shift.counter,
        "label": desk.setup.counter_by_id[shift.counter].label,
        "paused": _pause(desk, shift),
        "present": _present(desk, shift),
        "next": [_place(desk, shift, turn) for turn in places[:PLACES_SHOWN]],
        "more": max(0, len(places) - PLACES_SHOWN),
        "lines": sorted(waiting, key=lambda line: -line["longest_min"])[:LINES_SHOWN],
        "empty_lines": len(lines) - len(waiting),
        "parked": [_aside(desk, turn.number, turn.service) for turn in _parked_turns(desk.hall, shift)],
        "missed": [
            {**_aside(desk, call.number, call.service), "at": desk.clock(call.at)}
            for call in calls.still_missed(desk.hall.missed, desk.at)
            if call.service in shift.serves
        ],
        "waiting": len(places),
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
        "agent": None if shift is None else desk.names.get(shift.agent, shift.agent),
        "paused": None if shift is None else _pause(desk, shift),
        "number": None if turn is None else turn.number,
    }


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
    return {
        "ticket": turn.ticket,
        "number": turn.number,
        "service": desk.service_name(turn.service),
        "language": turn.language,
        "language_name": i18n.AUTONYMS.get(turn.language, turn.language),
        "class": turn.klass,
        "state": turn.state,
        "calls": turn.calls,
        "joined": desk.clock(turn.joined_at),
        "called": desk.clock(turn.called_at),
        "called_at": instant_text(turn.called_at),
        "started": None if turn.started_at is None else desk.clock(turn.started_at),
        "waited_min": whole_seconds(turn.joined_at, turn.called_at) // 60,
        "usual_s": _usual_s(desk.hall, turn.service),
        "no_show": _no_show(turn, desk.setup.rule, desk.at),
    }


def _usual_s(hall: Hall, service: str) -> int | None:
    """The median from call to end of the last turns for this service, once there are enough to speak of a habit."""
    took = hall.learned.turns_s.get(service, ())
    return None if len(took) < estimates.TURNS_NEEDED else round(estimates.quantile(sorted(took), 50))


def _no_show(turn: Turn, rule: Rule, at: datetime) -> Mapping[str, int]:
    """What is still lacking before the turn may end as a no-show."""
    assert turn.called_at is not None
    return {
        "calls_lacking": max(0, rule.no_show_min_calls - turn.calls),
        "seconds_lacking": max(0, rule.no_show_min_s - whole_seconds(turn.called_at, at)),
    }


def _places(desk: Desk, shift: Shift) -> list[Turn]:
    """Whom this counter would call, in order, if nothing changed meanwhile."""
    hall = desk.hall
    places = {place for code in shift.serves for place in hall.lines.get(code, ())}
    for helps in shift.helps:
        overdue = desk.at - timedelta(seconds=helps.after_s)
        places |= {place for place in hall.lines.get(helps.service, ()) if place[0] <= overdue}
    turns = [hall.turns[ticket] for _due_at, _seq, ticket in sorted(places)]
    first = calling.choose_next(hall, shift, desk.at)
    # The rule's own answer stands first, so that what is shown can't disagree with what is called.
    return turns if first is None else sorted(turns, key=lambda turn: turn.ticket != first.ticket)


def _place(desk: Desk, shift: Shift, turn: Turn) -> dict[str, Any]:
    helped = None if turn.service in shift.serves else next(h for h in shift.helps if h.service == turn.service)
    return {
        "ticket": turn.ticket,
        "number": turn.number,
        "service": desk.service_name(turn.service),
        "class": turn.klass,
        "due": desk.clock(turn.due_at),
        "joined": desk.clock(turn.joined_at),
        "waited_min": whole_seconds(turn.joined_at, desk.at) // 60,
        "head_start_min": whole_seconds(turn.due_at, turn.joined_at) // 60,
        "helped_after_min": None if helped is None else helped.after_s // 60,
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
    joined = [hall.turns[ticket].joined_at for _due_at, _seq, ticket in hall.lines.get(code, ())]
    return whole_seconds(min(joined), at) // 60 if joined else None


def _aside(desk: Desk, number: str, service: str) -> dict[str, Any]:
    """Somebody who is not in the line and may come back to this counter."""
    return {"number": number, "service": desk.service_name(service)}


def _parked_turns(hall: Hall, shift: Shift) -> Iterator[Turn]:
    return (turn for turn in hall.turns.values() if turn.state == "parked" and turn.service in shift.serves)


def _may(hall: Hall, shift: Shift | None) -> dict[str, bool]:
    turn = None if shift is None else halls.turn_at(hall, shift.counter)
    working = shift is not None and shift.paused_at is None
    return {
        "call": working,
        "recall": turn is not None and tickets.may("recall", turn),
        "start": turn is not None and tickets.may("start", turn),
        "finish": turn is not None and tickets.may("finish", turn),
        "no_show": turn is not None and tickets.may("no_show", turn),
        "pause": working,
        "resume": shift is not None and not working,
        "close": shift is not None and turn is None,
    }
