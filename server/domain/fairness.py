"""A recount of every overtake of a stretch of journal entries, by somebody who does not trust the calling rule's code.

Reads the bodies of entries alone and imports nothing that decides or folds: who came when, who stood where and who was
due when is reckoned here once more, from the set-up in force and the times of the entries. A due time or an arrival that
an entry claims is not believed. It judges nobody's declaration of a priority and nobody's reason for a call out of order.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from server.domain.entries import Entry, instant
from server.domain.overtakes import Call, Counter, Moment, Person

#: Whoever has an appointment joins the line so long before it at the earliest (docs/fairness.md).
EARLIEST = timedelta(minutes=15)


def recount(
    entries: Iterable[Entry], *, setup: Mapping[str, Any] | None = None, carried: Sequence[Mapping[str, Any]] = ()
) -> Iterator[Call]:
    """The calls of these entries in their order, each with its overtakes.

    `setup` is the set-up in force before the first of them, `carried` the turns that the day before handed over, both as
    they stand in the bodies of the journal. Entries that begin with the site's first need neither.
    """
    stretch = list(entries)
    count = Recount(setup=setup, carried=carried, taken_back=taken_back(stretch))
    for entry in stretch:
        call = count.read(entry)
        if call is not None:
            yield call


def taken_back(entries: Iterable[Entry]) -> frozenset[int]:
    """Numbers of the entries whose effect was taken back within seconds: known only from what comes after them."""
    undone = (entry.body["undone"] for entry in entries if entry.kind == "action.undone")
    return frozenset(move["seq"] for moves in undone for move in moves)


class Recount:
    """What is true while the entries are read one by one, as far as it bears on who passes whom."""

    def __init__(
        self,
        *,
        setup: Mapping[str, Any] | None = None,
        carried: Iterable[Mapping[str, Any]] = (),
        taken_back: frozenset[int] = frozenset(),
    ) -> None:
        self.rule: Mapping[str, Any] = (setup or {}).get("rule", {})
        self.next_rule: Mapping[str, Any] | None = (setup or {}).get("next_rule")
        self.taken_back = taken_back
        self.persons: dict[str, Person] = {}
        self.waiting: dict[str, Person] = {}
        self.counters: dict[str, Counter] = {}
        #: Each person as he was before the entry of this number.
        self.before: dict[int, Person] = {}
        for turn in carried:
            self.carry(turn)

    def read(self, entry: Entry) -> Call | None:
        body = entry.body
        known = self.persons.get(body.get("ticket", ""))
        if known is not None:
            self.before[entry.seq] = known
        if entry.kind in ("ticket.called", "ticket.called_out_of_order"):
            return None if known is None else self._called(entry, known)
        meaning = _MEANINGS.get(entry.kind)
        if meaning is not None:
            meaning(self, entry, body)
        return None

    # ---------------------------------------------------------------- the house

    def setup_changed(self, _entry: Entry, body: Mapping[str, Any]) -> None:
        self.rule, self.next_rule = body["setup"]["rule"], body["setup"].get("next_rule")

    def day_opened(self, _entry: Entry, _body: Mapping[str, Any]) -> None:
        if self.next_rule is not None:
            self.rule, self.next_rule = self.next_rule, None

    def day_closed(self, _entry: Entry, body: Mapping[str, Any]) -> None:
        carried = {turn["ticket"] for turn in body["carried"]}
        self.persons = {ticket: person for ticket, person in self.persons.items() if ticket in carried}
        self.waiting, self.counters, self.before = {}, {}, {}

    def shift_opened(self, _entry: Entry, body: Mapping[str, Any]) -> None:
        helps = {helped["service"]: timedelta(seconds=helped["after_s"]) for helped in body["helps"]}
        counter = Counter(code=body["counter"], serves=frozenset(body["serves"]), helps=helps)
        self.counters[counter.code] = counter

    def shift_closed(self, _entry: Entry, body: Mapping[str, Any]) -> None:
        """Nobody waits for a closed counter alone, nor comes to later: whoever was sent there waits for the service."""
        self.counters.pop(body["counter"], None)
        for person in list(self.persons.values()):
            if person.bound == body["counter"]:
                self._put(replace(person, bound=None))

    # ---------------------------------------------------------------- people

    def carry(self, turn: Mapping[str, Any]) -> None:
        """Somebody whom the day before left at a counter."""
        came = (instant(turn.get("arrived_at", turn["joined_at"])), turn["opened_seq"])
        self._put(
            Person(
                ticket=turn["ticket"],
                number=turn["number"],
                service=turn["service"],
                klass=turn["class"],
                came=came,
                stands=came,
                entered=came,
                head_start=self._head_start(turn["class"]),
                waiting=False,
                bound=turn.get("bound"),
            )
        )

    def drawn(self, entry: Entry, body: Mapping[str, Any]) -> None:
        entered = (entry.at, entry.seq)
        came = entered
        if body["class"] == "appointment" and body.get("appointed_at"):
            came = (max(entry.at, instant(body["appointed_at"]) - EARLIEST), entry.seq)
        person = Person(
            ticket=body["ticket"],
            number=body["number"],
            service=body["service"],
            klass=body["class"],
            came=came,
            stands=entered,
            entered=entered,
            head_start=self._head_start(body["class"]),
        )
        self._put(person)

    def reclassified(self, _entry: Entry, body: Mapping[str, Any]) -> None:
        known = self.persons[body["ticket"]]
        came = (known.entered[0], known.came[1])
        self._change(body, klass=body["class"], head_start=self._head_start(body["class"]), came=came)

    def put_back(self, entry: Entry, body: Mapping[str, Any]) -> None:
        now = (entry.at, entry.seq)
        head_start = timedelta(seconds=self.rule.get("put_back_head_start_s", 0))
        self._change(
            body, waiting=True, came=now, stands=now, entered=now, head_start=head_start, put_back=True, bound=None
        )

    def resumed(self, entry: Entry, body: Mapping[str, Any]) -> None:
        self._change(body, waiting=True, stands=(entry.at, entry.seq), back="resumed")

    def transferred(self, entry: Entry, body: Mapping[str, Any]) -> None:
        known = self.persons[body["ticket"]]
        self._change(
            body,
            waiting=True,
            service=body["to_service"],
            bound=body["to_counter"],
            came=(known.came[0] if known.klass == "appointment" else known.entered[0], entry.seq),
            stands=(entry.at, entry.seq),
            head_start=self._head_start(known.klass),
            put_back=False,
            back="transferred",
        )

    def leaves(self, _entry: Entry, body: Mapping[str, Any]) -> None:
        """Parked or gone; who is at a counter waits no more anyway."""
        self._change(body, waiting=False)

    def undone(self, _entry: Entry, body: Mapping[str, Any]) -> None:
        for move in body["undone"]:
            before = self.before.get(move["seq"])
            if before is not None:
                self._put(before)

    def _change(self, body: Mapping[str, Any], **changes: Any) -> None:
        known = self.persons.get(body["ticket"])
        if known is None:
            return
        self._put(replace(known, held=False, **changes))

    def _put(self, person: Person) -> None:
        self.persons[person.ticket] = person
        if person.waiting:
            self.waiting[person.ticket] = person
        else:
            self.waiting.pop(person.ticket, None)

    def _head_start(self, klass: str) -> timedelta:
        return timedelta(seconds=self.rule.get("head_starts", {}).get(klass, 0))

    # ---------------------------------------------------------------- calls

    def _called(self, entry: Entry, called: Person) -> Call:
        body = entry.body
        undone = entry.seq in self.taken_back
        counter = self.counters.get(body["counter"]) or Counter(code=body["counter"])
        moment = Moment(
            called=called,
            counter=counter,
            at=entry.at,
            reached=counter.reaches(called, entry.at),
            undone=undone,
            named=frozenset(body["overtaken"]) if entry.kind == "ticket.called_out_of_order" else None,
        )
        call = Call(
            seq=entry.seq,
            at=entry.at,
            ticket=called.ticket,
            number=called.number,
            service=called.service,
            klass=called.klass,
            counter=counter.code,
            agent=body["agent"],
            stretch=called.stands[1],
            stood_at=called.stands[0],
            why=body.get("why"),
            undone=undone,
            overtakes=tuple(moment.overtakes(self.waiting.values())),
        )
        # Who is called back at once was never away, and whoever was called meanwhile has passed him.
        self._put(replace(called, waiting=undone, held=undone))
        return call


_MEANINGS: Mapping[str, Callable[[Recount, Entry, Mapping[str, Any]], None]] = {
    "setup.changed": Recount.setup_changed,
    "day.opened": Recount.day_opened,
    "day.closed": Recount.day_closed,
    "shift.opened": Recount.shift_opened,
    "shift.closed": Recount.shift_closed,
    "ticket.drawn": Recount.drawn,
    "ticket.reclassified": Recount.reclassified,
    "ticket.put_back": Recount.put_back,
    "ticket.parked": Recount.leaves,
    "ticket.resumed": Recount.resumed,
    "ticket.transferred": Recount.transferred,
    "ticket.withdrawn": Recount.leaves,
    "ticket.expired": Recount.leaves,
    "action.undone": Recount.undone,
}

#: The kinds of entries that bear on who passes whom; the others may be left out.
KINDS_READ = frozenset(_MEANINGS) | {"ticket.called", "ticket.called_out_of_order"}
