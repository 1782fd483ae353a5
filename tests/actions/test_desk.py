"""The verbs of the orientation desk, and how fast a kiosk may draw."""

from dataclasses import replace
from datetime import timedelta

import pytest

from server.actions import desk, reception
from server.actions import setup as setups
from server.domain.draw_limits import DrawLimits
from server.domain.errors import Refusal
from server.domain.sites import setup_from_body, setup_to_body
from tests.world import Story, small_setup


def code(did):
    assert isinstance(did, Refusal), did
    return did.code


def bodies(world, kind):
    return [entry.body for entry in world.entries if entry.kind == kind]


def order(world, service="a"):
    return [world.hall.turns[ticket].number for _due_at, _seq, ticket in world.hall.lines[service]]


# ---------------------------------------------------------------- a ticket for somebody


def test_a_ticket_for_somebody_is_drawn_by_the_same_rules():
    world = Story()
    world.draws()
    did = world.does(desk.draw_for, service="a", language="zgh", klass="priority")
    assert (did.turn.number, did.turn.klass, did.ahead) == ("A002", "priority", 0)
    assert bodies(world, "ticket.drawn")[1]["channel"] == "desk"
    assert code(world.does(desk.draw_for, service="a", language="es")) == "language_not_offered"


def test_its_first_paper_comes_out_where_the_desk_wants_it():
    world = Story()
    did = world.does(desk.draw_for, service="a", language="ar", kiosk="k1")
    (printed,) = bodies(world, "ticket.reprinted")
    assert (printed["ticket"], printed["copy"], printed["kiosk"]) == (did.turn.ticket, 1, "k1")
    assert world.does(desk.reprint, ticket=did.turn.ticket, kiosk="k1").copy == 2


def test_a_ticket_of_a_kiosk_has_its_first_paper_already():
    world = Story()
    ticket = world.draws().turn.ticket
    assert [world.does(desk.reprint, ticket=ticket, kiosk="k1").copy for _ in range(3)] == [2, 3, 4]


def test_nothing_is_printed_of_a_ticket_that_is_over_or_unknown():
    world = Story()
    ticket = world.draws().turn.ticket
    world.withdraws(ticket)
    assert code(world.does(desk.reprint, ticket=ticket, kiosk="k1")) == "illegal_move"
    assert code(world.does(desk.reprint, ticket="hall-999", kiosk="k1")) == "no_such_ticket"


def test_a_person_who_is_carried_over_the_night_gets_no_paper_of_yesterday():
    world = Story()
    world.opens(1)
    world.draws()
    ticket = world.calls(1).turn.ticket
    world.starts(ticket, 1)
    world.clock.advance(hours=24)
    assert code(world.does(desk.reprint, ticket=ticket, kiosk="k1")) == "illegal_move"


# ---------------------------------------------------------------- correcting a declaration


def test_a_priority_that_was_missing_gives_the_place_it_would_have_had():
    world = Story()
    for _ in range(3):
        world.draws()
        world.clock.advance(minutes=1)
    late = world.draws().turn
    world.clock.advance(minutes=1)
    moved = world.does(desk.reclassify, ticket=late.ticket, klass="priority")
    assert moved.turn.due_at == late.joined_at - timedelta(minutes=20)
    world.draws(klass="priority")
    assert order(world) == ["A004", "A005", "A001", "A002", "A003"]


def test_a_false_priority_goes_to_where_the_person_would_have_stood_without_it():
    world = Story()
    world.draws()
    world.clock.advance(minutes=1)
    false = world.draws(klass="priority").turn
    world.clock.advance(minutes=1)
    world.draws()
    assert order(world) == ["A002", "A001", "A003"]
    world.clock.advance(minutes=30)
    moved = world.does(desk.reclassify, ticket=false.ticket, klass="ordinary")
    assert (moved.turn.klass, moved.turn.due_at) == ("ordinary", false.joined_at)
    assert order(world) == ["A001", "A002", "A003"]


def test_the_next_call_goes_by_the_corrected_class():
    world = Story()
    world.opens(1)
    first, second = world.draws().turn, world.draws().turn
    world.does(desk.reclassify, ticket=second.ticket, klass="priority")
    assert world.calls(1).turn.ticket == second.ticket
    assert world.calls(1, ending="finished").turn.ticket == first.ticket


def test_who_was_transferred_is_corrected_by_the_time_at_which_he_came():
    world = Story()
    world.opens(1)
    came = world.draws("a").turn
    world.calls(1)
    world.clock.advance(minutes=7)
    world.transfers(came.ticket, 1, service="b")
    moved = world.does(desk.reclassify, ticket=came.ticket, klass="priority")
    assert moved.turn.due_at == came.joined_at - timedelta(minutes=20)


def test_only_somebody_who_waits_is_corrected_and_only_to_another_class():
    world = Story()
    world.opens(1)
    ticket = world.draws().turn.ticket
    assert code(world.does(desk.reclassify, ticket=ticket, klass="ordinary")) == "class_unchanged"
    assert code(world.does(desk.reclassify, ticket=ticket, klass="king")) == "no_such_class"
    world.calls(1)
    assert code(world.does(desk.reclassify, ticket=ticket, klass="priority")) == "illegal_move"
    assert code(world.does(desk.reclassify, ticket="hall-999", klass="priority")) == "no_such_ticket"


def test_the_estimate_learns_nothing_from_a_place_that_was_corrected():
    world = Story()
    world.opens(1)
    ticket = world.draws().turn.ticket
    world.does(desk.reclassify, ticket=ticket, klass="priority")
    world.clock.advance(minutes=9)
    world.calls(1)
    assert world.hall.learned.ratios == {}


# ---------------------------------------------------------------- sent home


def test_people_sent_home_are_counted_by_document_and_begin_anew_with_the_day():
    world = Story()
    for document in ("photo", "cnie", "photo"):
        did = world.does(desk.send_home, service="a", document=document)
    assert did.count == 2
    assert dict(world.hall.desk.sent_home) == {("a", "photo"): 2, ("a", "cnie"): 1}
    assert set(bodies(world, "desk.sent_home")[0]) == {"v", "service", "document"}
    world.clock.advance(hours=24)
    world.ticks()
    assert dict(world.hall.desk.sent_home) == {}


def test_nobody_is_sent_home_for_a_sentence():
    world = Story()
    assert code(world.does(desk.send_home, service="a", document="Amina had no photo")) == "invalid_input"
    assert code(world.does(desk.send_home, service="z", document="photo")) == "no_such_service"


# ---------------------------------------------------------------- how fast a kiosk may draw


class Kiosk:
    """Draws as a kiosk that people touch."""

    def __init__(self, world: Story, name: str = "k1") -> None:
        self.world, self.name = world, name

    def draws(self):
        def as_kiosk(pen):
            pen.actor = f"kiosk:{self.name}"
            return reception.draw(pen, service="a", language="ar", limited=True)

        return self.world.does(as_kiosk)


def draws_steadily(kiosk, count, seconds):
    for _ in range(count):
        assert not isinstance(kiosk.draws(), Refusal)
        kiosk.world.clock.advance(seconds=seconds)


def test_a_kiosk_draws_once_in_three_seconds():
    world = Story()
    kiosk = Kiosk(world)
    draws_steadily(kiosk, 1, 2)
    refused = kiosk.draws()
    assert (code(refused), refused.params) == ("too_fast", {"seconds": 1})
    world.clock.advance(seconds=1)
    assert not isinstance(kiosk.draws(), Refusal)


def test_a_kiosk_draws_ten_times_in_two_minutes():
    world = Story()
    kiosk = Kiosk(world)
    draws_steadily(kiosk, 10, 3)
    refused = kiosk.draws()
    assert (code(refused), refused.params) == ("too_fast", {"seconds": 90})
    assert world.hall.tally.drawn == 10
    world.clock.advance(seconds=90)
    draws_steadily(kiosk, 1, 3)


def test_one_kiosk_does_not_hold_up_another_nor_the_desk():
    world = Story()
    assert not isinstance(Kiosk(world, "k1").draws(), Refusal)
    assert not isinstance(Kiosk(world, "k2").draws(), Refusal)
    assert not isinstance(world.does(desk.draw_for, service="a", language="ar"), Refusal)


def test_the_desk_lifts_the_limit_of_one_kiosk_for_half_an_hour():
    world = Story()
    kiosk, other = Kiosk(world, "k1"), Kiosk(world, "k2")
    world.does(desk.lift_limit, kiosk="k1")
    draws_steadily(kiosk, 12, 0)
    assert not isinstance(other.draws(), Refusal)
    assert code(other.draws()) == "too_fast"
    world.clock.advance(minutes=30)
    draws_steadily(kiosk, 1, 0)
    assert code(kiosk.draws()) == "too_fast"


@pytest.mark.parametrize("limits", [DrawLimits(gap_s=0, most=0), DrawLimits(gap_s=0, most=40)])
def test_the_limits_are_a_setting_of_the_site(limits):
    world = Story(small_setup(draw_limits=limits))
    draws_steadily(Kiosk(world), 30, 0)


def test_set_ups_from_before_the_limits_have_the_usual_ones():
    body = setup_to_body(small_setup(draw_limits=DrawLimits(gap_s=9)))
    assert setup_from_body(body).draw_limits.gap_s == 9
    del body["draw_limits"]
    assert setup_from_body(body) == small_setup()


def test_new_limits_count_from_the_entry_that_sets_them():
    world = Story()
    kiosk = Kiosk(world)
    draws_steadily(kiosk, 1, 3)
    world.does(setups.put_in_force, setup=replace(world.setup, draw_limits=DrawLimits(gap_s=10)))
    refused = kiosk.draws()
    assert (code(refused), refused.params) == ("too_fast", {"seconds": 7})
