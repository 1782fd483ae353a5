// Messages of the site, one after the other, in the languages whose turn it is.
const TURN_MS = 9000;

export class Messages {
  #tongues;
  #place;
  #messages = [];
  #first = 0;
  onChange = () => undefined;

  constructor({ tongues, place }) {
    this.#tongues = tongues;
    this.#place = place;
  }

  start() {
    setInterval(() => this.#turn(), TURN_MS);
  }

  take(messages) {
    const same = JSON.stringify(messages) === JSON.stringify(this.#messages);
    this.#messages = messages;
    if (same) return;
    this.#first = 0;
    this.show();
    this.onChange();
  }

  show() {
    const message = this.#messages[this.#first];
    this.#place.hidden = message === undefined;
    if (message === undefined) return;
    const pair = document.createElement("p");
    pair.className = "pair";
    this.#tongues.texts(pair, message.texts);
    this.#place.replaceChildren(pair);
  }

  #turn() {
    if (this.#messages.length < 2) return;
    this.#first = (this.#first + 1) % this.#messages.length;
    this.show();
  }
}
