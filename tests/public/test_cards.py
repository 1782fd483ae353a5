"""The card of a service, as anybody reads it on a phone."""

import pytest

from server.packs.shipped import shipped_packs

PACKS = {pack.site: pack for pack in shipped_packs()}


@pytest.mark.parametrize("lang", ["ar", "fr", "zgh", "en"])
def test_it_says_what_to_bring_in_the_language_of_the_address(client, lang):
    page = client.get(f"/c/rabat/mut?lang={lang}").text
    assert f'<html lang="{lang}"' in page
    for document in PACKS["rabat"].documents_of(PACKS["rabat"].service("mut")):
        shown = document.names.own(lang) or document.names.fr
        assert shown.replace("'", "&#39;") in page


def test_a_demonstrations_card_says_that_it_is_one_and_promises_nothing(client):
    page = client.get("/c/rabat/mut?lang=en").text
    assert "Demonstration data" in page
    assert "Nothing more may be asked" not in page


def test_a_discreet_site_has_cards_by_their_number_alone(client):
    pack = PACKS["eljadida"]
    for service in pack.services:
        page = client.get(f"/c/eljadida/{service.public_code}?lang=fr")
        assert page.status_code == 200
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert f"Service <bdi>{service.ordinal}</bdi>" in page.text
        for lang in pack.languages:
            assert (service.names.own(lang) or "no name").replace("'", "&#39;") not in page.text
        assert client.get(f"/c/eljadida/{service.code}").status_code == 404


@pytest.mark.parametrize("address", ["/c/nowhere/mut", "/c/rabat/nothing", "/c/rabat/"])
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404
