// The ticket on the screen. The number is what counts; paper and phone come beside it.

import { Words } from "../web/words.js";

const SVG = "http://www.w3.org/2000/svg";

export class TicketStep {
  ticket = null;
  paper = null;

  forget() {
    this.ticket = null;
    this.paper = null;
    for (const place of document.querySelectorAll('[data-step="ticket"] [data-role], .ticket__note, [data-paper], [data-qr]')) place.replaceChildren();
  }

  show() {
    if (this.ticket === null) return;
    const { number, service, ahead, wait, qr, closes } = this.ticket;
    const words = Words.of();
    const step = document.querySelector('[data-step="ticket"]');
    const at = (selector) => step.querySelector(selector);
    at('[data-role="ticket-number"]').textContent = number;
    words.show(at('[data-role="people-ahead"]'), ...words.peopleAhead(ahead));
    words.show(at('[data-role="wait-range"]'), ...this.#range(words));
    this.#note(at("[data-appointed]"), words, this.#appointed());
    this.#note(at("[data-closes-before]"), words, closes === null ? null : ["kiosk.may_not_be_served", { closes }]);
    if (wait === null) at("[data-holds]").replaceChildren();
    else words.show(at("[data-holds]"), "ticket.estimate_holds", { percent: wait.level });
    for (const name of step.querySelectorAll("[data-of-service]")) name.hidden = name.dataset.ofService !== service;
    at("[data-follow]").hidden = qr === null;
    if (qr !== null) drawCode(at("[data-qr]"), qr);
    const paper = at("[data-paper]");
    paper.hidden = this.paper === null;
    paper.dataset.paper = this.paper ?? "";
    if (this.paper !== null) words.show(paper, this.paper, { number });
  }

  #note(place, words, said) {
    place.hidden = said === null;
    if (said !== null) words.show(place, ...said);
  }

  #appointed() {
    const { appointed } = this.ticket;
    if (appointed === null) return null;
    const { standing, time, opens } = appointed;
    return [{ early: "kiosk.appointment_early", on_time: "kiosk.checked_in", late: "error.appointment_too_late" }[standing], { time, opens }];
  }

  #range(words) {
    const { wait, estimate_why: why = "learning" } = this.ticket;
    return wait === null ? [`estimate.${why}`] : words.waitRange(wait.low_min, wait.high_min);
  }
}

export function drawCode(svg, { size, path }) {
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  const dark = document.createElementNS(SVG, "path");
  dark.setAttribute("d", path);
  svg.replaceChildren(dark);
}
