"""Logging in by an OpenID Connect provider, against one that is served beside the test."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import RSAKey
from sqlalchemy import func, select

from server.actions import people
from server.store import schema
from tests.office import Office
from tests.web.provider import CLIENT_ID, CLIENT_SECRET, running


@pytest.fixture(scope="module")
def one_provider():
    with running() as provider:
        yield provider


@pytest.fixture
def provider(one_provider):
    one_provider.claims = {"preferred_username": "Amina"}
    one_provider.foreign_key, one_provider.issuer = None, ""
    one_provider.asked.clear()
    return one_provider


@pytest.fixture
def place(tmp_path, provider):
    offices = []

    def open_office(**settings):
        facts = {
            "oidc_issuer": provider.address,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": CLIENT_SECRET,
            "second_factor": "required",
        }
        offices.append(Office(tmp_path, sites=("rabat",), **{**facts, **settings}))
        offices[-1].person("agent", "rabat", "Amina")
        return offices[-1]

    yield open_office
    for office in offices:
        office.close()


def to_provider(client, wanted="/counter/rabat"):
    answer = client.get("/login/oidc", query_string={"next": wanted})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def back(client, address):
    """From the provider to the page that it leads back to."""
    location = requests.get(address, allow_redirects=False, timeout=5).headers["Location"]
    assert location.startswith("http://hall.example/login/oidc/callback?")
    return client.get(location.removeprefix("http://hall.example"))


def comes_back(client):
    return back(client, to_provider(client))


def test_a_known_person_is_in(place):
    office = place()
    client = office.client()
    assert 'href="/login/oidc' in client.get("/login?next=/counter/rabat").text
    answer = comes_back(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/counter/rabat")
    assert client.get("/counter/rabat").status_code == 200


def test_it_asks_with_state_nonce_and_a_challenge(place):
    asked = parse_qs(urlsplit(to_provider(place().client())).query)
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://hall.example/login/oidc/callback"]


def test_it_makes_nobody(place, provider):
    office = place()
    provider.claims = {"preferred_username": "Stranger", "name": "Amina", "email": "Amina"}
    answer = comes_back(office.client())
    assert answer.status_code == 401
    with office.house.read() as conn:
        assert conn.scalar(select(func.count()).select_from(schema.people)) == 1


def test_a_disabled_person_stays_out(place):
    office = place()
    people.disable(office.house, name="Amina")
    assert comes_back(office.client()).status_code == 403


@pytest.mark.parametrize(("verified", "status"), [(True, 303), (False, 401), (None, 401), ("true", 401)])
def test_an_address_counts_only_where_the_provider_has_verified_it(place, provider, verified, status):
    provider.claims = {"email": "Amina", "email_verified": verified}
    assert comes_back(place(oidc_claim="email").client()).status_code == status


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "somebody-else"},
        {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
        {"nonce": "of another login"},
    ],
    ids=["issuer", "audience", "age", "nonce"],
)
def test_a_token_that_is_not_for_this_login_is_refused(place, provider, claims):
    provider.claims |= claims
    client = place().client()
    assert comes_back(client).status_code == 502
    assert client.get("/counter/rabat").status_code == 302


def test_a_token_signed_by_somebody_else_is_refused(place, provider):
    provider.foreign_key = RSAKey.generate_key(2048, {"kid": "one"})
    assert comes_back(place().client()).status_code == 502


def test_a_provider_that_calls_itself_otherwise_is_refused(place, provider):
    provider.issuer = "https://elsewhere.example"
    assert comes_back(place().client()).status_code == 502


def test_an_answer_to_another_browser_is_refused(place):
    office = place()
    address = to_provider(office.client())
    assert back(office.client(), address).status_code == 502


def test_a_code_is_worth_one_login(place):
    office = place()
    client = office.client()
    location = requests.get(to_provider(client), allow_redirects=False, timeout=5).headers["Location"]
    path = location.removeprefix("http://hall.example")
    assert client.get(path).status_code == 303
    assert client.get(path).status_code == 502


def test_a_refusal_of_the_provider_is_said_in_our_words(place):
    client = place().client()
    state = parse_qs(urlsplit(to_provider(client)).query)["state"][0]
    query = {"error": "access_denied", "error_description": "<b>no</b>", "state": state}
    answer = client.get("/login/oidc/callback", query_string=query)
    assert answer.status_code == 502
    assert "<b>no" not in answer.text


def test_a_manager_still_shows_the_second_factor_unless_the_provider_asked_for_one(place, provider):
    office = place()
    office.person("manager", "rabat", "Boss")
    provider.claims = {"preferred_username": "Boss"}
    assert comes_back(office.client()).headers["Location"] == "/login/second-factor"
    provider.claims = {"preferred_username": "Boss", "amr": ["pwd"]}
    assert comes_back(office.client()).headers["Location"] == "/login/second-factor"
    provider.claims = {"preferred_username": "Boss", "amr": ["pwd", "otp"]}
    client = office.client()
    assert comes_back(client).status_code == 303
    assert client.get("/manager/rabat").status_code == 200


def test_it_leads_nobody_elsewhere(place):
    client = place().client()
    assert back(client, to_provider(client, "//evil.example")).headers["Location"] == "/"


def test_a_provider_that_is_away_is_said_and_is_asked_by_nothing_else(place, provider):
    office = place(oidc_issuer="http://127.0.0.1:9")
    client = office.client()
    assert client.get("/login").status_code == 200
    assert client.get("/login/oidc").status_code == 502
    assert provider.asked == []


def test_without_a_provider_there_is_no_way_to_one(place):
    client = place(oidc_issuer="").client()
    assert "/login/oidc" not in client.get("/login").text
    assert client.get("/login/oidc").status_code == 404
    assert client.get("/login/oidc/callback").status_code == 404
