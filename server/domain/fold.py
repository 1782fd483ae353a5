"""What every entry means: `apply(hall, entry)` is the only definition of it.

It is total: it can't refuse, an entry that the hall already knows changes nothing, and a kind that it doesn't know only
moves `seq`. Start-up, replay, the copy of another server and every screen use this one fold. What entries about tickets
mean stands in `moves`, what an undo takes back in `undoing`; the rest is here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from server.domain import desk as desks
from server.domain import draw_limits, estimates, moves, places, undoing
from server.domain.entries import Entry, instant, whole_seconds
from server.domain.hall import Day, Hall, HelpCall, Shift, Tally
from server.domain.sites import Helps, setup_from_body
from server.domain.tickets import AT_COUNTER, turn_from_body


def apply(hall: Hall, entry: Entry) -> Hall:
    if entry.seq <= hall.seq:
        return hall
    if entry.seq != hall.seq + 1:
        raise ValueError(f"{hall.site}: entry {entry.seq} does not follow {hall.seq}")
    hall = replace(hall, seq=entry.seq, hash=entry.hash, at=entry.at, touched=(), touched_shift=None)
    meaning = _MEANINGS.get(entry.kind)
    if meaning is None:
        return hall
    after = undoing.remember(hall, entry, meaning(hall, entry, entry.body))
    counter = entry.body.get("counter")
    return after if counter is None else replace(after, acted={**after.acted, counter: entry.at})


def fold(hall: Hall, entries: Iterable[Entry]) -> Hall:
    for entry in entries:
        hall = apply(hall, entry)
    return hall


def _setup_changed(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    del entry
    return replace(hall, setup=setup_from_body(body["setup"]))


def _day_opened(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    day = Day(
        on=body["day"],
        begins_at=instant(body["begins_at"]),
        ends_at=instant(body["ends_at"]),
        opened_seq=entry.seq,
    )
    return replace(
        _nobody_waits(hall), day=day, tally=Tally(), numbers={}, drawn={}, draws=draw_limits.Draws(), desk=desks.Desk()
    )


def _day_closed(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    del entry
    carried = [turn_from_body(turn) for turn in body["carried"]]
    return replace(
        _nobody_waits(hall),
        day=None,
        turns={turn.ticket: turn for turn in carried},
        at_counter={turn.counter: turn.ticket for turn in carried if turn.counter and turn.state in AT_COUNTER},
        shifts={},
        helps={},
        learned=estimates.learned_from_body(body["estimator"]),
    )


def _nobody_waits(hall: Hall) -> Hall:
    return replace(hall, lines={}, bound={}, calls=(), missed=(), no_shows={}, strokes={}, acted={})


def _shift_opened(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    shift = Shift(
        counter=body["counter"],
        agent=body["agent"],
        opened_seq=entry.seq,
        opened_at=entry.at,
        serves=tuple(body["serves"]),
        helps=tuple(Helps(service=helped["service"], after_s=helped["after_s"]) for helped in body["helps"]),
    )
    return _with_shift(hall, shift)


def _shift_paused(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    shift = replace(hall.shifts[body["counter"]], pause_reason=body["reason"], paused_at=entry.at)
    return _with_shift(hall, shift)


def _shift_resumed(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    return _with_shift(hall, _back_at_work(hall.shifts[body["counter"]], entry.at))


def _shift_closed(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    # A server that was down at the day's end writes this only in the morning; nobody worked through the night.
    closed_at = entry.at if hall.day is None else min(entry.at, hall.day.ends_at)
    shift = replace(_back_at_work(hall.shifts[body["counter"]], closed_at), closed_at=closed_at)
    return replace(
        places.unbound(hall, shift.counter),
        shifts={counter: other for counter, other in hall.shifts.items() if counter != shift.counter},
        helps={counter: other for counter, other in hall.helps.items() if counter != shift.counter},
        touched_shift=shift,
    )


def _help_called(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    called = HelpCall(seq=entry.seq, at=entry.at, agent=body["agent"])
    return replace(hall, helps={**hall.helps, body["counter"]: called})


def _help_answered(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    del entry
    return replace(hall, helps={counter: other for counter, other in hall.helps.items() if counter != body["counter"]})


def _sent_home(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    del entry
    return replace(hall, desk=desks.after_sent_home(hall.desk, body["service"], body["document"]))


def _limit_lifted(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    del entry
    return replace(hall, draws=draw_limits.after_lift(hall.draws, body["kiosk"], instant(body["until"])))


def _restored(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    del entry
    numbers = dict(hall.numbers)
    for known in body["series"]:
        numbers[known["series"]] = max(known["n"], numbers.get(known["series"], 0))
    return replace(hall, numbers=numbers)


def _undone(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    del body
    return undoing.taken_back(hall, entry)


_MEANINGS: Mapping[str, moves.Meaning] = {
    "setup.changed": _setup_changed,
    "day.opened": _day_opened,
    "day.closed": _day_closed,
    "shift.opened": _shift_opened,
    "shift.paused": _shift_paused,
    "shift.resumed": _shift_resumed,
    "shift.closed": _shift_closed,
    **moves.MEANINGS,
    "action.undone": _undone,
    "help.called": _help_called,
    "help.answered": _help_answered,
    "desk.sent_home": _sent_home,
    "desk.limit_lifted": _limit_lifted,
    "journal.restored": _restored,
}


def _with_shift(hall: Hall, shift: Shift) -> Hall:
    return replace(hall, shifts={**hall.shifts, shift.counter: shift}, touched_shift=shift)


def _back_at_work(shift: Shift, at: datetime) -> Shift:
    if shift.paused_at is None:
        return shift
    paused_s = shift.paused_s + whole_seconds(shift.paused_at, at)
    return replace(shift, pause_reason=None, paused_at=None, paused_s=paused_s)
