import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from fontTools.ttLib import TTFont
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.translations import build
from server.web import i18n, static_files

WEB = Path(i18n.__file__).parent
STATIC = WEB / "static" / "web"
COLOUR = re.compile(r"--([\w-]+): #([0-9a-f]{6});")
PAIRS = [
    ("ink", "ground"),
    ("ink", "surface"),
    ("ink", "surface-quiet"),
    ("ink", "accent-soft"),
    ("ink", "attention-soft"),
    ("ink", "alarm-soft"),
    ("ink-quiet", "ground"),
    ("ink-quiet", "surface-quiet"),
    ("accent", "ground"),
    ("accent", "surface"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("attention", "ground"),
    ("attention", "surface"),
    ("on-attention", "attention-fill"),
    ("alarm", "surface"),
    ("on-alarm", "alarm-fill"),
]
PHYSICAL = re.compile(
    r"\b(margin|padding|border|inset)-(left|right|top|bottom)\b|^\s*(left|right|top|bottom|width|height|max-width|min-height):|text-align: (left|right)|float:",
    re.MULTILINE,
)


def colours(theme: str) -> dict[str, str]:
    css = re.sub(r"/\*.*?\*/\s*", "", (STATIC / "tokens.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    found: dict[str, str] = {}
    for selector, block in re.findall(r"^(\S[^{]*) \{([^}]*)\}", css, re.MULTILINE):
        if selector in {":root", theme}:
            found |= dict(COLOUR.findall(block))
    return found


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("theme", "least"), [(":root", 4.5), ('[data-theme="dark"]', 7), ('[data-contrast="high"]', 7)]
)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(theme: str, least: float, text: str, ground: str) -> None:
    found = colours(theme)
    assert contrast(found[text], found[ground]) >= least


def test_every_word_can_be_written_with_the_bundled_fonts() -> None:
    for weight in ("regular", "bold"):
        glyphs = {
            code
            for face in (f"idarati-sans-1.005-{weight}", "noto-sans-tifinagh-2.002-regular")
            for code in TTFont(STATIC / "fonts" / f"{face}.woff2").getBestCmap()
        }
        for message in build.read():
            for lang in i18n.LANGUAGES:
                for text in message.forms(lang).values():
                    assert {ord(letter) for letter in text} <= glyphs, f"{message.key} {lang}"


def test_the_frame_of_a_page_is_light_on_the_wire() -> None:
    frame = [*STATIC.glob("*.css"), *STATIC.glob("*.js"), *STATIC.glob("*.svg"), *STATIC.glob("fonts/*.woff2")]
    vendored = [*STATIC.glob("vendor/*.js")]
    assert sum(path.stat().st_size for path in (*frame, *vendored)) < 130_000


def test_each_vendored_file_and_font_has_its_licence_beside_it() -> None:
    assert {path.name for path in STATIC.glob("fonts/*.OFL.txt")} == {
        "idarati-sans.OFL.txt",
        "noto-sans-tifinagh.OFL.txt",
    }
    for script in STATIC.glob("vendor/*.js"):
        assert list(STATIC.glob(f"vendor/{script.name.split('.esm')[0]}*LICENSE.txt")), script.name


def test_styles_speak_of_start_and_end_never_of_left_and_right() -> None:
    for path in STATIC.glob("*.css"):
        assert not PHYSICAL.findall(path.read_text(encoding="utf-8")), path.name


def page(template: str, lang: str, **more: object) -> str:
    environment = Environment(loader=FileSystemLoader(WEB / "templates"), autoescape=True, undefined=StrictUndefined)
    environment.globals["file"] = static_files.address
    words = i18n.words(lang)
    given = {"words": words, "lang": lang, "dir": words.dir, "languages": i18n.LANGUAGES, "csrf_token": "t0ken"}
    return environment.get_template(f"web/{template}.html").render(given | more)


def pages(lang: str) -> dict[str, str]:
    refusal = i18n.words(lang).error("wrong_password")
    problem = SimpleNamespace(status=404, code="not_found", message=i18n.words(lang).error("not_found"), hint=None)
    return {
        "login": page("login", lang, refusal=refusal, next="/counter/rabat", name="alice"),
        "enrol": page("enrol", lang, kind="kiosk", refusal=None, site_name=None, enrol_action="/enrol"),
        "problem": page("problem", lang, problem=problem),
    }


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_base_page_says_its_language_and_is_not_to_be_translated(lang: str) -> None:
    for html in pages(lang).values():
        assert f'<html lang="{lang}" dir="{i18n.direction(lang)}" translate="no"' in html
        assert '<meta name="google" content="notranslate">' in html


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_the_language_control_offers_each_language_under_its_own_name(lang: str) -> None:
    html = pages(lang)["login"]
    for code, autonym in i18n.AUTONYMS.items():
        assert re.search(rf'<a href="\?lang={code}" lang="{code}" hreflang="{code}"[^>]*>{autonym}</a>', html)
    assert html.count('aria-current="true"') == 1


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_no_base_page_holds_inline_script_or_style_or_reaches_another_host(lang: str) -> None:
    for html in pages(lang).values():
        assert "<style" not in html
        assert "style=" not in html
        assert not re.search(r"<script(?![^>]*\bsrc=)", html)
        assert not re.search(r"\son\w+=", html)
        assert "//" not in html.replace("<!doctype html>", "")


def test_the_static_files_that_pages_name_exist() -> None:
    for html in pages("fr").values():
        for name in re.findall(r"/files/\w+/web/([^\"]+)", html):
            assert (STATIC / name).is_file(), name


def test_what_somebody_typed_is_escaped() -> None:
    html = page("login", "fr", refusal=None, next='"><script>', name="<b>")
    assert "<script>" not in html
    assert "<b>" not in html
