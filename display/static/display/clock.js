// The hall's clock shows the server's time, also on a machine whose own clock is wrong: between two beats it runs on with
// a counter that nobody sets. A machine that is far off is told to whoever looks after it.
const FAR_MS = 60_000;

export class Clock {
  #base = null;
  #from = 0;
  #offsetMs = 0;
  #place;
  #drift;

  constructor(place, drift) {
    this.#place = place;
    this.#drift = drift;
  }

  start() {
    setInterval(() => this.show(), 1000);
  }

  set({ at, utc_offset_s: offset }) {
    this.#base = Date.parse(at);
    this.#from = performance.now();
    this.#offsetMs = offset * 1000;
    this.#drift.hidden = Math.abs(this.#base - Date.now()) < FAR_MS;
    this.show();
  }

  // The server's time now, in milliseconds; null as long as it has said none.
  now() {
    return this.#base === null ? null : this.#base + performance.now() - this.#from;
  }

  show() {
    const text = this.text(this.now());
    if (this.#place.textContent !== text) this.#place.textContent = text;
  }

  // When the server last spoke.
  heardAt() {
    return this.text(this.#base);
  }

  text(ms) {
    return ms === null ? "--:--" : new Date(ms + this.#offsetMs).toISOString().slice(11, 16);
  }
}
