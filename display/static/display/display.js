// The hall's display: shows the board that the live channel tells. Which call is the newest, who waits and how long is
// decided by the server; here it is only put on the screen, of one zone if the page is for one.
import { follow } from "./follow.js";
import { direction, Words } from "../web/words.js";

const EARLIER_CALLS = 6;
const FLASH_MS = 6000;
// More lines than can be read from afar are shown in turn.
const LINES_AT_ONCE = 6;
const TURN_MS = 8000;
const RELOAD_MS = 30000;

const CALLED = new Set(["ticket.called", "ticket.called_out_of_order", "ticket.recalled"]);
const STARTED = "ticket.started";
const ENDED = new Set(["ticket.finished", "ticket.no_show", "ticket.transferred", "ticket.parked", "ticket.expired"]);
// After these the board is not what it was: it is asked for anew, or the page with its names is.
const NEW_BOARD = new Set(["day.opened", "action.undone"]);
const NEW_PAGE = "setup.changed";

const facts = JSON.parse(document.getElementById("facts").textContent);
const languages = facts.words.map((catalogue) => new Words(catalogue));
const at = (id) => document.getElementById(id);

let calls = [];
let clockAhead = 0;
let offset = 0;
let updatedAt = null;
let flashing;

const here = (thing) => facts.zone === null || thing.zone === facts.zone;

// The message in each language of the page, one beside the other.
function say(element, key, params = {}) {
  const pair = document.createElement("span");
  pair.className = "pair";
  for (const words of languages) {
    const span = document.createElement("span");
    span.lang = words.lang;
    span.dir = direction(words.lang);
    span.append(...words.nodes(key, params));
    pair.append(span);
  }
  element.replaceChildren(pair);
}

function timeText(ms) {
  return new Date(ms + offset * 1000).toISOString().slice(11, 16);
}

function setClock({ at: text, utc_offset_s }) {
  updatedAt = Date.parse(text);
  clockAhead = updatedAt - Date.now();
  offset = utc_offset_s;
  showClock();
}

function showClock() {
  if (updatedAt !== null) at("clock").textContent = timeText(Date.now() + clockAhead);
}

function showCalls() {
  const [current, ...earlier] = calls;
  at("now").hidden = current === undefined;
  at("nobody").hidden = current !== undefined;
  if (current === undefined) {
    say(at("nobody"), "display.no_calls_yet");
  } else {
    at("number").textContent = current.number;
    at("counter").textContent = current.counter_label;
    at("current").dataset.state = current.state;
  }
  at("calls").replaceChildren(...earlier.slice(0, EARLIER_CALLS).map(earlierCall));
}

function earlierCall(call) {
  const item = at("earlier-call").content.firstElementChild.cloneNode(true);
  item.dataset.state = call.state;
  item.querySelector(".earlier__number").textContent = call.number;
  item.querySelector(".earlier__label").textContent = call.counter_label;
  return item;
}

function lineOf(service) {
  return document.querySelector(`[data-service="${CSS.escape(service)}"]`);
}

function showWaiting(service, waiting) {
  const line = lineOf(service);
  if (line === null) return;
  line.dataset.waiting = waiting;
  say(line.querySelector('[data-role="waiting"]'), "display.waiting", { count: waiting });
}

function showLines(lines) {
  for (const { service, waiting, estimate, estimate_why: why } of lines.filter(here)) {
    const line = lineOf(service);
    if (line === null) continue;
    showWaiting(service, waiting);
    const range = line.querySelector('[data-role="wait-range"]');
    range.classList.toggle("line__range--none", estimate === null);
    if (estimate === null) say(range, `estimate.${why}`);
    else say(range, ...languages[0].waitRange(Math.floor(estimate.low_s / 60), Math.ceil(estimate.high_s / 60)));
  }
}

function flash() {
  clearTimeout(flashing);
  const current = at("current");
  current.classList.remove("call--new");
  void current.offsetWidth; // starts the animation anew
  current.classList.add("call--new");
  flashing = setTimeout(() => current.classList.remove("call--new"), FLASH_MS);
}

function called(entry) {
  const older = calls.filter((call) => call.number !== entry.number);
  calls = [{ ...entry, state: "called" }, ...older];
  showCalls();
  flash();
}

function moved(number, state) {
  calls = calls.map((call) => (call.number === number ? { ...call, state } : call));
  showCalls();
}

const screen = {
  snapshot(board) {
    setClock(board);
    const before = calls[0]?.seq;
    const wasShowing = before !== undefined;
    calls = board.calls.filter(here);
    showCalls();
    showLines(board.lines);
    if (wasShowing && calls[0] !== undefined && calls[0].seq > before) flash();
  },
  entry(entry) {
    if (entry.kind === NEW_PAGE) setTimeout(() => location.reload(), 1000 + Math.random() * 5000);
    if (entry.service !== undefined && entry.waiting !== undefined) showWaiting(entry.service, entry.waiting);
    if (CALLED.has(entry.kind) && here(entry)) called(entry);
    else if (entry.kind === STARTED) moved(entry.number, "serving");
    else if (ENDED.has(entry.kind)) moved(entry.number, "ended");
    return NEW_BOARD.has(entry.kind) ? "snapshot" : undefined;
  },
  beat(beat) {
    setClock(beat);
    showLines(beat.lines);
  },
  stale(isStale) {
    if (isStale && at("stale").hidden) say(at("stale"), "display.stale", { time: updatedAt === null ? "--:--" : timeText(updatedAt) });
    at("stale").hidden = !isStale;
  },
  refused(code) {
    // A machine that is no longer enrolled is told how to be, by the page itself.
    if (code === "token_missing" || code === "token_unknown") setTimeout(() => location.reload(), RELOAD_MS);
  },
};

function showLinesInTurn() {
  const lines = [...document.querySelectorAll("[data-service]")];
  const turns = Math.ceil(lines.length / LINES_AT_ONCE);
  const most = Math.ceil(lines.length / turns);
  let turn = 0;
  const show = () => {
    lines.forEach((line, place) => (line.hidden = Math.floor(place / most) !== turn));
    turn = (turn + 1) % turns;
  };
  if (turns <= 1) return;
  show();
  setInterval(show, TURN_MS);
}

setInterval(showClock, 1000);
showLinesInTurn();
follow(facts.site, screen);
