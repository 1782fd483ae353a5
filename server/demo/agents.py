"""Simulated agents: each opens a counter, calls, waits for people who are slow or gone, serves, pauses, goes home.

An agent only moves what it left as it is: if the shift, the person at the counter or a pause is not as after its own
last move, somebody has taken the counter over, and the agent gives way for good. The check runs inside the same
transaction as the move, so the two can't cross.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from server.actions import calling, serving, shifts, turns
from server.actions.calling import Called, CalledOutOfOrder, NobodyWaiting
from server.actions.shifts import Shifted
from server.demo import rarities
from server.demo.load import Load, Took, chance
from server.demo.stage import Action, Event, Stage
from server.domain import calling as rule
from server.domain import hall as halls
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.story import Pen
from server.domain.tickets import AT_COUNTER, TicketId, Turn

#: What an agent checks before it moves anything: person at the counter with state and calls, and whether paused.
Sight = tuple[TicketId | None, str, int, bool]
EMPTY: Sight = (None, "", 0, False)

WALK = Took(p50_s=14, p90_s=32)
FORGETS_START_PERCENT = 2
SLOW_WALKER_PERCENT = 5


@dataclass(frozen=True, slots=True)
class Break:
    at: datetime
    reason: str
    lasts_s: float


@dataclass(slots=True)
class Agent:
    stage: Stage
    load: Load
    dice: random.Random
    counter: str
    code: str
    #: Calls nobody new from then on, once the line is empty …
    goes_at: datetime
    #: … and nobody at all from then on.
    gone_at: datetime
    absent: set[TicketId] = field(default_factory=set)
    breaks: Sequence[Break] = ()
    #: How long this agent takes, against the load's durations.
    pace: float = 1.0
    #: Tells the impatience of an idle agent: how often it looks whether somebody may be called after all.
    looks_every_s: float = 60
    #: Percent of turns after which the agent takes a minute or two off.
    breathes_percent: float = 0
    at_work: bool = False
    idle: bool = False
    gave_way: bool = False
    _shift_seq: int = 0
    _left: Sight = EMPTY
    _next: int = 0
    _breaks_taken: int = 0
    _serves: tuple[str, ...] = ()

    def arrive(self) -> None:
        if halls.turn_at(self.stage.hall, self.counter) is not None:
            # A person was left there by somebody else, who will want to come back to them.
            self.gave_way = True
            return
        did = self.stage.does(self._actor, partial(shifts.open_shift, counter=self.counter, agent=self.code))
        if not isinstance(did, Shifted):
            self.gave_way = True
            return
        self.at_work, self._shift_seq, self._serves = True, did.shift.opened_seq, did.shift.serves
        self._then(self.dice.uniform(1, 12), self._free)

    def hear(self, service: str) -> bool:
        """Somebody joined a line; an idle agent who serves it gets up, and says so."""
        if not self.idle or service not in self._serves:
            return False
        self.idle = False
        self._then(self.dice.uniform(2, 8), self._free)
        return True

    def leave(self) -> None:
        """End what can be ended at once and close; for a demonstration that stops in the middle of its day."""
        if self.at_work and self._left[0] is not None:
            self._moves_person(serving.finish)
        if self.at_work:
            self._close()

    # ------------------------------------------------------------ between two people

    def _free(self) -> None:
        self.idle = False
        now = self.stage.now
        if now >= self.gone_at:
            self._close()
        elif self._break_due(now):
            self._pause(self._take_break())
        elif self._somebody_waits():
            self._call(ending=None)
        elif now >= self.goes_at:
            self._close()
        else:
            self.idle = True
            self._then(self.looks_every_s * self.dice.uniform(0.8, 1.2), self._free)

    def _somebody_waits(self) -> bool:
        hall = self.stage.hall
        shift = hall.shifts.get(self.counter)
        return shift is None or rule.choose_next(hall, shift, self.stage.now) is not None

    def _break_due(self, now: datetime) -> bool:
        return self._breaks_taken < len(self.breaks) and self.breaks[self._breaks_taken].at <= now

    def _take_break(self) -> Break:
        self._breaks_taken += 1
        return self.breaks[self._breaks_taken - 1]

    def _pause(self, pause: Break) -> None:
        did = self._moves(partial(shifts.pause, counter=self.counter, agent=self.code, reason=pause.reason))
        if isinstance(did, Shifted):
            self._left = (None, "", 0, True)
            self._then(pause.lasts_s, self._resume)

    def _resume(self) -> None:
        did = self._moves(partial(shifts.resume, counter=self.counter, agent=self.code))
        if isinstance(did, Shifted):
            self._left = EMPTY
            self._then(self.dice.uniform(2, 10), self._free)

    def _close(self) -> None:
        self._moves(partial(shifts.close, counter=self.counter, agent=self.code))
        self.at_work = False

    # ------------------------------------------------------------ one person

    def _call(self, ending: str | None) -> None:
        facts: dict[str, Any] = {"counter": self.counter, "agent": self.code, "ending": ending}
        if ending is not None:
            facts["outcome"] = rarities.outcome(self.dice)
        preferred = rarities.preferred(self.stage.hall, self.counter, self.dice, self.stage.now)
        if preferred is None:
            did = self._moves(partial(calling.call_next, **facts))
        else:
            why = rarities.reason(self.dice)
            did = self._moves(partial(calling.call_out_of_order, ticket=preferred, why=why, **facts))
        if isinstance(did, NobodyWaiting):
            self._left = EMPTY
            self._then(self.dice.uniform(1, 4), self._free)
        elif isinstance(did, Called | CalledOutOfOrder):
            self._left = _sight_of(did.turn)
            mistaken = ending is None and chance(self.dice, rarities.MISTAKEN_PERCENT)
            if mistaken:
                self._then(self.dice.uniform(3, 9), partial(self._take_back, did.turn.ticket))
            else:
                self._await(did.turn)

    def _take_back(self, ticket: TicketId) -> None:
        """The wrong key: undone before anybody has come."""
        if not isinstance(self._moves(partial(turns.undo, ticket=ticket, agent=self.code)), Refusal):
            self._left = EMPTY
            self._then(self.dice.uniform(2, 6), self._free)

    def _await(self, turn: Turn) -> None:
        dice = self.dice
        if turn.ticket in self.absent:
            self._then(dice.uniform(32, 45), self._recall_in_vain)
        elif chance(dice, SLOW_WALKER_PERCENT):
            self._then(dice.uniform(28, 40), self._recall)
        elif chance(dice, FORGETS_START_PERCENT):
            self._then(WALK.roll(dice) + self._service_s(turn), self._end)
        else:
            self._then(WALK.roll(dice), self._start)

    def _recall(self) -> None:
        if self._moves_person(calling.recall):
            self._then(WALK.roll(self.dice), self._start)

    def _recall_in_vain(self) -> None:
        if self._moves_person(calling.recall):
            self._then(self.dice.uniform(30, 45), self._strike_off)

    def _strike_off(self) -> None:
        missed = self._moves_person(serving.no_show)
        if missed is None:
            return
        if chance(self.dice, rarities.BACK_AFTER_NO_SHOW_PERCENT):
            self.stage.later(self.dice.uniform(60, 900), partial(self._welcome_back, missed.ticket))
        self._then(self.dice.uniform(1, 4), self._free)

    def _welcome_back(self, ticket: TicketId) -> None:
        """Whoever missed the call comes to the counter after all, if somebody is still there."""
        if self.at_work and not isinstance(
            self.stage.does(self._actor, partial(turns.put_back, ticket=ticket, agent=self.code)), Refusal
        ):
            self.absent.discard(ticket)

    def _start(self) -> None:
        did = self._moves_person(serving.start)
        if did is None:
            return
        service_s = self._service_s(did)
        to = rarities.elsewhere(self.stage.hall, did, self.dice)
        if to is not None:
            self._then(service_s, partial(self._send_on, to))
        elif chance(self.dice, rarities.PARKED_PERCENT):
            self._then(service_s / 2, self._park)
        else:
            self._then(service_s, self._end)

    def _send_on(self, service: str) -> None:
        """One more thing to do elsewhere: mostly after being served here."""
        served = chance(self.dice, 60)
        if self._moves_person(partial(turns.transfer, service=service, served=served)):
            self._then(self.dice.uniform(1, 4), self._free)

    def _park(self) -> None:
        """A form to fill in: the person steps aside and is ready some minutes later."""
        parked = self._moves_person(turns.park)
        if parked is not None:
            ready = partial(turns.resume, ticket=parked.ticket, agent=self.code)
            self.stage.later(self.dice.uniform(240, 1300), partial(self.stage.does, self._actor, ready))
            self._then(self.dice.uniform(1, 4), self._free)

    def _end(self) -> None:
        now = self.stage.now
        if chance(self.dice, self.breathes_percent):
            if self._moves_person(self._finish):
                rest = Break(at=now, reason="back_office", lasts_s=self.dice.uniform(40, 100))
                self._then(0, partial(self._pause, rest))
        elif now >= self.goes_at or self._break_due(now) or not self._somebody_waits():
            if self._moves_person(self._finish):
                self._then(self.dice.uniform(1, 4), self._free)
        else:
            self._call(ending="finished")

    def _finish(self, pen: Pen, **facts: Any) -> Any:
        return serving.finish(pen, outcome=rarities.outcome(self.dice), **facts)

    def _service_s(self, turn: Turn) -> float:
        return self.load.took[turn.service].roll(self.dice) * self.pace

    # ------------------------------------------------------------ moving, or giving way

    def _moves_person(self, verb: Any) -> Turn | None:
        did = self._moves(partial(verb, ticket=self._left[0], agent=self.code))
        if isinstance(did, Refusal):
            return None
        turn: Turn = did.turn
        self._left = _sight_of(turn) if turn.state in AT_COUNTER else EMPTY
        return turn

    def _moves(self, action: Action) -> Any:
        did = self.stage.does(self._actor, partial(self._if_as_left, action=action))
        if isinstance(did, Refusal):
            self.at_work, self.gave_way = False, True
        return did

    def _if_as_left(self, pen: Pen, *, action: Action) -> Any:
        shift = pen.hall.shifts.get(self.counter)
        if shift is None or shift.opened_seq != self._shift_seq or _sight(pen.hall, self.counter) != self._left:
            return Refusal("not_your_counter")
        return action(pen)

    @property
    def _actor(self) -> str:
        return f"demo:{self.code}"

    def _then(self, seconds: float, event: Event) -> None:
        """Do `event` next; whatever was planned before is off."""
        self._next += 1
        self.stage.later(seconds, partial(self._if_still_next, self._next, event))

    def _if_still_next(self, number: int, event: Event) -> None:
        if number == self._next and self.at_work:
            event()


def _sight(hall: Hall, counter: str) -> Sight:
    turn = halls.turn_at(hall, counter)
    paused = hall.shifts[counter].paused_at is not None
    return (None, "", 0, paused) if turn is None else (turn.ticket, turn.state, turn.calls, paused)


def _sight_of(turn: Turn) -> Sight:
    return (turn.ticket, turn.state, turn.calls, False)
