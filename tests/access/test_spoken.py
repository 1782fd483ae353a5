"""The kiosk as a screen reader reads it is the kiosk as it was read by people: spoken/kiosk-ar.txt and spoken/kiosk-fr.txt."""

import pytest

from tests.access import hall as halls
from tests.access import spoken

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "lang", [pytest.param(lang, marks=() if lang == "ar" else pytest.mark.long) for lang in spoken.LANGUAGES]
)
def test_the_kiosk_says_what_stands_in_the_text(browser, tmp_path, lang):
    with halls.opened(tmp_path, browser) as hall:
        said = spoken.read_out(hall, lang)
    expected = spoken.kept(lang).read_text(encoding="utf-8")
    assert said.splitlines() == expected.splitlines(), "read the difference, then: python -m tests.access.spoken"
