// Shows the picture of an open counter: the person, the keys, the line, the colleagues, and the clocks that run on
// between two pictures.
import { apart, byId, element, write } from "./page.js";
import { minutesAndSeconds, secondsSince } from "./clocks.js";

export class Work {
  #words;
  #state = null;
  #own = null;

  constructor({ words }) {
    this.#words = words;
    setInterval(() => this.tick(), 1000);
  }

  show(state) {
    this.#state = state;
    this.#showPresent(state.present);
    this.#showKeys(state);
    this.#showPlaces(state);
    this.#showLines(state);
    this.#showOthers(state.counters);
    this.tick();
  }

  showOwnDay(own) {
    this.#own = own;
    write(byId("own-served"), String(own.served));
    write(byId("own-no-shows"), String(own.no_shows));
    write(byId("own-median"), own.median_s === null ? "–" : minutesAndSeconds(own.median_s));
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

  #showKeys({ may, paused, present }) {
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
  }

  // A no-show asks for calls and time; the key says how much of them is lacking.
  #tickNoShow({ present, may, at }) {
    const note = document.querySelector('[data-note="no_show"]');
    const lacking = present?.no_show;
    const seconds = lacking ? lacking.seconds_lacking - secondsSince(at) : 0;
    let said = "";
    const count = lacking?.calls_lacking;
    if (may.no_show && count > 0) said = this.#words.plain("counter.calls_lacking", { count });
    else if (may.no_show && seconds > 0) said = this.#words.plain("counter.possible_in", { time: minutesAndSeconds(seconds) });
    note.hidden = said === "";
    write(note, said);
  }

  #showPlaces({ next, more, parked, missed, waiting }) {
    byId("waiting").hidden = waiting === 0;
    if (waiting > 0) this.#words.show(byId("waiting"), "display.waiting", { count: waiting });
    byId("next").replaceChildren(...next.map((place, order) => this.#place(place, order)));
    if (next.length > 1) byId("next").firstElementChild.after(this.#head());
    if (next.length === 0) byId("next").append(element("li", "quiet line__nobody", this.#words.nodes("error.nobody_waiting")));
    byId("more").hidden = more === 0;
    if (more > 0) this.#words.show(byId("more"), "counter.more_waiting", { count: more });
    this.#showAside(byId("parked"), parked);
    this.#showAside(byId("missed"), missed);
  }

  // Those who are not in the line and may come back.
  #showAside(section, places) {
    section.hidden = places.length === 0;
    const rows = places.map((place) => {
      const service = element("span", "place__service", place.service);
      service.dir = "auto";
      return element("li", "", element("b", "", apart(place.number)), service, place.at ? apart(place.at) : "");
    });
    section.querySelector("ul").replaceChildren(...rows);
  }

  // What the two columns of the line are; the rows themselves say it to nobody who reads them one by one.
  #head() {
    const head = element(
      "li",
      "place place--head quiet",
      element("span"),
      element("span"),
      element("span", "place__due", this.#words.nodes("counter.due")),
      element("span", "place__waited", this.#words.nodes("counter.wait")),
    );
    head.setAttribute("aria-hidden", "true");
    return head;
  }

  #place(place, order) {
    const service = element("span", "place__service", place.service);
    service.dir = "auto";
    const item = element(
      "li",
      order === 0 ? "place place--first" : "place",
      element("b", "place__number", apart(place.number)),
      element("span", "place__what", service, this.#marks(place)),
    );
    if (order === 0) item.append(this.#why(place));
    else {
      const waited = this.#words.nodes("common.minutes_short", { minutes: place.waited_min });
      item.append(element("span", "place__due", apart(place.due)), element("span", "place__waited quiet", waited));
    }
    return item;
  }

  #marks(place) {
    const marks = [];
    if (place.class !== "ordinary") marks.push(element("span", "tag tag--attention", this.#words.nodes(`class.${place.class}`)));
    if (place.helped_after_min !== null) marks.push(element("span", "tag", this.#words.nodes("counter.helps")));
    return marks;
  }

  #why(place) {
    const facts = [
      this.#words.nodes("counter.waited", { minutes: place.waited_min }),
      this.#words.nodes("counter.due_at", { time: place.due }),
      this.#words.nodes("counter.joined_at", { time: place.joined }),
    ];
    if (place.head_start_min > 0) facts.push(this.#words.nodes("counter.head_start", { minutes: place.head_start_min }));
    const { number, rule: version, helped_after_min: minutes } = place;
    const why =
      minutes === null
        ? this.#words.nodes("counter.why_answer", { number, version })
        : this.#words.nodes("counter.why_helps", { number, minutes });
    return element(
      "span",
      "place__why quiet",
      element("span", "place__facts", facts.map((nodes) => element("span", "", nodes))),
      element("span", "", why),
    );
  }

  #showLines({ lines, empty_lines: empty }) {
    const rows = lines.map((line) => {
      const name = element("th", "", line.service);
      if (line.helps) name.append(" ", element("span", "tag", this.#words.nodes("counter.helps")));
      name.scope = "row";
      name.dir = "auto";
      const longest = this.#words.nodes("common.minutes_short", { minutes: line.longest_min });
      return element("tr", "", name, element("td", "", apart(String(line.waiting))), element("td", "", longest));
    });
    byId("lines").replaceChildren(...rows);
    byId("lines").parentElement.hidden = rows.length === 0;
    byId("empty").hidden = empty === 0 || rows.length === 0;
    if (empty > 0) this.#words.show(byId("empty"), "counter.empty_lines", { count: empty });
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
