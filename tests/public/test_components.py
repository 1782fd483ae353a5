import re
from pathlib import Path

import pytest

from server.config import Settings
from server.public import components
from server.web import i18n, shell
from tests.kiosk import hosting


@pytest.fixture
def demo(settings, clock):
    house = hosting.furnished(Settings(data_dir=settings.data_dir, demo=True), clock)
    yield hosting.make_app(house).test_client()
    house.close()


def tokens(pattern: str) -> list[str]:
    css = Path(shell.__file__).with_name("static") / "web" / "tokens.css"
    return list(dict.fromkeys(re.findall(pattern, css.read_text(encoding="utf-8"), re.MULTILINE)))


def test_the_page_knows_every_colour_distance_and_size_of_the_style_sheet():
    assert list(components.COLOURS) == tokens(r"^  --([\w-]+): #")
    assert [f"space-{space}" for space in components.SPACES] == tokens(r"^  --(space-\d+):")
    assert list(components.TEXTS) == tokens(r"^  --(text[\w-]*):")


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_look_is_shown_in_both_directions(demo, lang):
    page = demo.get(f"/demo/components?lang={lang}").text
    panels = re.findall(r'<section class="panel[^>]*dir="(\w+)"[^>]*(data-\w+="\w+")>', page)
    looks = ('data-theme="light"', 'data-theme="dark"', 'data-contrast="high"')
    assert sorted(panels) == sorted((dir_, look) for dir_ in ("ltr", "rtl") for look in looks)


def test_no_id_stands_twice(demo):
    ids = re.findall(r' id="([^"]+)"', demo.get("/demo/components?lang=ar").text)
    assert len(ids) > len(components.LOOKS)
    assert len(ids) == len(set(ids))


def test_there_is_no_such_page_outside_the_demonstration(client):
    assert client.get("/demo/components").status_code == 404
