"""Many at once at the quota of a service: exactly so many tickets, whoever comes first, in one process or in two."""

from functools import partial

from server.actions import reception
from server.actions import setup as setups
from server.domain.errors import Refusal
from server.store.transact import Done
from tests.faults.test_races import everybody

CLIENTS = 16
EACH = 3
QUOTA = 29


def test_sixteen_at_once_draw_exactly_the_quota(hall):
    hall.does(partial(setups.change_quota, service="a", quota=QUOTA))
    writers = [hall.writer, hall.another_writer()] if hall.engine.dialect.name != "sqlite" else [hall.writer]

    def draws(n):
        action = partial(reception.draw, service="a", language="ar")
        return [hall.does(action, actor=f"kiosk:{n}", writer=writers[n % len(writers)]) for _ in range(EACH)]

    outcomes = [one for some in everybody(*(partial(draws, n) for n in range(CLIENTS))) for one in some]
    drawn = [one.did.turn.number for one in outcomes if isinstance(one, Done)]
    assert sorted(drawn) == [f"A{n:03d}" for n in range(1, QUOTA + 1)]
    assert {one.code for one in outcomes if isinstance(one, Refusal)} == {"quota_reached"}
    assert len(outcomes) == CLIENTS * EACH
    assert sorted(hall.drawn) == sorted(drawn)
    assert hall.holds()
