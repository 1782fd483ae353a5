from datetime import timedelta

import pytest
from flask import Flask

from server.web.throttle import ADDRESSES_MOST, LIMITS, Throttle, client_network
from tests.office import Office
from tests.world import MORNING


def fails(throttle, n, address="10.0.0.1", at=MORNING):
    for _ in range(n):
        throttle.failed("x", address, most=3, at=at)


def wait_s(throttle, at=MORNING, address="10.0.0.1"):
    return throttle.wait_s("x", address, most=3, at=at)


def test_the_failures_of_a_minute_are_counted_and_those_before_forgotten():
    throttle = Throttle()
    fails(throttle, 2)
    assert wait_s(throttle) == 0
    fails(throttle, 1, at=MORNING + timedelta(seconds=30))
    assert wait_s(throttle, MORNING + timedelta(seconds=45)) == 15
    assert wait_s(throttle, MORNING + timedelta(seconds=60)) == 0


def test_addresses_are_told_apart():
    throttle = Throttle()
    fails(throttle, 3)
    assert wait_s(throttle) == 60
    assert wait_s(throttle, address="10.0.0.2") == 0


def test_it_never_grows_without_end():
    throttle = Throttle()
    for n in range(ADDRESSES_MOST + 10):
        fails(throttle, 1, address=str(n))
    assert len(throttle._failed) <= ADDRESSES_MOST


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        (None, "unknown"),
        ("somewhere", "unknown"),
    ],
)
def test_of_ipv6_the_subscribers_network_counts(address, network):
    with Flask("x").test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert client_network() == network


def test_what_is_limited_exists(tmp_path):
    office = Office(tmp_path)
    assert set(LIMITS) <= set(office.app.view_functions)
    office.close()
