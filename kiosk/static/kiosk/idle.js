// Nobody there: after 30 s the page asks, with time enough to answer, and then forgets everything.

import { Words } from "../web/words.js";

export const QUIET_S = 30;
export const WARNED_S = 20;
const SIGNS = ["pointerdown", "keydown", "wheel", "touchmove"];

export class Idle {
  #still;
  #away;
  #quietFor = 0;

  constructor({ still, away }) {
    this.#still = still;
    this.#away = away;
  }

  start() {
    for (const sign of SIGNS) document.addEventListener(sign, () => this.#present(), { capture: true, passive: true });
    setInterval(() => this.#second(), 1000);
  }

  #present() {
    this.#quietFor = 0;
    // The button that was touched must still be there when the touch ends.
    setTimeout(() => this.#show(), 250);
  }

  #second() {
    this.#quietFor = this.#still() ? 0 : this.#quietFor + 1;
    if (this.#quietFor >= QUIET_S + WARNED_S) {
      this.#quietFor = 0;
      this.#away();
    }
    this.#show();
  }

  #show() {
    const warning = document.querySelector('[data-role="idle-warning"]');
    const seconds = QUIET_S + WARNED_S - this.#quietFor;
    const warn = seconds <= WARNED_S;
    if (warn) Words.of().show(warning.querySelector("[data-idle-text]"), "kiosk.idle_warning", { seconds });
    if (warn === !warning.hidden) return;
    warning.hidden = !warn;
    for (const behind of document.querySelectorAll(".kiosk__head, .kiosk__main, .kiosk__foot")) behind.inert = warn;
    if (warn) warning.querySelector("[data-stay]").focus();
  }
}
