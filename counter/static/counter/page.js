// The few ways in which the console makes and changes elements. Text only, never HTML from strings.

export const byId = (id) => document.getElementById(id);

export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children.flat());
  return made;
}

// A number, time or name that stands among words of another direction.
export const apart = (text) => element("bdi", "", text);

// Only what differs is written: nothing flickers, and a screen reader hears a thing once.
export function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

// Shows the dialog and gives what was chosen in it; empty where it was left by Escape.
export function ask(dialog) {
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
    dialog.showModal();
  });
}
