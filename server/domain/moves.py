"""What the entries about tickets mean: each takes a turn from one state to the next (the table is in `tickets.MOVES`).

Total, like the whole fold: an entry that stands in the journal has happened, so nothing here can refuse it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from server.domain import calls, draw_limits, estimates, places
from server.domain import desk as desks
from server.domain.entries import Entry, instant, whole_ms, whole_seconds
from server.domain.hall import Hall, Tally, is_today
from server.domain.tickets import AT_COUNTER, Stretches, Told, Turn

Meaning = Callable[[Hall, Entry, Mapping[str, Any]], Hall]


def _drawn(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    told = body["told"]
    turn = Turn(
        ticket=body["ticket"],
        opened_seq=entry.seq,
        day=hall.day.on if hall.day else "",
        number=body["number"],
        service=body["service"],
        klass=body["class"],
        language=body["language"],
        joined_at=entry.at,
        due_at=instant(body["due_at"]),
        arrived_at=entry.at,
        counts_from=_counts_from(hall, body),
        point_s=body["point_s"],
        told=None if told is None else Told(**told),
    )
    return replace(
        places.came(hall, turn),
        numbers={**hall.numbers, body["series"]: body["n"]},
        drawn={**hall.drawn, turn.service: hall.drawn.get(turn.service, 0) + 1},
        tally=replace(hall.tally, drawn=hall.tally.drawn + 1),
        draws=hall.draws if hall.setup is None else draw_limits.after_draw(hall.draws, entry, hall.setup.draw_limits),
        desk=desks.after_draw(hall.desk, turn.ticket, body["channel"]),
    )


def _reclassified(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    del entry
    waiting = hall.turns[body["ticket"]]
    # What was estimated for the old place in the line says nothing about the new one, so nothing is learned from it.
    return places.moved(
        hall, waiting, replace(waiting, klass=body["class"], due_at=instant(body["due_at"]), point_s=None)
    )


def _reprinted(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    del entry
    return replace(hall, desk=desks.after_reprint(hall.desk, body["ticket"], body["copy"]))


def _called(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    waiting = hall.turns[body["ticket"]]
    turn = replace(
        waiting,
        state="called",
        counter=body["counter"],
        agent=body["agent"],
        calls=1,
        called_at=waiting.called_at or entry.at,
        stretch_at=entry.at,
        last_call_at=entry.at,
        aside_at=None,
        earlier=_aside_until(waiting, entry.at),
    )
    return replace(
        places.moved(hall, waiting, turn),
        calls=calls.with_newest(hall.calls, calls.of_entry(entry, turn)),
        learned=hall.learned if waiting.called_at else estimates.learn_wait(hall.learned, **waited(waiting, entry.at)),
    )


def _recalled(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    called = hall.turns[body["ticket"]]
    turn = replace(called, calls=body["calls"], last_call_at=entry.at)
    newest = calls.with_newest(hall.calls, calls.of_entry(entry, turn))
    return replace(places.moved(hall, called, turn), calls=newest)


def _started(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    called = hall.turns[body["ticket"]]
    return places.moved(hall, called, replace(called, state="serving", started_at=entry.at))


def _finished(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    present = hall.turns[body["ticket"]]
    turn = replace(present, state="ended", ending="served", ended_at=entry.at, outcome=body["outcome"])
    return _ended(hall, present, turn, served=1)


def _no_show(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    called = hall.turns[body["ticket"]]
    turn = replace(called, state="ended", ending="no_show", ended_at=entry.at)
    return replace(
        _ended(hall, called, turn, no_shows=1),
        missed=calls.with_missed(hall.missed, calls.of_entry(entry, turn)),
        no_shows={**hall.no_shows, turn.ticket: turn} if is_today(hall, turn) else hall.no_shows,
    )


def _put_back(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    """A new turn of the same ticket, which joins now."""
    missed = hall.no_shows[body["ticket"]]
    turn = _next_turn(missed, entry, service=missed.service, due_at=instant(body["due_at"]), arrived_at=entry.at)
    others = {ticket: other for ticket, other in hall.no_shows.items() if ticket != turn.ticket}
    return replace(
        places.came(hall, replace(turn, put_backs=body["times"])),
        no_shows=others,
        missed=calls.without(hall.missed, turn.ticket),
        tally=counted(hall, missed, no_shows=-1),
    )


def _parked(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    present = hall.turns[body["ticket"]]
    turn = replace(
        present,
        state="parked",
        aside_at=entry.at,
        earlier=_stretches_until(present, entry.at),
        stretch_at=None,
        last_call_at=None,
        started_at=None,
    )
    return places.moved(hall, present, turn)


def _resumed(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    """Back to where he stood: the due time is kept. Nobody waits for a counter that has closed meanwhile."""
    del entry
    parked = hall.turns[body["ticket"]]
    bound = parked.bound if parked.bound in hall.shifts else None
    return places.moved(hall, parked, replace(parked, state="waiting", counter=None, agent=None, calls=0, bound=bound))


def _transferred(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    """One turn ends and the next of the same ticket waits, due as if it had stood there from the start."""
    before = hall.turns[body["ticket"]]
    ending = "served" if body["served"] else "transferred"
    ended = replace(before, state="ended", ending=ending, ended_at=entry.at, outcome=body["outcome"])  # type: ignore[arg-type]
    opened = _next_turn(
        before,
        entry,
        service=body["to_service"],
        due_at=instant(body["due_at"]),
        arrived_at=instant(body["arrived_at"]),
    )
    opened = replace(opened, bound=body["to_counter"], put_backs=before.put_backs, counts_from=before.counts_from)
    after = places.came(_ended(hall, before, ended), opened)
    return replace(after, touched=(ended, opened))


def _withdrawn(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    before = hall.turns[body["ticket"]]
    return _ended(
        hall, before, replace(before, state="ended", ending="withdrawn", ended_at=entry.at, bound=None), withdrawn=1
    )


def _expired(hall: Hall, entry: Entry, body: Mapping[str, Any]) -> Hall:
    before = hall.turns[body["ticket"]]
    return _ended(
        hall, before, replace(before, state="ended", ending="expired", ended_at=entry.at, bound=None), not_served=1
    )


MEANINGS: Mapping[str, Meaning] = {
    "ticket.drawn": _drawn,
    "ticket.reclassified": _reclassified,
    "ticket.reprinted": _reprinted,
    "ticket.called": _called,
    "ticket.called_out_of_order": _called,
    "ticket.recalled": _recalled,
    "ticket.started": _started,
    "ticket.finished": _finished,
    "ticket.no_show": _no_show,
    "ticket.put_back": _put_back,
    "ticket.parked": _parked,
    "ticket.resumed": _resumed,
    "ticket.transferred": _transferred,
    "ticket.withdrawn": _withdrawn,
    "ticket.expired": _expired,
}


def waited(waiting: Turn, called_at: datetime) -> dict[str, Any]:
    """What the estimate learns from a first call."""
    return {
        "service": waiting.service,
        "point_s": waiting.point_s,
        "waited_s": whole_seconds(waiting.joined_at, called_at),
    }


def took(before: Turn, ended_at: datetime) -> dict[str, Any] | None:
    """What the estimate learns from a turn that ended at a counter; nothing from one that was not at a counter."""
    if before.stretch_at is None:
        return None
    return {"service": before.service, "took_s": whole_seconds(before.stretch_at, ended_at)}


def _ended(hall: Hall, before: Turn, ended: Turn, **counts: int) -> Hall:
    """The turn leaves the hall, and the day's tally says how its ticket ended."""
    assert ended.ended_at is not None
    lesson = took(before, ended.ended_at) if before.state in AT_COUNTER and ended.ending != "expired" else None
    return replace(
        places.moved(hall, before, ended),
        tally=counted(hall, ended, **counts),
        learned=hall.learned if lesson is None else estimates.learn_turn(hall.learned, **lesson),
    )


def counted(hall: Hall, turn: Turn, **counts: int) -> Tally:
    """A turn of yesterday that is finished today counts to its own day, which is closed and told already."""
    if not is_today(hall, turn):
        return hall.tally
    return replace(hall.tally, **{name: getattr(hall.tally, name) + count for name, count in counts.items()})


def _counts_from(hall: Hall, body: Mapping[str, Any]) -> datetime | None:
    """When the place of an appointment begins to count: its due time without the head start."""
    if body["class"] != "appointment" or hall.setup is None:
        return None
    return instant(body["due_at"]) + timedelta(seconds=hall.setup.rule.head_start_s(body["class"]))


def _next_turn(before: Turn, entry: Entry, *, service: Any, due_at: datetime, arrived_at: datetime) -> Turn:
    return Turn(
        ticket=before.ticket,
        opened_seq=entry.seq,
        day=before.day,
        number=before.number,
        service=service,
        klass=before.klass,
        language=before.language,
        joined_at=entry.at,
        due_at=due_at,
        arrived_at=arrived_at,
    )


def _stretches_until(present: Turn, at: datetime) -> Stretches:
    """What this visit to the counter took, added to the earlier ones. Who never came to the counter has only walked."""
    assert present.stretch_at is not None
    assert present.last_call_at is not None
    earlier = present.earlier
    return replace(
        earlier,
        calling_ms=earlier.calling_ms + whole_ms(present.stretch_at, present.last_call_at),
        walking_ms=earlier.walking_ms + whole_ms(present.last_call_at, present.started_at or at),
        service_ms=earlier.service_ms + (0 if present.started_at is None else whole_ms(present.started_at, at)),
    )


def _aside_until(waiting: Turn, at: datetime) -> Stretches:
    if waiting.aside_at is None:
        return waiting.earlier
    return replace(waiting.earlier, aside_ms=waiting.earlier.aside_ms + whole_ms(waiting.aside_at, at))
