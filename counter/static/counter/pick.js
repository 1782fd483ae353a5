// Choosing one of a list by one key: each row shows the digit or letter that chooses it; arrows and Enter do too. Whatever is
// pressed before the list has come from the server is heeded when it is there, so that a hand that knows needn't wait.
import { byId, element } from "./page.js";
import { choiceOf } from "./keys.js";

export class Pick {
  #words;
  #dialog = byId("pick");
  #rows = byId("pick-rows");
  #toggle = byId("pick-toggle");
  #early = null;
  #there = false;

  constructor({ words }) {
    this.#words = words;
    this.#rows.addEventListener("click", (event) => {
      const row = event.target.closest("button");
      if (row) this.#dialog.close(row.value);
    });
    this.#dialog.addEventListener("keydown", (event) => this.#press(event));
  }

  // `groups` may be a promise of [{ title, rows: [{ key, value, label, note, disabled, attention }] }]; gives { value, toggled },
  // or null where nothing was chosen.
  async ask({ title, groups, toggle = null }) {
    this.#words.show(byId("pick-title"), title);
    this.#early = null;
    this.#there = false;
    this.#rows.replaceChildren();
    byId("pick-extra").hidden = toggle === null;
    if (toggle !== null) this.#words.show(byId("pick-toggle-label"), toggle);
    this.#toggle.checked = false;
    byId("pick-empty").hidden = true;
    this.#dialog.returnValue = "";
    const left = new Promise((resolve) => this.#dialog.addEventListener("close", resolve, { once: true }));
    this.#dialog.showModal();
    byId("pick-title").focus();
    this.#show(await groups);
    await left;
    const value = this.#dialog.returnValue;
    return value ? { value, toggled: this.#toggle.checked } : null;
  }

  #show(groups) {
    if (groups === null) return this.#dialog.close();
    const rows = groups.filter(({ rows }) => rows.length > 0);
    this.#rows.replaceChildren(...rows.map((group) => this.#group(group)));
    this.#dialog.classList.toggle("dialog--wide", rows.length > 1);
    byId("pick-empty").hidden = rows.length > 0;
    this.#there = true;
    if (this.#early !== null) this.#choose(this.#early);
  }

  #group({ title, rows }) {
    const heading = title ? [element("h3", "quiet", this.#words.nodes(title))] : [];
    return element("section", "pick__list", ...heading, ...rows.map((row) => this.#row(row)));
  }

  #row({ key, value, label, note, disabled = false, attention = false }) {
    const name = element("span", "pick__name", label);
    const more = element("small", attention ? "key__note pick__note--attention" : "key__note", note ?? []);
    const row = element("button", "button key", element("span", "key__text", name, more));
    row.type = "button";
    row.value = value;
    row.disabled = disabled;
    if (key) {
      row.dataset.key = key;
      row.append(element("kbd", "", key));
    }
    return row;
  }

  #press(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") return this.#move(event);
    const choice = choiceOf(event);
    if (choice === null) return;
    event.preventDefault();
    if (choice === "S" && !byId("pick-extra").hidden) this.#toggle.checked = !this.#toggle.checked;
    else if (this.#there) this.#choose(choice);
    else this.#early = choice;
  }

  #choose(key) {
    this.#rows.querySelector(`[data-key="${CSS.escape(key)}"]:not(:disabled)`)?.click();
  }

  #move(event) {
    event.preventDefault();
    const rows = [...this.#rows.querySelectorAll("button:not(:disabled)")];
    const here = rows.indexOf(document.activeElement);
    const there = event.key === "ArrowDown" ? here + 1 : Math.max(0, here - 1);
    rows[Math.min(rows.length - 1, there)]?.focus();
  }
}
