"""Taking back what one key at a counter did last: which key that was, and what the hall is without it.

An undo takes back the state and not the story: its entry names the entries whose effect is gone, and they stay in the
journal. What it gives back is exactly the turn as it was: the same line, the same due time. It is possible only while
no later entry has touched the ticket or the counter, so nobody else's move is ever taken back with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from server.domain import calls, estimates, moves, places
from server.domain.entries import Entry
from server.domain.hall import Hall, Part, Stroke
from server.domain.tickets import Turn

#: Calling again is not here: people have heard it twice, and its undo would only change a count.
UNDOABLE = frozenset(
    {
        "ticket.called",
        "ticket.called_out_of_order",
        "ticket.started",
        "ticket.finished",
        "ticket.no_show",
        "ticket.put_back",
        "ticket.parked",
        "ticket.resumed",
        "ticket.transferred",
    }
)
#: A new ticket is in nobody's stroke yet, and whoever calls for help may have made a mistake a moment ago.
UNTOUCHING = frozenset({"ticket.drawn", "help.called", "help.answered"})


def remember(before: Hall, entry: Entry, after: Hall) -> Hall:
    """`after` with the counters' last strokes as they are after `entry`."""
    ticket, counter = entry.body.get("ticket"), entry.body.get("counter")
    if entry.kind in UNTOUCHING or (ticket is None and counter is None):
        return after
    stroke = _stroke(before, entry)
    closed = counter if entry.kind == "shift.closed" else None
    kept = {
        where: known
        for where, known in before.strokes.items()
        if where != counter and not any(_touched(part, ticket, closed) for part in known.parts)
    }
    if stroke is not None and counter is not None:
        kept[counter] = stroke
    return after if kept == after.strokes else replace(after, strokes=kept)


def _touched(part: Part, ticket: str | None, closed: str | None) -> bool:
    """Is this the ticket, or one that can't wait for its counter any more, because that has closed?"""
    return part.before.ticket == ticket or (closed is not None and part.before.bound == closed)


def _stroke(before: Hall, entry: Entry) -> Stroke | None:
    """What the key did that wrote `entry`. A *next* that ended a turn first is one key and two entries."""
    if entry.kind not in UNDOABLE:
        return None
    ticket = entry.body["ticket"]
    turn = before.turns.get(ticket) or before.no_shows[ticket]
    part = Part(seq=entry.seq, kind=entry.kind, at=entry.at, before=turn)
    ended_seq = entry.body.get("ended_seq")
    last = before.strokes.get(entry.body["counter"]) if ended_seq is not None else None
    earlier = () if last is None or last.parts[-1].seq != ended_seq else last.parts
    return Stroke(at=entry.at, parts=(*earlier, part))


def taken_back(hall: Hall, entry: Entry) -> Hall:
    """The hall without what the entries named in `undone` did; the newest is taken back first."""
    stroke = hall.strokes[entry.body["counter"]]
    touched: dict[int, Turn] = {}
    for part in reversed(stroke.parts):
        hall = _without(hall, part, entry)
        touched |= {turn.opened_seq: turn for turn in hall.touched}
    return replace(hall, touched=tuple(touched.values()))


def _without(hall: Hall, part: Part, entry: Entry) -> Hall:
    before = part.before
    now = hall.turns.get(before.ticket)
    closed: tuple[Turn, ...] = ()
    if now is not None and now.opened_seq != before.opened_seq:
        # The turn that the move had opened was never one.
        unmade = replace(now, state="ended", ending="undone", ended_at=entry.at, bound=None)
        hall, closed, now = places.moved(hall, now, unmade), (unmade,), None
    if before.state != "ended":
        hall = places.came(hall, before) if now is None else places.moved(hall, now, before)
    hall = _MORE[part.kind](hall, part) if part.kind in _MORE else hall
    return replace(hall, touched=(*closed, before))


def _uncalled(hall: Hall, part: Part) -> Hall:
    hall = replace(hall, calls=calls.struck(hall.calls, part.seq))
    if part.before.called_at is not None:
        return hall
    return replace(hall, learned=estimates.forget_wait(hall.learned, **moves.waited(part.before, part.at)))


def _unfinished(hall: Hall, part: Part) -> Hall:
    return _unlearned(replace(hall, tally=moves.counted(hall, part.before, served=-1)), part)


def _shown(hall: Hall, part: Part) -> Hall:
    ticket = part.before.ticket
    hall = replace(
        hall,
        tally=moves.counted(hall, part.before, no_shows=-1),
        no_shows={other: turn for other, turn in hall.no_shows.items() if other != ticket},
        missed=calls.without(hall.missed, ticket),
    )
    return _unlearned(hall, part)


def _missed_again(hall: Hall, part: Part) -> Hall:
    before = part.before
    return replace(
        hall,
        tally=moves.counted(hall, before, no_shows=1),
        no_shows={**hall.no_shows, before.ticket: before},
    )


def _unlearned(hall: Hall, part: Part) -> Hall:
    lesson = moves.took(part.before, part.at)
    return hall if lesson is None else replace(hall, learned=estimates.forget_turn(hall.learned, **lesson))


#: What else a move had changed beside the turn and its place.
_MORE: Mapping[str, Callable[[Hall, Part], Hall]] = {
    "ticket.called": _uncalled,
    "ticket.called_out_of_order": _uncalled,
    "ticket.finished": _unfinished,
    "ticket.no_show": _shown,
    "ticket.put_back": _missed_again,
    "ticket.transferred": _unlearned,
}
