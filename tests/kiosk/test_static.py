import gzip
import re
from pathlib import Path

import pytest

import kiosk
from kiosk import pages, presenters
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
LOADED_LIMIT = 120_000
#: The other languages, kept in the page for when they are wanted.
KEPT_LIMIT = 40_000


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
