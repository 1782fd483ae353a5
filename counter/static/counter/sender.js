// Sends one key at a time. A key that meets a lost connection is sent again under the same idempotency key until it is
// answered, also after this page was loaded again, so it is neither lost nor done twice.

const WAITS_MS = [300, 1000, 2000, 4000];
const SLOW_MS = 700;
const ATTEMPT_MS = 8000;
// A key that was pressed so long before the page came back is nobody's wish any more.
const STALE_MS = 5 * 60 * 1000;
const AWAY = new Set([429, 502, 503, 504]);
const KEPT = "idarati-key";

export class Sender {
  #csrf;
  #agent;
  #onProgress;
  #givenUp = false;
  #wake = () => {};

  // `onProgress(stage, name)`: sending, slow, away, done.
  constructor({ csrf, agent, onProgress }) {
    this.#csrf = csrf;
    this.#agent = agent;
    this.#onProgress = onProgress;
  }

  // `name` is the verb, told to whoever waits. Gives null when the agent gave it up.
  async send(request) {
    return this.#deliver({ ...request, key: freshKey(), agent: this.#agent, at: Date.now() });
  }

  // What was on its way when this page was last left. Another agent's is dropped.
  left() {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    if (kept && kept.agent === this.#agent && Date.now() - kept.at < STALE_MS) return kept;
    this.forget();
    return null;
  }

  resend(kept) {
    return this.#deliver(kept);
  }

  forget() {
    sessionStorage.removeItem(KEPT);
  }

  giveUp() {
    this.#givenUp = true;
    this.#wake();
  }

  async #deliver(request) {
    this.#givenUp = false;
    keep(request);
    this.#onProgress("sending", request.name);
    const slow = setTimeout(() => this.#onProgress("slow", request.name), SLOW_MS);
    let kept = null;
    try {
      for (let attempt = 0; !this.#givenUp; attempt += 1) {
        const answer = await this.#once(request);
        if (answer && !AWAY.has(answer.status)) {
          // The page is out of date and nothing was done: a fresh page of the same agent sends it, once.
          if (answer.body?.code === "csrf" && !request.renewed) kept = { ...request, renewed: true };
          return answer;
        }
        clearTimeout(slow);
        if (!this.#givenUp) await this.#away(request, WAITS_MS[Math.min(attempt, WAITS_MS.length - 1)]);
      }
      return null;
    } finally {
      clearTimeout(slow);
      if (kept) keep(kept);
      else this.forget();
      this.#onProgress("done", request.name);
    }
  }

  #away(request, ms) {
    this.#onProgress("away", request.name);
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, ms);
    });
  }

  async #once({ path, method = "POST", body, key }) {
    const attempt = new AbortController();
    const late = setTimeout(() => attempt.abort(), ATTEMPT_MS);
    this.#wake = () => attempt.abort();
    try {
      const response = await fetch(path, {
        method,
        headers: {
          Accept: "application/json",
          "X-CSRF-Token": this.#csrf,
          "Idempotency-Key": key,
          ...(body && { "Content-Type": "application/json" }),
        },
        body: body && JSON.stringify(body),
        signal: attempt.signal,
      });
      const text = await response.text();
      return { ok: response.ok, status: response.status, body: readable(text), address: response.url };
    } catch {
      return null;
    } finally {
      clearTimeout(late);
    }
  }
}

const keep = (request) => sessionStorage.setItem(KEPT, JSON.stringify(request));

function readable(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
