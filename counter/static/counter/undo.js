// What the last key did and for how long it can be taken back. It counts down by the server's time and goes by itself.
import { byId, element, write } from "./page.js";
import { secondsUntil } from "./clocks.js";

export class Undo {
  #words;
  #undo = null;

  constructor({ words }) {
    this.#words = words;
    setInterval(() => this.tick(), 250);
  }

  show(undo) {
    this.#undo = undo;
    const said = (undo?.what ?? []).map(({ what, number }) => element("span", "", this.#words.nodes(`did.${what}`, { number })));
    byId("undo-what").replaceChildren(...said);
    this.tick();
  }

  tick() {
    const left = this.#undo === null ? 0 : secondsUntil(this.#undo.until);
    byId("undo").hidden = left <= 0;
    write(byId("undo-left"), this.#words.plain("common.seconds_short", { seconds: left }));
  }
}
