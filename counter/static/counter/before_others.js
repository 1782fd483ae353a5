// Calling somebody before others, in two steps, of which neither can be taken by a finger that falls twice: first who, by a part
// of the number, then why. Before the last key it says how many people are passed. Rules, reasons and counts are the server's.
import { apart, byId, element } from "./page.js";
import { choiceOf, digitOf, isPlain } from "./keys.js";

const SHOWN = 30;
const NUMBERS_SHOWN = 12;

export class BeforeOthers {
  #words;
  #passes;
  #dialog = byId("before");
  #input = byId("before-number");
  #people = null;
  #reasons = [];
  #chosen = null;
  #resolve = null;

  // `passes(ticket)` promises { count, numbers } of the people whom its call would pass, or null.
  constructor({ words, passes }) {
    this.#words = words;
    this.#passes = passes;
    this.#input.addEventListener("input", () => this.#showPeople());
    byId("before-people").addEventListener("click", (event) => {
      const row = event.target.closest("button");
      if (row) this.#choose(row.value);
    });
    byId("before-reasons").addEventListener("change", () => this.#reasonChosen());
    byId("before-back").addEventListener("click", () => this.#firstStep());
    byId("before-send").addEventListener("click", () => this.#send());
    for (const button of this.#dialog.querySelectorAll("[data-cancel]")) button.addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#resolve?.(null));
    this.#dialog.addEventListener("keydown", (event) => this.#press(event));
  }

  // Gives { ticket, reason, note } or null. `present` is the number at the counter, whose turn the call would end.
  async ask({ waiting, present }) {
    this.#people = null;
    this.#input.value = "";
    this.#firstStep();
    this.#words.show(byId("before-ends"), "counter.ends_present", { number: present ?? "" });
    byId("before-ends").hidden = present === null;
    const answer = new Promise((resolve) => (this.#resolve = resolve));
    this.#dialog.showModal();
    this.#input.focus();
    const found = await waiting;
    if (found === null) this.#dialog.close();
    else {
      this.#people = found.people;
      this.#reasons = found.reasons;
      this.#showPeople();
      this.#showReasons();
    }
    return answer;
  }

  #firstStep() {
    this.#chosen = null;
    byId("before-who").hidden = false;
    byId("before-why").hidden = true;
    this.#showPeople();
    this.#input.focus();
  }

  #matching() {
    const typed = this.#input.value.toUpperCase().replace(/\s/g, "");
    return (this.#people ?? []).filter(({ number }) => number.includes(typed));
  }

  #showPeople() {
    const matching = this.#matching();
    const first = this.#input.value.trim() !== "" ? 0 : -1;
    byId("before-people").replaceChildren(...matching.slice(0, SHOWN).map((one, place) => element("li", "", this.#person(one, place === first))));
    byId("before-none").hidden = this.#people === null || matching.length > 0;
    byId("before-more").hidden = matching.length <= SHOWN;
    this.#words.show(byId("before-more"), "counter.more_waiting", { count: Math.max(0, matching.length - SHOWN) });
  }

  #person({ ticket, number, service, class: klass, waited_min: minutes, due }, isFirst) {
    const name = element("span", "place__service", service);
    name.dir = "auto";
    const marks = klass === "ordinary" ? [] : [element("span", "tag tag--attention", this.#words.nodes(`class.${klass}`))];
    const row = element(
      "button",
      isFirst ? "button before__row before__row--first" : "button before__row",
      element("b", "", apart(number)),
      element("span", "place__what", name, ...marks),
      element("span", "place__due", apart(due)),
      element("span", "place__waited", this.#words.nodes("common.minutes_short", { minutes })),
    );
    row.type = "button";
    row.value = ticket;
    if (isFirst) row.append(element("kbd", "", "Enter"));
    return row;
  }

  #showReasons() {
    byId("before-reasons").replaceChildren(
      ...this.#reasons.map(({ code, key }) => {
        const box = element("input", "");
        Object.assign(box, { type: "radio", name: "reason", value: code });
        const label = element("label", "reason", box, element("span", "", this.#words.nodes(`reason.${code}`)));
        if (key) label.append(element("kbd", "", key));
        return label;
      }),
    );
  }

  async #choose(ticket) {
    const person = this.#people.find((one) => one.ticket === ticket);
    const passed = await this.#passes(ticket);
    if (!this.#dialog.open) return;
    if (passed === null) return this.#dialog.close();
    this.#chosen = person;
    byId("before-note").value = "";
    for (const box of this.#boxes()) box.checked = false;
    this.#words.show(byId("before-whom"), "counter.call_this", { number: person.number });
    this.#words.show(byId("before-passes"), "counter.overtakes", { count: passed.count });
    byId("before-passes").parentElement.classList.toggle("banner--attention", passed.count > 0);
    const numbers = passed.numbers.slice(0, NUMBERS_SHOWN).join(" ");
    byId("before-numbers").textContent = passed.count > NUMBERS_SHOWN ? `${numbers} …` : numbers;
    byId("before-who").hidden = true;
    byId("before-why").hidden = false;
    this.#reasonChosen();
    byId("before-whom").focus();
  }

  #boxes() {
    return byId("before-reasons").querySelectorAll("input");
  }

  #reason() {
    const code = byId("before-reasons").querySelector(":checked")?.value;
    return this.#reasons.find((one) => one.code === code) ?? null;
  }

  #reasonChosen() {
    const reason = this.#reason();
    byId("before-send").disabled = reason === null;
    byId("before-note").required = reason?.needs_note ?? false;
    byId("before-needed").hidden = !byId("before-note").required;
    byId("before-note").removeAttribute("aria-invalid");
  }

  #press(event) {
    if (this.#chosen === null) return this.#pressWho(event);
    const note = byId("before-note");
    if (event.target === note) {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      return byId("before-send").focus();
    }
    if (event.key === "Enter" && event.repeat) return event.preventDefault();
    const key = choiceOf(event);
    const place = key === null ? -1 : this.#reasons.findIndex((one) => one.key === key);
    if (place < 0) return;
    event.preventDefault();
    this.#boxes()[place].checked = true;
    this.#reasonChosen();
    (this.#reasons[place].needs_note ? note : byId("before-send")).focus();
  }

  #pressWho(event) {
    const rows = [...byId("before-people").querySelectorAll("button")];
    const here = rows.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const there = here + (event.key === "ArrowDown" ? 1 : -1);
      if (there < 0) this.#input.focus();
      else rows[Math.min(rows.length - 1, there)]?.focus();
    } else if (event.target === this.#input && isPlain(event) && !/\d/.test(event.key) && digitOf(event) !== null) {
      // The upper row of a French keyboard gives digits only with Shift, and no number has an é.
      event.preventDefault();
      this.#input.setRangeText(digitOf(event), this.#input.selectionStart, this.#input.selectionEnd, "end");
      this.#showPeople();
    } else if (event.key === "Enter" && event.target === this.#input) {
      event.preventDefault();
      if (!event.repeat && this.#input.value.trim() !== "" && rows.length > 0) this.#choose(rows[0].value);
    }
  }

  #send() {
    const reason = this.#reason();
    const note = byId("before-note").value.trim();
    if (reason === null) return;
    if (reason.needs_note && note === "") {
      byId("before-note").setAttribute("aria-invalid", "true");
      return byId("before-note").focus();
    }
    const answer = { ticket: this.#chosen.ticket, reason: reason.code, ...(note && { note }) };
    this.#resolve(answer);
    this.#dialog.close();
  }
}
