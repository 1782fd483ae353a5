"""The calls of a hall as its displays show them: the latest, and those that nobody answered.

A person who was looking elsewhere finds the own number here, and knows that the counter was there. It says nothing about
who was called, and decides nothing: what a no-show is stands in the moves of a ticket.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from server.domain.entries import Entry
from server.domain.sites import CounterId, ServiceCode, ZoneCode
from server.domain.tickets import TicketId, Turn

#: How many calls a display can look back on.
KEPT = 24
#: For how long a call that nobody answered stands on the board, and how many of them.
MISSED_FOR = timedelta(minutes=15)
MISSED_KEPT = 24


@dataclass(frozen=True, slots=True)
class Call:
    seq: int
    #: When it was called; of a missed call, when it was given up.
    at: datetime
    ticket: TicketId
    number: str
    service: ServiceCode
    counter: CounterId
    zone: ZoneCode
    #: The call was taken back: the display strikes it through, so that nobody goes there.
    undone: bool = False


def of_entry(entry: Entry, turn: Turn) -> Call:
    return Call(
        seq=entry.seq,
        at=entry.at,
        ticket=turn.ticket,
        number=turn.number,
        service=turn.service,
        counter=entry.body["counter"],
        zone=entry.body["zone"],
    )


def with_newest(older: tuple[Call, ...], call: Call) -> tuple[Call, ...]:
    """The call first; a person called again stands there once."""
    return (call, *without(older, call.ticket)[: KEPT - 1])


def with_missed(older: tuple[Call, ...], call: Call) -> tuple[Call, ...]:
    fresh = (other for other in without(older, call.ticket) if call.at - other.at < MISSED_FOR)
    return (call, *fresh)[:MISSED_KEPT]


def without(calls: tuple[Call, ...], ticket: str) -> tuple[Call, ...]:
    return tuple(call for call in calls if call.ticket != ticket)


def struck(calls: tuple[Call, ...], seq: int) -> tuple[Call, ...]:
    return tuple(replace(call, undone=True) if call.seq == seq else call for call in calls)


def still_missed(missed: Iterable[Call], at: datetime) -> tuple[Call, ...]:
    return tuple(call for call in missed if at - call.at < MISSED_FOR)
