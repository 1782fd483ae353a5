// Asking for a ticket. One attempt has one key, whatever happens to its answers: however often it is repeated, one person
// gets one ticket. It is repeated by itself while the server can't be reached, and given up only when the person is gone.

const PATIENCE_MS = 5000;
const PAUSES_MS = [300, 1000, 2000, 4000];

const pause = (ms) => new Promise((resume) => setTimeout(resume, ms));
const passing = (status) => status >= 500 || status === 429 || status === 408;

export class Attempts {
  #site;
  #documents;
  #tell;
  #attempt = null;
  // Wish → key of what was asked and not answered yet: whoever goes back and asks for the same once more gets the same.
  #unsettled = new Map();

  constructor({ site, documents, ...tell }) {
    this.#site = site;
    this.#documents = documents;
    this.#tell = tell;
  }

  get pending() {
    return this.#attempt !== null;
  }

  get failed() {
    return this.#attempt !== null && this.#attempt.tries > 1;
  }

  draw(wish) {
    const body = JSON.stringify(wish);
    const key = this.#unsettled.get(body) ?? freshKey();
    this.#unsettled.set(body, key);
    this.#attempt = { key, body, tries: 0, hurry: null };
    this.#pursue(this.#attempt);
  }

  // Now instead of after the pause.
  retry() {
    this.#attempt?.hurry?.();
  }

  // The person has gone, and another one may come.
  forget() {
    this.stop();
    this.#unsettled.clear();
  }

  stop() {
    this.#attempt = null;
    document.body.removeAttribute("aria-busy");
  }

  async #pursue(attempt) {
    while (this.#attempt === attempt) {
      attempt.tries += 1;
      const answer = await this.#ask(attempt);
      if (this.#attempt !== attempt) return;
      if (answer !== null) {
        this.#attempt = null;
        this.#unsettled.delete(attempt.body);
        this.#tell.unreachable(false);
        answer.ok ? this.#tell.answered(answer.body) : this.#tell.refused(answer.body);
        return;
      }
      if (attempt.tries > 1) this.#tell.unreachable(true);
      const wait = PAUSES_MS[Math.min(attempt.tries, PAUSES_MS.length) - 1];
      await Promise.race([pause(wait), new Promise((resume) => (attempt.hurry = resume))]);
    }
  }

  // What the server said, or null if it said nothing that settles the matter.
  async #ask(attempt) {
    try {
      const answer = await fetch(`${this.#site}/tickets`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "Idempotency-Key": attempt.key,
          "X-CSRF-Token": this.#documents.token,
        },
        body: attempt.body,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (passing(answer.status) && answer.status !== 429) return null;
      const body = await answer.json();
      // A kiosk that draws too fast says so and for how long; any other 429 passes.
      if (answer.status === 429 && body.code !== "too_fast") return null;
      if (answer.status === 403 && body.code === "csrf" && attempt.tries < 4) {
        await this.#documents.renewToken();
        return null;
      }
      if (answer.status === 401) location.reload();
      return { ok: answer.ok, body };
    } catch {
      return null;
    }
  }
}

// Not crypto.randomUUID: that is missing where the kiosk reaches its server over plain HTTP.
export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
