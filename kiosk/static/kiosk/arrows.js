// Arrow keys go to the nearest thing that can be pressed in that direction, as it lies on the screen: so they are right
// in both directions of writing, and for a tactile keypad.

const TOWARDS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function moveFocus(key) {
  const towards = TOWARDS[key];
  if (towards === undefined) return false;
  const buttons = [...document.querySelectorAll("button")].filter((button) => button.checkVisibility() && !button.closest("[inert]"));
  const here = document.activeElement;
  if (!buttons.includes(here)) {
    firstOf(buttons)?.focus();
    return true;
  }
  nearest(here, buttons, towards)?.focus();
  return true;
}

function firstOf(buttons) {
  return buttons.find((button) => button.closest("[role=alertdialog], main")) ?? buttons[0];
}

function nearest(here, buttons, [dx, dy]) {
  const from = middle(here);
  let best = null;
  let least = Infinity;
  for (const button of buttons) {
    const to = middle(button);
    const along = (to.x - from.x) * dx + (to.y - from.y) * dy;
    const aside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
    if (button === here || along < 8) continue;
    const far = along + 2 * aside;
    if (far < least) [best, least] = [button, far];
  }
  return best;
}

function middle(element) {
  const box = element.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
