"""Random days with every verb of the product, read by the verifier: it finds nothing, and it explains every overtake."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from server.public.verifier.verify_journal import Chain, Hall, Report, entry_of
from tests.days.test_random_days import LONG, QUICK, Days, DaysAroundTheClockChange
from tests.outsiders.book import rows_of

pytestmark = pytest.mark.slow


class Silent(Report):
    """Keeps what it would have told."""

    def __init__(self) -> None:
        super().__init__(as_json=True, each=False)
        self.said: list[tuple[str, dict[str, Any]]] = []

    def say(self, what: str, text: str, **facts: Any) -> None:
        self.said.append((what, {**facts, "text": text}))


def read(entries) -> Silent:
    report, chain = Silent(), Chain(None)
    hall = Hall(report)
    for row in rows_of(entries):
        entry = entry_of(row.encode())
        chain.take(entry)
        hall.read(entry)
    return report


class CheckedDays(Days):
    def teardown(self) -> None:
        super().teardown()
        report = read(self.world.entries)
        assert [facts["text"] for what, facts in report.said if what == "fault"] == []
        days = [facts for what, facts in report.said if what == "day"]
        assert all(day["unexplained"] == day["against_the_rule"] == 0 for day in days)
        self._one_day_alone(days)

    def _one_day_alone(self, days) -> None:
        """The last closed day with nothing before it is as content, though it knows neither set-up nor who was carried."""
        closed = [entry.seq for entry in self.world.entries if entry.kind == "day.closed"]
        report = read(self.world.entries[closed[-2] : closed[-1]]) if len(closed) > 1 else None
        if report is not None:
            assert [facts["text"] for what, facts in report.said if what == "fault"] == []
            [alone] = [facts for what, facts in report.said if what == "day"]
            assert alone["overtakes"] == days[len(closed) - 1]["overtakes"]


class CheckedDaysAroundTheClockChange(CheckedDays, DaysAroundTheClockChange):
    pass


MACHINES = pytest.mark.parametrize("days", [CheckedDays, CheckedDaysAroundTheClockChange])


@MACHINES
def test_the_verifier_finds_nothing_in_random_days(days):
    run_state_machine_as_test(days, settings=settings(QUICK, max_examples=50))


@pytest.mark.long
@MACHINES
def test_the_verifier_finds_nothing_in_many_long_random_days(days):
    run_state_machine_as_test(days, settings=LONG)
