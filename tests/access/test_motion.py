"""Whoever asks the browser for less motion gets none: nothing fades, slides, blinks or scrolls by itself."""

import pytest

from tests.access.hall import Look
from tests.access.tours import TOURS

pytestmark = pytest.mark.browser

ALWAYS = ("kiosk", "display", "counter")
#: What takes longer than a hundredth of a second to become what it will be, or never ceases to move.
MOVING = """() => {
  const longest = list => Math.max(...list.split(",").map(one => one.trim().endsWith("ms") ? parseFloat(one) / 1000 : parseFloat(one)));
  const found = [];
  for (const one of document.querySelectorAll("*")) for (const part of [null, "::before", "::after", "::backdrop"]) {
    const style = getComputedStyle(one, part);
    const name = `${one.tagName}.${one.getAttribute("class") ?? ""}${part ?? ""}`;
    if (style.transitionProperty !== "none" && longest(style.transitionDuration) > 0.01) found.push(`transition: ${name}`);
    if (style.animationName !== "none" && longest(style.animationDuration) > 0.01) found.push(`animation: ${name}`);
    if (style.scrollBehavior === "smooth") found.push(`smooth scrolling: ${name}`);
  }
  return [...found, ...document.getAnimations().filter(one => one.effect.getComputedTiming().duration > 10)
    .map(one => `running: ${one.effect.target.className}`)];
}"""


@pytest.mark.parametrize(
    "tour", [pytest.param(tour, marks=() if tour in ALWAYS else pytest.mark.long) for tour in TOURS]
)
def test_nothing_moves_where_less_motion_is_wanted(hall, tour):
    moving = {name: found for name, page in TOURS[tour](hall, "fr") if (found := page.evaluate(MOVING))}
    assert moving == {}


def test_a_call_moves_where_nobody_minds(hall):
    hall.look = Look(motion="no-preference")
    assert any(page.evaluate(MOVING) for _name, page in TOURS["display"](hall, "fr"))
