// A page that hangs on a wall for months takes over a new version by itself: it asks now and then, and waits for a quiet
// moment. It asks once for each version, because it may take a while until all processes have it.
const EVERY_MS = 5 * 60_000;
const QUIET_EVERY_MS = 3000;
const KEY = "renewed-for";

export class Renewal {
  #site;
  #version;
  #quiet;
  #waiting;

  constructor({ site, version }, quiet) {
    this.#site = site;
    this.#version = version;
    this.#quiet = quiet;
  }

  start() {
    setInterval(() => this.ask(), EVERY_MS + Math.random() * 10_000);
  }

  async ask() {
    try {
      const answer = await fetch(`/display/${encodeURIComponent(this.#site)}/version`, { signal: AbortSignal.timeout(10_000) });
      if (answer.status === 401) location.reload();
      if (!answer.ok) return;
      const { version } = await answer.json();
      if (version !== this.#version && sessionStorage.getItem(KEY) !== version) this.#renew(version);
    } catch {
      // The server is away: the banner says so, and it is asked again.
    }
  }

  #renew(version) {
    clearTimeout(this.#waiting);
    if (this.#quiet()) {
      sessionStorage.setItem(KEY, version);
      location.reload();
    } else this.#waiting = setTimeout(() => this.#renew(version), QUIET_EVERY_MS);
  }
}
