// Whether the paper comes: asked for a few seconds. A printer that fails costs nobody the number, so the page then says
// to photograph the screen.

const EVERY_MS = 1000;
const LONGEST_MS = 12_000;
const STILL_COMING = new Set(["queued", "claimed", "sending"]);

export class Paper {
  #site;
  #step;
  #followed = null;

  constructor(site, step) {
    this.#site = site;
    this.#step = step;
  }

  forget() {
    this.#followed = null;
  }

  async follow(ticket) {
    this.#followed = ticket;
    this.#say("kiosk.printing");
    const until = performance.now() + LONGEST_MS;
    let state = "queued";
    while (STILL_COMING.has(state) && performance.now() < until) {
      await new Promise((resume) => setTimeout(resume, EVERY_MS));
      if (this.#followed !== ticket) return;
      state = await this.#state(ticket);
    }
    if (this.#followed === ticket) this.#say(state === "done" ? "kiosk.take_ticket" : "kiosk.number_kept_without_paper");
  }

  async #state(ticket) {
    try {
      const answer = await fetch(`${this.#site}/tickets/${ticket}`, { signal: AbortSignal.timeout(3000) });
      return answer.ok ? ((await answer.json()).print ?? "queued") : "queued";
    } catch {
      return "queued";
    }
  }

  #say(key) {
    this.#step.paper = key;
    this.#step.show();
  }
}
