"""A call retold from the journal: who could be called, in which order, and who was called before though he came later."""

from dataclasses import replace

from server.domain import explaining, fold
from server.domain.entries import seal
from server.domain.hall import Hall
from tests.world import Story

EMPTY = Hall(site="hall")


def told(world, upto=None):
    entries = world.entries if upto is None else world.entries[:upto]
    return explaining.explain(EMPTY, entries)


def busy(**facts):
    world = Story(**facts)
    world.opens(1)
    return world


def test_the_people_who_could_be_called_stand_in_the_order_of_the_rule():
    world = busy()
    world.opens(2)
    world.draws("a")
    world.clock.advance(minutes=11)
    world.draws("a")
    world.draws("b")
    world.calls(2)
    found = told(world)
    assert [(one.turn.number, one.line) for one in found.candidates] == [("A001", "helps"), ("B001", "serves")]
    assert (found.called.number, found.chosen, found.by_the_rule) == ("A001", found.called.ticket, True)
    assert found.waited_s == 660


def test_priority_people_who_came_later_are_named_with_their_head_start():
    world = busy()
    world.draws("a")
    world.clock.advance(minutes=5)
    for _ in range(2):
        world.draws("a", klass="priority")
    for _ in range(3):
        world.calls(1, ending="finished")
        world.clock.advance(minutes=1)
    found = told(world)
    assert found.called.number == "A001"
    assert [(one.turn.number, one.why, one.turn.klass) for one in found.earlier] == [
        ("A002", "class", "priority"),
        ("A003", "class", "priority"),
    ]


def test_each_other_reason_for_having_been_called_before_is_named():
    world = busy()
    world.opens(2)
    early = world.draws("a").turn.ticket
    world.draws("b")
    world.calls(1)
    world.misses(early, 1)
    moved = world.calls(2).turn.ticket
    world.clock.advance(minutes=1)
    waiting = world.draws("a").turn
    world.clock.advance(minutes=1)
    world.transfers(moved, 2, service="a")
    world.puts_back(early, 1)
    world.clock.advance(minutes=1)
    preferred = world.draws("a").turn.ticket
    world.calls_out_of_order(preferred, 1)
    for _ in range(3):
        world.calls(1, ending="finished")
    found = told(world)
    assert found.called == waiting
    assert {one.turn.ticket: one.why for one in found.earlier} == {
        preferred: "out_of_order",
        early: "put_back",
        moved: "transferred",
    }


def test_a_call_that_was_undone_was_called_before_nobody():
    world = busy()
    world.draws("a")
    later = world.draws("a").turn.ticket
    world.calls_out_of_order(later, 1)
    world.undoes(later, 1)
    world.calls(1)
    assert told(world).earlier == ()


def test_what_is_no_call_has_no_explanation():
    world = busy()
    world.draws("a")
    assert told(world) is None


def test_every_call_of_a_story_is_made_again_by_the_rule():
    world = busy()
    world.opens(2)
    for service in "aabab":
        world.draws(service)
        world.clock.advance(minutes=6)
    world.calls(1)
    world.calls(2)
    world.calls_out_of_order(world.draws("a").turn.ticket, 1, ending="finished")
    hall, found = EMPTY, []
    for entry in world.entries:
        found += explaining.recalled(hall, entry)
        hall = fold.apply(hall, entry)
    assert found == []


def test_a_call_of_somebody_who_was_not_next_is_found():
    world = busy()
    first, second = world.draws("a").turn, world.draws("a").turn
    hall = world.hall
    world.calls(1)
    honest = world.entries[-1]
    cheated = replace(honest, body={**honest.body, "ticket": second.ticket, "number": second.number})
    (difference,) = explaining.recalled(hall, cheated)
    assert (difference.what, difference.journal, difference.rule) == ("ticket", second.ticket, first.ticket)


def test_a_call_out_of_order_that_hides_somebody_is_found():
    world = busy()
    first, second = world.draws("a").turn, world.draws("a").turn
    hall = world.hall
    world.calls_out_of_order(second.ticket, 1)
    honest = world.entries[-1]
    hidden, _text = seal(
        site="hall",
        seq=honest.seq,
        at=honest.at,
        kind=honest.kind,
        actor=honest.actor,
        body={**honest.body, "overtaken": []},
        prev=honest.prev,
    )
    (difference,) = explaining.recalled(hall, hidden)
    assert (difference.what, difference.journal, difference.rule) == ("overtaken", [], [first.ticket])
