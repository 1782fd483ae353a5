// Who calls for help: a quiet line on the consoles of all others, and to the caller that it was sent. The hall hears nothing.
import { byId, element } from "./page.js";

export class Helps {
  #words;
  #shown = "";

  constructor({ words }) {
    this.#words = words;
  }

  show(helps) {
    const shown = JSON.stringify(helps);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const others = helps.filter((one) => !one.mine);
    byId("helps").hidden = helps.length === 0;
    byId("helps").replaceChildren(
      ...others.map((one, place) => this.#line(one, place === 0)),
      ...helps.filter((one) => one.mine).map(() => this.#own()),
    );
  }

  #line({ counter, label, since }, isFirst) {
    const words = [...this.#words.nodes("counter.help_wanted", { counter: label }), " · ", element("bdi", "", since)];
    return element("li", "banner banner--attention", element("span", "", words), this.#button("go_help", "counter.go_there", isFirst && "G", counter));
  }

  #own() {
    const words = element("span", "", this.#words.nodes("counter.help_sent"));
    return element("li", "banner", words, this.#button("end_help", "counter.help_over", "H"));
  }

  #button(verb, key, letter, counter) {
    const button = element("button", "button", this.#words.nodes(key), letter ? element("kbd", "", letter) : "");
    button.type = "button";
    button.dataset.verb = verb;
    if (counter) button.dataset.counter = counter;
    return button;
  }
}
