"""The pen: it writes in order, the hall follows, and what is taken back was never written."""

from datetime import timedelta

from server.domain.errors import Refusal
from server.domain.hall import Hall
from server.domain.story import Pen
from tests.world import MORNING, Story


def test_a_pen_writes_one_chain():
    world = Story()
    world.opens(1)
    world.draws("a")
    prev = "0" * 64
    for seq, entry in enumerate(world.entries, start=1):
        assert (entry.seq, entry.prev, entry.site) == (seq, prev, "hall")
        prev = entry.hash
    assert (world.hall.seq, world.hall.hash) == (len(world.entries), prev)


def test_time_in_the_journal_never_goes_back_even_if_the_clock_does():
    world = Story()
    world.draws("a")
    world.clock.advance(minutes=-30)
    drawn = world.draws("a")
    assert drawn.turn.joined_at == MORNING
    assert [entry.at for entry in world.entries] == sorted(entry.at for entry in world.entries)


def test_a_refusal_in_the_second_half_takes_back_the_first_half():
    world = Story()
    world.opens(1)
    ticket = world.draws("a").turn.ticket
    before, count = world.hall, len(world.written)

    def two_halves(pen: Pen) -> Refusal:
        pen.write("ticket.withdrawn", {"ticket": ticket, "number": "A001", "service": "a"})
        assert ticket not in pen.hall.turns
        return Refusal("illegal_move")

    assert world.does(two_halves) == Refusal("illegal_move")
    assert world.hall is before
    assert len(world.written) == count
    assert world.draws("a").turn.number == "A002"


def test_the_page_that_was_turned_on_the_way_stays_turned_when_the_action_is_refused():
    world = Story()
    world.clock.advance(hours=24)
    assert world.draws("nothing") == Refusal("no_such_service")
    assert world.kinds[-2:] == ["day.closed", "day.opened"]


def test_an_action_signs_as_its_actor_and_may_sign_for_the_house():
    pen = Pen(hall=Hall(site="hall"), now=MORNING, actor="agent:x")
    assert pen.write("moon.risen", {}).actor == "agent:x"
    assert pen.write("moon.risen", {}, actor="system:day").actor == "system:day"
    assert pen.at == MORNING
    assert Pen(hall=pen.hall, now=MORNING - timedelta(hours=1), actor="agent:x").at == MORNING


def test_every_body_carries_its_version():
    world = Story()
    world.draws("a")
    assert {entry.body["v"] for entry in world.entries} == {1}


def test_a_ticket_is_known_by_the_entry_that_drew_it_and_by_no_other():
    kinds = {1: "setup.changed", 3: "ticket.drawn"}
    pen = Pen(hall=Hall(site="hall"), now=MORNING, actor="agent:x", kind_of=kinds.get)
    assert pen.was_drawn("hall-3")
    for other in ("hall-1", "hall-2", "elsewhere-3", "hall", "", "hall-x"):
        assert not pen.was_drawn(other)
