// Reads the present step aloud: joins clips that lie ready, marks what is being read, and stops at once when asked. What has
// no clip is left out, what doesn't come is passed over, and nobody ever waits for a sound.

// The same as in server/web/voice_texts.py.
const UNHEARD = /[\u200e\u200f\u2066-\u2069*]/g;
const NUMBER = /([A-Z](?=[0-9])|[0-9]+)/;
const EDGES = /^[^\p{L}]+|[^\p{L}]+$/gu;

const LIST_PATIENCE_MS = 3000;
const COMES_WITHIN_MS = 3000;
const ENDS_WITHIN_MS = 90_000;
const BREATH_MS = 250;

export class Listening {
  #site;
  #silent;
  #voices = [];
  // One value for each reading; another one, or none, ends it.
  #reading = null;
  #sound = null;

  constructor(site, { silent }) {
    this.#site = site;
    this.#silent = silent;
  }

  get on() {
    return this.#reading !== null;
  }

  // The button stands where something can be heard: in the page's language, or on the first screen in any.
  offer(voices = this.#voices) {
    this.#voices = voices;
    const button = document.querySelector("[data-listen]");
    const everybody = document.body.dataset.at === "start";
    button.hidden = !(voices.includes(document.documentElement.lang) || (everybody && voices.length > 0));
    button.setAttribute("aria-pressed", String(this.on));
  }

  async start() {
    const reading = (this.#reading = {});
    this.offer();
    const here = () => this.#reading === reading;
    const queue = await this.#queue();
    let heard = false;
    for (const { element, addresses } of here() ? queue : []) {
      mark(element);
      for (const address of addresses) {
        heard = (here() && (await this.#play(address))) || heard;
      }
      if (!here()) return;
      await new Promise((resume) => setTimeout(resume, BREATH_MS));
      if (!here()) return;
    }
    if (!here()) return;
    this.stop();
    if (!heard) this.#silent();
  }

  // Whether there was something to stop.
  stop() {
    if (!this.on) return false;
    this.#reading = null;
    this.#sound?.end(false);
    mark(null);
    this.offer();
    return true;
  }

  async #queue() {
    const lists = new Map();
    const queue = [];
    for (const { element, text, lang } of said()) {
      if (!lists.has(lang)) lists.set(lang, await this.#clips(lang));
      const addresses = joined(text, lists.get(lang));
      if (addresses !== null) queue.push({ element, addresses });
    }
    return queue;
  }

  async #clips(lang) {
    if (!this.#voices.includes(lang)) return {};
    try {
      const answer = await fetch(`${this.#site}/voice/${lang}.json`, { signal: AbortSignal.timeout(LIST_PATIENCE_MS) });
      return answer.ok ? await answer.json() : {};
    } catch {
      return {};
    }
  }

  // True if it was heard to its end.
  #play(address) {
    return new Promise((resume) => {
      const sound = new Audio(`${this.#site}/${address}`);
      let patience = 0;
      const end = (heard) => {
        if (this.#sound?.end !== end) return;
        clearTimeout(patience);
        this.#sound = null;
        sound.pause();
        sound.removeAttribute("src");
        resume(heard);
      };
      patience = setTimeout(end, COMES_WITHIN_MS, false);
      sound.addEventListener("playing", () => {
        if (this.#sound?.end !== end) return;
        clearTimeout(patience);
        patience = setTimeout(end, ENDS_WITHIN_MS, false);
      });
      sound.addEventListener("ended", () => end(true));
      sound.addEventListener("error", () => end(false));
      this.#sound = { end };
      sound.play().catch(() => end(false));
    });
  }
}

// What the present step says, in the order in which one wants to hear it: what it is about, then what one can do.
function said() {
  const step = document.querySelector("[data-step]:not([hidden])");
  const elements = [...step.querySelectorAll("[data-say]")].filter((element) => element.checkVisibility());
  const last = (element) => (element.dataset.say === "last" ? 1 : 0);
  return elements
    .sort((one, other) => last(one) - last(other))
    .map((element) => ({ element, text: plain(element.textContent), lang: element.closest("[lang]").lang }))
    .filter(({ text }) => text !== "");
}

const plain = (text) => text.replace(UNHEARD, "").replace(/\s+/g, " ").trim();

// Addresses of the clips of a text: one for the whole, or those of its pieces. Never half a sentence: null if any is missing.
function joined(text, clips) {
  if (text in clips) return [clips[text]];
  const pieces = text.split(NUMBER).flatMap((piece, place) => {
    if (place % 2 === 1) return number(piece);
    const words = piece.replace(EDGES, "");
    return words === "" ? [] : [words];
  });
  return pieces.length > 0 && pieces.every((piece) => piece in clips) ? pieces.map((piece) => clips[piece]) : null;
}

// 217 is said as 200 and 17.
function number(piece) {
  if (!/^[0-9]+$/.test(piece)) return [piece];
  const whole = Number(piece);
  if (whole > 999) return [...piece];
  const rest = whole % 100;
  if (whole < 100) return [String(whole)];
  return rest === 0 ? [String(whole)] : [`${whole - rest}+`, `+${rest}`];
}

// What is being read looks so; a choice as a whole, so that it can be found and touched.
function mark(element) {
  document.querySelector(".is-read")?.classList.remove("is-read");
  const shown = element?.closest("button, li, .fact, .ticket__number") ?? element;
  shown?.classList.add("is-read");
  shown?.scrollIntoView({ block: "nearest" });
}
