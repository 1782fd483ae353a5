"""The rule changes with a day's opening; at once only by a second person and for a reason; each step is an entry."""

from dataclasses import replace
from functools import partial

import pytest

from server.actions import rules
from server.actions import setup as setups
from server.actions.rules import Wanted
from server.domain.errors import Refusal
from server.domain.sites import Rule
from tests.world import Story

STRICTER = Wanted(
    head_starts={"ordinary": 0, "priority": 600, "appointment": 300},
    no_show_min_calls=3,
    no_show_min_s=90,
    put_back_head_start_s=300,
    put_backs_max=1,
)
AS_IT_IS = Wanted(
    head_starts=dict(Rule().head_starts),
    no_show_min_calls=2,
    no_show_min_s=60,
    put_back_head_start_s=600,
    put_backs_max=2,
)


@pytest.fixture
def world():
    return Story()


def by(actor, action, **facts):
    def act(pen):
        pen.actor = actor
        return action(pen, **facts)

    return act


def test_a_change_waits_for_the_next_opening(world):
    before = world.hall.setup.rule
    world.does(rules.change, wanted=STRICTER)
    assert world.hall.setup.rule == before
    assert world.hall.setup.next_rule.version == before.version + 1
    due = world.draws("a", klass="priority").turn
    assert (due.joined_at - due.due_at).total_seconds() == 1200
    world.clock.advance(hours=24)
    later = world.draws("a", klass="priority").turn
    assert (later.joined_at - later.due_at).total_seconds() == 600
    rule = world.hall.setup.rule
    assert (rule.version, rule.put_backs_max, rule.reason) == (2, 1, "")
    assert world.hall.setup.next_rule is None
    changed = [entry for entry in world.entries if entry.kind == "setup.changed"][-1]
    opened = [entry for entry in world.entries if entry.kind == "day.opened"][-1]
    assert (changed.body["what"], changed.actor, changed.seq) == ("rule", "system:day", opened.seq - 1)


def test_the_rule_as_it_is_takes_a_waiting_one_back(world):
    assert world.does(rules.change, wanted=AS_IT_IS).seq is None
    world.does(rules.change, wanted=STRICTER)
    assert world.does(rules.change, wanted=STRICTER).seq is None
    world.does(rules.change, wanted=AS_IT_IS)
    assert world.hall.setup.next_rule is None
    assert world.entries[-1].body["what"] == "rule_taken_back"


def test_at_once_it_needs_somebody_else_and_a_reason(world):
    world.does(by("manager:a", rules.change, wanted=STRICTER))
    assert world.does(by("manager:a", rules.enforce, reason="error")) == Refusal("second_person_required")
    assert world.does(by("manager:b", rules.enforce, reason="a friend")) == Refusal("no_such_reason")
    assert world.hall.setup.rule.version == 1
    world.does(by("manager:b", rules.enforce, reason="error"))
    rule = world.hall.setup.rule
    assert (rule.version, rule.reason, rule.no_show_min_calls) == (2, "error", 3)
    assert (world.entries[-1].body["what"], world.entries[-1].actor) == ("rule_at_once", "manager:b")
    assert world.does(by("manager:b", rules.enforce, reason="error")) == Refusal("no_rule_waits")


def test_who_waits_already_keeps_the_head_start_he_came_with(world):
    ticket = world.draws("a", klass="priority").turn
    world.does(by("manager:a", rules.change, wanted=STRICTER))
    world.does(by("manager:b", rules.enforce, reason="safety"))
    assert world.hall.turns[ticket.ticket].due_at == ticket.due_at


@pytest.mark.parametrize(
    "wrong",
    [
        {"head_starts": {"ordinary": 0, "priority": 600}},
        {"head_starts": {"ordinary": 60, "priority": 600, "appointment": 0}},
        {"head_starts": {"ordinary": 0, "priority": -1, "appointment": 0}},
        {"head_starts": {"ordinary": 0, "priority": 7201, "appointment": 0}},
        {"no_show_min_calls": 0},
        {"no_show_min_s": 901},
        {"put_back_head_start_s": -1},
        {"put_backs_max": 10},
    ],
)
def test_an_impossible_rule_is_refused(world, wrong):
    before = world.hall
    assert world.does(rules.change, wanted=replace(STRICTER, **wrong)) == Refusal("invalid_rule")
    assert world.hall == before


def test_another_rule_in_a_pack_waits_too_and_gets_the_next_version(world):
    pack = replace(world.hall.setup, rule=replace(Rule(), version=9, no_show_min_calls=4))
    world.does(partial(setups.put_in_force, setup=pack))
    setup = world.hall.setup
    assert (setup.rule.version, setup.next_rule.version, setup.next_rule.no_show_min_calls) == (1, 2, 4)
    assert world.does(partial(setups.put_in_force, setup=setup)).seq is None


def test_a_change_of_anything_else_leaves_a_waiting_rule_waiting(world):
    world.does(rules.change, wanted=STRICTER)
    world.does(setups.change_counter, counter="hall-1", serves=("b",), helps=())
    assert world.hall.setup.next_rule.no_show_min_calls == 3
