// Choosing a counter: a button for each, by arrow or by typing its number. The one last opened on this computer is first
// in the hand.
import { apart, byId, element } from "./page.js";
import { digitOf } from "./keys.js";

const TYPED_MS = 1200;

export class Choose {
  #words;
  #place;
  #typed = "";
  #typing = 0;
  #shown = "";

  // `onTakeOver(counter, name)`: the counter of an agent whose machine is gone, as the server says.
  constructor({ words, site, onChoose, onTakeOver }) {
    this.#words = words;
    this.#place = `idarati-counter-${site}`;
    const list = byId("counters");
    list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      localStorage.setItem(this.#place, button.dataset.counter);
      if (button.dataset.gone === undefined) onChoose(button.dataset.counter);
      else onTakeOver({ id: button.dataset.counter, label: button.dataset.label, agent: button.dataset.gone });
    });
    list.addEventListener("keydown", (event) => this.#move(event));
  }

  show(counters) {
    const shown = JSON.stringify(counters);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const focused = document.activeElement?.dataset?.counter ?? localStorage.getItem(this.#place);
    byId("counters").replaceChildren(...counters.map((counter) => this.#row(counter)));
    const first = focused && byId("counters").querySelector(`[data-counter="${CSS.escape(focused)}"]:not(:disabled)`);
    (first || byId("counters").querySelector("button:not(:disabled)"))?.focus();
  }

  // A digit was typed while counters are shown: go to the counter whose label begins with what was typed so far.
  type(event) {
    const digit = digitOf(event);
    if (digit === null) return false;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => (this.#typed = ""), TYPED_MS);
    this.#typed += digit;
    const buttons = [...byId("counters").querySelectorAll("button:not(:disabled)")];
    const exact = buttons.find((button) => button.dataset.label === this.#typed);
    (exact ?? buttons.find((button) => button.dataset.label.startsWith(this.#typed)))?.focus();
    return true;
  }

  #row(counter) {
    const button = element("button", "button counter");
    button.type = "button";
    button.dataset.counter = counter.id;
    button.dataset.label = counter.label;
    button.disabled = counter.taken && !counter.gone;
    if (counter.gone) button.dataset.gone = counter.agent;
    button.append(element("span", "counter__name", this.#words.nodes("counter.title", { counter: counter.label })));
    if (counter.taken) button.append(element("small", "", apart(counter.agent)));
    if (counter.gone) button.append(element("small", "", this.#words.nodes("counter.gone")));
    if (counter.number && (counter.gone || !counter.taken)) button.append(element("small", "", this.#words.nodes("counter.still_here", { number: counter.number })));
    return element("li", "", button);
  }

  #move(event) {
    const buttons = [...byId("counters").querySelectorAll("button:not(:disabled)")];
    const here = buttons.indexOf(document.activeElement);
    const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
    const step = { [forward]: 1, [back]: -1, ArrowDown: this.#columns(), ArrowUp: -this.#columns() }[event.key];
    if (step === undefined || here < 0) return;
    event.preventDefault();
    buttons[Math.min(buttons.length - 1, Math.max(0, here + step))].focus();
  }

  #columns() {
    return getComputedStyle(byId("counters")).gridTemplateColumns.split(" ").length;
  }
}
