"""Open data: closed days for anybody, and the program that they are checked with."""

import gzip
import json
from functools import partial

import pytest

from server.actions import calling, reception, serving
from tests.outsiders.book import VERIFIER, verify

DAY, NEXT = "2026-11-24", "2026-11-25"


def work(house, site, service):
    """Three come, and one of them is at a counter when the day ends."""
    for _ in range(3):
        house.submit(site, "kiosk:k1", partial(reception.draw, service=service, language="fr"))
    shift = next(shift for shift in house.hall(site).shifts.values() if service in shift.serves)
    house.submit(site, "agent:a", partial(calling.call_next, counter=shift.counter, agent=shift.agent))
    ticket = house.hall(site).at_counter[shift.counter]
    house.submit(site, "agent:a", partial(serving.start, ticket=ticket, agent=shift.agent))


@pytest.fixture
def days(house, clock):
    """Two days at both sites, of which the first is over."""
    work(house, "rabat", "acc")
    work(house, "eljadida", "s1")
    clock.advance(hours=24)
    for site in ("rabat", "eljadida"):
        house.submit(site, "system:tick", lambda _pen: None)
    return house


def saved(response, file):
    assert response.status_code == 200, response.text
    file.write_bytes(response.data)
    return file


def test_a_closed_day_can_be_downloaded_and_checked_alone(client, days, tmp_path):
    day = saved(client.get(f"/open-data/rabat/journal/{DAY}.jsonl"), tmp_path / "day.jsonl")
    before = saved(client.get(f"/open-data/rabat/journal/before-{DAY}.jsonl"), tmp_path / "before.jsonl")
    [listed] = client.get("/open-data/rabat/journal.json").json["days"]
    found = verify(day, "--before", before, "--head", listed["short"])
    assert found.faults == []
    assert found.verdict["hash"] == listed["hash"]
    assert found.day["drawn"] == listed["counts"]["drawn"] == 3


def test_days_follow_each_other_without_a_gap(client, days, clock, tmp_path):
    clock.advance(hours=24)
    days.submit("rabat", "system:tick", lambda _pen: None)
    files = [saved(client.get(f"/open-data/rabat/journal/{day}.jsonl"), tmp_path / day) for day in (DAY, NEXT)]
    before = saved(client.get(f"/open-data/rabat/journal/before-{NEXT}.jsonl"), tmp_path / "before.jsonl")
    assert [json.loads(line)["kind"] for line in before.read_text().splitlines()] == ["setup.changed", "day.closed"]
    assert verify(*files).faults == []
    assert verify(files[1], "--before", before).faults == []


def test_the_list_says_where_everything_is(client, days):
    listed = client.get("/open-data/rabat/journal.json")
    assert listed.json["verifier"] == "/open-data/verify_journal.py"
    [day] = listed.json["days"]
    assert day["day"] == DAY
    assert len(day["short"]) == 16
    for address in (day["entries"], day["before"], listed.json["verifier"]):
        assert client.get(address).status_code == 200
    assert listed.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in listed.headers


def test_a_day_may_be_kept_and_is_sent_once(client, days):
    address = f"/open-data/rabat/journal/{DAY}.jsonl"
    first = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert first.headers["Cache-Control"] == "public, max-age=86400"
    assert first.headers["Content-Encoding"] == "gzip"
    assert "Set-Cookie" not in first.headers
    assert gzip.decompress(first.data) == client.get(address).data
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", [NEXT, f"before-{NEXT}", "2026-11-23", "yesterday", "20261124", "before-before-2026"])
@pytest.mark.parametrize("site", ["rabat", "eljadida"])
def test_what_is_not_a_closed_day_is_not_there(client, days, site, name):
    answer = client.get(f"/open-data/{site}/journal/{name}.jsonl")
    assert answer.status_code == 404
    assert answer.json["code"] == "day_not_closed"


def test_an_unknown_site_is_not_there(client, days):
    for address in (
        "/open-data/nowhere/",
        "/open-data/nowhere/journal.json",
        f"/open-data/nowhere/journal/{DAY}.jsonl",
    ):
        assert client.get(address).status_code == 404
    assert client.get("/open-data/nowhere/journal.json").json["code"] == "no_such_site"


def test_a_discreet_site_gives_heads_and_rounded_counts_and_no_entry(client, days):
    [day] = client.get("/open-data/eljadida/journal.json").json["days"]
    assert day["entries"] is None
    assert day["counts"] == {"drawn": 5, "served": 0, "no_shows": 0, "withdrawn": 0, "not_served": 0}
    alone = client.get(f"/open-data/eljadida/journal/{DAY}.jsonl")
    assert alone.json == day
    assert alone.mimetype == "application/json"
    assert client.get(f"/open-data/eljadida/journal/before-{DAY}.jsonl").json["code"] == "entries_not_public"
    page = client.get("/open-data/eljadida/?lang=en").text
    assert "rounded to fives" in page
    assert ".jsonl" not in page


@pytest.mark.parametrize("lang", ["ar", "fr", "es", "en", "zgh"])
@pytest.mark.parametrize("address", ["/open-data/", "/open-data/how", "/open-data/rabat/", "/open-data/eljadida/"])
def test_the_pages_are_there_in_each_language(client, days, address, lang):
    page = client.get(f"{address}?lang={lang}", follow_redirects=True)
    assert page.status_code == 200
    assert f'<html lang="{lang}"' in page.text


def test_a_site_without_a_closed_day_says_so(client):
    assert "No day is over yet" in client.get("/open-data/rabat/?lang=en").text
    assert client.get("/open-data/how?lang=en").status_code == 200


def test_the_verifier_is_handed_out_as_it_is(client):
    answer = client.get("/open-data/verify_journal.py")
    assert answer.data == VERIFIER.read_bytes()
    assert answer.mimetype == "text/plain"
