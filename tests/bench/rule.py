"""How the calling rule scales: the choice alone in a full hall, and a whole call over HTTP beside a long line."""

import json
import time
from http.client import HTTPConnection
from statistics import median
from typing import Any

from server.clock import FakeClock
from server.domain import calling
from server.domain.sites import Counter, Helps, Service
from tests.bench.measures import Figures, Tokens, counters
from tests.bench.served import Served
from tests.world import MORNING, Story, small_setup

WAITING = 2000
COUNTERS = 60
SERVICES = 20


def full_hall() -> Story:
    """Twenty services, sixty counters that serve three and help two each, two thousand people."""
    codes = [f"s{n}" for n in range(SERVICES)]
    services = tuple(Service(code=code, series="A", zone="main") for code in codes)
    desks = tuple(
        Counter(
            id=f"hall-{n}",
            label=str(n),
            zone="main",
            serves=tuple(codes[(n + step) % SERVICES] for step in range(3)),
            helps=tuple(Helps(service=codes[(n + step) % SERVICES], after_s=600) for step in (5, 6)),
        )
        for n in range(1, COUNTERS + 1)
    )
    world = Story(small_setup(services=services, counters=desks))
    for n in range(1, COUNTERS + 1):
        world.opens(n)
    for n in range(WAITING):
        world.draws(codes[n % SERVICES], klass="priority" if n % 12 == 0 else "ordinary")
        world.clock.advance(seconds=1)
    assert isinstance(world.clock, FakeClock)
    assert world.clock.now() > MORNING
    return world


def choosing(world: Story, rounds: int = 50) -> Figures:
    """Microseconds of one choice: each counter chooses in turn."""
    hall, now, took = world.hall, world.clock.now(), []
    for _ in range(rounds):
        for shift in hall.shifts.values():
            began = time.perf_counter()
            choice = calling.choose_next(hall, shift, now)
            took.append(1_000_000 * (time.perf_counter() - began))
            assert choice is not None
    return {"us": median(took), "worst_us": max(took)}


class Desk:
    """One counter and the kiosk beside it, over HTTP on one connection."""

    def __init__(self, served: Served, tokens: Tokens) -> None:
        [self.at] = counters(tokens, 1)
        self._line = HTTPConnection("127.0.0.1", served.port, timeout=30)
        self._count = 0
        self._ask(f"/counters/{self.at['counter']}/shifts", {}, self.at["token"])

    def fill(self, people: int) -> None:
        for _ in range(people):
            self._ask(
                f"/sites/{self.at['site']}/tickets", {"service": self.at["service"], "language": "fr"}, self.at["kiosk"]
            )

    def calls_ms(self, count: int) -> list[float]:
        """So many calls, each with the line as long as at the first: somebody draws before each."""
        took = []
        for _ in range(count):
            self.fill(1)
            began = time.perf_counter()
            self._ask(f"/counters/{self.at['counter']}/calls", {"ending": "finished"}, self.at["token"])
            took.append(1000 * (time.perf_counter() - began))
        return took

    def _ask(self, path: str, body: dict[str, Any], token: str) -> None:
        self._count += 1
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"rule-{id(self)}-{self._count}",
        }
        self._line.request("POST", f"/api/v1{path}", json.dumps(body), headers)
        answer = self._line.getresponse()
        said = answer.read()
        if answer.status not in (201, 204, 409):
            raise RuntimeError(f"{path}: {answer.status} {said!r}")


def calling_beside(served: Served, tokens: Tokens, *, calls: int) -> tuple[float, float]:
    """Milliseconds of a call with 5 people waiting and with 500, medians."""
    desk = Desk(served, tokens)
    desk.fill(5)
    desk.calls_ms(20)
    few = median(desk.calls_ms(calls))
    desk.fill(495)
    many = median(desk.calls_ms(calls))
    return few, many
