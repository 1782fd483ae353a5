import gzip
import re
from pathlib import Path

import pytest

import kiosk
from kiosk import pages, pictures, presenters
from server.packs.parts import PICTURES
from server.packs.shipped import SITES, shipped_packs
from server.web import i18n

STATIC = Path(kiosk.__file__).parent / "static" / "kiosk"
WEB = Path(i18n.__file__).parent / "static" / "web"
PHYSICAL = re.compile(
    r"\b(margin|padding|border|inset)-(left|right|top|bottom)\b|^\s*(left|right|top|bottom|width|height):"
    r"|text-align: (left|right)|float:",
    re.MULTILINE,
)
#: What a machine loads before the first touch, fonts of all scripts included.
LOADED_LIMIT = 150_000
#: The other languages, kept in the page for when they are wanted.
KEPT_LIMIT = 45_000


def catalogue(site: str):
    return presenters.catalogue(next(pack for pack in shipped_packs() if pack.site == site))


def test_every_picture_that_a_pack_may_name_is_drawn():
    drawn = re.findall(r'<symbol id="(\w+)"', (STATIC / "pictures" / Path(pages.PICTURES).name).read_text())
    assert set(PICTURES) <= set(drawn)
    assert len(drawn) == len(set(drawn))


def test_the_licence_of_the_pictures_lies_beside_them():
    assert "ISC License" in (STATIC / "pictures" / "lucide-1.62.0.LICENSE.txt").read_text()


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_styles_know_no_left_and_right(path):
    assert not PHYSICAL.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("site", SITES)
def test_a_document_can_be_made_in_every_language_of_a_site(site):
    facts = catalogue(site)
    for lang in facts["languages"]:
        page = pages.document(facts, lang)
        assert f'<html lang="{lang}"' in page
        assert "{" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_every_document_of_a_card_has_a_picture_that_is_drawn():
    drawn = set(re.findall(r'<symbol id="(\w+)"', (STATIC / "pictures" / Path(pages.PICTURES).name).read_text()))
    shown = {pictures.of_document(document.id) for pack in shipped_packs() for document in pack.documents}
    assert shown <= drawn
    assert pictures.of_document("never_heard_of") == pictures.PAPER


def test_a_site_with_one_group_or_one_service_asks_nobody_to_choose_it():
    facts = catalogue("rabat")
    group = facts["groups"][0]
    only = [service for service in facts["services"] if service["group"] == group["code"]]
    page = pages.document({**facts, "groups": [group], "services": only}, "fr")
    assert f'data-go="services" data-ref="{group["code"]}"' in page
    page = pages.document({**facts, "groups": [group], "services": only[:1]}, "fr")
    assert f'data-go="card" data-ref="{only[0]["code"]}"' in page


def test_a_site_with_one_language_has_no_choice_of_languages_in_its_head():
    page = pages.document({**catalogue("rabat"), "languages": ["ar"]}, "ar")
    assert page.count('data-language="ar"') == 1
    assert "kiosk__languages" not in page


def test_the_version_changes_with_a_word_and_not_by_itself():
    facts = catalogue("rabat")
    assert pages.documents(facts) == pages.documents(facts)
    changed = {**facts, "names": {**facts["names"], "fr": "Ailleurs"}}
    assert pages.documents(changed)[0] != pages.documents(facts)[0]


@pytest.mark.parametrize("site", SITES)
def test_the_kiosk_stays_light(site):
    facts = catalogue(site)
    documents = {lang: len(gzip.compress(pages.document(facts, lang).encode())) for lang in facts["languages"]}
    shared = ["base.css", "controls.css", "fonts.css", "tokens.css", "words.js", "star.svg"]
    files = [
        *(path for path in STATIC.rglob("*") if path.suffix in {".css", ".js", ".svg"} and path.name != "paper.css"),
        *(WEB / name for name in shared),
        *(WEB / "fonts").glob("*.woff2"),
    ]
    assert max(documents.values()) + sum(path.stat().st_size for path in files) < LOADED_LIMIT
    assert sum(documents.values()) < KEPT_LIMIT
