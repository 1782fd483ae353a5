"""The display's page as it leaves the server."""

import json
import re

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
