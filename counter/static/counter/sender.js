// Sends one key at a time. A key that meets a lost connection is sent again under the same idempotency key until it is
// answered, so it is neither lost nor done twice; keys pressed meanwhile are not taken.

const WAITS_MS = [300, 1000, 2000, 4000];

export class Sender {
  #csrf;
  #onTrouble;
  busy = false;

  constructor({ csrf, onTrouble }) {
    this.#csrf = csrf;
    this.#onTrouble = onTrouble;
  }

  async send({ path, method = "POST", body }) {
    this.busy = true;
    const key = freshKey();
    try {
      for (let attempt = 0; ; attempt += 1) {
        const answer = await this.#once(path, method, body, key);
        if (answer && answer.status !== 503) return answer;
        this.#onTrouble(true);
        await wait(WAITS_MS[Math.min(attempt, WAITS_MS.length - 1)]);
      }
    } finally {
      this.busy = false;
      this.#onTrouble(false);
    }
  }

  async #once(path, method, body, key) {
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
      });
      const text = await response.text();
      return { ok: response.ok, status: response.status, body: text ? JSON.parse(text) : null };
    } catch {
      return null;
    }
  }
}

function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
