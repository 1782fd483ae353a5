"""Pages of the staff and of the public by keyboard alone: the Tab key reaches everything, in the order of reading, and one always
sees where one is. What is done there by keys alone stands in tests/browser/; kiosk and console have tests of their own.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.access.tours import TOURS

pytestmark = pytest.mark.browser

#: Everything that takes the focus, in the order of the page; of a group of radio buttons the one that Tab stops at.
STOPS = """() => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter(one =>
    !one.disabled && one.getAttribute("tabindex") !== "-1" && one.type !== "hidden" && one.checkVisibility({ visibilityProperty: true }));
  const stops = all.filter(one => {
    if (one.type !== "radio") return true;
    const group = all.filter(other => other.type === "radio" && other.name === one.name && other.form === one.form);
    return one === (group.find(other => other.checked) ?? group[0]);
  });
  stops.forEach((one, place) => { one.dataset.stop = place; });
  return stops.length;
}"""
#: Where one is: which stop, and what is wrong with how it is shown.
HERE = """() => {
  const one = document.activeElement;
  if (one === null || one === document.body) return null;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  // A box that is only a place for the pointer shows the focus on its label.
  const shown = [one, one.closest("label")].some(it => it !== null && parseFloat(getComputedStyle(it).outlineWidth) >= 2
    && getComputedStyle(it).outlineStyle !== "none");
  const wrong = [];
  if (!shown) wrong.push("no ring");
  if (box.bottom < 1 || box.top > innerHeight - 1 || box.right < 1 || box.left > innerWidth - 1) wrong.push("out of sight");
  const top = document.elementFromPoint(Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1),
    Math.min(Math.max(box.y + Math.min(box.height / 2, 20), 0), innerHeight - 1));
  if (top !== null && !one.contains(top) && !top.contains(one) && top.closest("label")?.control !== one) wrong.push(`under ${top.className || top.tagName}`);
  return { stop: Number(one.dataset.stop), wrong: wrong.map(what => `${what}: ${one.outerHTML.slice(0, 90)}`) };
}"""


def walk(page: Page) -> tuple[list[int], list[str], int]:
    """All stops by Tab, once round from wherever the page begins; what was wrong at them; how many there should be."""
    count = page.evaluate(STOPS)
    seen: list[int] = []
    wrong: list[str] = []
    # A date has three places of its own, so there are more keys than stops.
    for _ in range(count * 4 + 4):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or (seen and seen[-1] == here["stop"]):
            continue
        if here["stop"] in seen:
            break
        seen.append(here["stop"])
        wrong += here["wrong"]
    begin = seen.index(0) if 0 in seen else 0
    return seen[begin:] + seen[:begin], wrong, count


@pytest.mark.parametrize("tour", ["manager", "desk", "public", "doors", "account"])
def test_tab_reaches_everything_in_order_and_is_seen(hall, tour):
    faults = {}
    for name, page in TOURS[tour](hall, "fr"):
        seen, wrong, count = walk(page)
        missed = sorted(set(range(count)) - set(seen))
        if seen != list(range(count)) or wrong:
            faults[name] = {"missed": missed, "in order": seen == sorted(seen), "wrong": wrong[:4]}
    assert faults == {}, "\n".join(f"{name}: {what}" for name, what in faults.items())


def test_the_first_key_offers_the_way_past_the_head(hall):
    for name, page in TOURS["manager"](hall, "ar"):
        page.reload()
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        expect(page.locator(".skip")).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null"), name
        return
