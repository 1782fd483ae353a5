// What is open and how many wait, asked for every half minute and shown wherever the page has a place for it.

import { say } from "./texts.js";
import { direction, Words } from "../web/words.js";

const EVERY_MS = 30_000;

export class HallState {
  #site;
  #lang;
  #services = [];
  #messages = [];
  #closed = null;
  #times = [];
  onVersion = () => undefined;
  onReach = () => undefined;
  onVoices = () => undefined;

  constructor(site, lang) {
    this.#site = site;
    this.#lang = lang;
  }

  start() {
    this.fetch();
    setInterval(() => this.fetch(), EVERY_MS);
  }

  async fetch() {
    const lang = this.#lang();
    try {
      const answer = await fetch(`${this.#site}/${lang}.json`, { signal: AbortSignal.timeout(10_000) });
      if (answer.status === 401) location.reload();
      if (!answer.ok) throw new Error(`the state gave ${answer.status}`);
      const { version, voices, services, messages, closed, times } = await answer.json();
      if (lang !== this.#lang()) return;
      this.#services = services;
      this.#messages = messages;
      this.#closed = closed;
      this.#times = times;
      this.show();
      this.onReach(true);
      this.onVoices(voices);
      this.onVersion(version);
    } catch {
      this.onReach(false);
    }
  }

  // The draw was refused: known before the next half minute is over.
  refuse(code, refusal) {
    if (refusal.why === undefined) return;
    this.#services = this.#services.filter((service) => service.code !== code);
    this.#services.push({ code, waiting: 0, closed: refusal });
  }

  show() {
    const words = Words.of();
    for (const { code, waiting, closed, closes = null } of this.#services) {
      const named = CSS.escape(code);
      for (const place of document.querySelectorAll(`[data-now="${named}"]`)) {
        place.classList.toggle("is-closed", closed !== null);
        if (closed === null) words.show(place, "display.waiting", { count: waiting });
        else say(place, closed.hint ?? closed.why, this.#lang());
      }
      for (const banner of document.querySelectorAll(`[data-closed="${named}"]`)) {
        banner.hidden = closed === null;
        if (closed !== null) this.explain(banner, closed);
      }
      for (const warning of document.querySelectorAll(`[data-closes="${named}"]`)) {
        warning.hidden = closes === null;
        if (closes !== null) words.show(warning, "kiosk.may_not_be_served", { closes });
      }
      for (const act of document.querySelectorAll(`[data-when-open="${named}"]`)) act.hidden = closed !== null;
    }
    for (const place of document.querySelectorAll("[data-all-closed]")) {
      place.hidden = this.#closed === null;
      // On the first screen nobody has said yet what he reads.
      const everybody = place.closest('[data-step="start"]') !== null;
      if (this.#closed !== null) tell(place, this.#closed.filter(([lang]) => everybody || lang === this.#lang()));
    }
    this.#showTimes();
    for (const place of document.querySelectorAll("[data-messages]")) {
      place.hidden = this.#messages.length === 0;
      tell(place, this.#messages.flat());
    }
  }

  // Left as they are while they are the same: a button that has the focus keeps it.
  #showTimes() {
    for (const door of document.querySelectorAll("[data-needs-times]")) door.hidden = this.#times.length === 0;
    const grid = document.querySelector("[data-times]");
    const shown = [...grid.children].map((button) => button.dataset.appointment).join();
    if (shown === this.#times.map(({ at }) => at).join()) return;
    const buttons = this.#times.map(({ at, time }) => {
      const button = document.createElement("button");
      const text = document.createElement("bdi");
      text.textContent = time;
      Object.assign(button, { type: "button", className: "time" });
      Object.assign(button.dataset, { draw: "appointment", appointment: at });
      button.append(text);
      return button;
    });
    grid.replaceChildren(...buttons);
  }

  explain(place, { why, hint }) {
    place.hidden = false;
    const parts = [why, hint].filter((text) => text !== null).map((text) => {
      const part = document.createElement("span");
      say(part, text, this.#lang());
      return part;
    });
    place.replaceChildren(...parts.flatMap((part, at) => (at === 0 ? [part] : [" ", part])));
  }
}

// Paragraphs, each in its own language.
function tell(place, texts) {
  const paragraphs = texts.map(([lang, text]) => {
    const paragraph = document.createElement("p");
    paragraph.lang = lang;
    paragraph.dir = direction(lang);
    paragraph.textContent = text;
    return paragraph;
  });
  place.replaceChildren(...paragraphs);
}
