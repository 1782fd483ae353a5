"""The demonstration's past at the four pilot sites keeps every promise of the journal, as the auditor reckons them."""

from datetime import UTC, datetime

import pytest

from server.demo.load import load_of
from server.demo.past import Cast, PastSite, play_past
from server.packs.shipped import shipped_packs
from tests.days.auditor import audit

pytestmark = pytest.mark.slow

#: A Thursday noon; the days before reach back over a Friday, a weekend and two nights.
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


#: One site in every run, the others in the long one.
PACKS = [
    pytest.param(pack, marks=() if n == 0 else pytest.mark.long, id=pack.site) for n, pack in enumerate(shipped_packs())
]


@pytest.mark.parametrize("pack", PACKS)
def test_a_played_week_at_a_pilot_site_passes_the_auditor(pack):
    setup = pack.setup()
    agents = {counter.id: f"a{n}" for n, counter in enumerate(setup.counters)}
    site = PastSite(setup=setup, load=load_of(pack), cast=Cast(kiosks=("k1",), agents=agents))
    entries = [stroke.entry for written in play_past(site, until=NOW, days_back=7) for stroke in written]
    auditor = audit(entries)
    assert len(auditor.past_days) == 7
    assert len(auditor.visits) > 50
    assert {visit.state for visit in auditor.visits.values()} == {"ended"}
    if setup.discreet:
        assert all(visit.service[0] == "s" and visit.service[1:].isdigit() for visit in auditor.visits.values())
