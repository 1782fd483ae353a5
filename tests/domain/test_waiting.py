"""Who stands before a place: the people whom the counters of its line will call first."""

import pytest

from server.domain import waiting
from tests.world import Story


def before(story: Story, service: str) -> dict[str, float]:
    place = waiting.place_of_newcomer(story.hall, story.clock.now())
    return dict(waiting.line_now(story.hall, service, place, story.clock.now()).before or ())


def test_a_counter_that_serves_one_line_has_only_its_people():
    story = Story()
    story.opens(1)
    for service in "aab":
        story.draws(service)
    assert before(story, "a") == {"a": 2}


def test_people_of_another_line_count_where_the_same_counter_calls_them():
    story = Story()
    story.opens(3)
    for service in "abbb":
        story.draws(service)
    assert before(story, "a") == {"a": 1, "b": 3}


def test_another_line_counts_only_by_the_share_that_falls_to_our_counters():
    story = Story()
    story.opens(2)
    story.opens(3)
    for service in "abbbb":
        story.draws(service)
    assert before(story, "a") == {"a": 1, "b": 2}


def test_one_more_turn_has_to_end_where_all_counters_are_busy():
    story = Story()
    story.opens(1)
    story.draws("a")
    story.calls(1)
    assert before(story, "a") == {"a": 1}
    story.opens(3)
    assert before(story, "a") == {}


def test_people_due_later_are_not_before_me():
    story = Story()
    story.opens(3)
    first = story.draws("a")
    story.draws("b")
    line = waiting.line_now(story.hall, "a", first.turn.place, story.clock.now())
    assert (line.ahead, line.before) == (0, ())


def test_nobody_is_before_me_where_no_counter_is_open():
    story = Story()
    story.draws("a")
    assert before(story, "a") == {}


@pytest.mark.parametrize("paused", [True, False])
def test_a_paused_counter_calls_nobody(paused):
    story = Story()
    story.opens(1)
    story.opens(3)
    for service in "abb":
        story.draws(service)
    if paused:
        story.pauses(3, "rest")
    assert before(story, "a") == ({"a": 1} if paused else {"a": 1, "b": 2})
