"""Put back, parked, resumed, transferred, undone: each in each state, with its limits, and what it does to the line."""

from datetime import timedelta

import pytest

from server.actions import setup as setups
from server.domain import hall as halls
from server.domain.entries import instant
from server.domain.errors import Refusal
from server.domain.sites import Rule, Service
from server.domain.tickets import MOVES
from server.domain.timings import timings
from tests.world import Story, small_setup

STATES = ["waiting", "called", "serving", "parked", "served", "no_show"]
STATE_OF_TABLE = {"served": "ended", "no_show": "ended"}


def in_state(state: str, **setup) -> tuple[Story, str]:
    world = Story(small_setup(**setup))
    world.opens(1)
    world.opens(2)
    ticket = world.draws("a").turn.ticket
    if state != "waiting":
        world.clock.advance(minutes=5)
        world.calls(1)
        world.clock.advance(seconds=30)
    if state in ("serving", "parked", "served"):
        world.starts(ticket, 1)
        world.clock.advance(minutes=2)
    if state == "parked":
        world.parks(ticket, 1)
        world.clock.advance(minutes=3)
    if state == "served":
        world.finishes(ticket, 1)
    if state == "no_show":
        world.misses(ticket, 1)
    return world, ticket


def line(world: Story, service: str = "a") -> list[str]:
    return [world.hall.turns[ticket].number for _due_at, _seq, ticket in world.hall.lines.get(service, ())]


DOES = {
    "park": lambda world, ticket: world.parks(ticket, 1),
    "resume": lambda world, ticket: world.takes_up(ticket, 1),
    "transfer": lambda world, ticket: world.transfers(ticket, 1, service="b"),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", sorted(DOES))
def test_every_verb_in_every_state_does_what_the_table_says(verb, state):
    world, ticket = in_state(state)
    before = world.hall
    did = DOES[verb](world, ticket)
    if STATE_OF_TABLE.get(state, state) in MOVES[verb].from_states:
        assert world.kinds[-1] == MOVES[verb].entry
        assert did.seq == world.hall.seq
        assert did.turn.state == ("waiting" if verb == "transfer" else MOVES[verb].to_state)
    else:
        assert did.code == "illegal_move"
        assert world.hall == before


# ---------------------------------------------------------------- put back


def test_who_missed_the_call_joins_again_now_with_a_small_head_start():
    world, ticket = in_state("no_show")
    five_minutes_ago = world.draws("a").turn
    world.clock.advance(minutes=5)
    just_now = world.draws("a").turn
    turn = world.puts_back(ticket, 1).turn
    assert turn.number == "A001"
    assert (turn.joined_at - turn.due_at).total_seconds() == 600
    assert turn.opened_seq == world.hall.seq
    assert line(world) == ["A001", five_minutes_ago.number, just_now.number]
    assert world.hall.tally.no_shows == 0
    assert world.hall.missed == ()


@pytest.mark.parametrize("state", [state for state in STATES if state != "no_show"])
def test_only_who_was_struck_off_is_put_back(state):
    world, ticket = in_state(state)
    assert world.puts_back(ticket, 1).code == "illegal_move"


def test_a_ticket_is_put_back_twice_and_no_more():
    world, ticket = in_state("no_show")
    for times in (1, 2):
        assert world.puts_back(ticket, 1).turn.put_backs == times
        world.calls(1)
        world.misses(ticket, 1)
    before = world.hall
    assert world.puts_back(ticket, 1) == Refusal("put_back_limit", {"number": "A001", "count": 2})
    assert world.hall == before
    assert world.hall.tally.no_shows == 1


def test_who_missed_the_call_yesterday_is_not_put_back_today():
    world, ticket = in_state("no_show")
    world.clock.advance(hours=24)
    assert world.puts_back(ticket, 1).code == "illegal_move"


def test_a_ticket_that_never_was_is_not_put_back():
    world, _ticket = in_state("no_show")
    assert world.puts_back("hall-999", 1).code == "no_such_ticket"


# ---------------------------------------------------------------- parked


def test_who_was_parked_keeps_the_place_in_the_line():
    world, ticket = in_state("parked")
    world.draws("a")
    before = world.hall.turns[ticket]
    turn = world.takes_up(ticket, 1).turn
    assert (turn.due_at, turn.joined_at) == (before.due_at, before.joined_at)
    assert line(world) == ["A001", "A002"]
    assert world.calls(1).turn.ticket == ticket


def test_the_counter_is_free_while_somebody_is_parked():
    world, _ticket = in_state("parked")
    assert halls.turn_at(world.hall, "hall-1") is None
    other = world.draws("a").turn
    assert world.calls(1).turn.ticket == other.ticket


def test_the_times_of_a_parked_turn_add_up():
    world, ticket = in_state("parked")  # waited 300 s, walked 30, served 120, aside 180 so far
    world.takes_up(ticket, 2)
    world.clock.advance(seconds=40)
    world.calls(1)
    world.clock.advance(seconds=5)
    world.recalls(ticket, 1)
    world.clock.advance(seconds=10)
    world.starts(ticket, 1)
    world.clock.advance(seconds=60)
    turn = world.finishes(ticket, 1).turn
    found = timings(turn)
    assert (found.waiting_s, found.calling_s, found.walking_s) == (300, 5, 40)
    assert (found.service_s, found.aside_s, found.transaction_s) == (180, 220, 225)
    assert found.waiting_s + found.transaction_s + found.aside_s == (turn.ended_at - turn.joined_at).total_seconds()


def test_who_was_parked_and_called_again_is_not_struck_off_at_once():
    world, ticket = in_state("parked")
    world.takes_up(ticket, 1)
    world.calls(1)
    assert world.no_show(ticket, 1).code == "no_show_too_soon"


def test_the_end_of_the_day_finds_who_is_parked():
    world, ticket = in_state("parked")
    world.clock.advance(hours=24)
    world.ticks()
    expired = next(entry for entry in world.entries if entry.kind == "ticket.expired")
    assert (expired.body["ticket"], expired.body["was"]) == (ticket, "parked")


# ---------------------------------------------------------------- transferred


def test_a_transfer_keeps_the_time_at_which_the_person_came():
    world, ticket = in_state("serving")
    arrived_at = world.hall.turns[ticket].joined_at
    world.draws("b")
    turn = world.transfers(ticket, 1, service="b").turn
    assert (turn.service, turn.state, turn.number) == ("b", "waiting", "A001")
    assert turn.arrived_at == turn.due_at == arrived_at
    assert line(world, "b") == ["A001", "B001"]
    assert line(world, "a") == []
    first, second = world.hall.touched
    assert (first.ending, second.ending) == ("transferred", None)
    assert world.hall.tally.drawn == 2
    assert world.calls(2).turn.ticket == ticket


def test_who_came_early_for_an_appointment_gains_nothing_by_a_transfer():
    world = Story()
    world.opens(1)
    appointed_at = world.clock.now() + timedelta(hours=2)
    ticket = world.draws("a", klass="appointment", appointed_at=appointed_at).turn
    world.calls(1)
    turn = world.transfers(ticket.ticket, 1, service="b").turn
    assert turn.due_at == ticket.due_at == appointed_at - timedelta(minutes=25)
    assert turn.arrived_at == ticket.joined_at


def test_a_priority_stays_one_when_it_is_transferred():
    world = Story()
    world.opens(1)
    ticket = world.draws("a", klass="priority").turn.ticket
    world.calls(1)
    turn = world.transfers(ticket, 1, service="b").turn
    assert (turn.klass, (turn.arrived_at - turn.due_at).total_seconds()) == ("priority", 1200)


def test_several_things_in_one_visit_are_turn_after_turn_with_one_number():
    world, ticket = in_state("serving")
    world.transfers(ticket, 1, service="b", served=True, outcome="done")
    ended = world.hall.touched[0]
    assert (ended.ending, ended.outcome) == ("served", "done")
    assert world.hall.tally.served == 0
    world.calls(2)
    world.finishes(ticket, 2)
    assert world.hall.tally.served == 1


def test_who_is_sent_to_one_counter_is_called_there_and_nowhere_else():
    world, ticket = in_state("serving")
    world.opens(3)
    world.transfers(ticket, 1, counter="hall-3")
    other = world.draws("a").turn
    assert halls.waiting_count(world.hall, "a") == 2
    assert world.calls(1).turn.ticket == other.ticket
    did = world.calls(3)
    assert (did.turn.ticket, did.reason.line) == (ticket, "bound")


def test_who_waits_for_a_counter_that_closes_waits_for_the_service_again():
    world, ticket = in_state("serving")
    world.opens(3)
    world.transfers(ticket, 1, counter="hall-3")
    world.closes(3)
    assert world.hall.turns[ticket].bound is None
    assert line(world) == ["A001"]
    assert world.calls(1).turn.ticket == ticket


def test_who_comes_back_when_the_counter_he_waited_for_has_closed_waits_for_the_service_again():
    world, ticket = in_state("serving")
    world.opens(3)
    world.transfers(ticket, 1, counter="hall-3")
    world.calls(3)
    world.parks(ticket, 3)
    world.closes(3)
    assert world.takes_up(ticket, 1).turn.bound is None
    assert world.calls(1).turn.ticket == ticket


def test_who_is_aside_while_his_counter_closes_does_not_wait_for_it_later():
    world, ticket = in_state("serving")
    world.opens(3)
    world.transfers(ticket, 1, counter="hall-3")
    world.calls(3)
    world.parks(ticket, 3)
    world.closes(3)
    assert world.takes_up(ticket, 1).turn.bound is None
    assert world.calls(1).turn.ticket == ticket


def test_who_is_put_back_waits_for_the_service_like_everybody():
    world, ticket = in_state("serving")
    world.opens(3)
    world.transfers(ticket, 1, counter="hall-3")
    world.calls(3)
    world.misses(ticket, 3)
    assert world.puts_back(ticket, 3).turn.bound is None


@pytest.mark.parametrize(
    ("where", "refusal"),
    [
        ({}, Refusal("transfer_nowhere", {"number": "A001"})),
        ({"service": "a"}, Refusal("transfer_nowhere", {"number": "A001"})),
        ({"service": "a", "counter": "hall-1"}, Refusal("transfer_nowhere", {"number": "A001"})),
        ({"service": "zz"}, Refusal("no_such_service")),
        ({"counter": "hall-9"}, Refusal("no_such_counter")),
        ({"counter": "hall-3"}, Refusal("counter_closed", {"counter": "3"})),
        ({"service": "b", "served": True, "outcome": "rude"}, Refusal("no_such_outcome")),
    ],
)
def test_a_transfer_that_leads_nowhere_changes_nothing(where, refusal):
    world, ticket = in_state("serving")
    before = world.hall
    assert world.transfers(ticket, 1, **where) == refusal
    assert world.hall == before


def test_nobody_is_transferred_to_a_service_that_is_closed():
    world, ticket = in_state("serving")
    world.closes(2)
    world.clock.advance(hours=9)
    assert world.transfers(ticket, 1, service="b") == Refusal("service_closed")


def test_after_hours_whoever_is_in_the_hall_is_sent_on_as_long_as_somebody_works_there():
    world, ticket = in_state("serving")
    world.clock.advance(hours=9)
    assert world.transfers(ticket, 1, service="b").turn.service == "b"


def test_a_parked_person_can_be_sent_on():
    world, ticket = in_state("parked")
    assert world.transfers(ticket, 2, service="b").turn.service == "b"
    assert world.transfers(ticket, 2, service="a", served=True).code == "illegal_move"


# ---------------------------------------------------------------- outcomes


def test_a_service_may_have_outcomes_of_its_own():
    service = Service(code="a", series="A", zone="main", outcomes=("licence_issued",))
    other = small_setup().services[1]
    world, ticket = in_state("serving", services=(service, other))
    assert world.finishes(ticket, 1, outcome="done") == Refusal("no_such_outcome")
    assert world.finishes(ticket, 1, outcome="licence_issued").turn.outcome == "licence_issued"


def test_a_rule_may_allow_no_put_back_at_all():
    world, ticket = in_state("no_show", rule=Rule(put_backs_max=0))
    assert world.puts_back(ticket, 1).code == "put_back_limit"


def test_the_due_time_of_a_put_back_stands_in_its_entry():
    world, ticket = in_state("no_show")
    turn = world.puts_back(ticket, 1).turn
    body = world.entries[-1].body
    assert instant(body["due_at"]) == turn.due_at
    assert (body["counter"], body["times"]) == ("hall-1", 1)


def test_a_set_up_that_changes_while_somebody_is_aside_leaves_the_person_there():
    world, ticket = in_state("parked")
    world.does(setups.change_counter, counter="hall-2", serves=("b",), helps=())
    assert world.takes_up(ticket, 2).turn.state == "waiting"
