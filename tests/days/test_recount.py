"""Random days and the played past, recounted: whatever the product does, a published reason explains every overtake."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from server.demo.load import load_of
from server.demo.past import Cast, PastSite, play_past
from server.domain import fair_days, slips
from server.domain.entries import seal
from server.domain.fairness import recount
from server.packs.shipped import shipped_packs
from tests.days.test_random_days import QUICK, Days

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


class RecountedDays(Days):
    def teardown(self) -> None:
        """Instead of the auditor, who has the same days to himself elsewhere."""
        holds(self.world.entries)
        facts_hold(self.world.entries)
        for place in range(5, len(self.world.written), 40):
            finds_the_cheat(self.world.written[:place])


def holds(entries) -> None:
    calls = list(recount(entries))
    kinds = ("ticket.called", "ticket.called_out_of_order")
    assert [call.seq for call in calls] == [entry.seq for entry in entries if entry.kind in kinds]
    unexplained = [
        (call.seq, overtake) for call in calls for overtake in call.overtakes if overtake.kind == "unexplained"
    ]
    assert unexplained == []
    found = slips.served(calls)
    assert sum((one.extra_wait for one in found), timedelta(0)) == timedelta(0)
    passed = slips.passed(one.call for one in found)
    assert passed.total() == sum(one.skips for one in found)


def facts_hold(entries) -> None:
    """The facts add up to the calls, need no other kinds of entries than they say, and come back from text as they were."""
    facts = fair_days.counted(entries, day="2026-11-24", hour_of=lambda at: at.hour)
    calls = [call for call in recount(entries) if not call.undone]
    assert sum(cell.calls for cell in facts.cells.values()) == len(calls)
    assert sum(len(cell.extra_wait_ms) for cell in facts.cells.values()) == len(calls)
    assert sum(sum(cell.extra_wait_ms) for cell in facts.cells.values()) == 0
    assert sum(cell.slips.total() for cell in facts.cells.values()) == len(calls)
    assert facts.drawn == sum(entry.kind == "ticket.drawn" for entry in entries)
    read = [entry for entry in entries if entry.kind in fair_days.KINDS_READ]
    assert fair_days.counted(read, day="2026-11-24", hour_of=lambda at: at.hour) == facts
    assert fair_days.from_text("2026-11-24", fair_days.to_text(facts)) == facts


def finds_the_cheat(written) -> None:
    """The last in the line of some open counter is called first: exactly those due before are passed unexplained."""
    hall, last = written[-1].hall, written[-1].entry
    for shift in hall.shifts.values():
        line = sorted(
            turn.place
            for turn in hall.turns.values()
            if turn.state == "waiting" and may_be_called(turn, shift, last.at)
        )
        if not line:
            continue
        *before, (_due_at, _seq, friend) = line
        body = {"v": 1, "ticket": friend, "counter": shift.counter, "agent": shift.agent}
        sealed = {"site": "hall", "seq": last.seq + 1, "at": last.at, "kind": "ticket.called", "actor": "test:1"}
        cheat, _text = seal(**sealed, body=body, prev=last.hash)
        *_, call = recount([*(stroke.entry for stroke in written), cheat])
        passed = {overtake.ticket for overtake in call.overtakes if overtake.kind == "unexplained"}
        assert passed == {ticket for _due_at, _seq, ticket in before}


def may_be_called(turn, shift, at) -> bool:
    if turn.bound is not None:
        return turn.bound == shift.counter
    past_due_s = (at - turn.due_at).total_seconds()
    return turn.service in shift.serves or any(
        helped.service == turn.service and helped.after_s <= past_due_s for helped in shift.helps
    )


def test_on_random_days_a_published_reason_explains_every_overtake():
    run_state_machine_as_test(RecountedDays, settings=settings(QUICK, max_examples=60))


@pytest.mark.parametrize("pack", shipped_packs(), ids=lambda pack: pack.site)
def test_in_the_played_past_a_published_reason_explains_every_overtake(pack):
    setup = pack.setup()
    agents = {counter.id: f"a{n}" for n, counter in enumerate(setup.counters)}
    site = PastSite(setup=setup, load=load_of(pack), cast=Cast(kiosks=("k1",), agents=agents))
    holds([stroke.entry for written in play_past(site, until=NOW, days_back=5) for stroke in written])
