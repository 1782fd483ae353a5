// The hall's display: shows the board that the live channel tells. Which call is the newest, who waits and how long is
// decided by the server; here the small modules that put it on the screen are joined.
import { Calls } from "./calls.js";
import { Clock } from "./clock.js";
import { follow } from "./follow.js";
import { Lines } from "./lines.js";
import { Messages } from "./messages.js";
import { Renewal } from "./renewal.js";
import { Sound } from "./sound.js";
import { Tongues } from "./tongues.js";

const RELOAD_MS = 30_000;
// Messages begin and end by the clock, without an entry: the board is asked for anew this often.
const BOARD_EVERY_MS = 60_000;

const CALLED = new Set(["ticket.called", "ticket.called_out_of_order", "ticket.recalled"]);
const STARTED = "ticket.started";
const MISSED = "ticket.no_show";
const CAME_BACK = "ticket.put_back";
const ENDED = new Set(["ticket.finished", "ticket.transferred", "ticket.parked", "ticket.expired"]);
// After these the board is not what it was.
const NEW_BOARD = new Set(["day.opened", "day.closed", "action.undone", "setup.changed"]);
const NEW_PAGE = "setup.changed";

const at = (id) => document.getElementById(id);
const facts = JSON.parse(at("facts").textContent);
const here = (thing) => facts.zone === null || thing.zone === facts.zone;

const tongues = new Tongues(facts);
const clock = new Clock(at("clock"), at("drift"));
const calls = new Calls({ tongues, facts, now: () => clock.now() });
const lines = new Lines({ tongues, facts });
const messages = new Messages({ tongues, place: at("message") });
const sound = new Sound(facts.chime, at("sound-blocked"));
const renewal = new Renewal(facts, () => calls.quiet);

let boardAt = 0;

const screen = {
  snapshot(board) {
    boardAt = performance.now();
    clock.set(board);
    calls.take(board.calls.filter(here), board.missed.filter(here), board.closed);
    lines.take(board.lines.filter(here));
    messages.take(board.messages);
    lines.lay();
  },
  entry(entry) {
    if (entry.kind === NEW_PAGE) setTimeout(() => renewal.ask(), 500 + Math.random() * 3000);
    if (entry.service !== undefined && entry.waiting !== undefined) lines.waiting(entry.service, entry.waiting);
    if (CALLED.has(entry.kind) && here(entry)) calls.called(entry);
    else if (entry.kind === MISSED && here(entry)) calls.gaveUp(entry);
    else if (entry.kind === CAME_BACK) calls.cameBack(entry.number);
    else if (entry.kind === STARTED) calls.moved(entry.number, "serving");
    else if (ENDED.has(entry.kind)) calls.moved(entry.number, "ended");
    return NEW_BOARD.has(entry.kind) ? "snapshot" : undefined;
  },
  beat(beat) {
    clock.set(beat);
    lines.take(beat.lines.filter(here));
    calls.showMissed();
    return performance.now() - boardAt > BOARD_EVERY_MS ? "snapshot" : undefined;
  },
  stale(isStale) {
    if (isStale && at("stale").hidden) tongues.say(at("stale"), "display.stale", { time: clock.heardAt() });
    at("stale").hidden = !isStale;
    document.body.toggleAttribute("data-stale", isStale);
  },
  connected() {
    renewal.ask();
  },
  refused(code) {
    // A machine that is no longer enrolled is told how to be, by the page itself.
    if (code === "token_missing" || code === "token_unknown") setTimeout(() => location.reload(), RELOAD_MS);
  },
};

tongues.onTurn = () => {
  messages.show();
  lines.lay();
};
messages.onChange = () => lines.lay();
calls.onNew = () => sound.ring();
sound.waiting = () => [...document.querySelectorAll("[data-waiting]")].reduce((sum, line) => sum + Number(line.dataset.waiting), 0);

for (const part of [tongues, clock, lines, messages, sound, renewal]) part.start();
follow(facts.site, screen);
