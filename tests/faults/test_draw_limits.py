"""A kiosk's limit is exact however many threads and processes draw for it at the same moment."""

from functools import partial

import pytest

from server.actions import desk, reception
from server.actions import setup as setups
from server.domain.draw_limits import DrawLimits
from server.domain.errors import Refusal
from server.store.transact import Done
from tests.faults.test_races import everybody
from tests.world import small_setup

AT_ONCE = 24
draw = partial(reception.draw, service="a", language="ar", limited=True)


@pytest.fixture
def limited(hall):
    """A site that allows ten draws in two minutes and asks for no gap."""
    hall.does(partial(setups.put_in_force, setup=small_setup(draw_limits=DrawLimits(gap_s=0))))
    return hall


def draws_at_once(hall, kiosk="kiosk:k1"):
    return everybody(*[partial(hall.does, draw, actor=kiosk)] * AT_ONCE)


def test_of_many_touches_at_the_same_moment_exactly_ten_give_a_ticket(limited):
    did = draws_at_once(limited)
    assert sum(isinstance(one, Done) for one in did) == 10
    assert {one.code for one in did if isinstance(one, Refusal)} == {"too_fast"}
    assert limited.holds()


def test_each_kiosk_has_a_limit_of_its_own_and_the_desk_lifts_one(limited):
    limited.does(partial(desk.lift_limit, kiosk="k2"), actor="orienter:o1")
    assert sum(isinstance(one, Done) for one in draws_at_once(limited, "kiosk:k2")) == AT_ONCE
    assert sum(isinstance(one, Done) for one in draws_at_once(limited, "kiosk:k1")) == 10
