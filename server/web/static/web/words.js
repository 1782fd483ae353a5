// What a page's own script says, from the messages that the server put into
// <script type="application/json" id="words">. Makes text nodes, <span lang> and <bdi>, never HTML from strings.

const ISOLATE = "\u2068";
const POP = "\u2069";
const PLACEHOLDER = /\{(\w+)\}/;

export const direction = (lang) => (lang === "ar" ? "rtl" : "ltr");

export class Words {
  #catalogue;
  #isolated;
  #rules = new Map();

  constructor(catalogue) {
    this.#catalogue = catalogue;
    this.#isolated = new Set(catalogue.isolated);
  }

  static of(page = document) {
    return new Words(JSON.parse(page.getElementById("words").textContent));
  }

  get lang() {
    return this.#catalogue.lang;
  }

  // Plain text, for attributes, titles and announcements.
  plain(key, params = {}) {
    return this.#parts(key, params)
      .map(({ lang, pieces }, place) => {
        const text = pieces
          .map(({ text, name }) => (this.#sets(name) && direction(lang) === "rtl" ? ISOLATE + text + POP : text))
          .join("");
        return place === 0 ? text : `${ISOLATE}${text}${POP}`;
      })
      .join(" · ");
  }

  // The message as nodes, for element.replaceChildren(...).
  nodes(key, params = {}) {
    const parts = this.#parts(key, params);
    if (parts.length === 1 && parts[0].lang === this.lang) return this.#nodes(parts[0]);
    const spans = parts.map((part) => {
      const span = document.createElement("span");
      span.lang = part.lang;
      span.dir = direction(part.lang);
      span.append(...this.#nodes(part));
      return span;
    });
    spans.at(-1).append(this.#mark());
    const both = document.createElement("span");
    both.className = "untranslated";
    both.append(...spans.flatMap((span, place) => (place === 0 ? [span] : [" ", span])));
    return [both];
  }

  show(element, key, params = {}) {
    element.replaceChildren(...this.nodes(key, params));
  }

  peopleAhead(ahead) {
    return ahead === 0 ? ["ticket.nobody_ahead", {}] : ["ticket.people_ahead", { ahead }];
  }

  // The same rule as Words.wait_range on the server.
  waitRange(lowMin, highMin) {
    const low = Math.min(lowMin, Math.max(highMin - 1, 0));
    return low === 0
      ? ["ticket.wait_under", { high: Math.max(highMin, 1) }]
      : ["ticket.wait_range", { low, high: highMin }];
  }

  #sets(name) {
    return name !== undefined && this.#isolated.has(name);
  }

  #mark() {
    const mark = document.createElement("sup");
    mark.className = "untranslated__mark";
    mark.setAttribute("aria-hidden", "true");
    mark.textContent = this.#catalogue.mark;
    return mark;
  }

  #nodes({ pieces }) {
    return pieces.map(({ text, name }) => {
      if (!this.#sets(name)) return document.createTextNode(text);
      const bdi = document.createElement("bdi");
      bdi.textContent = text;
      return bdi;
    });
  }

  #parts(key, params) {
    const entries = this.#catalogue.messages[key];
    if (entries === undefined) throw new Error(`the page was given no message ${key}`);
    return entries.map(([lang, entry]) => ({ lang, pieces: this.#pieces(key, this.#template(key, lang, entry, params), params) }));
  }

  #template(key, lang, entry, params) {
    if (typeof entry === "string") return entry;
    const counted = params[this.#catalogue.counted[key]];
    if (!Number.isInteger(counted)) throw new Error(`${key} needs a whole number to count`);
    if (!this.#rules.has(lang)) this.#rules.set(lang, new Intl.PluralRules(lang));
    return entry[this.#rules.get(lang).select(counted)] ?? entry.other;
  }

  #pieces(key, template, params) {
    return template.split(PLACEHOLDER).flatMap((piece, place) => {
      if (place % 2 === 0) return piece === "" ? [] : [{ text: piece }];
      if (params[piece] === undefined) throw new Error(`${key} needs ${piece}`);
      return [{ text: String(params[piece]), name: piece }];
    });
  }
}
