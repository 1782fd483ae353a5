// The lines: how many wait for each service and how long somebody who comes now will. More services than the screen has
// room for are shown in turn, as many at once as fit; how many that is, the screen is asked.
const TURN_MS = 9000;

const at = (id) => document.getElementById(id);

export class Lines {
  #tongues;
  #facts;
  #first = 0;
  #turns = [[0]];

  constructor({ tongues, facts }) {
    this.#tongues = tongues;
    this.#facts = facts;
  }

  start() {
    this.#lay();
    setInterval(() => this.#turn(), TURN_MS);
    addEventListener("resize", () => this.#lay());
    document.fonts.ready.then(() => this.#lay());
  }

  // Where texts have changed, more or fewer may fit.
  lay() {
    this.#lay();
  }

  waiting(service, count) {
    const line = lineOf(service);
    if (line === null) return;
    line.dataset.waiting = count;
    const place = line.querySelector('[data-role="waiting"]');
    if (place.textContent !== String(count)) place.textContent = count;
  }

  take(lines) {
    for (const line of lines) {
      const row = lineOf(line.service);
      if (row === null) continue;
      this.waiting(line.service, line.waiting);
      const place = row.querySelector('[data-role="wait-range"]');
      const [key, params] = this.#why(line);
      const said = JSON.stringify([key, params]);
      if (row.dataset.said === said) continue;
      row.dataset.said = said;
      place.classList.toggle("line__range--none", key !== null);
      row.toggleAttribute("data-suspended", line.suspended !== undefined);
      if (key === null) this.#range(place, params);
      else this.#tongues.say(place, key, params);
    }
  }

  #range(place, text) {
    const digits = document.createElement("bdi");
    digits.dir = "ltr";
    digits.textContent = text;
    place.replaceChildren(digits);
  }

  // Why there is no range, or null and the range.
  #why({ suspended, estimate, estimate_why: why }) {
    if (suspended !== undefined) return ["display.suspended_for", { reason: `@suspend.${suspended}` }];
    if (estimate === null) return [why === "no_counter_open" ? "display.no_counter" : "display.no_estimate", {}];
    return [null, this.#tongues.range(Math.floor(estimate.low_s / 60), Math.ceil(estimate.high_s / 60))];
  }

  #rows() {
    return [...document.querySelectorAll("[data-service]")];
  }

  // Puts the services into turns of as many as fit the room.
  #lay() {
    const rows = this.#rows();
    const list = at("lines");
    for (const row of rows) row.hidden = false;
    const room = list.clientHeight;
    const gap = Number.parseFloat(getComputedStyle(list).rowGap) || 0;
    const tall = rows.map((row) => row.offsetHeight);
    const turns = [[]];
    let used = 0;
    rows.forEach((row, place) => {
      if (turns.at(-1).length > 0 && used + tall[place] > room) {
        turns.push([]);
        used = 0;
      }
      turns.at(-1).push(place);
      used += tall[place] + gap;
    });
    this.#turns = evened(turns, rows.length);
    this.#first = Math.min(this.#first, this.#turns.length - 1);
    this.#show();
  }

  #turn() {
    this.#first = (this.#first + 1) % this.#turns.length;
    if (this.#turns.length > 1) this.#show();
  }

  #show() {
    const shown = new Set(this.#turns[this.#first]);
    this.#rows().forEach((row, place) => (row.hidden = !shown.has(place)));
    const many = this.#turns.length > 1;
    at("lines-turn").hidden = !many;
    at("lines-turn").textContent = many ? `${this.#first + 1} / ${this.#turns.length}` : "";
  }
}

// As many turns as are needed and in each about the same number: no turn with a single line behind a full one.
function evened(turns, count) {
  const most = Math.ceil(count / turns.length);
  if (turns.some((turn) => turn.length < most && turn !== turns.at(-1))) return turns;
  return turns.map((_, turn) => Array.from({ length: most }, (_none, place) => turn * most + place).filter((place) => place < count));
}

function lineOf(service) {
  return document.querySelector(`[data-service="${CSS.escape(service)}"]`);
}
