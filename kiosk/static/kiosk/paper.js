// Whether the paper comes: asked for a few seconds. A printer that fails costs nobody the number, so the page then says
// to photograph the screen.

const EVERY_MS = 1000;
const LONGEST_MS = 12_000;
const STILL_COMING = new Set(["queued", "claimed", "sending"]);

// What became of a print job, as far as it is known after a few seconds; given up when nobody waits for it any more.
export async function printed(address, awaited) {
  const until = performance.now() + LONGEST_MS;
  let state = "queued";
  while (STILL_COMING.has(state) && performance.now() < until) {
    await new Promise((resume) => setTimeout(resume, EVERY_MS));
    if (!awaited()) return state;
    state = await stateOf(address);
  }
  return state;
}

async function stateOf(address) {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(3000) });
    return answer.ok ? ((await answer.json()).print ?? "queued") : "queued";
  } catch {
    return "queued";
  }
}

// A network printer takes the paper's bytes and says no more: then it is most likely there.
export const cameOut = (state) => state === "done" || state === "unknown";

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
    const awaited = () => this.#followed === ticket;
    const state = await printed(`${this.#site}/tickets/${ticket}`, awaited);
    if (awaited()) this.#say(cameOut(state) ? "kiosk.take_ticket" : "kiosk.number_kept_without_paper");
  }

  #say(key) {
    this.#step.paper = key;
    this.#step.show();
  }
}
