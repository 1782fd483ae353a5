"""The promise of the published rule, over random days, from the journal alone:

    Among people waiting for the same service, nobody who came more than the largest head start after you is called
    before you, unless the journal says why.

The journal says why where somebody was called out of order, was put back, was parked, was transferred (to the service, or
to one counter alone), or where an undo brought somebody back into the line. Nothing else is an excuse. Each call is held
against everybody who waited, and the bound is taken from the set-ups, as the public page takes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from server.domain.entries import Entry, instant
from server.domain.sites import Rule, setup_from_body
from tests.days.test_random_days import Days, DaysAroundTheClockChange
from tests.world import Story, small_setup

CALLS = ("ticket.called", "ticket.called_out_of_order")
QUICK = settings(max_examples=60, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck))


@dataclass(slots=True)
class Waiting:
    service: str
    joined_at: datetime
    #: When he drew: whose class was corrected joined then, also where an appointment was for later.
    came_at: datetime
    #: What the journal says of this person beside that he drew: any of these excuses a call before or after him.
    said: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody was called before somebody who had come `later` earlier; `why` is what the journal says of the two."""

    seq: int
    later: timedelta
    bound: timedelta
    why: frozenset[str]

    @property
    def broken(self) -> bool:
        return self.later > self.bound and not self.why


def passed(entries: list[Entry]) -> Iterator[Passed]:
    """Every pair at every call: who came later was called before who came earlier and waited on."""
    people: dict[str, Waiting] = {}
    kept: dict[int, tuple[str, Waiting]] = {}
    bound = timedelta(0)
    for entry in entries:
        body = entry.body
        if entry.kind == "setup.changed":
            # Whoever drew under an older rule keeps what he was promised then, so the larger one holds.
            bound = max(bound, timedelta(seconds=setup_from_body(body["setup"]).rule.bound_s))
        elif entry.kind == "day.closed":
            people.clear()
        elif entry.kind == "ticket.drawn":
            people[body["ticket"]] = Waiting(service=body["service"], joined_at=_joined_at(entry), came_at=entry.at)
        elif entry.kind in CALLS:
            called = people.pop(body["ticket"])
            kept[entry.seq] = (body["ticket"], called)
            yield from _against_the_rest(entry, called, people, bound)
        else:
            _note(entry, body, people, kept)


def _joined_at(entry: Entry) -> datetime:
    """An appointment joins a quarter of an hour before its time at the earliest."""
    appointed_at = entry.body["appointed_at"]
    if entry.body["class"] != "appointment" or appointed_at is None:
        return entry.at
    return max(entry.at, instant(appointed_at) - timedelta(minutes=15))


def _against_the_rest(entry: Entry, called: Waiting, people: dict[str, Waiting], bound: timedelta) -> Iterator[Passed]:
    out_of_order = {"out_of_order"} if entry.kind == "ticket.called_out_of_order" else set()
    for other in people.values():
        if other.service == called.service and other.joined_at < called.joined_at:
            why = frozenset(called.said | other.said | out_of_order)
            yield Passed(seq=entry.seq, later=called.joined_at - other.joined_at, bound=bound, why=why)


def _note(entry: Entry, body: Any, people: dict[str, Waiting], kept: dict[int, tuple[str, Waiting]]) -> None:
    ticket = body.get("ticket")
    match entry.kind:
        case "ticket.withdrawn" | "ticket.expired":
            people.pop(ticket, None)
        case "ticket.put_back":
            people[ticket] = Waiting(service=body["service"], joined_at=entry.at, came_at=entry.at, said={"put_back"})
        case "ticket.resumed":
            people[ticket] = Waiting(service=body["service"], joined_at=entry.at, came_at=entry.at, said={"parked"})
        case "ticket.transferred":
            people[ticket] = Waiting(
                service=body["to_service"], joined_at=entry.at, came_at=entry.at, said={"transferred"}
            )
        case "ticket.reclassified":
            people[ticket].joined_at = people[ticket].came_at
        case "action.undone":
            for undone in body["undone"]:
                _bring_back(undone, people, kept)


def _bring_back(undone: Any, people: dict[str, Waiting], kept: dict[int, tuple[str, Waiting]]) -> None:
    if undone["kind"] in CALLS:
        ticket, waiting = kept[undone["seq"]]
        waiting.said.add("undone")
        people[ticket] = waiting
    elif undone["kind"] in ("ticket.put_back", "ticket.resumed", "ticket.transferred"):
        people.pop(undone["ticket"], None)


def promised(machine):
    """The machine, whose days are held against the promise; `seen` are all pairs of all days."""
    seen: list[Passed] = []

    class Promised(machine):
        def teardown(self):
            super().teardown()
            found = list(passed(self.world.entries))
            assert [one for one in found if one.broken] == []
            seen.extend(found)

    return Promised, seen


@pytest.mark.slow
@pytest.mark.parametrize("machine", [Days, DaysAroundTheClockChange])
def test_random_days_keep_the_promise(machine):
    kept, seen = promised(machine)
    run_state_machine_as_test(kept, settings=QUICK)
    assert any(not one.why for one in seen), "nobody passed anybody: the days prove nothing"


@pytest.mark.parametrize(("seconds", "first"), [(1199, "A002"), (1200, "A001"), (1201, "A001")])
def test_the_bound_is_as_tight_as_it_is_printed(seconds, first):
    """A priority who comes a second less than the head start later is called first; one who comes later is not."""
    world = Story()
    world.opens(1)
    world.draws("a")
    world.clock.advance(seconds=seconds)
    world.draws("a", klass="priority")
    assert world.calls(1).turn.number == first
    found = list(passed(world.entries))
    assert [one.later for one in found] == ([timedelta(seconds=seconds)] if first == "A002" else [])
    assert not any(one.broken for one in found)


def test_a_wider_rule_promises_less_and_keeps_it():
    rule = Rule(head_starts={"ordinary": 0, "priority": 3600, "appointment": 0})
    assert rule.bound_s == 3600
    world = Story(small_setup(rule=rule))
    world.opens(1)
    world.draws("a")
    world.clock.advance(minutes=59)
    world.draws("a", klass="priority")
    world.calls(1)
    (one,) = passed(world.entries)
    assert (one.later, one.bound, one.broken) == (timedelta(minutes=59), timedelta(hours=1), False)


def test_a_call_against_the_promise_is_found():
    """A check that can't fail proves nothing."""
    world = Story()
    world.opens(1)
    world.draws("a")
    world.clock.advance(minutes=21)
    friend = world.draws("a").turn

    def cheats(pen):
        names = {"ticket": friend.ticket, "number": friend.number, "service": "a", "counter": "hall-1", "zone": "main"}
        reason = {"rule": 1, "line": "serves", "due_at": "2026-11-24T09:00:00.000Z"}
        pen.write("ticket.called", {**names, "agent": "agent1", "reason": reason, "ended_seq": None})

    world.does(cheats)
    assert [one.broken for one in passed(world.entries)] == [True]
