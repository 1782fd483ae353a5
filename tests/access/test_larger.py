"""Text twice as large as usual, set in the browser or by its zoom: nothing is cut off, nothing lies outside the window or on
something else, and nobody has to scroll sideways. Sixty services at a kiosk are in tests/kiosk/test_browser.py.
"""

import pytest

from tests.access.hall import Look
from tests.access.tours import TOURS
from tests.browser.pages import DESK
from tests.browser.test_quality import OVERLAPS

pytestmark = pytest.mark.browser

#: The browser's own text size, in a window 1024 wide; and its zoom there, which leaves the page half of that.
LARGER = {
    "text": Look(text_px=32, window=DESK),
    "zoom": Look(zoom=2, window=(DESK[0] // 2, DESK[1] // 2)),
}
MADE_FOR_DESKS = ("counter", "desk", "manager", "public", "doors", "account")
ALWAYS = {("text", "fr")}
#: What can be scrolled by itself (a wide table in its frame) may be wider than the window.
LOST = """() => {
  const seen = one => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0
    && !one.closest(".visually-hidden, .skip, svg") && getComputedStyle(one).clipPath === "none";
  const frames = one => { const found = []; for (let it = one.parentElement; it; it = it.parentElement) found.push(it); return found; };
  const scrolls = one => ["auto", "scroll"].includes(getComputedStyle(one).overflowX) && one !== document.documentElement;
  const text = one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim() !== "");
  const name = one => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 40)}`;
  const all = [...document.body.querySelectorAll("*")].filter(seen);
  const outside = all.filter(one => {
    const box = one.getBoundingClientRect();
    return (box.left < -1 || box.right > innerWidth + 1) && !frames(one).some(scrolls);
  });
  const cut = all.filter(one => {
    const { overflowX, overflowY } = getComputedStyle(one);
    return text(one) && ((["hidden", "clip"].includes(overflowX) && one.scrollWidth > one.clientWidth + 1)
      || (["hidden", "clip"].includes(overflowY) && one.scrollHeight > one.clientHeight + 1));
  });
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return [...outside.map(one => `outside: ${name(one)}`), ...cut.map(one => `cut: ${name(one)}`), ...(wide > 0 ? [`wider by ${wide}`] : [])];
}"""


@pytest.mark.parametrize(
    ("tour", "way", "lang"),
    [
        pytest.param(tour, way, lang, marks=() if (way, lang) in ALWAYS else pytest.mark.long)
        for tour in MADE_FOR_DESKS
        for way in LARGER
        for lang in ("fr", "ar")
    ],
)
def test_nothing_is_lost_at_twice_the_size(hall, tour, way, lang):
    hall.look = LARGER[way]
    lost = {}
    for name, page in TOURS[tour](hall, lang):
        found = page.evaluate(LOST)
        # A sheet is meant to lie over the page.
        if not page.locator("dialog[open], .menu[open]").count():
            found += [f"on top: {pair}" for pair in page.evaluate(OVERLAPS)]
        if found:
            lost[name] = found[:8]
    assert lost == {}, "\n".join(f"{name}: {what}" for name, what in lost.items())


def test_the_text_is_twice_as_large_when_the_browser_is_told_so(hall):
    hall.look = LARGER["text"]
    page = hall.blank(DESK)
    page.goto(f"{hall.address}/login?lang=fr")
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "32px"
