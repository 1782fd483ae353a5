"""Whole days made by the product's own verbs, checked by the verifier that shares no line with it."""

from datetime import UTC, datetime

import pytest

from server.demo.load import load_of
from server.demo.past import Cast, PastSite, play_past
from server.packs.shipped import shipped_packs
from tests.outsiders.book import rows_of, verify, write_rows

pytestmark = pytest.mark.slow

#: A Thursday noon; the days before reach back over a Friday, a weekend and two nights.
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


#: One site in every run, the others in the long one.
PACKS = [
    pytest.param(pack, marks=() if n == 0 else pytest.mark.long, id=pack.site) for n, pack in enumerate(shipped_packs())
]


@pytest.mark.parametrize("pack", PACKS)
def test_a_played_week_at_a_pilot_site_holds(pack, tmp_path):
    setup = pack.setup()
    agents = {counter.id: f"a{n}" for n, counter in enumerate(setup.counters)}
    site = PastSite(setup=setup, load=load_of(pack), cast=Cast(kiosks=("k1",), agents=agents))
    entries = [stroke.entry for written in play_past(site, until=NOW, days_back=7) for stroke in written]
    found = verify(write_rows(tmp_path / "week.jsonl", rows_of(entries)))
    assert found.faults == []
    assert found.verdict["hash"] == entries[-1].hash
    assert len([day for day in found.all("day") if day["closed"]]) == 7
    assert sum(day["called_by_the_rule"] for day in found.all("day")) > 50
    assert sum(day["unexplained"] + day["against_the_rule"] for day in found.all("day")) == 0
