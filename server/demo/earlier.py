"""What an earlier run of the living hall left behind when it was cut off: shifts that stand open, people long gone.

It clears away only its own: shifts that it opened and at which nobody else has moved anything since, and tickets that
it drew.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from server.actions import reception, serving, shifts
from server.demo.stage import HouseStage
from server.domain import hall as halls
from server.domain.entries import Entry
from server.domain.hall import Hall, Shift
from server.store import journal

SIMULATED = "demo:"
#: The house's own entries (the change-over) are nobody's hand.
NOBODYS = (SIMULATED, "system:")
#: How many entries before the present business day are looked at: who called the people that were carried over.
BEFORE_TODAY = 1000
#: Who has stood about for longer than this goes home.
STALE = timedelta(minutes=30)


def clear_away(stage: HouseStage) -> None:
    hall = stage.hall
    if hall.day is None:
        return
    with stage.house.read() as conn:
        entries = list(journal.all_after(conn, hall.site, max(0, hall.day.opened_seq - BEFORE_TODAY)))
    for shift in hall.shifts.values():
        if _opened_by_us(shift, entries):
            _close(stage, shift)
    for counter, ticket in hall.at_counter.items():
        if counter not in hall.shifts and _ours(_last_of(ticket, entries)):
            turn = hall.turns[ticket]
            assert turn.agent is not None
            stage.does(f"{SIMULATED}{turn.agent}", partial(serving.finish, ticket=ticket, agent=turn.agent))
    _send_home(stage, hall, entries)


def _ours(entry: Entry | None) -> bool:
    return entry is not None and entry.actor.startswith(SIMULATED)


def _last_of(ticket: str, entries: Sequence[Entry]) -> Entry | None:
    return next((entry for entry in reversed(entries) if entry.body.get("ticket") == ticket), None)


def _opened_by_us(shift: Shift, entries: Sequence[Entry]) -> bool:
    opened = next((entry for entry in entries if entry.seq == shift.opened_seq), None)
    since = (e for e in entries if e.seq > shift.opened_seq and e.body.get("counter") == shift.counter)
    return _ours(opened) and all(entry.actor.startswith(NOBODYS) for entry in since)


def _close(stage: HouseStage, shift: Shift) -> None:
    actor = f"{SIMULATED}{shift.agent}"
    present = halls.turn_at(stage.hall, shift.counter)
    if present is not None:
        stage.does(actor, partial(serving.finish, ticket=present.ticket, agent=shift.agent))
    stage.does(actor, partial(shifts.close, counter=shift.counter, agent=shift.agent))


def _send_home(stage: HouseStage, hall: Hall, entries: Sequence[Entry]) -> None:
    drawn_by_us = {entry.seq for entry in entries if entry.kind == "ticket.drawn" and _ours(entry)}
    for turn in hall.turns.values():
        if turn.state == "waiting" and turn.opened_seq in drawn_by_us and turn.joined_at < stage.now - STALE:
            stage.does("demo:phone", partial(reception.withdraw, ticket=turn.ticket))
