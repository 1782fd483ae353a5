// The list of documents to take home: on paper or on the phone. Both are asked for beside everything else; where neither can
// be had, the list still stands on the card.

import { freshKey } from "./attempts.js";
import { cameOut, printed } from "./paper.js";
import { drawCode } from "./ticket_step.js";
import { Words } from "../web/words.js";

export class Checklist {
  #site;
  #documents;
  #service = null;

  constructor(site, documents) {
    this.#site = site;
    this.#documents = documents;
  }

  forget() {
    this.#service = null;
    this.#say(null);
    document.querySelector("[data-list-service]").replaceChildren();
    this.#offer({ qr: null, prints: false });
  }

  async open(service) {
    this.forget();
    this.#service = service;
    const name = document.querySelector(`[data-step="card"][data-ref="${CSS.escape(service)}"] h1`);
    document.querySelector("[data-list-service]").replaceChildren(...[...name.cloneNode(true).childNodes]);
    const lang = document.documentElement.lang;
    const ways = await answerOf(fetch(`${this.#site}/services/${service}/${lang}.json`));
    if (ways !== null && this.#service === service) this.#offer(ways);
  }

  async print() {
    const service = this.#service;
    this.#say("kiosk.checklist_printing");
    const asked = await answerOf(
      fetch(`${this.#site}/checklists`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "Idempotency-Key": freshKey(),
          "X-CSRF-Token": this.#documents.token,
        },
        body: JSON.stringify({ service, language: document.documentElement.lang }),
      }),
    );
    const here = () => this.#service === service;
    const state = asked === null ? "blocked" : await printed(`${this.#site}/checklists/${asked.job}`, here);
    if (here()) this.#say(cameOut(state) ? "kiosk.checklist_take" : "kiosk.checklist_no_paper");
  }

  #offer({ qr, prints }) {
    document.querySelector("[data-print-list]").hidden = !prints;
    document.querySelector("[data-list-code]").hidden = qr === null;
    if (qr !== null) drawCode(document.querySelector("[data-list-qr]"), qr);
  }

  #say(key) {
    const place = document.querySelector("[data-list-paper]");
    place.hidden = key === null;
    if (key === null) place.replaceChildren();
    else Words.of().show(place, key);
  }
}

async function answerOf(asking) {
  try {
    const answer = await asking;
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
