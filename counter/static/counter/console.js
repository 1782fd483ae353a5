// The counter console: shows the server's picture of the counter and sends keys. It holds no rule of the queue; it only
// guards against a finger that falls twice.
import { Words } from "../web/words.js";
import { Asking } from "./asking.js";
import { Choose } from "./choose.js";
import { setServerTime } from "./clocks.js";
import { follow } from "./follow.js";
import { digitOf, verbOf } from "./keys.js";
import { Helps } from "./helps.js";
import { ask, byId, write } from "./page.js";
import { Sender } from "./sender.js";
import { meant, nameOf, requestOf } from "./verbs.js";
import { Work } from "./work.js";

// So long after somebody appeared at the counter, a key that would end the turn asks first.
const GUARDED_MS = 1500;
const BETWEEN_LOOKS_MS = 300;
const SLOW_MS = 1000;
const PASSING_MS = 6000;
const PATIENCE_MS = 8000;
const LOOK_WITHOUT_LIVE_MS = 4000;

const data = byId("console");
const site = data.dataset.site;
const words = Words.of();
const main = document.querySelector(".console");
const windows = new BroadcastChannel(`idarati-${site}`);

// Null until the server was asked for the first time: the page itself is the same every day, and kept.
let state = null;
let live = true;
let looking = null;
let again = false;
let leaving = false;
let guardedUntil = 0;
let underWay = null;
let nextKey = null;
let waitingFor = null;
let closing = false;
let helpless = false;
let passing = 0;
let later = 0;
let lastLook = 0;

const sender = new Sender({ csrf: data.dataset.csrf, agent: data.dataset.agent, onProgress });
const work = new Work({ words });
const choose = new Choose({
  words,
  site,
  onChoose: (counter) => send({ name: "open", path: `/api/v1/counters/${counter}/shifts`, body: {} }),
  onTakeOver: takeOver,
});

const helps = new Helps({ words });
const asking = new Asking({ words, site, fetched });
const ENDING = new Set(["call", "out_of_order", "finish", "outcome", "no_show", "transfer", "put_back", "undo"]);
// These end the turn of whoever has just appeared: a finger that falls twice is asked first.
const GUARDED = new Set(["call", "finish"]);

async function press(verb, counter) {
  if (verb === "help") return void byId("help").showModal();
  if (state === null) return;
  if (underWay !== null) return pressedMeanwhile(verb);
  if (verb === "leave") return leave();
  const seen = state;
  if (!seen.may[verb] || (verb === "undo" && byId("undo").hidden)) return;
  if (GUARDED.has(verb) && isGuarded() && !(await confirmed())) return;
  let chosen = asking.first(verb, seen, counter);
  if (chosen instanceof Promise) chosen = await chosen;
  if (chosen === null) return;
  // What was seen when the key was pressed is what it is about, whatever happened while somebody chose.
  const request = requestOf(verb, seen, chosen);
  if (request) await send(request);
}

// What a list is made of; where there is no answer, a word says so.
async function fetched(path) {
  const response = await answerOf(path);
  if (response?.ok) return response.body;
  showProblem(words.plain(response === null ? "error.server_unreachable" : "common.error"));
  return null;
}

// While one key is on its way: the same again is a finger that fell twice, another one takes its turn after it, unless
// the server is away, when nobody can know what it would mean by then.
function pressedMeanwhile(verb) {
  if (verb === underWay) return;
  if (waitingFor === null) nextKey = verb;
  else showProblem(words.plain("counter.key_waits"), "attention");
}

function isGuarded() {
  return state.present?.state === "called" && state.present.calls === 1 && performance.now() < guardedUntil;
}

async function confirmed() {
  words.show(byId("confirm-text"), "counter.confirm_finish", { number: state.present.number });
  return (await ask(byId("confirm"))) === "yes";
}

async function send(request) {
  await through(request, () => sender.send(request));
}

async function through(request, sending) {
  showProblem(null);
  underWay = request.name;
  await heed(request, await sending());
  underWay = null;
  const verb = nextKey;
  nextKey = null;
  if (verb && !leaving) press(verb);
}

// What an answer means for the page. Its essence is shown at once, the whole picture follows.
async function heed(request, answer) {
  if (answer?.status === 401 || answer?.body?.code === "csrf") return location.reload();
  if (request.name === "leave" && answer?.ok) return gone(answer.address);
  closing = request.name === "close";
  helpless = request.name === "end_help";
  if (answer === null) showProblem(null);
  else if (answer.status === 204 && request.name === "call") showProblem(words.plain("error.nobody_waiting"), "attention");
  else if (!answer.ok) showProblem(problemText(answer.body));
  else if (request.name === "call" || request.name === "out_of_order") showCalled(answer.body.ticket);
  await look();
  closing = false;
  helpless = false;
  if (ENDING.has(request.name)) lookAtOwnDay();
}

// The number just called stands there without another question to the server, in as much as the line told it before.
function showCalled(ticket) {
  const place = state.next.find((one) => one.ticket === ticket.id);
  if (!place) return;
  byId("number").removeAttribute("data-nobody");
  document.querySelector(".present").classList.remove("present--nobody");
  write(byId("number"), ticket.number);
  write(byId("service"), place.service);
  byId("service").hidden = false;
  for (const id of ["tags", "facts", "timer"]) byId(id).hidden = true;
}

async function takeOver({ id, label, agent }) {
  words.show(byId("taking-text"), "counter.take_over_how", { name: agent, counter: label });
  if ((await ask(byId("taking"))) === "yes") await send({ name: "open", path: `/api/v1/counters/${id}/takeovers`, body: {} });
}

async function leave() {
  if ((await ask(byId("leaving"))) === "yes") await send({ name: "leave", path: `/counter/${site}/leave` });
}

function gone(address) {
  leaving = true;
  windows.postMessage("left");
  location.replace(address);
}

function problemText(problem) {
  if (!problem?.title) return words.plain("common.error");
  return problem.hint ? `${problem.title} ${problem.hint}` : problem.title;
}

// One question to the server at a time; what is asked meanwhile is asked once more afterwards.
async function look() {
  if (looking) {
    again = true;
    return looking;
  }
  looking = fetchState();
  await looking;
  looking = null;
  if (again) {
    again = false;
    await look();
  }
}

// An entry that the picture shows already, mostly that of the agent's own key, is no reason to ask again.
function lookSoon(seq) {
  clearTimeout(later);
  later = setTimeout(() => seq !== state?.seq && look(), Math.max(0, lastLook + BETWEEN_LOOKS_MS - performance.now()));
}

async function fetchState() {
  const began = performance.now();
  lastLook = began;
  const response = await answerOf(`/counter/${site}/state`);
  if (leaving) return;
  if (response?.status === 401 || response?.status === 403) return location.reload();
  if (!response?.ok) return showLink("lost");
  if (response.body.agent !== data.dataset.agent) return location.reload();
  showLink(!live || performance.now() - began > SLOW_MS ? "slow" : "good");
  take(response.body);
}

// Null where there was none.
async function answerOf(path) {
  try {
    const response = await fetch(path, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS) });
    return { ok: response.ok, status: response.status, body: response.ok ? await response.json() : null };
  } catch {
    return null;
  }
}

async function lookAtOwnDay() {
  const response = await answerOf(`/counter/${site}/own-day`);
  if (response?.ok) work.showOwnDay(response.body);
}

// A new picture in place of the old one; what happened between them may need a word.
function take(next) {
  const before = state;
  state = next;
  setServerTime(state.at);
  if (before === null) return begin();
  const closedByOthers = before.counter !== null && state.counter === null && !closing;
  if (closedByOthers) showProblem(words.plain("counter.closed_meanwhile", { counter: before.label }));
  if (state.present && state.present.ticket !== before.present?.ticket) guard();
  if (before.may.end_help && !state.may.end_help && state.counter !== null && !helpless) {
    showProblem(words.plain("counter.help_coming"), "attention");
  }
  show();
}

// The first picture is there: from now on keys count, and one that was on its way when the page went is sent again.
function begin() {
  show();
  main.dataset.ready = "";
  lookAtOwnDay();
  const left = sender.left();
  if (left) through(left, () => sender.resend(left));
}

function guard() {
  guardedUntil = performance.now() + GUARDED_MS;
  main.dataset.guarded = "";
  setTimeout(() => {
    if (performance.now() >= guardedUntil) delete main.dataset.guarded;
  }, GUARDED_MS + 10);
}

function show() {
  const at = state.counter !== null;
  byId("choose").hidden = at;
  byId("work").hidden = !at;
  byId("where").hidden = !at;
  helps.show(state.helps);
  if (at) {
    words.show(byId("where"), "counter.title", { counter: state.label });
    work.show(state);
  } else choose.show(state.counters);
  showTitle();
}

// How many wait, for an agent whose other window lies above this one.
function showTitle() {
  const where = state.counter === null ? words.plain("counter.choose") : words.plain("counter.title", { counter: state.label });
  document.title = state.waiting > 0 ? `(${state.waiting}) ${where}` : where;
}

// What was refused stays until the next key; a word on what isn't wrong goes by itself.
function showProblem(text, kind = "alarm") {
  clearTimeout(passing);
  const problem = byId("problem");
  problem.hidden = text === null;
  problem.className = `banner banner--${kind}`;
  problem.textContent = text ?? "";
  if (kind === "attention") passing = setTimeout(() => showProblem(null), PASSING_MS);
}

function showLink(link) {
  if (byId("link").dataset.link === link) return;
  byId("link").dataset.link = link;
  words.show(byId("link").firstElementChild, `counter.link_${link}`);
  showConnection();
}

function onProgress(stage, name) {
  main.toggleAttribute("data-busy", stage !== "done");
  document.querySelector(`.keys [data-verb="${CSS.escape(name)}"]`)?.classList.toggle("key--sending", stage !== "done");
  waitingFor = stage === "slow" || stage === "away" ? { stage, name } : null;
  if (stage === "slow") showLink("slow");
  if (stage === "away") {
    nextKey = null;
    showLink("lost");
  }
  showConnection();
}

function showConnection() {
  const lost = byId("link").dataset.link === "lost";
  byId("give-up").hidden = waitingFor?.stage !== "away";
  byId("connection").hidden = waitingFor === null && !lost;
  const text = byId("connection-text");
  if (waitingFor?.stage === "away") words.show(text, "counter.key_kept", { name: words.plain(nameOf(waitingFor.name)) });
  else if (waitingFor) words.show(text, "counter.sending");
  else if (lost) words.show(text, "error.server_unreachable");
}

document.addEventListener("click", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
  const button = event.target.closest("[data-verb]");
  if (button) press(button.dataset.verb, button.dataset.counter);
});

byId("give-up").addEventListener("click", () => sender.giveUp());

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return keyInDialog(event);
  if (event.target.matches("input, select, textarea")) return;
  if (state === null) return;
  if (event.key === "Escape") return waitingFor ? sender.giveUp() : showProblem(null);
  if (state.counter === null && !event.ctrlKey && !event.altKey && !event.metaKey && choose.type(event)) return event.preventDefault();
  const verb = verbOf(event);
  if (!verb) return;
  event.preventDefault();
  press(meant(verb, state));
});

function keyInDialog(event) {
  const digit = byId("reasons").open ? digitOf(event) : null;
  const chosen = digit && byId("reasons").querySelectorAll("button")[Number(digit) - 1];
  if (chosen?.value) chosen.click();
  else if (byId("help").open && verbOf(event) === "help") {
    event.preventDefault();
    byId("help").close();
  }
}

windows.addEventListener("message", () => location.replace(`/login?next=/counter/${site}`));
// A page that the browser kept from before a change of agent is nobody's.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
setInterval(() => (!live || state === null) && look(), LOOK_WITHOUT_LIVE_MS);

follow(site, {
  onEntry: lookSoon,
  onConnection: (connected) => {
    if (live === connected) return;
    live = connected;
    look();
  },
});
look();
