"""Which of today's fairness figures a manager is told of at once."""

import pytest

from server.domain.fair_days import DayFacts, Where
from server.domain.loopholes import COUNTER_FIGURES
from server.reports.fairness_alerts import Alarm, alarms


def day(name="2026-11-24", *, drawn=0, drawn_priority=0, most_draws=0, **counters):
    """Counters by name: (calls, {figure: count})."""
    facts = DayFacts(day=name, drawn=drawn, drawn_priority=drawn_priority, most_draws=most_draws)
    for counter, (calls, figures) in counters.items():
        cell = facts.cell(Where(service="a", counter=counter, agent="x", hour=9))
        cell.calls = calls
        cell.out_of_order.update({"our_error": figures.pop("out_of_order_calls", 0)})
        cell.overtakes["unexplained"] = figures.pop("unexplained", 0)
        facts.loopholes[counter] = dict.fromkeys(COUNTER_FIGURES, 0) | figures
    return facts


def told(today, *before):
    return alarms(today, [*before, today])


def test_a_quiet_day_is_no_news():
    assert told(day()) == []
    assert told(day(one=(80, {"quick_no_shows": 4, "undone": 3}), two=(90, {"out_of_order_calls": 2}))) == []


def test_one_overtake_that_nothing_explains_is_enough():
    assert told(day(one=(80, {"unexplained": 1}), two=(80, {}))) == [Alarm("unexplained_overtake", "one")]


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        ("out_of_order_calls", "out_of_order_high"),
        ("quick_no_shows", "quick_no_shows_high"),
        ("transfers_to_longer", "transfers_to_longer_high"),
        ("parked_long", "parked_long_high"),
        ("undone", "undone_high"),
    ],
)
def test_a_counter_above_its_limit_is_named(figure, code):
    """Mean of the month 12 in 1,120 calls; among 80, √(0.0107/80) × 3 = 0.035 more is chance; 8 in 80 are not."""
    before = day("2026-11-23", one=(400, {figure: 2}), two=(400, {figure: 2}))
    today = day(one=(160, {}), two=(80, {figure: 8}), three=(80, {}))
    assert told(today, before) == [Alarm(code, "two")]


def test_where_every_counter_does_it_the_site_is_told():
    """Half of the calls are no-shows at both counters, every day: no counter stands out, and the site does."""
    busy = {"one": (40, {"quick_no_shows": 20}), "two": (40, {"quick_no_shows": 20})}
    assert told(day(**{k: (n, dict(f)) for k, (n, f) in busy.items()})) == [Alarm("quick_no_shows_high")]


def test_a_few_are_no_pattern():
    assert told(day(one=(8, {"undone": 4}), two=(8, {}))) == []


def test_many_priorities_and_many_tickets_within_a_minute():
    assert told(day(drawn=40, drawn_priority=13, most_draws=21)) == [Alarm("priority_high"), Alarm("draws_high")]
    assert told(day(drawn=40, drawn_priority=12, most_draws=20)) == []
    assert told(day(drawn=29, drawn_priority=29)) == []


def test_the_desk_is_no_counter():
    facts = day(one=(50, {}))
    facts.loopholes[""] = dict.fromkeys(COUNTER_FIGURES, 0) | {"transfers_to_longer": 4, "transfers": 4}
    assert told(facts) == []
