"""The console's picture of one agent's counter: who is here, what may be done, who waits. The page holds no rule.

Agents are staff: they read real service names also at a discreet site, where the hall reads neutral ones.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from server.domain import calling, tickets
from server.domain import hall as halls
from server.domain.entries import instant_text, whole_seconds
from server.domain.hall import Hall, Shift
from server.domain.sites import Counter, Rule
from server.domain.tickets import Turn
from server.packs.pack import Pack
from server.web.i18n import Words

#: So many places of the line are shown; the rest is a count.
PLACES_SHOWN = 8


def console(hall: Hall, pack: Pack, words: Words, *, agent: str, at: datetime) -> dict[str, Any]:
    """Everything the page shows, with `may`: which keys do something now."""
    assert hall.setup is not None
    shift = next((shift for shift in hall.shifts.values() if shift.agent == agent), None)
    return {
        "seq": hall.seq,
        "at": instant_text(at),
        "agent": agent,
        "counters": [_counter(hall, counter, agent) for counter in hall.setup.counters],
        "counter": None if shift is None else shift.counter,
        "label": None if shift is None else hall.setup.counter_by_id[shift.counter].label,
        "paused": None if shift is None or shift.paused_at is None else _pause(shift),
        "present": None if shift is None else _present(hall, pack, words, shift, at),
        "lines": [] if shift is None else _lines(hall, pack, words, shift, at),
        "next": [] if shift is None else _next(hall, pack, words, shift, at),
        "may": _may(hall, shift),
    }


def service_name(pack: Pack, words: Words, code: str) -> str:
    service = pack.service(code)
    if service is None:
        return code
    names = {lang: service.names.own(lang) for lang in ("ar", "fr", "zgh", "es", "en")}
    return words.name(names).plain


def _counter(hall: Hall, counter: Counter, agent: str) -> dict[str, Any]:
    shift = hall.shifts.get(counter.id)
    return {
        "id": counter.id,
        "label": counter.label,
        "taken": shift is not None and shift.agent != agent,
        "mine": shift is not None and shift.agent == agent,
    }


def _pause(shift: Shift) -> dict[str, Any]:
    assert shift.paused_at is not None
    return {"reason": shift.pause_reason, "since": instant_text(shift.paused_at)}


def _present(hall: Hall, pack: Pack, words: Words, shift: Shift, at: datetime) -> dict[str, Any] | None:
    turn = halls.turn_at(hall, shift.counter)
    if turn is None:
        return None
    assert hall.setup is not None
    assert turn.called_at is not None
    return {
        "ticket": turn.ticket,
        "number": turn.number,
        "service": service_name(pack, words, turn.service),
        "language": turn.language,
        "class": turn.klass,
        "state": turn.state,
        "calls": turn.calls,
        "joined_at": instant_text(turn.joined_at),
        "called_at": instant_text(turn.called_at),
        "started_at": None if turn.started_at is None else instant_text(turn.started_at),
        "waited_min": whole_seconds(turn.joined_at, turn.called_at) // 60,
        "no_show": _no_show(turn, hall.setup.rule, at),
    }


def _no_show(turn: Turn, rule: Rule, at: datetime) -> Mapping[str, int]:
    """What is still lacking before the turn may end as a no-show."""
    assert turn.called_at is not None
    return {
        "calls_lacking": max(0, rule.no_show_min_calls - turn.calls),
        "seconds_lacking": max(0, rule.no_show_min_s - whole_seconds(turn.called_at, at)),
    }


def _lines(hall: Hall, pack: Pack, words: Words, shift: Shift, at: datetime) -> list[dict[str, Any]]:
    helped = [helps.service for helps in shift.helps]
    return [
        {
            "service": service_name(pack, words, code),
            "helps": code in helped,
            "waiting": halls.waiting_count(hall, code),
            "longest_min": _longest_min(hall, code, at),
        }
        for code in (*shift.serves, *helped)
    ]


def _longest_min(hall: Hall, code: str, at: datetime) -> int | None:
    joined = [hall.turns[ticket].joined_at for _due_at, _seq, ticket in hall.lines.get(code, ())]
    return whole_seconds(min(joined), at) // 60 if joined else None


def _next(hall: Hall, pack: Pack, words: Words, shift: Shift, at: datetime) -> list[dict[str, Any]]:
    """The places this counter would call in order, if nothing changed meanwhile."""
    places = [place for code in shift.serves for place in hall.lines.get(code, ())]
    for helps in shift.helps:
        overdue = at - timedelta(seconds=helps.after_s)
        places += [place for place in hall.lines.get(helps.service, ()) if place[0] <= overdue]
    turns = [hall.turns[ticket] for _due_at, _seq, ticket in sorted(places)[:PLACES_SHOWN]]
    first = calling.choose_next(hall, shift, at)
    return [
        {
            "number": turn.number,
            "service": service_name(pack, words, turn.service),
            "class": turn.klass,
            "waited_min": whole_seconds(turn.joined_at, at) // 60,
            "first": first is not None and first.ticket == turn.ticket,
        }
        for turn in turns
    ]


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
