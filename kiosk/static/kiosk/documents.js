// The page in the other languages, kept since it was opened, so that changing language asks nobody and keeps the step.

export class Documents {
  #texts = new Map();
  #site;

  constructor(site) {
    this.#site = site;
    this.home = document.documentElement.lang;
    this.#texts.set(this.home, document.documentElement.outerHTML);
    this.token = document.querySelector('meta[name="csrf-token"]').content;
    this.version = document.body.dataset.version;
  }

  async fetchOthers() {
    const langs = [...document.querySelectorAll(".tongue")].map((button) => button.dataset.language);
    for (const lang of langs) await this.#fetch(lang).catch(() => undefined);
  }

  // Puts the page of a language in place of the present one. False if it can't be had now.
  async put(lang) {
    if (lang === document.documentElement.lang) return true;
    try {
      await this.#fetch(lang);
    } catch {
      return false;
    }
    const page = new DOMParser().parseFromString(this.#texts.get(lang), "text/html");
    const root = document.documentElement;
    root.lang = page.documentElement.lang;
    root.dir = page.documentElement.dir;
    document.title = page.title;
    document.body.replaceWith(document.adoptNode(page.body));
    return true;
  }

  // The session's token once more, after the server said that the old one no longer holds.
  async renewToken() {
    const page = await this.#text(`${this.home}.html`);
    this.token = new DOMParser().parseFromString(page, "text/html").querySelector('meta[name="csrf-token"]').content;
  }

  async #fetch(lang) {
    if (!this.#texts.has(lang)) this.#texts.set(lang, await this.#text(`${lang}.html?v=${this.version}`));
  }

  async #text(name) {
    const answer = await fetch(`${this.#site}/${name}`);
    if (!answer.ok) throw new Error(`${name} gave ${answer.status}`);
    return answer.text();
  }
}
