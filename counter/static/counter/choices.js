// What the agent chooses from, as rows for a list: where a person goes next, how a turn ended, who comes back. The server says
// who and what; here it only gets its words and, where the server has given none, its digit.
import { apart, element } from "./page.js";

const DIGITS = "123456789";

export class Choices {
  #words;

  constructor({ words }) {
    this.#words = words;
  }

  destinations({ services, counters }) {
    return [
      { title: "counter.services", rows: services.map((one) => this.#service(one)) },
      { title: "counter.open_counters", rows: counters.map((one) => this.#counter(one)) },
    ];
  }

  outcomes(codes) {
    const rows = codes.map((code, place) => ({ key: DIGITS[place], value: code, label: this.#words.nodes(`ending.${code}`) }));
    return [{ rows }];
  }

  parked(people) {
    return [{ rows: people.map((one, place) => ({ ...this.#person(one, place), ...this.#since(one) })) }];
  }

  missed({ people }) {
    return [{ rows: people.map((one, place) => ({ ...this.#person(one, place), ...this.#left(one) })) }];
  }

  #service({ code, key, name, waiting, open, suspended }) {
    const note =
      suspended === null
        ? joined(this.#words.nodes("display.waiting", { count: waiting }), this.#words.nodes("counter.counters_open", { count: open }))
        : this.#words.nodes("display.suspended_for", { reason: this.#words.plain(`suspend.${suspended}`) });
    return { key, value: `service:${code}`, label: named(name), note, disabled: suspended !== null };
  }

  #counter({ id, key, label, agent, waiting, paused }) {
    const facts = [[named(agent)]];
    if (waiting > 0) facts.push(this.#words.nodes("display.waiting", { count: waiting }));
    if (paused !== null) facts.push(this.#words.nodes(`pause.${paused}`));
    return { key, value: `counter:${id}`, label: this.#words.nodes("counter.title", { counter: label }), note: joined(...facts) };
  }

  #person({ ticket, number, service }, place) {
    return { key: DIGITS[place], value: ticket, label: [element("b", "", apart(number)), " ", named(service)] };
  }

  #since({ since_min: minutes, long }) {
    const since = this.#words.nodes("counter.since_minutes", { minutes });
    return { note: long ? joined(since, this.#words.nodes("counter.long_parked")) : since, attention: long };
  }

  #left({ at, left }) {
    return { note: joined([apart(at)], this.#words.nodes("counter.put_backs_left", { count: left })), disabled: left === 0 };
  }
}

// A name that may be of another direction than the page.
function named(name) {
  const shown = element("span", "", name);
  shown.dir = "auto";
  return shown;
}

const joined = (...parts) => parts.flatMap((nodes, place) => (place === 0 ? nodes : [" · ", ...nodes]));
