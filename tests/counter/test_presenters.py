"""The console's picture of a counter, from the hall alone: each verb is offered when it means something, and nobody is lost
from sight who is not in the line.
"""

from dataclasses import replace

import pytest

from counter import asides, choices, lines, presenters
from counter.desks import Desk
from server.actions import help as help_calls
from server.actions import notices
from server.packs.shipped import shipped_packs
from server.web import i18n
from tests.world import Story

RABAT = next(pack for pack in shipped_packs() if pack.site == "rabat")


def desk(world, n, lang="fr"):
    return Desk(
        hall=world.hall,
        setup=world.hall.setup,
        pack=RABAT,
        words=i18n.words(lang),
        names={f"agent{n}": f"Agent {n}" for n in range(1, 11)},
        agent=f"agent{n}",
        at=world.clock.now(),
    )


def state(world, n):
    return presenters.console(desk(world, n))


def may(world, n):
    return {verb for verb, can in state(world, n)["may"].items() if can}


@pytest.fixture
def world():
    """Counter 3 and counter 4 serve the same lines, counter 5 another one and helps with theirs."""
    world = Story(RABAT.setup())
    for n in (3, 4, 5):
        world.opens(n)
    return world


def called(world, n=3, service="mut"):
    world.draws(service)
    return world.calls(n).turn


def test_a_free_counter_may_do_little(world):
    assert may(world, 3) == {"call", "pause", "close", "ask_help"}


def test_whoever_is_called_can_be_parked_sent_on_and_finished_with_an_outcome(world):
    called(world)
    assert {"park", "transfer", "outcome", "finish", "recall", "start", "no_show", "undo"} <= may(world, 3)
    assert "close" not in may(world, 3)


def test_who_is_parked_is_seen_by_all_counters_of_the_service_the_longest_first(world):
    first, second = called(world), called(world, 4)
    world.parks(first.ticket, 3)
    world.clock.advance(minutes=6)
    world.parks(second.ticket, 4)
    world.clock.advance(minutes=15)
    for n in (3, 4):
        parked = state(world, n)["parked"]
        assert [one["number"] for one in parked] == [first.number, second.number]
        assert [(one["since_min"], one["long"]) for one in parked] == [(21, True), (15, False)]
    assert "take_up" in may(world, 4)
    assert state(world, 5)["parked"] == []
    assert "take_up" not in may(world, 5)


def test_who_was_parked_at_a_counter_that_only_helped_is_seen_there(world):
    world.draws("mut")
    world.clock.advance(minutes=21)
    turn = world.calls(5).turn
    world.parks(turn.ticket, 5)
    assert [one["number"] for one in state(world, 5)["parked"]] == [turn.number]


def test_a_no_show_can_be_put_back_all_day_as_often_as_the_rule_allows(world):
    turn = called(world)
    world.misses(turn.ticket, 3)
    assert state(world, 3)["missed"][0]["left"] == 2
    world.clock.advance(minutes=60)
    seen = state(world, 3)
    assert (seen["missed"], seen["missed_today"]) == ([], 1)
    assert "put_back" in may(world, 3)
    for _ in range(2):
        world.puts_back(turn.ticket, 3)
        world.calls(3)
        world.misses(turn.ticket, 3)
    assert [one["left"] for one in asides.missed(desk(world, 3), desk(world, 3).shift)] == [0]
    assert "put_back" not in may(world, 3)


def test_the_last_key_can_be_taken_back_for_fifteen_seconds(world):
    turn = called(world)
    undo = state(world, 3)["undo"]
    assert (undo["ticket"], undo["number"]) == (turn.ticket, turn.number)
    assert undo["what"] == [{"what": "called", "number": turn.number}]
    world.clock.advance(seconds=15)
    assert state(world, 3)["undo"] is not None
    world.clock.advance(seconds=1)
    assert state(world, 3)["undo"] is None
    assert "undo" not in may(world, 3)


def test_a_key_that_ended_a_turn_and_called_names_both(world):
    first = called(world)
    second = world.draws("mut").turn
    world.calls(3, ending="finished")
    what = state(world, 3)["undo"]["what"]
    assert [(did["what"], did["number"]) for did in what] == [("finished", first.number), ("called", second.number)]


def test_what_a_key_did_is_said_in_every_language(world):
    for lang in i18n.LANGUAGES:
        for kind in ("called", "called_out_of_order", "started", "finished", "no_show", "put_back", "parked"):
            assert "A1" in i18n.words(lang).t(f"did.{kind}", number="A1").plain


def test_nobody_can_take_back_what_a_colleague_has_built_on(world):
    turn = called(world)
    world.parks(turn.ticket, 3)
    assert state(world, 3)["undo"] is not None
    world.takes_up(turn.ticket, 4)
    assert state(world, 3)["undo"] is None


def test_who_was_sent_to_this_counter_alone_stands_in_its_line_and_no_other(world):
    turn = called(world, 5, "imm")
    world.transfers(turn.ticket, 5, counter="rabat-3")
    place = state(world, 3)["next"][0]
    assert (place["number"], place["bound"], place["helped_after_min"]) == (turn.number, True, None)
    assert state(world, 4)["next"] == []
    assert lines.anybody(world.hall, desk(world, 3).shift)


def test_a_line_in_which_everybody_waits_for_another_counter_is_shown_with_its_wait(world):
    turn = called(world, 3)
    world.transfers(turn.ticket, 3, counter="rabat-5")
    world.clock.advance(minutes=7)
    assert [(line["waiting"], line["longest_min"]) for line in state(world, 3)["lines"]] == [(1, 7)]


def test_a_transferred_person_counts_from_when_he_came(world):
    turn = called(world, 3)
    world.clock.advance(minutes=10)
    world.transfers(turn.ticket, 3, service="imm")
    place = state(world, 5)["next"][0]
    assert (place["joined"], place["head_start_min"]) == ("09:00", 0)


def test_before_others_also_people_can_be_called_whose_line_is_not_helped_yet(world):
    turn = world.draws("mut").turn
    assert state(world, 5)["next"] == []
    assert "out_of_order" in may(world, 5)
    shown = lines.waiting(desk(world, 5), desk(world, 5).shift)
    assert [one["ticket"] for one in shown] == [turn.ticket]
    world.pauses(5)
    assert "out_of_order" not in may(world, 5)


def test_reasons_are_the_site_s_and_each_has_a_key(world):
    reasons = choices.reasons(world.hall.setup)
    assert [one["key"] for one in reasons] == list("1234567890")
    assert {one["code"] for one in reasons if one["needs_note"]} == {"manager", "other"}
    own = choices.reasons(replace(world.hall.setup, call_reasons=("medical",)))
    assert own == [{"code": "medical", "key": "1", "needs_note": False}]


def test_a_destination_keeps_its_key_whoever_opens_and_closes(world):
    called(world)
    before = choices.destinations(desk(world, 3), desk(world, 3).shift)
    world.opens(10)
    world.closes(4)
    after = choices.destinations(desk(world, 3), desk(world, 3).shift)
    keys = [{one["code"]: one["key"] for one in shown["services"]} for shown in (before, after)]
    assert keys[0] == keys[1]
    assert "mut" not in keys[0]
    assert [(one["label"], one["key"]) for one in before["counters"]] == [("4", "4"), ("5", "5")]
    assert [one["label"] for one in after["counters"]] == ["5", "10"]
    assert after["counters"][1]["key"] not in {*keys[0].values(), None}


def test_a_destination_says_who_waits_and_what_is_suspended(world):
    called(world)
    world.draws("imm")
    world.does(notices.suspend, service="rec", reason="system_down")
    services = {one["code"]: one for one in choices.destinations(desk(world, 3), desk(world, 3).shift)["services"]}
    assert (services["imm"]["waiting"], services["imm"]["open"]) == (1, 1)
    assert (services["acc"]["open"], services["rec"]["suspended"]) == (0, "system_down")


def test_a_call_for_help_is_seen_by_the_others_until_it_is_answered(world):
    world.does(help_calls.call, counter="rabat-3", agent="agent3")
    assert [(one["label"], one["mine"]) for one in state(world, 3)["helps"]] == [("3", True)]
    assert [(one["label"], one["mine"]) for one in state(world, 4)["helps"]] == [("3", False)]
    assert {"end_help"} <= may(world, 3)
    assert "go_help" in may(world, 4)
    assert may(world, 7) == {"go_help"}
    assert "ask_help" not in may(world, 3)
    world.does(help_calls.answer, counter="rabat-3", agent="agent4")
    assert state(world, 3)["helps"] == []
    assert "go_help" not in may(world, 4)


def test_the_outcomes_are_those_of_the_service(world):
    assert "document_missing" in state_of_present(world)["outcomes"]
    services = tuple(
        replace(one, outcomes=("to_return",)) if one.code == "imm" else one for one in world.hall.setup.services
    )
    other = Story(replace(RABAT.setup(), services=services))
    other.opens(5)
    assert state_of_present(other, 5, "imm")["outcomes"] == ["to_return"]


def test_a_parked_person_s_clock_starts_anew_at_the_next_call(world):
    turn = called(world)
    world.clock.advance(minutes=4)
    world.parks(turn.ticket, 3)
    world.takes_up(turn.ticket, 3)
    world.clock.advance(minutes=5)
    world.calls(3)
    present = state(world, 3)["present"]
    assert (present["called"], present["calls"]) == ("09:09", 1)


def state_of_present(world, n=3, service="mut"):
    called(world, n, service)
    return state(world, n)["present"]
