// The languages of the hall, two at a time and in turn. Every text of the page that says which message or name it shows
// (data-say, data-name) is said anew at each turn; a text that the turn's languages lack is shown in the first pair's.
import { direction, Words } from "../web/words.js";

const TURN_MS = 9000;
// These stand in, marked, for a language that has no text yet.
const STAND_INS = ["fr", "ar"];

export class Tongues {
  #pairs;
  #words;
  #catalogues;
  #names;
  #turn = 0;
  onTurn = () => undefined;

  constructor({ pairs, words, names }) {
    this.#pairs = pairs;
    this.#words = new Map(Object.entries(words).map(([lang, catalogue]) => [lang, new Words(catalogue)]));
    this.#catalogues = words;
    this.#names = names;
  }

  start() {
    if (this.#pairs.length > 1) setInterval(() => this.turn(), TURN_MS);
  }

  turn() {
    this.#turn = (this.#turn + 1) % this.#pairs.length;
    for (const place of document.querySelectorAll("[data-say]")) this.#fill(place, this.#said(place.dataset.say, this.#paramsOf(place)));
    for (const place of document.querySelectorAll("[data-name]")) this.#fill(place, this.#named(place.dataset.name));
    this.onTurn();
  }

  // The message, beside which its parameters are kept for the next turn.
  say(element, key, params = {}) {
    const pair = document.createElement("span");
    pair.className = "pair";
    pair.dataset.say = key;
    if (Object.keys(params).length > 0) pair.dataset.with = JSON.stringify(params);
    this.#fill(pair, this.#said(key, params));
    element.replaceChildren(pair);
  }

  name(element, name) {
    const pair = document.createElement("span");
    pair.className = "pair";
    pair.dataset.name = name;
    this.#fill(pair, this.#named(name));
    element.replaceChildren(pair);
  }

  // A text that comes with its own languages: in those of this turn, or in the first that it has.
  texts(element, texts) {
    this.#fill(element, this.#nodes(texts));
  }

  range(lowMin, highMin) {
    const [, { low = 0, high }] = this.#words.values().next().value.waitRange(lowMin, highMin);
    return low === high ? `${high}` : `${low}–${high}`;
  }

  #paramsOf(place) {
    return place.dataset.with === undefined ? {} : JSON.parse(place.dataset.with);
  }

  // Where a parameter is itself a message ("@suspend.safety"), it is said in the sentence's language.
  #said(key, params) {
    const says = (lang) => this.#translated(lang, key);
    const langs = [this.#pairs[this.#turn], this.#pairs[0]].find((pair) => pair.every(says));
    const said = (langs ?? STAND_INS.filter((lang) => this.#words.has(lang))).map((lang) => {
      const words = this.#words.get(lang);
      const said = Object.entries(params).map(([name, value]) => [name, String(value).startsWith("@") ? words.plain(value.slice(1)) : value]);
      return [lang, words.nodes(key, Object.fromEntries(said))];
    });
    return langs === undefined ? marked(said) : said;
  }

  #translated(lang, key) {
    return this.#catalogues[lang].messages[key][0][0] === lang;
  }

  #named(name) {
    return this.#nodes(this.#names[name]);
  }

  #nodes(texts) {
    const said = this.#own(texts).map(([lang, text]) => [lang, [document.createTextNode(text)]]);
    return this.#pairs[0].some((lang) => said.some(([one]) => one === lang)) ? said : marked(said);
  }

  #own(texts) {
    const has = (lang) => texts[lang] !== undefined && texts[lang] !== null;
    for (const pair of [this.#pairs[this.#turn], this.#pairs[0]]) {
      if (pair.every(has)) return pair.map((lang) => [lang, texts[lang]]);
    }
    return STAND_INS.filter(has).map((lang) => [lang, texts[lang]]);
  }

  #fill(pair, said) {
    const spans = said.map(([lang, nodes]) => {
      const span = document.createElement("span");
      span.lang = lang;
      span.dir = direction(lang);
      span.append(...nodes);
      return span;
    });
    pair.replaceChildren(...spans);
  }
}

function marked(said) {
  const mark = document.createElement("sup");
  mark.className = "untranslated__mark";
  mark.setAttribute("aria-hidden", "true");
  mark.textContent = "*";
  said.at(-1)?.[1].push(mark);
  return said;
}
