"""A new pack for a known site: what somebody decided there outlives it, the rest is the pack's."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from server.actions import notices
from server.actions import setup as setups
from server.actions.sites import import_pack
from server.domain.calendar import SpecialOpening
from tests.office import Office

SATURDAY = SpecialOpening(on=date(2026, 11, 28), spans=(), reason="works")


@pytest.fixture
def where():
    """One office is enough here: the verbs are told on every database elsewhere."""


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path, sites=("rabat",))
    yield office
    office.close()


@pytest.fixture
def decide(office):
    def do(action, **facts):
        return office.house.submit("rabat", "manager:k3f9", partial(action, **facts)).did

    return do


def imported(office, **changes):
    """The set-up after a pack that differs."""
    import_pack(office.house, replace(office.packs["rabat"], change_over_min=300, **changes))
    setup = office.house.hall("rabat").setup
    assert setup.change_over_min == 300
    return setup


def test_suspensions_messages_and_dates_outlive_a_new_pack(office, decide):
    service = office.packs["rabat"].services[0].public_code
    decide(notices.suspend, service=service, reason="safety")
    decide(notices.post_message, texts={"fr": "Fermé samedi"})
    decide(setups.open_specially, opening=SATURDAY)
    decide(setups.confirm_holiday, on=date(2027, 3, 9), name="Aïd al-Fitr")
    setup = imported(office)
    assert setup.why_suspended == {service: "safety"}
    assert [dict(message.texts) for message in setup.messages] == [{"fr": "Fermé samedi"}]
    assert SATURDAY in setup.hours.specials
    (feast,) = [one for one in setup.hours.holidays if one.on == date(2027, 3, 9)]
    assert feast.confirmed_by == "manager:k3f9"


def test_what_is_over_does_not(office, decide):
    until_at = office.clock.now() + timedelta(hours=1)
    decide(notices.post_message, texts={"fr": "Fermé à midi"}, until_at=until_at)
    decide(setups.open_specially, opening=SATURDAY)
    office.clock.advance(hours=24 * 7)
    setup = imported(office)
    assert setup.messages == ()
    assert SATURDAY not in setup.hours.specials


def test_a_suspension_ends_with_its_service(office, decide):
    pack = office.packs["rabat"]
    gone = pack.services[-1]
    decide(notices.suspend, service=gone.public_code, reason="safety")
    counters = tuple(
        replace(
            counter,
            serves=tuple(code for code in counter.serves if code != gone.code),
            helps=tuple(helped for helped in counter.helps if helped.service != gone.code),
        )
        for counter in pack.counters
    )
    assert imported(office, services=pack.services[:-1], counters=counters).suspended == ()
