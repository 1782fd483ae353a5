"""Whole days at random: every verb at any moment, clocks that jump, nights with the server down, two tickers.

After each step the hall is checked against itself; at the end an auditor who has only the journal checks every promise
(tests/days/auditor.py), the fold is repeated from the first entry and from each checkpoint, and everybody goes home.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from server.actions import calling, desk, remarks, serving, shifts, turns
from server.actions import help as help_calls
from server.actions import setup as setups
from server.domain import calling as rule_of_calling
from server.domain import fold, tickets
from server.domain import hall as halls
from server.domain.calendar import Hours, Span
from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.sites import Rule, setup_from_body
from server.domain.timings import timings
from tests.days.auditor import audit
from tests.world import MORNING, Story, small_setup

pytestmark = pytest.mark.slow

COUNTERS = st.integers(1, 3)
AGENTS = st.sampled_from(["agent1", "agent2", "agent3", "agent4"])
#: Mostly somebody who can be moved, sometimes somebody who can't, sometimes nobody.
PICKS = st.integers(0, 40)
ASIDE = {"park": turns.park, "resume": turns.resume, "put_back": turns.put_back, "undo": turns.undo}
AT_COUNTER = {"recall": calling.recall, "start": serving.start, "finish": serving.finish, "no_show": serving.no_show}
ENDINGS = st.sampled_from([None, "finished", "finished", "finished", "no_show"])
RARELY = ("two_tickers_tick", "manager_closes", "clock_is_set_back", "night_falls", "server_is_down", "set_up_changes")
LONG_HOURS = Hours(weekly=((Span(opens_min=0, closes_min=1440),),) * 6 + ((Span(opens_min=540, closes_min=720),),))


class Days(RuleBasedStateMachine):
    timezone: ClassVar[str] = "Africa/Casablanca"
    begins_at: ClassVar[datetime] = MORNING

    def __init__(self) -> None:
        super().__init__()
        self.world = Story(small_setup(hours=LONG_HOURS, timezone=self.timezone), at=self.begins_at)
        self.drawn: list[str] = []

    # ---------------------------------------------------------------- people

    @rule(services=st.text("aab", min_size=1, max_size=4), klass=st.sampled_from(["ordinary", "ordinary", "priority"]))
    def draw(self, services: str, klass: str) -> None:
        for service in services:
            did = self.world.draws(service, klass=klass)
            if isinstance(did, Refusal):
                assert did.code in {"service_closed", "site_closed", "last_ticket_passed"}
            else:
                self.drawn.append(did.turn.ticket)

    @rule(service=st.sampled_from("ab"), minutes=st.integers(-90, 300))
    def check_in(self, service: str, minutes: int) -> None:
        appointed_at = self.world.clock.now() + timedelta(minutes=minutes)
        did = self.world.draws(service, klass="appointment", appointed_at=appointed_at)
        if isinstance(did, Refusal):
            closed = {"service_closed", "site_closed", "last_ticket_passed"}
            assert did.code in {*closed, "no_appointments", "appointment_not_today"}
        else:
            self.drawn.append(did.turn.ticket)

    @precondition(lambda self: self.drawn)
    @rule(pick=PICKS)
    def withdraw(self, pick: int) -> None:
        self._moves("withdraw", self.drawn[-1 - pick % len(self.drawn)], self.world.withdraws)

    # ---------------------------------------------------------------- the desk

    @precondition(lambda self: self.drawn)
    @rule(pick=PICKS, klass=st.sampled_from(["ordinary", "priority"]))
    def correct(self, pick: int, klass: str) -> None:
        ticket = self.drawn[-1 - pick % len(self.drawn)]
        turn = self.world.hall.turns.get(ticket)
        if turn is None or turn.klass != klass:
            verb = lambda ticket: self.world.does(desk.reclassify, ticket=ticket, klass=klass)  # noqa: E731
            self._moves("reclassify", ticket, verb)

    @precondition(lambda self: self.drawn)
    @rule(pick=PICKS, kiosk=st.sampled_from(["k1", "k2"]))
    def print_again(self, pick: int, kiosk: str) -> None:
        self.world.does(desk.reprint, ticket=self._ticket(pick), kiosk=kiosk)

    @rule(service=st.sampled_from("ab"), kiosk=st.sampled_from([None, "k1"]))
    def come_to_the_desk(self, service: str, kiosk: str | None) -> None:
        did = self.world.does(desk.draw_for, service=service, language="fr", kiosk=kiosk)
        if not isinstance(did, Refusal):
            self.drawn.append(did.turn.ticket)
        self.world.does(desk.send_home, service=service, document="photo")
        self.world.does(desk.lift_limit, kiosk="k1")

    # ---------------------------------------------------------------- agents

    @rule(n=COUNTERS, agent=AGENTS)
    def open(self, n: int, agent: str) -> None:
        self.world.opens(n, agent=agent)

    @rule(n=COUNTERS, ending=ENDINGS, seconds=st.sampled_from([0, 20, 240]))
    def call(self, n: int, ending: str | None, seconds: int) -> None:
        """An agent who comes to a closed counter opens it first, if he may."""
        self.world.clock.advance(seconds=seconds)
        if self.world.counter(n) not in self.world.hall.shifts:
            self.world.opens(n)
        self.world.calls(n, agent=self._agent(n), ending=ending)

    @rule(n=COUNTERS, comes=st.sampled_from([True, True, False]), stays=st.booleans())
    def whole_visit(self, *, n: int, comes: bool, stays: bool) -> None:
        self.call(n, "finished", 60)
        present = halls.turn_at(self.world.hall, self.world.counter(n))
        if present is None or present.state != "called":
            return
        facts = {"ticket": present.ticket, "agent": self._agent(n)}
        for verb in ("start",) if stays else ("start", "finish") if comes else ("recall", "no_show"):
            self.world.does(AT_COUNTER[verb], **facts)
            self.world.clock.advance(seconds=61)

    @rule(n=COUNTERS, detour=st.sampled_from(["park", "transfer", "miss"]), back=st.booleans(), undone=st.booleans())
    def visit_with_a_detour(self, *, n: int, detour: str, back: bool, undone: bool) -> None:
        """Aside, elsewhere or absent, and mostly here again; now and then the agent takes the key back at once."""
        self.call(n, "finished", 60)
        present = halls.turn_at(self.world.hall, self.world.counter(n))
        if present is None or present.state != "called":
            return
        facts = {"ticket": present.ticket, "agent": self._agent(n)}
        if detour == "miss":
            for verb in (calling.recall, serving.no_show):
                self.world.does(verb, **facts)
                self.world.clock.advance(seconds=61)
        else:
            self.world.does(serving.start, **facts)
            more = {"service": "b" if present.service == "a" else "a"} if detour == "transfer" else {}
            self.world.does(getattr(turns, detour), **facts, **more)
        if undone:
            self.world.does(turns.undo, **facts)
        if back and detour != "transfer":
            self.world.clock.advance(seconds=300)
            self.world.does(ASIDE[{"park": "resume", "miss": "put_back"}[detour]], **facts)

    @precondition(lambda self: self.drawn)
    @rule(pick=PICKS, verb=st.sampled_from([*AT_COUNTER, "recall"]), mine=st.integers(0, 5))
    def move(self, pick: int, verb: str, mine: int) -> None:
        ticket = self._ticket(pick)
        turn = self.world.hall.turns.get(ticket)
        n = int(turn.counter[-1]) if turn and turn.counter and mine else 1
        agent = self._agent(n)
        self._moves(verb, ticket, lambda ticket: self.world.does(AT_COUNTER[verb], ticket=ticket, agent=agent))

    @precondition(lambda self: self.drawn)
    @rule(pick=PICKS, verb=st.sampled_from(sorted(ASIDE)), n=COUNTERS)
    def move_aside(self, pick: int, verb: str, n: int) -> None:
        ticket = self._ticket(pick, aside=verb in ("resume", "put_back"))
        turn = self.world.hall.turns.get(ticket)
        if turn is not None and turn.counter is not None:
            n = int(turn.counter[-1])
        before = self.world.hall
        did = self.world.does(ASIDE[verb], ticket=ticket, agent=self._agent(n))
        if not isinstance(did, Refusal):
            assert did.turn.ticket == ticket
        elif self.world.hall.day == before.day:
            assert self.world.hall == before

    @precondition(lambda self: self.drawn)
    @rule(n=COUNTERS, to=st.sampled_from(["a", "b", "hall-1", "hall-2", "hall-3"]), served=st.booleans(), pick=PICKS)
    def transfer(self, *, n: int, to: str, served: bool, pick: int) -> None:
        where = {"counter": to} if to.startswith("hall") else {"service": to}
        ticket = self._ticket(pick)
        turn = self.world.hall.turns.get(ticket)
        agent = self._agent(int(turn.counter[-1]) if turn and turn.counter else n)
        self.world.does(turns.transfer, ticket=ticket, agent=agent, served=served, **where)

    @precondition(lambda self: self.drawn)
    @rule(n=COUNTERS, pick=PICKS, ending=ENDINGS, why=st.sampled_from(["medical", "other", "friend"]))
    def call_before_others(self, n: int, pick: int, ending: str | None, why: str) -> None:
        waiting = sorted(ticket for ticket, turn in self.world.hall.turns.items() if turn.state == "waiting")
        ticket = waiting[pick % len(waiting)] if waiting else self.drawn[-1]
        facts = {"counter": self.world.counter(n), "agent": self._agent(n), "ending": ending}
        self.world.does(calling.call_out_of_order, ticket=ticket, why=why, **facts)

    @precondition(lambda self: self.world.hall.strokes)
    @rule(pick=PICKS, seconds=st.sampled_from([0, 5, 14, 16]))
    def change_one_s_mind(self, pick: int, seconds: int) -> None:
        """Mostly in time, mostly about what was really done."""
        self.world.clock.advance(seconds=seconds)
        counter, stroke = sorted(self.world.hall.strokes.items())[pick % len(self.world.hall.strokes)]
        before, ticket = self.world.hall, stroke.parts[pick % len(stroke.parts)].before.ticket
        did = self.world.does(turns.undo, ticket=ticket, agent=self._agent(int(counter[-1])))
        if not isinstance(did, Refusal):
            for part in stroke.parts:
                if part.before.state != "ended":
                    assert self.world.hall.turns[part.before.ticket] == part.before
        elif self.world.hall.day == before.day:
            assert did.code in {"undo_too_late", "nothing_to_undo", "no_shift"}
            assert self.world.hall == before

    @rule(n=COUNTERS, m=COUNTERS)
    def call_for_help(self, n: int, m: int) -> None:
        self.world.does(help_calls.call, counter=self.world.counter(n), agent=self._agent(n))
        self.world.does(help_calls.answer, counter=self.world.counter(m), agent=self._agent(m))
        self.world.does(remarks.remark, about=max(1, self.world.hall.seq - n), agent=self._agent(n), sealed="0" * 64)

    @rule(n=COUNTERS, what=st.sampled_from(["pause", "resume", "resume", "close"]))
    def change_shift(self, n: int, what: str) -> None:
        more = {"reason": "prayer"} if what == "pause" else {}
        self.world.does(getattr(shifts, what), counter=self.world.counter(n), agent=self._agent(n), **more)

    # ---------------------------------------------------------------- the house

    @rule(seconds=st.sampled_from([1, 30, 61, 300, 1300]))
    def time_passes(self, seconds: int) -> None:
        self.world.clock.advance(seconds=seconds)

    @rule(what=st.sampled_from(RARELY), n=COUNTERS, seconds=st.sampled_from([0, 600, 1200]))
    def something_rare_happens(self, what: str, n: int, seconds: int) -> None:
        """One rule for all of these, so that most of a random day is ordinary work."""
        getattr(self, what)(n, seconds)

    def manager_closes(self, n: int, _seconds: int) -> None:
        self.world.does(shifts.close_for_agent, counter=self.world.counter(n))

    def set_up_changes(self, n: int, seconds: int) -> None:
        version = self.world.hall.setup.rule.version + 1
        changed = Rule(version=version, head_starts={"priority": seconds})
        setup = replace(self.world.hall.setup, rule=changed, change_over_min=(0, 240, 720)[n - 1])
        self.world.does(setups.put_in_force, setup=setup)

    def clock_is_set_back(self, _n: int, _seconds: int) -> None:
        self.world.clock.advance(seconds=-90)

    def night_falls(self, n: int, _seconds: int) -> None:
        """To the second before the change-over, the change-over itself, or the second after it."""
        self.world.clock.at = max(self.world.clock.at, self.world.hall.day.ends_at)
        self.world.clock.advance(seconds=n - 2)

    def server_is_down(self, n: int, _seconds: int) -> None:
        self.world.clock.advance(hours=(9, 26, 80)[n - 1])

    def two_tickers_tick(self, _n: int, _seconds: int) -> None:
        self.world.ticks()
        count = len(self.world.written)
        self.world.ticks()
        assert len(self.world.written) == count

    # ---------------------------------------------------------------- what holds after every step

    @invariant()
    def the_hall_holds_together(self) -> None:
        hall = self.world.hall
        assert hall.day is not None
        waiting = [turn for turn in hall.turns.values() if turn.state == "waiting"]
        for lines, standing in (
            (hall.lines, [(turn.service, turn.place) for turn in waiting if turn.bound is None]),
            (hall.bound, [(turn.bound, turn.place) for turn in waiting if turn.bound is not None]),
        ):
            assert sorted((name, place) for name, line in lines.items() for place in line) == sorted(standing)
            assert all(list(line) == sorted(line) for line in lines.values())
        assert set(hall.bound) - {name for name, line in hall.bound.items() if not line} <= set(hall.shifts)
        assert all(turn.ending == "no_show" and ticket not in hall.turns for ticket, turn in hall.no_shows.items())
        for shift in hall.shifts.values():
            everybody = rule_of_calling.candidates(hall, shift, self.world.clock.now())
            first = rule_of_calling.choose_next(hall, shift, self.world.clock.now())
            assert (first and first.ticket) == (everybody[0][0][2] if everybody else None)
        there = {turn.counter: turn.ticket for turn in hall.turns.values() if turn.state in ("called", "serving")}
        assert dict(hall.at_counter) == there
        assert all(turn.state != "ended" for turn in hall.turns.values())
        agents = [shift.agent for shift in hall.shifts.values()]
        assert len(set(agents)) == len(agents)

    def teardown(self) -> None:
        world = self.world
        self._everybody_goes_home()
        auditor = audit(world.entries)
        assert (auditor.seq, auditor.hash) == (world.hall.seq, world.hall.hash)
        assert {visit.state for visit in auditor.visits.values()} <= {"ended"}
        assert len(auditor.visits) == len(self.drawn)
        _check_folds(world)
        _check_times(world)

    # ---------------------------------------------------------------- parts

    def _moves(self, verb, ticket, does) -> None:
        """From a state of its row a move may be refused for its own reasons; from any other it is an illegal move."""
        world = self.world
        world.ticks()
        turn, before = world.hall.turns.get(ticket), world.hall
        did = does(ticket)
        legal = turn is not None and tickets.may(verb, turn)
        if isinstance(did, Refusal):
            assert world.hall is before
            assert (did.code == "illegal_move") == (not legal)
        else:
            assert legal
            assert did.turn.ticket == ticket

    def _ticket(self, pick: int, *, aside: bool = False) -> str:
        hall = self.world.hall
        away = sorted({*hall.no_shows, *(ticket for ticket, turn in hall.turns.items() if turn.state == "parked")})
        if aside and away and pick < 35:
            return away[pick % len(away)]
        at_counters = sorted(self.world.hall.at_counter.values())
        if pick < 25 and at_counters:
            return at_counters[pick % len(at_counters)]
        return self.drawn[-1 - pick % len(self.drawn)]

    def _agent(self, n: int) -> str:
        shift = self.world.hall.shifts.get(self.world.counter(n))
        turn = halls.turn_at(self.world.hall, self.world.counter(n))
        return shift.agent if shift else turn.agent if turn else f"agent{n}"

    def _everybody_goes_home(self) -> None:
        self.world.clock.advance(hours=30)
        self.world.ticks()
        for counter, ticket in sorted(self.world.hall.at_counter.items()):
            did = self.world.does(serving.finish, ticket=ticket, agent=self._agent(int(counter[-1])))
            assert did.turn.ending == "served"
        self.world.clock.advance(hours=30)
        self.world.ticks()
        assert self.world.hall.turns == {}


class DaysAroundTheClockChange(Days):
    """Madrid, from the Friday before the night in which the clocks go back."""

    timezone = "Europe/Madrid"
    begins_at = datetime(2026, 10, 23, 6, 0, tzinfo=UTC)


def _check_folds(world: Story) -> None:
    entries = world.entries
    assert fold.fold(Hall(site="hall"), entries) == world.hall
    setup = world.setup
    for entry in entries:
        if entry.kind == "setup.changed":
            setup = setup_from_body(entry.body["setup"])
        elif entry.kind == "day.closed":
            start = replace(Hall(site="hall"), seq=entry.seq - 1, setup=setup)
            assert fold.fold(start, entries[entry.seq - 1 :]) == world.hall


def _check_times(world: Story) -> None:
    for stroke in world.written:
        for turn in stroke.hall.touched:
            found = timings(turn)
            parts = [found.waiting_s, found.calling_s, found.walking_s, found.service_s]
            assert all(part is None or part >= 0 for part in (*parts, found.aside_s))
            if None not in parts:
                whole_s = (turn.ended_at - turn.joined_at).total_seconds()
                assert sum(parts) + found.aside_s == pytest.approx(whole_s, abs=1e-6)
                assert sum(parts[1:]) == pytest.approx(found.transaction_s, abs=1e-6)


QUICK = settings(max_examples=150, stateful_step_count=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(QUICK, max_examples=400, stateful_step_count=250)
MACHINES = pytest.mark.parametrize("days", [Days, DaysAroundTheClockChange])


@MACHINES
def test_random_days_break_no_promise(days):
    run_state_machine_as_test(days, settings=QUICK)


@pytest.mark.long
@MACHINES
def test_many_long_random_days_break_no_promise(days):
    run_state_machine_as_test(days, settings=LONG)


def test_the_auditor_sees_a_person_who_was_called_before_her_turn():
    """A check that can't fail proves nothing: the same day with two calls exchanged does not pass."""
    world = Story()
    world.opens(1)
    first, second = world.draws("a").turn, world.draws("a").turn

    def cheats(pen):
        names = {"ticket": second.ticket, "number": second.number, "service": "a"}
        reason = {"rule": 1, "line": "serves", "due_at": "2026-11-24T09:00:00.000Z"}
        where = {"counter": "hall-1", "zone": "main", "agent": "agent1", "reason": reason}
        pen.write("ticket.called", {**names, **where})

    world.does(cheats)
    with pytest.raises(AssertionError, match=f"{first.number} was first, {second.number} was called"):
        audit(world.entries)
