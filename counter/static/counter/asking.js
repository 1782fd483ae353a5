// Keys that ask something first: which reason, where to, whom. What can be chosen comes from the server's picture or is fetched
// for the moment. Each answer is what the key sends; null means that the agent has changed his mind.
import { BeforeOthers } from "./before_others.js";
import { Choices } from "./choices.js";
import { ask, byId } from "./page.js";
import { Pick } from "./pick.js";

export class Asking {
  #site;
  #fetched;
  #choices;
  #pick;
  #beforeOthers;
  #counter = null;

  // `fetched(path)` promises what is there, or null after having said why not.
  constructor({ words, site, fetched }) {
    this.#site = site;
    this.#fetched = fetched;
    this.#choices = new Choices({ words });
    this.#pick = new Pick({ words });
    const passes = (ticket) => fetched(`/api/v1/counters/${this.#counter}/overtaken/${ticket}`);
    this.#beforeOthers = new BeforeOthers({ words, passes });
  }

  // A promise for a key that asks, and at once what a key that asks nothing goes by: a finger that falls twice in one breath
  // must find the first press on its way. `counter` is the one whose button was touched, if it has one.
  first(verb, state, counter) {
    this.#counter = state.counter;
    switch (verb) {
      case "pause":
        return ask(byId("reasons")).then((reason) => reason || null);
      case "outcome":
        return this.#pick.ask({ title: "counter.outcome", groups: this.#choices.outcomes(state.present.outcomes) });
      case "transfer":
        return this.#pick.ask({
          title: "counter.transfer_to",
          groups: this.#listed("destinations", (found) => this.#choices.destinations(found)),
          toggle: "counter.served_here",
        });
      case "take_up":
        return this.#pick.ask({ title: "counter.take_up", groups: this.#choices.parked(state.parked) });
      case "put_back":
        return this.#pick.ask({ title: "counter.put_back", groups: this.#listed("missed", (found) => this.#choices.missed(found)) });
      case "out_of_order":
        return this.#beforeOthers.ask({
          waiting: this.#fetched(`/counter/${this.#site}/waiting`),
          present: state.present?.number ?? null,
        });
      case "go_help":
        return counter ?? state.helps.find((one) => !one.mine)?.counter ?? null;
      default:
        return undefined;
    }
  }

  async #listed(what, rows) {
    const found = await this.#fetched(`/counter/${this.#site}/${what}`);
    return found === null ? null : rows(found);
  }
}
