// From a key of the keyboard to what it does. On a Latin keyboard the letter counts, on an Arabic or Tifinagh one the
// place of the key, so that the letter shown on the screen is the one to look for on every keyboard.

const LETTERS = {
  n: "call",
  r: "recall",
  s: "start",
  f: "finish",
  a: "no_show",
  p: "pause",
  c: "close",
  x: "leave",
  "?": "help",
  "؟": "help",
};
const PLACES = {
  KeyN: "call",
  KeyR: "recall",
  KeyS: "start",
  KeyF: "finish",
  KeyA: "no_show",
  KeyQ: "no_show", // where a French keyboard has its A
  KeyP: "pause",
  KeyC: "close",
  KeyX: "leave",
  F1: "help",
};
const LATIN = /^[a-z]$/i;

export function verbOf(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return null;
  const letter = LETTERS[event.key.toLowerCase()];
  if (letter) return letter;
  // A Latin letter that means nothing here may still lie where the letter meant does: the Q of a French A.
  return LATIN.test(event.key) && event.code === "KeyQ" ? null : (PLACES[event.code] ?? null);
}

// The digit of a key, also on a French keyboard, whose upper row gives digits only with Shift.
export function digitOf(event) {
  if (/^\d$/.test(event.key)) return event.key;
  return /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1] ?? null;
}
