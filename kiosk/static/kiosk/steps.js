// Which step is shown, and the way back. The steps are in the page from the beginning.

const BEFORE = { groups: "start", services: "groups", priority: "card", appointment: "card", checklist: "card", ticket: "start" };

export class Steps {
  constructor() {
    this.forget();
  }

  forget() {
    this.step = "start";
    this.group = "";
    this.service = "";
  }

  at(step) {
    return this.step === step;
  }

  go(step, ref = "") {
    this.step = step;
    if (step === "services") this.group = ref;
    if (step === "card") this.service = ref;
  }

  back() {
    if (this.at("start")) return;
    this.step = this.at("card") ? this.#aboveCard() : BEFORE[this.step];
  }

  show() {
    const ref = { services: this.group, card: this.service }[this.step];
    let shown;
    for (const section of document.querySelectorAll("[data-step]")) {
      const here = section.dataset.step === this.step && (ref === undefined || section.dataset.ref === ref);
      section.hidden = !here;
      if (here) shown = section;
    }
    for (const outside of document.querySelectorAll("[data-outside]")) {
      outside.hidden = outside.dataset.outside.split(" ").includes(this.step);
    }
    document.body.dataset.at = this.step;
    document.getElementById("main").scrollTop = 0;
    scrollTo(0, 0);
    shown.querySelector("h1").focus({ preventScroll: true });
  }

  // A group with a single service has no step of its own.
  #aboveCard() {
    const { group } = document.querySelector(`[data-step="card"][data-ref="${CSS.escape(this.service)}"]`).dataset;
    const step = document.querySelector(`[data-step="services"][data-ref="${CSS.escape(group)}"]`);
    if (step === null) return "groups";
    this.group = group;
    return "services";
  }
}
