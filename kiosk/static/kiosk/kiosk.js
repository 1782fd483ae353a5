// The kiosk's page: puts the small modules together. Where a person stands is one value; each module does one thing with it.

import { Attempts } from "./attempts.js";
import { moveFocus } from "./arrows.js";
import { Checklist } from "./checklist.js";
import { Documents } from "./documents.js";
import { Idle } from "./idle.js";
import { HallState } from "./hall_state.js";
import { Listening } from "./listening.js";
import { Paper } from "./paper.js";
import { Steps } from "./steps.js";
import { TicketStep } from "./ticket_step.js";
import { Words } from "../web/words.js";

const site = document.body.dataset.site;
const documents = new Documents(site);
const steps = new Steps();
const hallState = new HallState(site, () => document.documentElement.lang);
const ticketStep = new TicketStep();
const paper = new Paper(site, ticketStep);
const checklist = new Checklist(site, documents);
const listening = new Listening(site, { silent });
const attempts = new Attempts({ site, documents, answered, refused, unreachable });
const idle = new Idle({ still: () => untouched() || listening.on, away: startOver });

// What a person can set for the screen, and how; forgotten with the person.
const SETTINGS = { text: "large", contrast: "high", reach: "low" };

function untouched() {
  const set = document.documentElement.dataset;
  return steps.at("start") && Object.keys(SETTINGS).every((name) => !(name in set));
}

function show() {
  listening.stop();
  document.body.removeAttribute("aria-busy");
  document.querySelector('[data-role="notice"]').hidden = true;
  steps.show();
  hallState.show();
  ticketStep.show();
  listening.offer();
  unreachable(attempts.failed);
  for (const button of document.querySelectorAll("[data-toggle]")) {
    button.setAttribute("aria-pressed", String(button.dataset.toggle in document.documentElement.dataset));
  }
}

async function speak(lang) {
  if (lang === document.documentElement.lang) return;
  if (await documents.put(lang)) {
    show();
    hallState.fetch();
    if (steps.at("checklist")) checklist.open(steps.service);
  } else {
    unreachable(true);
  }
}

// What the last person saw goes at once; then the page of the kiosk's own language takes its place.
async function startOver() {
  attempts.forget();
  paper.forget();
  ticketStep.forget();
  checklist.forget();
  steps.forget();
  for (const name of Object.keys(SETTINGS)) delete document.documentElement.dataset[name];
  show();
  if (await documents.put(documents.home)) show();
}

function draw(klass, appointment) {
  if (document.body.hasAttribute("aria-busy")) return;
  document.body.setAttribute("aria-busy", "true");
  attempts.draw({ service: steps.service, language: document.documentElement.lang, class: klass, appointment });
}

function answered(ticket) {
  ticketStep.ticket = ticket;
  steps.go("ticket", ticket.service);
  show();
  paper.follow(ticket.id);
}

// The machine may go slower for a moment: that says nothing about the service.
function refused(refusal) {
  if (refusal.code !== "too_fast") hallState.refuse(steps.service, refusal);
  steps.go("card", steps.service);
  show();
  if (refusal.code === "too_fast") hallState.explain(document.querySelector('[data-role="notice"]'), refusal);
}

// Somebody wanted to listen and nothing could be played; everything else goes on as before.
function silent() {
  const notice = document.querySelector('[data-role="notice"]');
  notice.hidden = false;
  Words.of().show(notice, "kiosk.no_sound");
}

function unreachable(lost) {
  const banner = document.querySelector('[data-role="unreachable"]');
  const words = Words.of();
  words.show(banner.querySelector("[data-unreachable-text]"), attempts.pending ? "kiosk.unreachable" : "error.server_unreachable");
  banner.querySelector("[data-retry]").hidden = !attempts.pending;
  banner.hidden = !lost;
}

// A new version is taken over where nobody is disturbed, and asked for once: it may take a while to be everywhere.
function renew(version) {
  if (sessionStorage.getItem("renewed-for") === version) return;
  sessionStorage.setItem("renewed-for", version);
  location.reload();
}

function toggle(name) {
  const set = document.documentElement.dataset;
  if (name in set) delete set[name];
  else set[name] = SETTINGS[name];
  show();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (button === null) return;
  const { language, go, ref, draw: klass, appointment, toggle: toggled } = button.dataset;
  if (language !== undefined) await speak(language);
  if (go !== undefined) {
    steps.go(go, ref);
    show();
    if (go === "checklist") checklist.open(ref);
  } else if (klass !== undefined) draw(klass, appointment);
  else if (toggled !== undefined) toggle(toggled);
  else if ("back" in button.dataset) back();
  else if ("again" in button.dataset) startOver();
  else if ("listen" in button.dataset) listen();
  else if ("printList" in button.dataset) checklist.print();
  else if ("retry" in button.dataset) attempts.retry();
});

function listen() {
  document.querySelector('[data-role="notice"]').hidden = true;
  if (!listening.stop()) listening.start();
}

function back() {
  attempts.stop();
  steps.back();
  show();
}

// Whoever touches anything has heard enough; the button itself does so when the touch ends.
document.addEventListener(
  "pointerdown",
  (event) => {
    if (event.target.closest("[data-listen]") === null) listening.stop();
  },
  { capture: true, passive: true },
);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (listening.stop()) return;
    if (steps.at("ticket")) startOver();
    else back();
  } else if (moveFocus(event.key)) event.preventDefault();
});

hallState.onReach = (reached) => {
  if (!attempts.pending) unreachable(!reached);
};
hallState.onVersion = (version) => {
  if (version !== documents.version && untouched() && !listening.on) renew(version);
};
hallState.onVoices = (voices) => listening.offer(voices);
documents.fetchOthers();
hallState.start();
idle.start();
show();
