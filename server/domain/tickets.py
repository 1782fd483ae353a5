"""A turn and the table of its moves.

A ticket is one visit with one number. A turn is one stretch of it for one service: joined, called, ended. The table
below is the whole law of what may happen to a turn; whoever wants to check us can print it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, NewType

from server.domain.entries import instant, instant_text
from server.domain.sites import CounterId, ServiceCode

TicketId = NewType("TicketId", str)
TurnState = Literal["waiting", "called", "serving", "parked", "ended"]
#: `undone`: a turn that a transfer or a put-back had opened, and whose opening was taken back.
Ending = Literal["served", "no_show", "transferred", "withdrawn", "expired", "undone"]

#: A person is at the counter, or on the way to it.
AT_COUNTER: frozenset[TurnState] = frozenset({"called", "serving"})
#: Nobody has been served yet and the day's end closes the turn as not served.
UNSERVED: frozenset[TurnState] = frozenset({"waiting", "called", "parked"})


@dataclass(frozen=True, slots=True)
class Move:
    verb: str
    from_states: frozenset[TurnState]
    to_state: TurnState
    ending: Ending | None
    #: What the move is written down as.
    entry: str


def _move(verb: str, from_states: str, to_state: TurnState, entry: str, ending: Ending | None = None) -> Move:
    states: frozenset[TurnState] = frozenset(from_states.split())  # type: ignore[arg-type]
    return Move(verb=verb, from_states=states, to_state=to_state, ending=ending, entry=entry)


#: The whole table. `put_back` and both transfers also open the next turn of the same ticket, which begins as waiting.
MOVES: dict[str, Move] = {
    move.verb: move
    for move in (
        _move("call", "waiting", "called", "ticket.called"),
        _move("call_out_of_order", "waiting", "called", "ticket.called_out_of_order"),
        _move("recall", "called", "called", "ticket.recalled"),
        _move("start", "called", "serving", "ticket.started"),
        _move("finish", "called serving", "ended", "ticket.finished", "served"),
        _move("no_show", "called", "ended", "ticket.no_show", "no_show"),
        _move("put_back", "ended", "ended", "ticket.put_back", "no_show"),
        _move("transfer", "called serving parked", "ended", "ticket.transferred", "transferred"),
        # Only while the service that he waits for is suspended, and only to another service.
        _move("transfer_suspended", "waiting", "ended", "ticket.transferred", "transferred"),
        _move("withdraw", "waiting parked", "ended", "ticket.withdrawn", "withdrawn"),
        _move("expire", "waiting called parked", "ended", "ticket.expired", "expired"),
        _move("park", "called serving", "parked", "ticket.parked"),
        _move("resume", "parked", "waiting", "ticket.resumed"),
        _move("reclassify", "waiting", "waiting", "ticket.reclassified"),
    )
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the person was told when the turn was opened: seconds, and how often in 100 the range should hold."""

    low_s: int
    median_s: int
    high_s: int
    level: int


@dataclass(frozen=True, slots=True)
class Stretches:
    """What earlier visits of one turn to a counter took, in milliseconds, before it was parked."""

    calling_ms: int = 0
    walking_ms: int = 0
    service_ms: int = 0
    #: Parked, and waiting again after it.
    aside_ms: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    ticket: TicketId
    #: Number of the entry that opened this turn; with the site it names the turn.
    opened_seq: int
    day: str
    number: str
    service: ServiceCode
    klass: str
    language: str
    joined_at: datetime
    due_at: datetime
    #: When the person came, for this turn or for the one that it was transferred from.
    arrived_at: datetime
    #: From when an appointment counts, if that is later: whoever comes at dawn for eleven o'clock overtakes nobody.
    counts_from: datetime | None = None
    #: Waits for this counter alone.
    bound: CounterId | None = None
    #: How often the ticket was put back after a no-show.
    put_backs: int = 0
    #: The bare estimate that the actual wait is measured against later, in seconds.
    point_s: int | None = None
    told: Told | None = None
    state: TurnState = "waiting"
    ending: Ending | None = None
    counter: CounterId | None = None
    agent: str | None = None
    #: Since the person last came from the line.
    calls: int = 0
    #: First call of all.
    called_at: datetime | None = None
    #: First call since the person last came from the line: later than `called_at` only where the turn was parked.
    stretch_at: datetime | None = None
    last_call_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str | None = None
    #: Since when parked; it counts until the next call.
    aside_at: datetime | None = None
    earlier: Stretches = field(default_factory=Stretches)

    @property
    def place(self) -> tuple[datetime, int, TicketId]:
        """Where the turn stands in its line: earliest due time first, ties by the entry that opened it."""
        return (self.due_at, self.opened_seq, self.ticket)


def may(verb: str, turn: Turn) -> bool:
    return turn.state in MOVES[verb].from_states


def ticket_id(site: str, seq: int) -> TicketId:
    return TicketId(f"{site}-{seq}")


def site_and_seq(ticket: str) -> tuple[str, int] | None:
    """The site and the number of the entry that drew the ticket; None if this can't be a ticket's id."""
    site, dash, seq = ticket.rpartition("-")
    if not dash or not site or not (seq.isascii() and seq.isdigit()) or len(seq) > 15 or seq[0] == "0":
        return None
    return site, int(seq)


def turn_to_body(turn: Turn) -> dict[str, Any]:
    """A turn that is carried over the end of a day, whole, so that the next day's fold needs nothing before it."""
    return {
        "ticket": turn.ticket,
        "opened_seq": turn.opened_seq,
        "day": turn.day,
        "number": turn.number,
        "service": turn.service,
        "class": turn.klass,
        "language": turn.language,
        "joined_at": instant_text(turn.joined_at),
        "due_at": instant_text(turn.due_at),
        "arrived_at": instant_text(turn.arrived_at),
        "counts_from": _text_or_none(turn.counts_from),
        "bound": turn.bound,
        "put_backs": turn.put_backs,
        "state": turn.state,
        "counter": turn.counter,
        "agent": turn.agent,
        "calls": turn.calls,
        "called_at": _text_or_none(turn.called_at),
        "stretch_at": _text_or_none(turn.stretch_at),
        "last_call_at": _text_or_none(turn.last_call_at),
        "started_at": _text_or_none(turn.started_at),
        "earlier": asdict(turn.earlier),
    }


def turn_from_body(body: Mapping[str, Any]) -> Turn:
    """Older entries were written before anybody could be transferred, put back or parked."""
    return Turn(
        ticket=TicketId(body["ticket"]),
        opened_seq=body["opened_seq"],
        day=body["day"],
        number=body["number"],
        service=ServiceCode(body["service"]),
        klass=body["class"],
        language=body["language"],
        joined_at=instant(body["joined_at"]),
        due_at=instant(body["due_at"]),
        arrived_at=instant(body.get("arrived_at", body["joined_at"])),
        counts_from=_instant_or_none(body.get("counts_from")),
        bound=body.get("bound"),
        put_backs=body.get("put_backs", 0),
        state=body["state"],
        counter=body["counter"],
        agent=body["agent"],
        calls=body["calls"],
        called_at=_instant_or_none(body["called_at"]),
        stretch_at=_instant_or_none(body.get("stretch_at", body["called_at"])),
        last_call_at=_instant_or_none(body["last_call_at"]),
        started_at=_instant_or_none(body["started_at"]),
        earlier=Stretches(**body.get("earlier", {})),
    )


def _text_or_none(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)


def _instant_or_none(text: str | None) -> datetime | None:
    return None if text is None else instant(text)
