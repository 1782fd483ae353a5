// Shows the picture of an open counter: the person, the keys, the colleagues, and the clocks that run on between two pictures.
import { apart, byId, element, write } from "./page.js";
import { minutesAndSeconds, secondsSince } from "./clocks.js";
import { Line } from "./line.js";
import { Undo } from "./undo.js";

// On the key that brings somebody back stand so many of their numbers.
const NUMBERS_SHOWN = 3;

export class Work {
  #words;
  #state = null;
  #line;
  #undo;

  constructor({ words }) {
    this.#words = words;
    this.#line = new Line({ words });
    this.#undo = new Undo({ words });
    setInterval(() => this.tick(), 1000);
  }

  show(state) {
    this.#state = state;
    this.#showPresent(state.present);
    this.#showKeys(state);
    this.#line.show(state);
    this.#undo.show(state.undo);
    this.#showOthers(state.counters);
    this.tick();
  }

  showOwnDay(own) {
    write(byId("own-served"), String(own.served));
    write(byId("own-no-shows"), String(own.no_shows));
    write(byId("own-median"), own.median_s === null ? "–" : minutesAndSeconds(own.median_s));
    for (const one of ["out_of_order", "undone", "put_backs"]) this.#showOwn(byId(`own-${one.replaceAll("_", "-")}`), own[one]);
  }

  // What mostly doesn't happen takes no room until it does.
  #showOwn(place, count) {
    place.parentElement.hidden = count === 0;
    write(place, String(count));
  }

  // What changes by the second alone.
  tick() {
    const state = this.#state;
    if (!state?.counter) return;
    byId("paused").hidden = state.paused === null;
    if (state.paused) {
      const reason = this.#words.plain(`pause.${state.paused.reason}`);
      const time = minutesAndSeconds(secondsSince(state.paused.since_at));
      byId("paused").replaceChildren(
        element("span", "", this.#words.nodes("counter.paused_since", { time: state.paused.since, reason })),
        element("b", "banner__time", apart(time)),
      );
    }
    this.#tickPresent(state.present);
    this.#tickNoShow(state);
  }

  #showPresent(present) {
    document.querySelector(".present").classList.toggle("present--nobody", !present);
    write(byId("announce"), present ? `${present.number}, ${present.service}, ${present.language_name}` : "");
    if (present) write(byId("number"), present.number);
    else if (byId("number").dataset.nobody === undefined) this.#words.show(byId("number"), "counter.nobody_here");
    byId("number").toggleAttribute("data-nobody", !present);
    write(byId("service"), present ? present.service : "");
    byId("service").hidden = !present;
    byId("tags").hidden = !present;
    byId("facts").hidden = !present;
    if (!present) return;
    const tags = [this.#languageTag(present)];
    const priority = present.class === "priority";
    const declared = priority ? "counter.priority_declared" : `class.${present.class}`;
    tags.push(element("span", priority ? "tag tag--attention" : "tag", this.#words.nodes(declared)));
    tags.push(element("span", "tag", this.#words.nodes("counter.waited", { minutes: present.waited_min })));
    byId("tags").replaceChildren(...tags);
    const facts = [
      this.#words.nodes("counter.joined_at", { time: present.joined }),
      this.#words.nodes("counter.called_at", { time: present.called }),
      this.#words.nodes("counter.calls_made", { count: present.calls }),
    ];
    if (present.started) facts.push(this.#words.nodes("counter.started_at", { time: present.started }));
    byId("facts").replaceChildren(...facts.map((nodes) => element("span", "", nodes)));
  }

  #languageTag(present) {
    const tag = element("span", "tag tag--language", present.language_name);
    tag.lang = present.language;
    tag.dir = "auto";
    return tag;
  }

  #tickPresent(present) {
    byId("timer").hidden = !present;
    if (!present) return;
    const elapsed = secondsSince(present.called_at);
    write(byId("elapsed"), minutesAndSeconds(elapsed));
    const usual = present.usual_s;
    const past = usual !== null && elapsed > usual;
    byId("timer").classList.toggle("timer--past", past);
    byId("share").hidden = !usual;
    if (usual) byId("share").value = Math.min(1, elapsed / usual);
    byId("usual").hidden = usual === null;
    if (usual === null) return;
    const said = this.#words.plain("counter.usual", { minutes: Math.max(1, Math.round(usual / 60)) });
    write(byId("usual"), past ? `${said} · ${this.#words.plain("counter.past_usual")}` : said);
  }

  #showKeys({ may, paused, present, parked, missed }) {
    for (const button of document.querySelectorAll(".keys [data-verb]")) {
      const { verb } = button.dataset;
      button.disabled = !may[verb];
      if (verb === "resume") button.hidden = paused === null;
      if (verb === "pause") button.hidden = paused !== null;
    }
    const label = present ? "counter.finish_and_call" : "counter.call_next";
    const shown = document.querySelector('[data-label="call"]');
    if (shown.dataset.key !== label) this.#words.show(shown, label);
    shown.dataset.key = label;
    this.#note("take_up", numbersOf(parked));
    this.#note("put_back", numbersOf(missed));
    const long = parked.some((one) => one.long);
    document.querySelector('.keys [data-verb="take_up"]').classList.toggle("key--attention", long);
  }

  #note(verb, text) {
    const note = document.querySelector(`[data-note="${verb}"]`);
    note.hidden = text === "";
    write(note, text);
  }

  // A no-show asks for calls and time; the key says how much of them is lacking.
  #tickNoShow({ present, may, at }) {
    const lacking = present?.no_show;
    const seconds = lacking ? lacking.seconds_lacking - secondsSince(at) : 0;
    let said = "";
    const count = lacking?.calls_lacking;
    if (may.no_show && count > 0) said = this.#words.plain("counter.calls_lacking", { count });
    else if (may.no_show && seconds > 0) said = this.#words.plain("counter.possible_in", { time: minutesAndSeconds(seconds) });
    this.#note("no_show", said);
  }

  #showOthers(counters) {
    const others = counters.filter((counter) => !counter.mine);
    const there = others.filter((counter) => counter.state !== "closed");
    byId("others").replaceChildren(...there.map((counter) => this.#other(counter)));
    const closed = others.filter((counter) => counter.state === "closed");
    byId("closed").hidden = closed.length === 0;
    if (closed.length > 0) {
      const labels = element("bdi", "", closed.map((counter) => counter.label).join(", "));
      byId("closed").replaceChildren(...this.#words.nodes("counter.closed_ones"), "\u00a0: ", labels);
    }
  }

  #other(counter) {
    const present = counter.number ? [apart(counter.number)] : ["–"];
    const state = counter.paused ? this.#words.nodes(`pause.${counter.paused.reason}`) : present;
    const name = element("span", "other__name", counter.agent);
    name.dir = "auto";
    return element(
      "li",
      `other other--${counter.state}`,
      element("b", "other__label", apart(counter.label)),
      name,
      element("span", "other__state", state),
    );
  }
}

function numbersOf(people) {
  const numbers = people.slice(0, NUMBERS_SHOWN).map(({ number }) => number);
  return people.length > NUMBERS_SHOWN ? `${numbers.join(" ")} …` : numbers.join(" ");
}
