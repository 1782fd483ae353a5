"""What happens now and then in a real hall: how often, and to whom. The percentages are invented, like the load.

They are small on purpose. What a demonstration shows of calls out of order, transfers and people put back should look
like an office that works, and every one of them is an entry like any other.
"""

import random
from collections.abc import Mapping
from datetime import datetime

from server.demo.load import chance, pick
from server.domain import calling as rule
from server.domain import hall as halls
from server.domain.hall import Hall
from server.domain.tickets import TicketId, Turn

OUT_OF_ORDER_PERCENT = 0.7
PARKED_PERCENT = 1.5
SENT_ON_PERCENT = 2.0
MISTAKEN_PERCENT = 0.4
BACK_AFTER_NO_SHOW_PERCENT = 35

OUTCOMES: Mapping[str, int] = {"done": 88, "document_missing": 8, "redirected": 2, "to_return": 2}
REASONS: Mapping[str, int] = {
    "back_with_document": 40,
    "priority_seen": 25,
    "our_error": 20,
    "medical": 8,
    "language": 5,
    "escort": 2,
}


def preferred(hall: Hall, counter: str, dice: random.Random, now: datetime) -> TicketId | None:
    """Somebody who is not next and whom this agent has a reason to call all the same; mostly nobody."""
    shift = hall.shifts.get(counter)
    if shift is None or not chance(dice, OUT_OF_ORDER_PERCENT):
        return None
    others = [place for place, line in rule.candidates(hall, shift, now)[1:9] if line == "serves"]
    return dice.choice(others)[2] if others else None


def elsewhere(hall: Hall, turn: Turn, dice: random.Random) -> str | None:
    """Another service that this person is sent on to, where somebody works now; mostly none."""
    if not chance(dice, SENT_ON_PERCENT) or turn.opened_seq != int(turn.ticket.rpartition("-")[2]):
        return None
    open_ones = sorted(
        service.code
        for service in (() if hall.setup is None else hall.setup.services)
        if service.code != turn.service and halls.counters_open(hall, service.code) > 0
    )
    return dice.choice(open_ones) if open_ones else None


def outcome(dice: random.Random) -> str:
    return pick(dice, OUTCOMES)


def reason(dice: random.Random) -> str:
    return pick(dice, REASONS)
