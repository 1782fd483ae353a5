"""Random days: what the reports read from rows is what anybody can reckon from the journal, in another way."""

import statistics
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.actions import reception, shifts
from server.domain import calendar, fold
from server.domain import hall as halls
from server.domain.hall import Hall
from server.domain.timings import timings
from server.reports import counters, waits
from server.store import journal, projection, schema
from server.store.engine import open_engine
from server.store.sites import add_site
from tests.world import Story, small_setup

ZONE = "Africa/Casablanca"
FROM, TO = date(2026, 11, 24), date(2026, 11, 26)
VERBS = [
    "draw a",
    "draw b",
    "open",
    "pause",
    "resume",
    "close",
    "call",
    "recall",
    "start",
    "finish",
    "no_show",
    "withdraw",
]

#: (verb, which counter or which open ticket, minutes that pass before it); a long one ends the day.
steps = st.lists(
    st.tuples(
        st.sampled_from(VERBS),
        st.integers(0, 2),
        st.one_of(st.integers(0, 12), st.integers(0, 12), st.sampled_from([0.123, 45, 1440])),
    ),
    min_size=5,
    max_size=80,
)


def told(script):
    """A story in which whatever is refused just did not happen."""
    story = Story(small_setup(), at=datetime(2026, 11, 24, 8, 30, tzinfo=UTC))
    story.opens(1)
    story.opens(3)
    for verb, which, minutes in script:
        story.clock.advance(minutes=minutes)
        tell(story, verb, which)
    return story


def tell(story, verb, which):
    n = which + 1
    own = {"counter": story.counter(n), "agent": f"agent{n}"}
    here = halls.turn_at(story.hall, story.counter(n))
    ticket = here.ticket if here else "hall-999"
    waiting = sorted(story.hall.turns.values(), key=lambda turn: turn.opened_seq)
    anybody = waiting[which % len(waiting)].ticket if waiting else "hall-999"
    {
        "draw a": lambda: story.draws("a"),
        "draw b": lambda: story.draws("b"),
        "open": lambda: story.opens(n),
        "pause": lambda: story.does(shifts.pause, **own, reason="rest"),
        "resume": lambda: story.does(shifts.resume, **own),
        "close": lambda: story.does(shifts.close_for_agent, counter=story.counter(n)),
        "call": lambda: story.calls(n),
        "recall": lambda: story.recalls(ticket, n),
        "start": lambda: story.starts(ticket, n),
        "finish": lambda: story.finishes(ticket, n),
        "no_show": lambda: story.no_show(ticket, n),
        "withdraw": lambda: story.does(reception.withdraw, ticket=anybody),
    }[verb]()


def stored(conn, story):
    """The story in a database; what one story left behind makes room for the next."""
    for table in reversed(schema.metadata.sorted_tables):
        conn.execute(table.delete())
    add_site(conn, code="hall", pack="", public_key="k", demo=False)
    journal.append(conn, story.written)
    projection.write(conn, story.written)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('rows')}/rows.db")
    schema.metadata.create_all(engine)
    yield engine
    engine.dispose()


def turns_of_journal(entries):
    """The last state of every turn, folded from the entries alone."""
    hall, turns = Hall(site="hall"), {}
    for entry in entries:
        hall = fold.apply(hall, entry)
        if hall.touched_turn is not None:
            turns[hall.touched_turn.ticket] = hall.touched_turn
    return [turn for turn in turns.values() if FROM.isoformat() <= turn.day <= TO.isoformat()]


def five(values):
    known = [value for value in values if value is not None]
    if not known:
        return {"count": 0, "mean_s": None, "median_s": None, "p90_s": None, "max_s": None}
    ninth = statistics.quantiles(known, n=10, method="inclusive")[8] if len(known) > 1 else known[0]
    return {
        "count": len(known),
        "mean_s": pytest.approx(statistics.fmean(known), abs=0.001),
        "median_s": pytest.approx(statistics.median(known), abs=0.001),
        "p90_s": pytest.approx(ninth, abs=0.001),
        "max_s": pytest.approx(max(known), abs=0.001),
    }


def verdict(turn):
    if turn.service != "a":
        return None
    if turn.called_at is not None:
        return turn.called_at - turn.joined_at <= timedelta(seconds=1200)
    if turn.ending == "expired":
        return False
    gone_late = turn.ending == "withdrawn" and turn.ended_at - turn.joined_at > timedelta(seconds=1200)
    return False if gone_late else None


def figures(turns):
    measured = [timings(turn) for turn in turns]
    verdicts = [found for turn in turns if (found := verdict(turn)) is not None]
    ended = [turn.ending for turn in turns]
    return {
        "turns": len(turns),
        "called": sum(turn.calls > 0 for turn in turns),
        "served": ended.count("served"),
        "no_shows": ended.count("no_show"),
        "withdrawn": ended.count("withdrawn"),
        "transferred": ended.count("transferred"),
        "not_served": ended.count("expired"),
        "still_open": ended.count(None),
        "waiting_time": five([times.waiting_s for times in measured]),
        "calling_time": five([times.calling_s for times in measured]),
        "walking_time": five([times.walking_s for times in measured]),
        "service_time": five([times.service_s for times in measured]),
        "transaction_time": five([times.transaction_s for times in measured]),
        "within_target": {
            "count": sum(verdicts),
            "of": len(verdicts),
            "percent": round(100 * sum(verdicts) / len(verdicts), 1) if verdicts else None,
        },
    }


KEYS = {
    "service": lambda turn: turn.service,
    "counter": lambda turn: turn.counter,
    "agent": lambda turn: turn.agent,
    "hour": lambda turn: calendar.local(turn.joined_at, ZONE).hour,
    "day": lambda turn: turn.day,
}


def shift_times(entries, at):
    """Walk from entry to entry and put the time between two of them where the state of each counter says."""
    hall, spent, shift_day = Hall(site="hall"), defaultdict(lambda: defaultdict(float)), {}
    for entry in entries:
        spend(spent, hall, shift_day, entry.at)
        hall = fold.apply(hall, entry)
        if entry.kind == "shift.opened":
            shift_day[entry.seq] = hall.day.on
    spend(spent, hall, shift_day, at)
    return spent


def spend(spent, hall, shift_day, until):
    if hall.day is None:
        return
    # Nobody works on after the day's end, even if a server that was down says so only in the morning.
    passed = max(0, (min(until, hall.day.ends_at) - hall.at).total_seconds())
    for shift in hall.shifts.values():
        if not FROM.isoformat() <= shift_day[shift.opened_seq] <= TO.isoformat():
            continue
        paused = "pause_time" if shift.paused_at is not None else "idle_time"
        state = "attended_time" if shift.counter in hall.at_counter else paused
        for key in (("counter", shift.counter), ("agent", shift.agent)):
            spent[key][state] += passed
            spent[key]["shift_time"] += passed


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(script=steps, later=st.sampled_from([0, 3, 2000]))
def test_rows_say_what_the_journal_says(engine, script, later):
    story = told(script)
    story.clock.advance(minutes=later)
    now = story.clock.now()
    turns = turns_of_journal(story.entries)
    targets = waits.targets_of(story.setup)
    with engine.begin() as conn:
        stored(conn, story)
        read = waits.read_turns(conn, site="hall", from_on=FROM, to_on=TO)
        worked = counters.of_turns(conn, read, at=now, targets=targets)
    for by, key_of in KEYS.items():
        table = waits.told_apart(read, by=by, timezone=ZONE, targets=targets).to_json()
        groups = defaultdict(list)
        for turn in turns:
            groups[key_of(turn)].append(turn)
        assert {row["key"] for row in table["rows"]} == set(groups)
        for row in table["rows"]:
            assert {name: row[name] for name in figures([])} == figures(groups[row["key"]])
        assert {name: table["total"][name] for name in figures([])} == figures(turns)
    spent = shift_times(story.entries, now)
    for by, found in (("counter", worked.by_counter), ("agent", worked.by_agent)):
        assert {one.key for one in found if one.shifts} >= {key for kind, key in spent if kind == by}
        for one in found:
            for name, seconds in one.times_s.items():
                assert seconds == pytest.approx(spent[(by, one.key)][name], abs=0.001)


def test_a_turn_carried_over_night_keeps_the_next_days_counter_attended(engine):
    story = told(
        [("draw a", 0, 0), ("call", 0, 5), ("start", 0, 1), ("draw b", 0, 1439), ("open", 0, 0), ("finish", 0, 10)]
    )
    story.clock.advance(minutes=5)
    with engine.begin() as conn:
        stored(conn, story)
        tomorrow = FROM + timedelta(days=1)
        found = counters.counters(conn, site="hall", from_on=tomorrow, to_on=tomorrow, at=story.clock.now(), targets={})
    (one,) = found.by_counter
    # Opened with yesterday's person at the counter for 10 minutes, then 5 minutes alone; no turn of its own day.
    assert (one.open_shifts, one.turns.counts["turns"]) == (1, 0)
    assert dict(one.times_s) == {"shift_time": 900.0, "pause_time": 0.0, "attended_time": 600.0, "idle_time": 300.0}
