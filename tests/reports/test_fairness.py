"""The fairness figures of one day by hand: told by the product's own verbs, on both databases.

Local times in Madrid, an hour ahead of UTC. Counter 1 serves a, 3 serves a and b. Tickets in the order of drawing:

| ticket | class | joined | called | by | slips | skips | extra wait |
|---|---|---|---|---|---|---|---|
| A001 | ordinary | 09:00 | 09:14 | 1 | 2 (A002, A003) | 0 | +4 min |
| A002 | priority | 09:05 | 09:10 | 1 | 0 | 1 | −2 |
| A003 | ordinary | 09:06 | 09:12 | 3, out of order | 0 | 1 | −2 |
| B001 | ordinary | 09:07 | 09:20 | 3 | 0 | 0 | 0 |
| A004 | ordinary | 09:08 | never | | | | |
| A005 | priority | 09:15 | 09:16, taken back at once, 09:17 | 1 | 0 | 1 (A004) | 0 |

Calls of a by time: 09:10, 09:12, 09:14, 09:17; of those called, in the order of coming: A001, A002, A003, A005. So A001
could have been called at 09:10 (+4), A002 at 09:12 (−2), A003 at 09:14 (−2), A005 at 09:17 (0).

Overtakes of each call:
- A002: A001, by its class. B001 and A003, A004 came later.
- A003 at counter 3, out of order: A001, who is named. Nobody else came before it.
- A001: nobody.
- A005, taken back: A004 for a moment, and B001 at another counter, also taken back.
- A005 again: A004 by its class; B001 waits for a line that counter 1 does not serve.
- B001 at counter 3: nobody, for A004 came later. It is the first there by the rule.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from server.domain import fair_days
from server.reports import fairness, fairness_days, replay
from server.store import fairness_days as kept_days
from server.store import journal
from tests.reports.on_database import StoryOnDatabase
from tests.world import small_setup

DAY = date(2026, 11, 24)
MIDNIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
ZONE = "Europe/Madrid"
NOBODY = {"count": 0, "mean_s": None, "median_s": None, "p90_s": None, "max_s": None}


@pytest.fixture
def story(engine):
    story = StoryOnDatabase(engine, small_setup(timezone=ZONE), at=MIDNIGHT + timedelta(hours=9))
    tell(story)
    yield story
    story.writer.close()


def tell(story):
    def at(minute):
        story.clock.at = MIDNIGHT + timedelta(hours=9, minutes=minute)
        return story

    def draws(minute, service, klass="ordinary"):
        return at(minute).draws(service, klass=klass).turn.ticket

    at(0).opens(1)
    at(0).opens(3)
    draws(0, "a")
    draws(5, "a", "priority")
    a003 = draws(6, "a")
    b001 = draws(7, "b")
    draws(8, "a")
    at(10).calls(1)
    at(12).calls_out_of_order(a003, 3, why="our_error")
    at(14).calls(1, ending="finished")
    a005 = draws(15, "a", "priority")
    at(16).calls(1, ending="finished")
    at(16.2).undoes(a005, 1)
    at(17).calls(1, ending="finished")
    at(20).calls(3, ending="finished")
    at(21).finishes(a005, 1)
    at(21).finishes(b001, 3)
    at(21).closes(1)
    at(21).closes(3)


def ends(story):
    story.clock.at = MIDNIGHT + timedelta(hours=28, minutes=30)
    story.turns_the_page()


def found(story, from_on=DAY, to_on=DAY):
    with story.engine.connect() as conn:
        return fairness_days.facts_between(conn, "hall", from_on=from_on, to_on=to_on)


def report(story, by):
    facts = found(story).facts
    told = fairness.told_apart(facts, site="hall", from_on=DAY, to_on=DAY, by=by, timezone=ZONE)
    return told.to_json()


def rows(story, by):
    return {row.pop("key"): row for row in report(story, by)["rows"]}


def counts(named):
    return {name: count for name, count in named.items() if count}


def stepwise(steps):
    return {(step["from"], step["to"]): step["count"] for step in steps if step["count"]}


def test_the_day_as_a_whole(story):
    total = report(story, "counter")["total"]
    assert counts(total.pop("overtakes")) == {"priority": 2, "out_of_order": 1, "undone": 2, "other_service": 1}
    assert stepwise(total.pop("slips")) == {(0, 0): 4, (2, 2): 1}
    assert stepwise(total.pop("skips")) == {(0, 0): 2, (1, 1): 3}
    assert total == {
        "key": None,
        "calls": 5,
        "unexplained": 0,
        "overtaken": {"count": 1, "of": 5, "percent": 20.0},  # A001
        "passing_calls": 3,  # A002 A003 A005
        # −120 −120 0 0 240: 0.9 × 4 = 3.6, so 0 + 0.6 × 240
        "extra_wait": {"count": 5, "mean_s": 0.0, "median_s": 0.0, "p90_s": 144.0, "max_s": 240.0},
        "passed_uncalled": 1,  # A004
        "priority_calls": 2,
        "out_of_order_calls": 1,
        "out_of_order_reasons": {"our_error": 1},
        "no_shows_declared": 0,
        "quick_no_shows": 0,
        "transfers": 0,
        "transfers_to_longer": 0,
        "parked": 0,
        "parked_long": 0,
        "undone": 1,
        "undone_calls": 1,
        "drawn": 6,
        "drawn_priority": 2,
        "most_draws": 1,
        "control": None,
    }


def test_each_line(story):
    by_service = rows(story, "service")
    assert list(by_service) == ["a", "b"]
    assert (by_service["a"]["calls"], by_service["b"]["calls"]) == (4, 1)
    assert (by_service["a"]["passed_uncalled"], by_service["b"]["passed_uncalled"]) == (1, 0)
    assert counts(by_service["b"]["overtakes"]) == {}
    assert by_service["a"]["undone"] is None


def test_each_counter_with_what_it_is_held_against(story):
    by_counter = rows(story, "counter")
    assert list(by_counter) == ["hall-1", "hall-3"]
    one, three = by_counter.values()
    assert (one["calls"], three["calls"]) == (3, 2)
    assert counts(three["overtakes"]) == {"out_of_order": 1}
    # A001 was called there: that is where her wait ended.
    assert (one["overtaken"]["count"], three["overtaken"]["count"]) == (1, 0)
    assert (one["undone"], three["undone"]) == (1, 0)
    # 1 in 5 calls: 0.2 + 3 × √(0.2/2)
    held = three["control"]["out_of_order_calls"]
    assert (held["percent"], held["mean_percent"], held["outside"]) == (50.0, 20.0, None)
    assert held["upper_percent"] == pytest.approx(114.87, abs=0.01)
    assert (one["drawn"], one["most_draws"], one["passed_uncalled"]) == (None, None, None)


def test_each_hour_and_the_one_day(story):
    assert {hour: row["calls"] for hour, row in rows(story, "hour").items()} == {9: 5}
    by_day = report(story, "day")
    assert [{**row, "key": None} for row in by_day["rows"]] == [by_day["total"]]


def test_calls_out_of_order_of_each_agent_are_in_no_report_but_known(story):
    by_agent = {one.agent: (one.calls, dict(one.reasons)) for one in fairness.by_agent(found(story).facts)}
    assert by_agent == {"agent1": (3, {}), "agent3": (2, {"our_error": 1})}
    assert "agent" not in str(report(story, "counter"))


# ---------------------------------------------------------------- what is kept


def kept(story):
    with story.engine.connect() as conn:
        return dict(kept_days.kept(conn, "hall", "2026-01-01", "2026-12-31", version=fair_days.VERSION))


def keep(story, rows, version=fair_days.VERSION):
    story.writer.run(lambda conn: kept_days.keep(conn, "hall", rows, version=version))


def test_an_open_day_is_counted_each_time_and_a_closed_one_once(story):
    assert found(story).fresh == []
    ends(story)
    counted = found(story)
    assert [row.day for row in counted.fresh] == ["2026-11-24"]
    keep(story, counted.fresh)
    again = found(story)
    assert again.fresh == []
    assert again.facts == counted.facts


def test_what_is_kept_is_what_a_recount_of_the_whole_journal_gives(story):
    """Facts = recount: from the kept text, from the day's own kinds of entries, and from every entry from the first."""
    ends(story)
    keep(story, found(story).fresh)
    with story.engine.connect() as conn:
        entries = list(journal.all_after(conn, "hall"))
    whole = fair_days.counted(entries, day="2026-11-24", hour_of=lambda at: (at + timedelta(hours=1)).hour)
    assert found(story).facts[0] == whole
    assert fair_days.from_text("2026-11-24", kept(story)["2026-11-24"].facts) == whole


def replayed(story):
    with story.engine.connect() as conn:
        return [(one.table, one.key, one.what, one.column) for one in replay.replay(conn, "hall")]


def test_replay_finds_facts_that_somebody_changed(story):
    ends(story)
    (row,) = found(story).fresh
    keep(story, [row])
    assert replayed(story) == []
    keep(story, [kept_days.Kept(row.day, row.closed_hash, row.facts.replace('"priority":2', '"priority":1'))])
    assert replayed(story) == [("fairness_days", 2, "different", "facts")]


def test_what_was_counted_in_another_way_or_of_another_story_is_not_used(story):
    ends(story)
    (row,) = found(story).fresh
    keep(story, [row], version=fair_days.VERSION - 1)
    assert kept(story) == {}
    keep(story, [kept_days.Kept(row.day, "0" * 64, row.facts)])
    assert kept(story) == {}
    keep(story, [row])
    assert list(kept(story)) == ["2026-11-24"]


def test_a_day_without_anybody_has_figures_of_nothing(story):
    ends(story)
    facts = found(story, from_on=date(2026, 11, 25), to_on=date(2026, 11, 25)).facts
    total = fairness.total_of(facts).to_json()
    assert (total["calls"], total["overtaken"]["percent"], total["extra_wait"]) == (0, None, NOBODY)
    assert fairness.total_of([]).to_json()["calls"] == 0
