"""`idarati demo` as a person starts it: a process, a port, a browser's view of it, and the way out."""

import json
import time
from http.client import HTTPConnection

import pytest

from tests.bench.served import serving

pytestmark = pytest.mark.long


def ask(served, method, path, token, body=None, **headers):
    line = HTTPConnection(served.host, timeout=20)
    sent = None if body is None else json.dumps(body)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
    line.request(method, path, body=sent, headers=headers)
    answer = line.getresponse()
    text = answer.read()
    return answer.status, json.loads(text) if text else None


def board(served, site="rabat"):
    return ask(served, "GET", f"/api/v1/sites/{site}/board", served.told["display"][site])[1]


def until(condition, *, within_s=30):
    end = time.monotonic() + within_s
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.2)
    return found


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("run") / "demo"


def test_the_first_start_shows_living_halls_that_give_way_and_close_at_the_end(data):
    with serving(["demo", "--print-tokens"], data=data) as served:
        for site in served.told["display"]:
            assert until(lambda site=site: board(served, site)["calls"]), f"nobody is called at {site}"
        tokens = served.told["counter"]["rabat"]
        status, refused = ask(served, "POST", "/api/v1/counters/rabat-4/shifts", tokens["rabat-4"], {})
        assert (status, refused["code"]) == (409, "counter_taken")
        assert ask(served, "POST", "/api/v1/counters/rabat-3/shifts", tokens["rabat-3"], {})[0] == 201
        status, called = ask(served, "POST", "/api/v1/counters/rabat-3/calls", tokens["rabat-3"], {})
        assert status == 201
        assert called["ticket"]["service"] in ("mut", "rcg", "dcg")


def test_a_later_start_goes_on_where_it_ended_and_a_quiet_hall_is_open_and_empty(data):
    with serving(["demo", "--quiet-hall", "--print-tokens"], data=data) as served:
        open_counters = [line["counters_open"] for line in board(served)["lines"] if line["service"] == "mut"]
        assert open_counters == [1], "the simulated agents went home, the person at counter 3 did not"
        before = board(served, "oukacha")
        body = {"service": "vis", "language": "zgh"}
        path, token = "/api/v1/sites/oukacha/tickets", served.told["kiosk"]["oukacha"]
        status, drawn = ask(served, "POST", path, token, body, **{"Idempotency-Key": "k1"})
        assert status == 201
        assert drawn["seq"] == before["seq"] + 1
