"""Put back, parked, transferred, undone: each as it should be is content, each that isn't is named, though every hash fits."""

import pytest

from tests.outsiders.book import Book, verify


@pytest.fixture
def book():
    book = Book()
    book.opens(1)
    return book


@pytest.fixture
def found(book, tmp_path):
    return lambda: verify(book.write_to(tmp_path))


def two(book):
    first = book.draws()
    book.waits(60)
    return first, book.draws(ahead=1)


def test_put_back_joins_again_with_the_small_head_start(book, found):
    first, second = two(book)
    third = book.draws(ahead=2)
    book.calls(first, 1)
    book.moves("ticket.recalled", first, 1, calls=2)
    book.waits(60)
    book.no_show(first, 1)
    book.puts_back(first, 1)
    book.calls(first, 1)
    book.finishes(first, 1)
    book.calls(second, 1)
    result = found()
    assert result.faults == []
    # He came back with ten minutes, so that he stands before both who had come after him.
    assert result.day["overtakes"] == {"put_back": 2}
    assert third


def test_put_back_too_often_or_with_too_much_is_named(book, found):
    first, _second = two(book)
    book.calls(first, 1)
    book.moves("ticket.recalled", first, 1, calls=2)
    book.waits(60)
    book.no_show(first, 1)
    seq = book.puts_back(first, 1, times=3, head_start_s=900)
    assert found().faults == [(seq, "moves"), (seq, "moves"), (seq, "places")]


def test_a_person_given_up_too_soon_is_named(book, found):
    first, _second = two(book)
    book.calls(first, 1)
    seq = book.no_show(first, 1, calls=1)
    assert found().faults == [(seq, "moves")]


def test_parked_and_resumed_keeps_the_place(book, found):
    first, second = two(book)
    book.calls(first, 1)
    book.parks(first, 1)
    book.calls(second, 1)
    book.resumes(first, 1)
    book.finishes(second, 1)
    third = book.draws(ahead=1)
    book.calls(first, 1)
    assert found().faults == []
    assert third


def test_a_place_that_grew_while_parked_is_named(book, found):
    first, _second = two(book)
    book.calls(first, 1)
    book.parks(first, 1)
    seq = book.resumes(first, 1, due_at="2026-11-24T07:00:00.000Z")
    assert found().faults == [(seq, "places")]


def test_transferred_keeps_the_arrival_and_passes_who_came_later(book, found):
    first = book.draws("a")
    book.waits(60)
    later = book.draws("b")
    book.opens(2)
    book.calls(first, 1)
    book.transfers(first, 1, "b")
    book.calls(first, 2)
    book.finishes(first, 2)
    book.calls(later, 2)
    result = found()
    assert result.faults == []
    assert result.day["overtakes"] == {"transferred": 1}


def test_an_arrival_that_was_made_earlier_is_named(book, found):
    first = book.draws("a")
    book.calls(first, 1)
    earlier = "2026-11-24T07:00:00.000Z"
    seq = book.transfers(first, 1, "b", arrived_at=earlier, due_at=earlier)
    assert found().faults == [(seq, "places")]


def test_who_waits_for_one_counter_is_called_there_alone(book, found):
    book.opens(2)
    book.opens(3)
    first = book.draws("a")
    book.waits(60)
    later = book.draws("b")
    book.calls(first, 1)
    book.transfers(first, 1, "b", counter="hall-3")
    book.calls(later, 2)
    book.calls(first, 3, line="bound")
    assert found().faults == []


def test_whoever_waited_for_a_counter_that_closes_waits_in_the_line(book, found):
    book.opens(2)
    book.opens(3)
    first = book.draws("a")
    book.calls(first, 1)
    book.transfers(first, 1, "b", counter="hall-3")
    book.writes("shift.closed", counter="hall-3", agent="agent3", why="agent")
    book.calls(first, 2)
    assert found().faults == []


def test_an_undo_gives_the_place_back(book, found):
    first, second = two(book)
    seq = book.calls(first, 1)
    book.waits(10)
    book.undoes(1, seq)
    book.calls(first, 1)
    book.finishes(first, 1)
    book.calls(second, 1)
    result = found()
    assert result.faults == []
    assert result.day["undone"] == 1


def test_an_undone_next_gives_both_back(book, found):
    first, second = two(book)
    book.calls(first, 1)
    ended = book.finishes(first, 1)
    called = book.calls(second, 1, ended_seq=ended)
    book.waits(5)
    book.undoes(1, called, ended)
    book.finishes(first, 1)
    book.calls(second, 1)
    assert found().faults == []


def test_an_undo_too_late_or_of_what_was_built_upon_is_named(book, found):
    first, _second = two(book)
    seq = book.calls(first, 1)
    book.waits(16)
    late = book.undoes(1, seq)
    assert found().faults == [(late, "moves")]


def test_an_undo_below_a_later_move_is_named(book, found):
    first, _second = two(book)
    seq = book.calls(first, 1)
    book.moves("ticket.started", first, 1)
    undone = book.undoes(1, seq)
    assert found().faults == [(undone, "moves")]


def test_an_out_of_order_call_that_was_undone_stays_counted(book, found):
    first, second = two(book)
    seq = book.calls_out_of_order(second, 1, overtaken=[first])
    book.undoes(1, seq)
    book.calls(first, 1)
    result = found()
    assert result.faults == []
    assert result.day["out_of_order"] == {"escort": 1}


def test_a_move_from_a_state_that_has_no_such_move_is_named(book, found):
    first, _second = two(book)
    seq = book.finishes(first, 1)
    result = found()
    assert result.faults == [(seq, "moves")]
    assert "A001 is waiting and can't be ticket.finished" in result.why


def test_a_ticket_that_nobody_drew_is_named(book, found):
    book.who["hall-99"] = {"ticket": "hall-99", "number": "A099", "service": "a", "due_at": "2026-11-24T07:00:00.000Z"}
    seq = book.calls("hall-99", 1)
    assert found().faults == [(seq, "moves")]


def test_who_was_sent_to_a_counter_that_only_helps_the_line_passes_those_it_may_not_call_yet(book, found):
    """At the same place in time, but nobody else of the line is ten minutes past due."""
    book.opens(2)
    first = book.draws("a")
    book.draws("a", ahead=1)
    book.calls(first, 1)
    book.transfers(first, 1, "a", counter="hall-2")
    book.calls(first, 2, line="bound")
    result = found()
    assert result.faults == []
    assert result.day["overtakes"] == {"bound": 1}


def test_whoever_was_put_back_and_is_still_at_a_counter_at_the_end_of_the_day_is_no_no_show(book, found):
    first = book.draws()
    book.calls(first, 1)
    book.moves("ticket.recalled", first, 1, calls=2)
    book.waits(60)
    book.no_show(first, 1)
    book.puts_back(first, 1)
    book.calls(first, 1)
    book.moves("ticket.started", first, 1)
    book.waits(86400)
    book.writes("shift.closed", actor="system:day", counter="hall-1", agent="agent1", why="day_end")
    facts = {
        "ticket": first,
        "opened_seq": 8,
        "day": "2026-11-24",
        "number": "A001",
        "service": "a",
        "class": "ordinary",
    }
    facts |= {"joined_at": "", "due_at": "", "state": "serving", "counter": "hall-1", "calls": 1, "called_at": ""}
    book.closes_the_day(carried=[facts])
    assert found().faults == []


def test_who_comes_back_when_the_counter_he_waited_for_has_closed_waits_for_the_service(book, found):
    book.opens(2)
    first = book.draws()
    book.calls(first, 1)
    book.transfers(first, 1, "a", counter="hall-2")
    book.calls(first, 2, line="bound")
    book.parks(first, 2)
    book.writes("shift.closed", counter="hall-2", agent="agent2", why="agent")
    book.resumes(first, 1)
    book.calls(first, 1)
    assert found().faults == []


def test_a_counter_that_closes_and_opens_again_has_lost_those_who_were_sent_to_it_alone(book, found):
    book.opens(2)
    first = book.draws()
    book.calls(first, 1)
    book.transfers(first, 1, "a", counter="hall-2")
    book.calls(first, 2, line="bound")
    book.parks(first, 2)
    book.writes("shift.closed", counter="hall-2", agent="agent2", why="agent")
    book.opens(2)
    book.resumes(first, 1)
    book.calls(first, 1)
    assert found().faults == []
