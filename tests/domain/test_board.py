"""The board as a display reads it, and what the live channel says of an entry."""

import json

from server.domain import board as boards
from server.domain import calls, fold
from server.domain import hall as halls
from tests.world import Story, small_setup

PRIVATE = ("ticket", "public_id", "agent", "class", "actor", "language", "hash", "reason")


def board(world, **facts):
    return boards.board(world.hall, world.clock.now(), **facts)


def told(world):
    """The public view of the last entry."""
    return boards.public_view(world.entries[-1], world.hall)


def test_an_empty_hall_has_lines_and_no_calls():
    shown = board(Story())
    assert shown["calls"] == []
    assert shown["seq"] == 2
    assert shown["at"] == "2026-11-24T09:00:00.000Z"
    assert shown["lines"] == [
        {
            "service": code,
            "zone": "main",
            "waiting": 0,
            "counters_open": 0,
            "estimate": None,
            "estimate_why": "no_counter_open",
        }
        for code in ("a", "b")
    ]


def test_calls_stand_newest_first_with_their_state():
    world = Story()
    world.opens(1)
    world.opens(3)
    first = world.draws("a").turn.ticket
    second = world.draws("a").turn.ticket
    world.calls(1)
    world.calls(3)
    world.starts(first, 1)
    assert [(call["number"], call["state"]) for call in board(world)["calls"]] == [
        ("A002", "called"),
        ("A001", "serving"),
    ]
    world.finishes(first, 1)
    world.recalls(second, 3)
    assert [(call["number"], call["state"], call["counter_label"]) for call in board(world)["calls"]] == [
        ("A002", "called", "3"),
        ("A001", "ended", "1"),
    ]
    assert board(world)["calls"][0]["seq"] == world.hall.seq


def test_a_line_says_how_many_wait_and_how_long_a_newcomer_will():
    world = Story()
    world.opens(1)
    for _ in range(30):
        ticket = world.draws("a").turn.ticket
        world.clock.advance(seconds=30)
        world.calls(1)
        world.clock.advance(seconds=240)
        world.finishes(ticket, 1)
    world.draws("a")
    line = board(world)["lines"][0]
    assert (line["waiting"], line["counters_open"]) == (1, 1)
    estimate = line["estimate"]
    assert estimate["low_s"] <= estimate["median_s"] <= estimate["high_s"]
    assert estimate["level"] == 80
    assert "estimate_why" not in line


def test_a_newcomer_comes_before_nobody_and_a_priority_counts_as_ahead():
    world = Story()
    world.opens(1)
    for _ in range(25):
        ticket = world.draws("a").turn.ticket
        world.calls(1)
        world.clock.advance(seconds=300)
        world.finishes(ticket, 1)
    empty = board(world)["lines"][0]["estimate"]["median_s"]
    world.draws("a")
    world.draws("a", klass="priority")
    assert board(world)["lines"][0]["estimate"]["median_s"] >= empty + 2 * 240


def test_a_zone_has_its_own_calls_and_lines():
    setup = small_setup()
    from dataclasses import replace

    upstairs = replace(
        setup,
        zones=("main", "up"),
        services=(setup.services[0], replace(setup.services[1], zone="up")),
        counters=(setup.counters[0], replace(setup.counters[1], zone="up"), setup.counters[2]),
    )
    world = Story(upstairs)
    world.opens(1)
    world.opens(2)
    world.draws("a")
    world.draws("b")
    world.calls(1)
    world.calls(2)
    up = board(world, zone="up")
    assert [call["number"] for call in up["calls"]] == ["B001"]
    assert [line["service"] for line in up["lines"]] == ["b"]
    assert len(board(world)["calls"]) == 2
    assert board(world, zone="nowhere")["calls"] == []


def test_what_is_told_of_a_ticket_is_its_number_and_service_and_then_its_counter():
    world = Story()
    world.opens(1)
    ticket = world.draws("a").turn.ticket
    assert told(world) == {
        "seq": 4,
        "kind": "ticket.drawn",
        "at": "2026-11-24T09:00:00.000Z",
        "number": "A001",
        "service": "a",
        "zone": "main",
        "waiting": 1,
    }
    world.calls(1)
    assert (told(world)["counter"], told(world)["counter_label"], told(world)["waiting"]) == ("hall-1", "1", 0)
    world.starts(ticket, 1)
    assert told(world)["counter"] == "hall-1"
    world.finishes(ticket, 1)
    assert told(world)["kind"] == "ticket.finished"


def test_nothing_of_a_person_is_on_the_board_or_told():
    world = Story()
    world.opens(1)
    tickets = [world.draws("a", klass=klass).turn.ticket for klass in ("ordinary", "priority")]
    world.calls(1)
    world.starts(tickets[1], 1)
    world.clock.advance(hours=24)
    world.opens(1)
    views = [boards.public_view(entry, world.hall) for entry in world.entries]
    text = json.dumps([views, board(world)])
    for name in (*tickets, "agent1", "priority", "ordinary"):
        assert name not in text
    assert not {key for view in views for key in view} & set(PRIVATE)


def test_an_entry_that_is_not_about_a_ticket_says_only_that_it_happened():
    world = Story()
    world.opens(1)
    assert set(told(world)) == {"seq", "kind", "at"}
    assert {frozenset(boards.public_view(entry, world.hall)) for entry in world.entries} == {
        frozenset({"seq", "kind", "at"})
    }


def missed(world, **facts):
    return [(call["number"], call["counter_label"]) for call in board(world, **facts)["missed"]]


def misses(world, n):
    """The next person is called twice and does not come."""
    ticket = world.calls(n).turn.ticket
    world.clock.advance(seconds=61)
    world.recalls(ticket, n)
    return world.no_show(ticket, n)


def test_who_did_not_come_stands_among_the_missed_for_a_quarter_of_an_hour():
    world = Story()
    world.opens(1)
    world.opens(2)
    for service in ("a", "b", "a"):
        world.draws(service)
    misses(world, 1)
    assert missed(world) == [("A001", "1")]
    world.clock.advance(minutes=5)
    misses(world, 2)
    assert missed(world) == [("B001", "2"), ("A001", "1")]
    assert missed(world, zone="other") == []
    world.clock.advance(minutes=9)
    assert missed(world) == [("B001", "2")]
    assert not set(board(world)["missed"][0]) & set(PRIVATE)
    world.clock.advance(minutes=15)
    assert missed(world) == []


def test_a_missed_call_is_known_again_after_a_restart():
    world = Story()
    world.opens(1)
    world.draws("a")
    misses(world, 1)
    again = fold.fold(halls.Hall(site="hall"), world.entries)
    assert again.missed == world.hall.missed
    assert [call.number for call in again.missed] == ["A001"]


def test_the_board_is_empty_once_the_day_is_over():
    world = Story()
    world.opens(1)
    world.draws("a")
    world.draws("a")
    misses(world, 1)
    world.calls(1)
    assert board(world)["calls"] != []
    world.clock.advance(hours=24)
    world.ticks()
    shown = board(world)
    assert (shown["calls"], shown["missed"]) == ([], [])


def test_a_hall_of_no_shows_keeps_only_the_last_of_them():
    world = Story()
    world.opens(1)
    world.opens(3)
    for _ in range(60):
        world.draws("a")
    for _ in range(15):
        first, second = world.calls(1).turn.ticket, world.calls(3).turn.ticket
        world.clock.advance(seconds=61)
        for ticket, n in ((first, 1), (second, 3)):
            world.recalls(ticket, n)
            world.no_show(ticket, n)
    assert len(world.hall.missed) == calls.MISSED_KEPT
    assert world.hall.missed[0].number == "A030"


def test_a_site_that_is_closed_says_when_it_opens_next():
    world = Story()
    assert board(world)["closed"] is None
    world.clock.advance(hours=12)
    assert board(world)["closed"] == {"time": "08:00", "date": "25/11"}
    world.clock.advance(hours=6)
    assert board(world)["closed"] == {"time": "08:00", "date": None}
