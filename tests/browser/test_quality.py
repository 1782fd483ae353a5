"""What holds on every page: it is light, it is drawn by our own fonts, nothing lies outside it, nobody complains."""

import pytest

from tests.browser import chromium
from tests.browser.pages import DESK, LYING, PHONE, UPRIGHT, WALL, Pages

pytestmark = pytest.mark.browser

SITE = "eljadida"
LIGHT = 200_000
LANGUAGES = ("ar", "fr", "zgh")
#: By how much a page is wider than its window.
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: Texts that stand on one another where both can be seen. Lines of one text lie close: the middle of each counts.
OVERLAPS = """() => {
  // As much of a text's box as those around it let through.
  const through = (box, element) => {
    let [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom];
    for (let one = element; one !== null; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.clipPath !== "none") return null;
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const frame = one.getBoundingClientRect();
      [left, top] = [Math.max(left, frame.left), Math.max(top, frame.top)];
      [right, bottom] = [Math.min(right, frame.right), Math.min(bottom, frame.bottom)];
    }
    return right - left > 6 && bottom - top > 6 ? { left, top, right, bottom } : null;
  };
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (node.data.trim() === "" || !element.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const rect = through(box, element);
      if (rect !== null) texts.push({ node, rect, third: (rect.bottom - rect.top) / 3, text: node.data.trim() });
    }
  }
  const apart = ({ rect: a, third: up }, { rect: b, third: down }) =>
    a.right - 3 < b.left + 3 || b.right - 3 < a.left + 3 || a.bottom - up < b.top + down || b.bottom - down < a.top + up;
  return texts.flatMap((one, place) => texts.slice(place + 1)
    .filter(other => other.node !== one.node && !apart(one, other))
    .map(other => `${one.text} / ${other.text}`));
}"""


@pytest.mark.parametrize("kind", ["kiosk", "display"])
def test_a_screens_first_visit_is_light(pages: Pages, kind: str):
    page = pages.enrolled(kind, SITE)
    weight = chromium.weight_of(page, f"{pages.served.address}/{kind}/{SITE}?lang=zgh")
    assert 0 < weight < LIGHT


@pytest.mark.long
def test_our_own_fonts_draw_every_page_and_nothing_lies_outside_or_on_top(pages: Pages):
    served = pages.served
    counter = served.facts.sites[SITE].free_counter
    agent = served.api(served.agent(SITE))
    agent.post(f"/counters/{counter}/shifts")
    serves = next(one["serves"] for one in agent.get(f"/sites/{SITE}")["counters"] if one["code"] == counter)
    for service in serves:
        served.api(served.kiosk(SITE)).post(f"/sites/{SITE}/tickets", {"service": service, "language": "ar"})
    agent.post(f"/counters/{counter}/calls")
    shown = {
        f"/kiosk/{SITE}": (pages.enrolled("kiosk", SITE), (UPRIGHT, LYING)),
        f"/display/{SITE}": (pages.enrolled("display", SITE), (WALL, DESK)),
        f"/counter/{SITE}": (pages.counter(SITE), (DESK,)),
        f"/manager/{SITE}": (pages.manager(SITE), (DESK, PHONE)),
        "/": (pages.blank(PHONE), (PHONE,)),
        "/login": (pages.blank(PHONE), (PHONE,)),
    }
    foreign, wide, overlaps = [], [], []
    for path, (page, sizes) in shown.items():
        for lang in LANGUAGES:
            page.goto(f"{pages.served.address}{path}?lang={lang}")
            foreign += [(path, lang, name) for name, ours in chromium.fonts_of(page, "body *") if not ours]
            for size in sizes:
                page.set_viewport_size({"width": size[0], "height": size[1]})
                wide += [(path, lang, size)] if page.evaluate(WIDER) > 0 else []
                overlaps += [(path, lang, size, texts) for texts in page.evaluate(OVERLAPS)]
    assert foreign == []
    assert wide == []
    assert overlaps == []


def test_each_language_is_written_in_its_own_font(pages: Pages):
    names = {}
    page = pages.kiosk(SITE).page
    for lang in LANGUAGES:
        ((name, _ours),) = chromium.fonts_of(page, f'.tongue[data-language="{lang}"]')
        names[lang] = name.split()[0]
    assert names == {"ar": "Idarati", "fr": "Idarati", "zgh": "Noto"}
