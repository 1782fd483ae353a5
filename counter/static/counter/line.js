// Shows who waits: the line with the reason of its order, those who stand aside, and how long each line is.
import { apart, byId, element } from "./page.js";

export class Line {
  #words;

  constructor({ words }) {
    this.#words = words;
  }

  show(state) {
    this.#showPlaces(state);
    this.#showParked(state.parked);
    this.#showMissed(state);
    this.#showLines(state);
  }

  #showPlaces({ next, more, waiting }) {
    byId("waiting").hidden = waiting === 0;
    if (waiting > 0) this.#words.show(byId("waiting"), "display.waiting", { count: waiting });
    byId("next").replaceChildren(...next.map((place, order) => this.#place(place, order)));
    if (next.length > 1) byId("next").firstElementChild.after(this.#head());
    if (next.length === 0) byId("next").append(element("li", "quiet line__nobody", this.#words.nodes("error.nobody_waiting")));
    byId("more").hidden = more === 0;
    if (more > 0) this.#words.show(byId("more"), "counter.more_waiting", { count: more });
  }

  #showParked(parked) {
    byId("parked").hidden = parked.length === 0;
    const rows = parked.map((one) => {
      const since = element("span", "", this.#words.nodes("counter.since_minutes", { minutes: one.since_min }));
      const marks = one.long ? [element("span", "tag tag--attention", this.#words.nodes("counter.long_parked"))] : [];
      return this.#aside(one, [...marks, since]);
    });
    byId("parked").querySelector("ul").replaceChildren(...rows);
  }

  #showMissed({ missed }) {
    byId("missed").hidden = missed.length === 0;
    byId("missed").querySelector("ul").replaceChildren(...missed.map((one) => this.#aside(one, [apart(one.at)])));
  }

  // Somebody who is not in the line and may come back.
  #aside({ number, service }, facts) {
    const name = element("span", "place__service", service);
    name.dir = "auto";
    return element("li", "", element("b", "", apart(number)), name, element("span", "aside__facts", facts));
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
    if (place.bound) marks.push(element("span", "tag", this.#words.nodes("counter.bound")));
    return marks;
  }

  #why(place) {
    const facts = [
      this.#words.nodes("counter.waited", { minutes: place.waited_min }),
      this.#words.nodes("counter.due_at", { time: place.due }),
      this.#words.nodes("counter.joined_at", { time: place.joined }),
    ];
    if (place.head_start_min > 0) facts.push(this.#words.nodes("counter.head_start", { minutes: place.head_start_min }));
    return element(
      "span",
      "place__why quiet",
      element("span", "place__facts", facts.map((nodes) => element("span", "", nodes))),
      element("span", "", this.#reason(place)),
    );
  }

  #reason({ number, rule: version, helped_after_min: minutes, bound }) {
    if (bound) return this.#words.nodes("counter.why_bound", { number });
    if (minutes === null) return this.#words.nodes("counter.why_answer", { number, version });
    return this.#words.nodes("counter.why_helps", { number, minutes });
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
}
