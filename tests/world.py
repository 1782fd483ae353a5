"""A small world to tell stories in: a site with a clock that stands still, in memory or on a real database.

world = Story()
world.opens(1)
ticket = world.draws("a")
world.clock.advance(minutes=7)
world.calls(1)
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar

from server.actions import calling, days, reception, serving, shifts, turns
from server.actions import setup as setups
from server.clock import FakeClock
from server.domain.calendar import Hours, Span
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.sites import Counter, Helps, Rule, Service, ServiceTarget, Setup
from server.domain.story import Pen, Written

#: A Tuesday morning, when every office is open.
MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def weekly(opens: int = 8 * 60, closes: int = 17 * 60) -> Hours:
    span = (Span(opens_min=opens, closes_min=closes),)
    return Hours(weekly=(span, span, span, span, span, (), ()))


def small_setup(site: str = "hall", **changes: Any) -> Setup:
    """Two lines and three counters: 1 serves a, 2 serves b and helps a after 10 minutes, 3 serves both."""
    facts: dict[str, Any] = {
        "site": site,
        "timezone": "Africa/Casablanca",
        "languages": ("ar", "fr", "zgh", "en"),
        "discreet": False,
        "change_over_min": 240,
        "hours": weekly(),
        "series": ("A", "B"),
        "zones": ("main",),
        "services": (
            Service(
                code="a", series="A", zone="main", target=ServiceTarget(percent=80, within_s=1200), appointments=True
            ),
            Service(code="b", series="B", zone="main", last_ticket_before_s=1800),
        ),
        "counters": (
            Counter(id=f"{site}-1", label="1", zone="main", serves=("a",)),
            Counter(id=f"{site}-2", label="2", zone="main", serves=("b",), helps=(Helps(service="a", after_s=600),)),
            Counter(id=f"{site}-3", label="3", zone="main", serves=("a", "b")),
        ),
        "rule": Rule(),
        "pack": "0" * 64,
    }
    return Setup(**{**facts, **changes})


class Memory:
    """Where a story is told: here in memory, by the product's own actions on the product's own hall, no database.

    `tests/actions/conftest.py` has another such place, which is a real one.
    """

    def __init__(self, site: str, clock: FakeClock) -> None:
        self.clock = clock
        self.hall = Hall(site=site)
        self.written: list[Written] = []

    def does(self, action: Callable[[Pen], Any]) -> Any:
        kinds = {stroke.entry.seq: stroke.entry.kind for stroke in self.written}
        pen = Pen(hall=self.hall, now=self.clock.now(), actor="test:1", kind_of=kinds.get)
        days.turn_the_page(pen)
        hall, count = pen.hall, len(pen.written)
        did = action(pen)
        if isinstance(did, Refusal):
            pen.take_back(hall, count)
        self.hall = pen.hall
        self.written.extend(pen.written)
        return did


class Story:
    """A site's story, told with the verbs of the day."""

    place: ClassVar[Callable[[str, FakeClock], Any]] = Memory

    def __init__(self, setup: Setup | None = None, at: datetime = MORNING, *, set_up: bool = True) -> None:
        self.setup = setup or small_setup()
        self.clock = FakeClock(at)
        self.told = self.place(self.setup.site, self.clock)
        if set_up:
            self.does(setups.put_in_force, setup=self.setup)

    def does(self, action: Callable[..., Any], **facts: Any) -> Any:
        return self.told.does(partial(action, **facts))

    @property
    def hall(self) -> Hall:
        return self.told.hall

    @property
    def written(self) -> list[Written]:
        return self.told.written

    @property
    def entries(self) -> list[Any]:
        return [stroke.entry for stroke in self.written]

    @property
    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.entries]

    def counter(self, n: int) -> str:
        return f"{self.setup.site}-{n}"

    def opens(self, n: int, agent: str | None = None) -> Any:
        return self.does(shifts.open_shift, counter=self.counter(n), agent=agent or f"agent{n}")

    def draws(self, service: str = "a", **facts: Any) -> Any:
        return self.does(reception.draw, service=service, **{"language": "ar", **facts})

    def calls(self, n: int, **facts: Any) -> Any:
        return self.does(calling.call_next, counter=self.counter(n), **{"agent": f"agent{n}", **facts})

    def recalls(self, ticket: str, n: int) -> Any:
        return self.does(calling.recall, ticket=ticket, agent=f"agent{n}")

    def starts(self, ticket: str, n: int) -> Any:
        return self.does(serving.start, ticket=ticket, agent=f"agent{n}")

    def finishes(self, ticket: str, n: int, **facts: Any) -> Any:
        return self.does(serving.finish, ticket=ticket, agent=f"agent{n}", **facts)

    def no_show(self, ticket: str, n: int) -> Any:
        return self.does(serving.no_show, ticket=ticket, agent=f"agent{n}")

    def calls_out_of_order(self, ticket: str, n: int, **facts: Any) -> Any:
        named = {"counter": self.counter(n), "ticket": ticket, "agent": f"agent{n}", "why": "our_error", **facts}
        return self.does(calling.call_out_of_order, **named)

    def puts_back(self, ticket: str, n: int) -> Any:
        return self.does(turns.put_back, ticket=ticket, agent=f"agent{n}")

    def parks(self, ticket: str, n: int) -> Any:
        return self.does(turns.park, ticket=ticket, agent=f"agent{n}")

    def takes_up(self, ticket: str, n: int) -> Any:
        """A parked person is ready again."""
        return self.does(turns.resume, ticket=ticket, agent=f"agent{n}")

    def transfers(self, ticket: str, n: int, **facts: Any) -> Any:
        return self.does(turns.transfer, ticket=ticket, agent=f"agent{n}", **facts)

    def undoes(self, ticket: str, n: int) -> Any:
        return self.does(turns.undo, ticket=ticket, agent=f"agent{n}")

    def misses(self, ticket: str, n: int) -> Any:
        """Called once more, waited for, and struck off."""
        self.recalls(ticket, n)
        self.clock.advance(seconds=61)
        return self.no_show(ticket, n)

    def withdraws(self, ticket: str) -> Any:
        return self.does(reception.withdraw, ticket=ticket)

    def pauses(self, n: int, reason: str = "rest") -> Any:
        return self.does(shifts.pause, counter=self.counter(n), agent=f"agent{n}", reason=reason)

    def resumes(self, n: int) -> Any:
        return self.does(shifts.resume, counter=self.counter(n), agent=f"agent{n}")

    def closes(self, n: int, agent: str | None = None) -> Any:
        return self.does(shifts.close, counter=self.counter(n), agent=agent or f"agent{n}")

    def ticks(self) -> None:
        """What the ticker does every few seconds in a quiet hall: nothing, on time."""
        self.does(lambda _pen: None)
