// The chime before a call: always, never, or only where many wait and fewer look up. A browser that forbids sound until
// somebody has touched the page says so, and the screen shows how to allow it.
const BUSY_FROM = 5;
const APART_MS = 1500;

export class Sound {
  #when;
  #audio;
  #blocked;
  #played = -APART_MS;
  waiting = () => 0;

  constructor({ when, address }, blocked) {
    this.#when = when;
    this.#blocked = blocked;
    this.#audio = new Audio(address);
    this.#audio.preload = "none";
  }

  async start() {
    if (this.#when === "never") return;
    this.#blocked.querySelector("button").addEventListener("click", () => this.#play(1));
    addEventListener("keydown", () => this.#blocked.hidden || this.#play(1));
    // Without a sound to be heard: it only asks whether one may be made.
    await this.#play(0);
  }

  ring() {
    if (this.#when === "never" || (this.#when === "busy" && this.waiting() < BUSY_FROM)) return;
    if (performance.now() - this.#played < APART_MS) return;
    this.#played = performance.now();
    this.#play(1);
  }

  async #play(volume) {
    try {
      this.#audio.volume = volume;
      this.#audio.currentTime = 0;
      await this.#audio.play();
      this.#blocked.hidden = true;
    } catch (error) {
      if (error.name === "NotAllowedError") this.#blocked.hidden = false;
    }
  }
}
