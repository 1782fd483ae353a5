"""Proposals of holidays: which are there, and that none dresses up as more than a proposal."""

import subprocess
import sys
from datetime import date, timedelta

import pytest

from server.packs.proposals import Proposal, propose, propose_ramadan


def test_morocco_has_fixed_days_that_are_certain_and_moon_days_that_are_not() -> None:
    days = propose("MA", None, 2027)
    certain = {proposal.on for proposal in days if proposal.certain}
    reckoned = {proposal.on for proposal in days if not proposal.certain}
    assert {date(2027, 7, 30), date(2027, 10, 31), date(2027, 11, 18)} <= certain
    assert date(2027, 3, 9) in reckoned
    assert not any("(" in proposal.name for proposal in days)


def test_two_holidays_on_one_day_are_two_proposals() -> None:
    on = date(2027, 8, 14)
    assert [proposal for proposal in propose("MA", None, 2027) if proposal.on == on] == [
        Proposal(on=on, name="Allégeance Oued Eddahab", certain=True),
        Proposal(on=on, name="Anniversaire du prophète", certain=False),
    ]


def test_algeciras_gets_the_days_of_andalusia() -> None:
    names = {proposal.on: proposal.name for proposal in propose("ES", "AN", 2026)}
    assert names[date(2026, 2, 28)] == "Día de Andalucía"
    assert names[date(2026, 10, 12)] == "Fiesta Nacional de España"


def test_a_country_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        propose("XX", None, 2026)


def test_ramadan_runs_up_to_the_feast_and_may_come_twice_in_a_year() -> None:
    (ramadan,) = propose_ramadan(2027)
    assert (ramadan.from_on, ramadan.to_on) == (date(2027, 2, 8), date(2027, 3, 8))
    twice = propose_ramadan(2030)
    assert [month.from_on.month for month in twice] == [1, 12]
    assert all(timedelta(days=28) <= month.to_on - month.from_on <= timedelta(days=29) for month in twice)


def test_the_heavy_library_is_loaded_only_when_somebody_asks() -> None:
    program = "import sys, server.packs.proposals, server.packs.shipped; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
