"""The display's page as it leaves the server."""

import html
import json
import re

import pytest

from display import presenters
from server.web import i18n
from tests.display import stage


def facts_of(page):
    return json.loads(re.search(r'<script type="application/json" id="facts">(.*?)</script>', page, re.DOTALL)[1])


def test_a_machine_that_is_not_enrolled_is_told_how_to_be(app):
    answer = app.test_client().get("/display/rabat?lang=fr")
    assert answer.status_code == 401
    assert "Cette machine n&#39;est pas enregistrée" in answer.text


def test_a_display_of_another_site_is_not_enrolled_here(app, house):
    assert stage.enrolled(app, house, "eljadida").get("/display/rabat").status_code == 401


def test_all_markers_of_the_board_are_there(display):
    page = display.get("/display/rabat?lang=fr").text
    for role in ("current-call", "last-calls", "stale", "wait-range"):
        assert f'data-role="{role}"' in page
    assert page.count('data-role="wait-range"') == 10


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(display):
    answer = display.get("/display/rabat?lang=ar")
    assert "style=" not in answer.text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", answer.text)
    assert not re.search(r'(src|href)="(https?:)?//', answer.text)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_two_languages_stand_together(display):
    page = display.get("/display/rabat?lang=ar").text
    assert '<html lang="ar" dir="rtl"' in page
    assert "النداء الأخير" in page
    assert "Dernier appel" in page
    assert facts_of(page)["pairs"][0] == ["ar", "fr"]
    french = display.get("/display/rabat?lang=fr").text
    assert facts_of(french)["pairs"][0] == ["fr", "ar"]


def test_a_missing_amazigh_text_is_shown_in_french_and_arabic_and_marked(display):
    page = display.get("/display/rabat?lang=zgh").text
    assert '<span class="untranslated"><span lang="fr" dir="ltr">Dernier appel</span>' in page
    assert "Pas encore traduit" in page


def test_a_zone_has_its_own_lines(display):
    page = display.get("/display/rabat/licences?lang=fr").text
    assert page.count("data-service=") == 3
    assert facts_of(page)["zone"] == "licences"


def test_a_zone_that_does_not_exist_is_refused(display):
    assert display.get("/display/rabat/cellar").status_code == 404


def test_the_hospital_numbers_its_services_and_never_names_them(app, house):
    page = stage.enrolled(app, house, "eljadida").get("/display/eljadida?lang=fr").text
    assert "Service <bdi>8</bdi>" in page
    assert "Radiologie" not in page
    for service in house.pack("eljadida").services:
        assert f'data-service="{service.public_code}"' in page
        assert f'data-service="{service.code}"' not in page


def real_names(house, site):
    """Every name of a service, in every language, that is not also said in public."""
    for service in house.pack(site).services:
        yield from (service.names.own(lang) for lang in i18n.LANGUAGES if service.names.own(lang))


def test_no_page_of_a_discreet_site_holds_the_name_of_a_service(app, house):
    client = stage.enrolled(app, house, "eljadida")
    names = list(real_names(house, "eljadida"))
    assert len(names) > 12
    zones = house.hall("eljadida").setup.zones
    for path in ("", "/plain", *(f"/{zone}" for zone in zones), *(f"/{zone}/plain" for zone in zones)):
        for lang in i18n.LANGUAGES:
            page = client.get(f"/display/eljadida{path}?lang={lang}").text
            assert "data-service=" in page
            assert [name for name in names if name in html.unescape(page)] == []


def test_every_message_that_the_page_shows_is_given_to_its_script(display):
    for lang in ("ar", "fr", "zgh", "en"):
        page = display.get(f"/display/rabat?lang={lang}").text
        assert set(re.findall(r'data-say="([^"]+)"', page)) <= set(presenters.SCRIPT_WORDS)
        assert set(re.findall(r'data-name="([^"]+)"', page)) <= set(facts_of(page)["names"])


@pytest.mark.parametrize(
    ("lang", "offered", "pairs"),
    [
        ("ar", ("ar", "fr", "zgh", "en"), [("ar", "fr"), ("ar", "zgh"), ("ar", "en")]),
        ("fr", ("ar", "es", "fr", "zgh", "en"), [("fr", "ar"), ("fr", "es"), ("fr", "zgh"), ("fr", "en")]),
        ("zgh", ("ar", "fr", "zgh", "es"), [("zgh",), ("ar", "fr"), ("ar", "es")]),
        ("fr", ("fr",), [("fr",)]),
        ("zgh", ("zgh",), [("zgh",)]),
    ],
)
def test_every_language_of_the_site_has_its_turn(lang, offered, pairs):
    assert presenters.language_pairs(lang, offered) == pairs


def test_the_number_of_counters_chooses_the_layout_and_the_address_may_choose_another(display):
    assert 'data-layout="large"' in display.get("/display/rabat").text
    assert 'data-layout="small"' in display.get("/display/rabat/reception").text
    assert 'data-layout="small"' in display.get("/display/rabat?layout=small").text


def test_the_address_in_another_language_keeps_what_the_wall_asks_for(display):
    page = display.get("/display/rabat?lang=ar&layout=small&left=1-4").text
    assert 'href="?lang=fr&amp;layout=small&amp;left=1-4"' in page
