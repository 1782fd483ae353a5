// The calls on the screen: a new one takes the whole screen, those that come meanwhile wait where they can be seen, and
// afterwards it stands marked until it is old. Which call is the newest is decided by the server.
const ALONE_MS = 7000;
const OTHERS_WAIT_MS = 3500;
const MANY_WAIT_MS = 2200;
const MANY = 4;
const OTHERS_SHOWN = 6;
const EARLIER_SHOWN = 10;
const MARKED_MS = 12_000;
const MISSED_MS = 15 * 60_000;
const MISSED_SHOWN = 12;
// Nobody goes to a counter for a call that is over or was taken back.
const OVER = new Set(["ended", "undone"]);

const at = (id) => document.getElementById(id);

export class Calls {
  #tongues;
  #now;
  #facts;
  #calls = [];
  #missed = [];
  #closed = null;
  #coming = [];
  #showing = null;
  #timer;
  #marked;
  onNew = () => undefined;

  constructor({ tongues, now, facts }) {
    this.#tongues = tongues;
    this.#now = now;
    this.#facts = facts;
  }

  get quiet() {
    return this.#showing === null && !at("current").classList.contains("call--new");
  }

  // The board as it is; what was called while nobody told this screen is shown now, if it still matters.
  take(calls, missed, closed) {
    const known = this.#calls[0]?.seq;
    this.#calls = calls;
    this.#missed = missed;
    this.#closed = closed;
    const open = new Set(calls.filter((call) => call.state === "called").map((call) => call.seq));
    this.#coming = this.#coming.filter((call) => open.has(call.seq));
    this.show();
    this.#withdraw();
    if (known === undefined) return;
    const late = calls.filter((call) => call.seq > known && open.has(call.seq)).slice(0, OTHERS_SHOWN);
    for (const call of late.reverse()) this.#announce(call);
  }

  called(entry) {
    const call = { ...entry, state: "called" };
    this.#calls = [call, ...this.#calls.filter((other) => other.number !== call.number)];
    this.#missed = this.#missed.filter((other) => other.number !== call.number);
    this.show();
    this.#announce(call);
  }

  moved(number, state) {
    this.#calls = this.#calls.map((call) => (call.number === number ? { ...call, state } : call));
    this.#coming = this.#coming.filter((call) => call.number !== number);
    this.show();
  }

  // Somebody who had missed the call stands in the line again.
  cameBack(number) {
    this.#missed = this.#missed.filter((other) => other.number !== number);
    this.showMissed();
  }

  gaveUp(entry) {
    this.#missed = [entry, ...this.#missed.filter((other) => other.number !== entry.number)];
    this.moved(entry.number, "ended");
  }

  show() {
    const [current, ...earlier] = this.#calls;
    // A call of a closed day calls nobody any more.
    const over = this.#closed !== null && this.#calls.every((call) => OVER.has(call.state));
    const nobody = current === undefined || over;
    at("now").hidden = nobody;
    at("nobody").hidden = !nobody;
    if (nobody) {
      this.#tongues.say(at("nobody"), ...this.#whyNobody());
    } else {
      put(at("number"), current.number);
      put(at("counter"), current.counter_label);
      at("current").dataset.state = current.state;
      at("withdrawn").hidden = current.state !== "undone";
      at("where").hidden = current.state === "undone";
    }
    at("calls").replaceChildren(...earlier.slice(0, EARLIER_SHOWN).map(oneCall));
    this.showMissed();
  }

  #whyNobody() {
    if (this.#closed === null) return ["display.no_calls_yet"];
    const { date, time } = this.#closed;
    if (time === null) return ["public.closed_now"];
    return date === null ? ["display.closed", { time }] : ["display.closed_on", { date, time }];
  }

  showMissed() {
    const now = this.#now();
    const still = this.#missed.filter((call) => now === null || now - Date.parse(call.at) < MISSED_MS);
    at("missed").hidden = still.length === 0;
    at("missed-calls").replaceChildren(...still.slice(0, MISSED_SHOWN).map(oneCall));
  }

  #announce(call) {
    this.#coming = [...this.#coming.filter((other) => other.number !== call.number), call];
    this.onNew();
    this.#mark();
    if (this.#showing === null) this.#next();
    else {
      this.#showOthers();
      this.#until(Math.min(this.#showing.began + this.#stay(), this.#showing.ends));
    }
  }

  // A call that was taken back leaves the whole screen at once, without a sound.
  #withdraw() {
    const undone = new Set(this.#calls.filter((call) => call.state === "undone").map((call) => call.seq));
    if (undone.has(this.#calls[0]?.seq)) at("current").classList.remove("call--new");
    if (this.#showing !== null && undone.has(this.#showing.seq)) this.#next();
  }

  #next() {
    clearTimeout(this.#timer);
    const call = this.#coming.shift();
    at("takeover").hidden = call === undefined;
    if (call === undefined) {
      this.#showing = null;
      if (this.#calls[0]?.state !== "undone") this.#mark();
      return;
    }
    put(at("new-number"), call.number);
    put(at("new-counter"), call.counter_label);
    this.#showWay(call);
    this.#showOthers();
    const screen = at("takeover");
    screen.classList.remove("takeover--new");
    void screen.offsetWidth; // starts the animation anew
    screen.classList.add("takeover--new");
    const began = performance.now();
    this.#showing = { seq: call.seq, began, ends: began + ALONE_MS };
    this.#until(began + this.#stay());
  }

  // The more wait, the shorter each one stays.
  #stay() {
    if (this.#coming.length === 0) return ALONE_MS;
    return this.#coming.length < MANY ? OTHERS_WAIT_MS : MANY_WAIT_MS;
  }

  #until(moment) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#next(), Math.max(0, moment - performance.now()));
  }

  #showWay(call) {
    const way = this.#facts.ways[call.counter_label];
    if (way === undefined) delete at("new-way").dataset.way;
    else at("new-way").dataset.way = way;
    const zone = `zone:${call.zone}`;
    const named = this.#facts.zone === null && zone in this.#facts.names;
    at("new-zone").hidden = !named;
    if (named) this.#tongues.name(at("new-zone"), zone);
  }

  #showOthers() {
    at("new-next").hidden = this.#coming.length === 0;
    at("new-others").replaceChildren(...this.#coming.slice(0, OTHERS_SHOWN).map(oneCall));
  }

  #mark() {
    clearTimeout(this.#marked);
    at("current").classList.add("call--new");
    this.#marked = setTimeout(() => at("current").classList.remove("call--new"), MARKED_MS);
  }
}

// Long numbers are set smaller, so that they fit.
function put(element, text) {
  element.textContent = text;
  element.style.setProperty("--letters", Math.max(4, text.length));
}

function oneCall(call) {
  const item = at("one-call").content.firstElementChild.cloneNode(true);
  if (call.state !== undefined) item.dataset.state = call.state;
  item.dataset.number = call.number;
  item.querySelector(".one-call__number").textContent = call.number;
  item.querySelector(".one-call__label").textContent = call.counter_label;
  return item;
}
