"""Simulated citizens: they come, draw, wait, and some give up.

They do what people can do and nothing else; a refusal (the last ticket has passed) sends them home.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from server.actions import reception
from server.actions.reception import Drawn
from server.demo.agents import Agent
from server.demo.load import Load, chance, pick, pick_language
from server.demo.stage import Stage
from server.domain.tickets import TicketId

PRIORITY_PERCENT = 7
DESK_PERCENT = 8
IMPATIENT_PERCENT = 6
#: Mean patience of those who have little, in seconds.
PATIENCE_S = 40 * 60


@dataclass(slots=True)
class Crowd:
    """The citizens of one site, and the agents who hear when somebody has joined a line."""

    stage: Stage
    load: Load
    dice: random.Random
    languages: Sequence[str]
    #: Codes of the kiosks that they draw at.
    kiosks: Sequence[str]
    agents: list[Agent] = field(default_factory=list)
    #: Tickets whose holder left without a word; the agent will call them in vain.
    absent: set[TicketId] = field(default_factory=set)
    #: Seconds of patience, mean, for the impatient.
    patience_s: float = PATIENCE_S

    def somebody_comes(self) -> None:
        self.comes_for(pick(self.dice, self.load.mix))

    def comes_for(self, service: str) -> None:
        dice = self.dice
        draw = partial(
            reception.draw,
            service=service,
            language=pick_language(dice, self.languages),
            klass="priority" if chance(dice, PRIORITY_PERCENT) else "ordinary",
            channel="desk" if chance(dice, DESK_PERCENT) else "kiosk",
        )
        did = self.stage.does(f"demo:{dice.choice(self.kiosks)}", draw)
        if not isinstance(did, Drawn):
            return
        ticket = did.turn.ticket
        if chance(dice, IMPATIENT_PERCENT):
            self.stage.later(dice.expovariate(1 / self.patience_s), partial(self._give_up, ticket))
        elif chance(dice, self.load.no_show_percent):
            self.absent.add(ticket)
        self._heard(service)

    def _heard(self, service: str) -> None:
        """One idle agent gets up, whoever it happens to be."""
        idle = [agent for agent in self.agents if agent.idle]
        self.dice.shuffle(idle)
        any(agent.hear(service) for agent in idle)

    def _give_up(self, ticket: TicketId) -> None:
        turn = self.stage.hall.turns.get(ticket)
        if turn is not None and turn.state == "waiting":
            self.stage.does("demo:phone", partial(reception.withdraw, ticket=ticket))
