"""Where open turns stand: in a service's line, in the line of one counter, at a counter, or aside.

A turn's state decides its place, so a turn that changes is taken from where it stood and put where it belongs. Nothing
here knows why it changed.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace

from server.domain.hall import Hall, Place
from server.domain.tickets import AT_COUNTER, Turn


def moved(hall: Hall, before: Turn, after: Turn) -> Hall:
    """The hall in which `after` stands for `before`, an open turn of the same ticket."""
    turns = {**hall.turns, after.ticket: after}
    if after.state == "ended":
        del turns[after.ticket]
    return _placed(_taken(replace(hall, turns=turns, touched=(after,)), before), after)


def came(hall: Hall, turn: Turn) -> Hall:
    """The hall with a turn that was not in it."""
    return _placed(replace(hall, turns={**hall.turns, turn.ticket: turn}, touched=(turn,)), turn)


def unbound(hall: Hall, counter: str) -> Hall:
    """Whoever was sent to this counter alone waits for the service again: nobody must wait for a closed counter, and
    nobody who is aside or at it now must come to wait for it later.
    """
    sent_there = [turn for turn in hall.turns.values() if turn.bound == counter]
    touched: tuple[Turn, ...] = ()
    for turn in sent_there:
        hall = moved(hall, turn, replace(turn, bound=None))
        touched = (*touched, *hall.touched)
    return replace(hall, touched=touched)


def _taken(hall: Hall, turn: Turn) -> Hall:
    if turn.state == "waiting" and turn.bound is None:
        return replace(hall, lines=_left(hall.lines, turn.service, turn.place))
    if turn.state == "waiting":
        return replace(hall, bound=_left(hall.bound, str(turn.bound), turn.place))
    if turn.state in AT_COUNTER:
        there = {counter: ticket for counter, ticket in hall.at_counter.items() if ticket != turn.ticket}
        return replace(hall, at_counter=there)
    return hall


def _placed(hall: Hall, turn: Turn) -> Hall:
    if turn.state == "waiting" and turn.bound is None:
        return replace(hall, lines=_joined(hall.lines, turn.service, turn.place))
    if turn.state == "waiting":
        return replace(hall, bound=_joined(hall.bound, str(turn.bound), turn.place))
    if turn.state in AT_COUNTER:
        return replace(hall, at_counter={**hall.at_counter, str(turn.counter): turn.ticket})
    return hall


def _joined(lines: Mapping[str, tuple[Place, ...]], name: str, place: Place) -> Mapping[str, tuple[Place, ...]]:
    line = lines.get(name, ())
    at = bisect_left(line, place)
    return {**lines, name: (*line[:at], place, *line[at:])}


def _left(lines: Mapping[str, tuple[Place, ...]], name: str, place: Place) -> Mapping[str, tuple[Place, ...]]:
    line = lines.get(name, ())
    at = bisect_left(line, place)
    if at == len(line) or line[at] != place:
        return lines
    return {**lines, name: line[:at] + line[at + 1 :]}
