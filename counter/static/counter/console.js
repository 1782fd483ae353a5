// The counter console: shows the server's picture of the counter and sends keys. It holds no rule of the queue.
import { Words } from "/static/web/words.js";
import { follow } from "./follow.js";
import { Sender } from "./sender.js";

const byId = (id) => document.getElementById(id);
const data = byId("console");
const site = data.dataset.site;
const words = Words.of();
const sender = new Sender({ csrf: data.dataset.csrf, onTrouble: showTrouble });
const main = document.querySelector(".console");
const reasons = byId("reasons");

let state = JSON.parse(data.textContent);
let fetching = null;
let again = false;

// What each key does. `path` is null where the verb has nothing to act on.
const VERBS = {
  call: () => ({
    path: `/api/v1/counters/${state.counter}/calls`,
    body: state.present ? { ending: "finished" } : {},
  }),
  recall: () => move("recalls"),
  start: () => move("starts"),
  finish: () => move("finishes"),
  no_show: () => move("no-shows"),
  pause: (reason) => ({ path: `/api/v1/counters/${state.counter}/pauses`, body: { reason } }),
  resume: () => ({ path: `/api/v1/counters/${state.counter}/pauses/current`, method: "DELETE" }),
  close: () => ({ path: `/api/v1/counters/${state.counter}/shifts/current`, method: "DELETE" }),
};
const KEYS = { n: "call", r: "recall", s: "start", f: "finish", a: "no_show", p: "pause", c: "close" };
// On an Arabic or French keyboard the place of the key counts, not the letter it types.
const CODES = { KeyN: "n", KeyR: "r", KeyS: "s", KeyF: "f", KeyA: "a", KeyP: "p", KeyC: "c" };

function move(name) {
  return state.present && { path: `/api/v1/tickets/${state.present.ticket}/${name}`, body: {} };
}

async function press(verb) {
  if (sender.busy || !state.may[verb]) return;
  const reason = verb === "pause" ? await askReason() : undefined;
  if (verb === "pause" && !reason) return;
  await send(VERBS[verb](reason));
}

async function send(request) {
  if (!request) return;
  showProblem(null);
  main.dataset.busy = "";
  const answer = await sender.send(request);
  delete main.dataset.busy;
  if (answer.status === 204) showProblem(words.plain("error.nobody_waiting"));
  else if (!answer.ok) showProblem(problemText(answer.body));
  await refresh();
}

function problemText(problem) {
  if (!problem?.title) return words.plain("common.error");
  return problem.hint ? `${problem.title} ${problem.hint}` : problem.title;
}

async function refresh() {
  if (fetching) {
    again = true;
    return fetching;
  }
  fetching = fetchState();
  await fetching;
  fetching = null;
  if (again) {
    again = false;
    await refresh();
  }
}

async function fetchState() {
  try {
    const response = await fetch(`/counter/${site}/state`, { headers: { Accept: "application/json" } });
    if (response.status === 401) location.reload();
    if (response.ok) {
      state = await response.json();
      show();
    }
  } catch {
    showTrouble(true);
  }
}

function askReason() {
  return new Promise((resolve) => {
    reasons.returnValue = "";
    reasons.addEventListener("close", () => resolve(reasons.returnValue), { once: true });
    reasons.showModal();
  });
}

function show() {
  byId("choose").hidden = state.counter !== null;
  byId("work").hidden = state.counter === null;
  if (state.counter === null) showCounters();
  else showWork();
}

function showCounters() {
  const rows = state.counters.map((counter) => {
    const button = document.createElement("button");
    button.className = "button button--touch";
    button.dataset.counter = counter.id;
    button.disabled = counter.taken;
    button.append(...words.nodes("counter.title", { counter: counter.label }));
    if (counter.taken) button.append(" · ", ...words.nodes("counter.taken"));
    button.addEventListener("click", () => send({ path: `/api/v1/counters/${counter.id}/shifts`, body: {} }));
    const item = document.createElement("li");
    item.append(button);
    return item;
  });
  byId("counters").replaceChildren(...rows);
}

function showWork() {
  const present = state.present;
  words.show(byId("where"), "counter.title", { counter: state.label });
  byId("paused").hidden = state.paused === null;
  if (state.paused) {
    const reason = words.plain(`pause.${state.paused.reason}`);
    words.show(byId("paused"), "counter.paused_since", { time: clock(state.paused.since), reason });
  }
  if (present) byId("number").textContent = present.number;
  else words.show(byId("number"), "counter.nobody_here");
  byId("number").classList.toggle("quiet", !present);
  byId("service").textContent = present ? present.service : "";
  showFacts(present);
  for (const button of document.querySelectorAll("[data-verb]")) {
    button.disabled = !state.may[button.dataset.verb];
    if (button.dataset.verb === "resume") button.hidden = state.paused === null;
    if (button.dataset.verb === "pause") button.hidden = state.paused !== null;
  }
  showLine();
}

function showFacts(present) {
  const facts = [];
  if (present) {
    facts.push(words.nodes(`class.${present.class}`));
    facts.push(words.nodes("counter.waited", { minutes: present.waited_min }));
    facts.push(words.nodes("counter.called_at", { time: clock(present.called_at) }));
    facts.push(words.nodes("counter.calls_made", { count: present.calls }));
    if (present.started_at) facts.push(words.nodes("counter.started_at", { time: clock(present.started_at) }));
  }
  byId("facts").replaceChildren(...facts.map((nodes) => element("span", nodes)));
}

function showLine() {
  const places = state.next.map((place) => {
    const item = element("li", [
      element("b", [place.number]),
      element("span", [place.service, place.class === "ordinary" ? "" : ` · ${words.plain(`class.${place.class}`)}`]),
      element("span", words.nodes("counter.waited", { minutes: place.waited_min })),
    ]);
    item.classList.toggle("first", place.first);
    return item;
  });
  byId("next").replaceChildren(...places);
  const lines = state.lines.map((line) => {
    const nodes = [`${line.service}: `, ...words.nodes("display.waiting", { count: line.waiting })];
    if (line.longest_min !== null) nodes.push(" · ", ...words.nodes("counter.longest_wait", { minutes: line.longest_min }));
    if (line.helps) nodes.push(" · ", ...words.nodes("counter.helps"));
    return element("li", nodes);
  });
  byId("lines").replaceChildren(...lines);
}

function element(name, children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

function clock(instant) {
  return new Date(instant).toLocaleTimeString("fr", { hour: "2-digit", minute: "2-digit", hour12: false });
}

function showProblem(text) {
  byId("problem").hidden = text === null;
  byId("problem").textContent = text ?? "";
}

function showTrouble(troubled) {
  byId("connection").hidden = !troubled;
  if (troubled) words.show(byId("connection"), "error.server_unreachable");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-verb]");
  if (button) press(button.dataset.verb);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (reasons.open) {
    const chosen = reasons.querySelectorAll("button")[Number(event.key) - 1];
    if (chosen?.value) chosen.click();
    return;
  }
  const verb = KEYS[CODES[event.code] ?? event.key.toLowerCase()];
  if (!verb || event.target.matches("input, select, textarea")) return;
  event.preventDefault();
  press(verb === "pause" && state.paused ? "resume" : verb);
});

follow(site, { onEntry: refresh, onConnection: (connected) => showTrouble(!connected) });
show();
