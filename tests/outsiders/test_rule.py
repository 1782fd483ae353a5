"""A chain that holds is not yet a fair day: what the verifier finds in journals whose hashes all fit."""

import pytest

from server.domain.entries import instant_text
from tests.outsiders.book import Book, resealed, rows_of, verify, write_rows
from tests.stored import small_day


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


# ---------------------------------------------------------------- calls


def test_who_is_called_by_the_rule_is_content(book, found):
    first, second = two(book)
    book.calls(first, 1)
    book.finishes(first, 1)
    book.calls(second, 1)
    assert found().faults == []


def test_a_call_before_ones_turn_is_named_though_every_hash_fits(book, found):
    first, second = two(book)
    seq = book.calls(second, 1)
    result = found()
    assert result.code == 1
    assert result.faults == [(seq, "calls"), (seq, "overtakes")]
    assert "A001 was first by the rule, A002 was called" in result.why
    assert result.day["against_the_rule"] == 1
    assert result.day["unexplained"] == 1
    assert first


def test_a_day_of_the_product_with_two_draws_exchanged_is_named(tmp_path):
    """Sealed anew from the first entry to the last, as whoever owns the database could."""
    entries = list(small_day().entries)
    one, other = [place for place, entry in enumerate(entries) if entry.kind == "ticket.drawn"][:2]
    entries[one], entries[other] = entries[other], entries[one]
    found = verify(write_rows(tmp_path / "hall.jsonl", rows_of(resealed(entries))))
    assert found.code == 1
    assert found.faults[0] == (one + 1, "numbers")


def test_a_shift_that_serves_more_than_the_set_up_says_is_named(book, found):
    seq = book.opens(2, serves=["a", "b"])
    assert found().faults == [(seq, "calls")]


def test_a_helper_may_call_only_who_is_past_due(book, found):
    book.opens(2)
    first, _second = two(book)
    early = book.calls(first, 2, line="helps")
    assert found().faults == [(early, "calls")]


def test_a_helper_calls_whoever_is_long_enough_past_due(book, found):
    book.opens(2)
    first, _second = two(book)
    book.waits(600)
    book.calls(first, 2, line="helps")
    assert found().faults == []


def test_a_reason_that_is_not_the_true_one_is_named(book, found):
    first, _second = two(book)
    reason = {"rule": 1, "line": "helps", "due_at": "2026-11-24T08:00:00.000Z"}
    assert book.calls(first, 1, reason=reason) in [entry for entry, _check in found().faults]


def test_a_call_by_another_version_of_the_rule_is_named(book, found):
    first, _second = two(book)
    seq = book.calls(first, 1, reason={"rule": 2, "line": "serves", "due_at": book.who[first]["due_at"]})
    assert found().faults == [(seq, "calls")]


def test_nobody_is_called_to_a_counter_that_is_closed_paused_or_taken(book, found):
    first, second = two(book)
    closed = book.calls(first, 3)
    result = found()
    assert result.faults == [(closed, "moves")]
    assert "nobody has opened hall-3" in result.why
    book.calls(first, 1)
    assert second


def test_two_at_one_counter_are_named(book, found):
    first, second = two(book)
    book.calls(first, 1)
    seq = book.calls(second, 1)
    assert found().faults == [(seq, "calls")]


# ---------------------------------------------------------------- places and numbers


def test_a_head_start_that_the_class_does_not_have_is_named(book, found):
    book.draws(klass="priority", head_start_s=1200)
    seq = len(book.entries) + 1
    book.draws(head_start_s=600)
    assert found().faults == [(seq, "places"), (seq, "places")]


def test_a_wrong_number_of_people_ahead_is_named(book, found):
    book.draws()
    seq = len(book.entries) + 1
    book.draws(ahead=0)
    assert found().faults == [(seq, "places")]


@pytest.mark.parametrize(("n", "number"), [(3, "A003"), (1, "A001"), (2, "A003")])
def test_a_gap_or_a_double_in_the_numbers_is_named(book, found, n, number):
    book.draws()
    seq = len(book.entries) + 1
    book.draws(ahead=1, n=n, number=number)
    assert found().faults == [(seq, "numbers")]


def test_whoever_comes_early_for_an_appointment_joins_a_quarter_of_an_hour_before_it(book, found):
    appointed_at = book.at.replace(hour=10)
    due_at = instant_text(appointed_at.replace(minute=0).replace(hour=9, minute=35))
    book.draws(klass="appointment", appointed_at=instant_text(appointed_at), due_at=due_at)
    assert found().faults == []
    book.draws(klass="appointment", appointed_at=instant_text(appointed_at), head_start_s=600)
    assert found().faults == [(len(book.entries), "places")]


# ---------------------------------------------------------------- out of order


def test_a_call_out_of_order_is_listed_with_its_reason_and_counted(book, found):
    first, second = two(book)
    seq = book.calls_out_of_order(second, 1, overtaken=[first])
    result = found()
    assert result.faults == []
    [listed] = result.all("out_of_order")
    assert (listed["entry"], listed["number"], listed["why"]) == (seq, "A002", "escort")
    assert result.day["out_of_order"] == {"escort": 1}
    assert result.day["overtakes"] == {"out_of_order": 1}
    assert result.day["unexplained"] == 0


@pytest.mark.parametrize("overtaken", [[], ["hall-5", "hall-4"], ["hall-4"]])
def test_a_list_of_the_overtaken_that_is_not_exact_is_named(book, found, overtaken):
    two(book)
    third = book.draws(ahead=2)
    seq = book.calls_out_of_order(third, 1, overtaken=overtaken)
    assert found().faults == [(seq, "calls")]


def test_who_stood_before_in_the_own_line_was_overtaken_too(book, found):
    """Counter 1 does not serve b; who is called from there passes the line of b as well as what counter 1 serves."""
    first = book.draws("a")
    other = book.draws("b")
    third = book.draws("b", ahead=1)
    book.calls_out_of_order(third, 1, overtaken=[first, other])
    assert found().faults == []


def test_a_reason_that_is_not_on_the_list_is_named(book, found):
    first, second = two(book)
    seq = book.calls_out_of_order(second, 1, overtaken=[first], why="cousin")
    assert found().faults == [(seq, "calls")]


# ---------------------------------------------------------------- the day's count


def day_of(book):
    first, second = two(book)
    book.calls(first, 1)
    book.finishes(first, 1)
    book.waits(86400)
    expired = {"ticket": second, "number": "A002", "service": "a", "was": "waiting"}
    book.writes("ticket.expired", actor="system:day", **expired)
    book.writes("shift.closed", actor="system:day", counter="hall-1", agent="agent1", why="day_end")


def test_a_day_that_is_counted_right_is_content(book, found):
    day_of(book)
    book.closes_the_day(served=1, not_served=1)
    result = found()
    assert result.faults == []
    assert result.day["closed"]


@pytest.mark.parametrize("counts", [{"served": 2}, {"served": 1}, {"served": 1, "not_served": 1, "drawn": 3}])
def test_a_day_that_is_miscounted_is_named(book, found, counts):
    day_of(book)
    seq = book.closes_the_day(**counts)
    result = found()
    assert {entry for entry, _check in result.faults} == {seq}
    assert {check for _entry, check in result.faults} == {"counts"}


def test_somebody_who_vanishes_is_named(book, found):
    day_of(book)
    del book.entries[-2:]
    book.writes("shift.closed", actor="system:day", counter="hall-1", agent="agent1", why="day_end")
    seq = book.closes_the_day(served=1)
    assert (seq, "counts") in found().faults


def test_a_kind_that_is_newer_than_the_verifier_only_stands_in_the_chain(book, found):
    book.writes("weather.changed", sky="blue")
    assert found().faults == []


def test_a_body_that_lacks_something_is_named_and_the_rest_is_still_checked(book, found):
    book.writes("ticket.called", ticket="hall-4")
    first, second = two(book)
    seq = book.calls(second, 1)
    assert found().faults[0][1] == "moves"
    assert (seq, "calls") in found().faults
    assert first
