// From a key of the keyboard to what it does. On a Latin keyboard the letter counts, on an Arabic or Tifinagh one the
// place of the key, so that the letter shown on the screen is the one to look for on every keyboard.

const LETTERS = {
  n: "call",
  r: "recall",
  s: "start",
  f: "finish",
  a: "no_show",
  e: "outcome",
  k: "park",
  t: "transfer",
  o: "out_of_order",
  u: "take_up",
  b: "put_back",
  z: "undo",
  p: "pause",
  c: "close",
  h: "ask_help",
  g: "go_help",
  x: "leave",
  "?": "help",
  "؟": "help",
};
// Where the letter is on English and French keyboards alike; A and Z lie in two places.
const PLACES = {
  ...Object.fromEntries(
    Object.entries(LETTERS)
      .filter(([letter]) => /[a-z]/.test(letter))
      .map(([letter, verb]) => [`Key${letter.toUpperCase()}`, verb]),
  ),
  KeyQ: "no_show", // where a French keyboard has its A
  KeyW: "undo", // and its Z
  F1: "help",
};
const LATIN = /^[a-z]$/i;
const ELSEWHERE = new Set(["KeyQ", "KeyW"]);

export const isPlain = (event) => !(event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing);

export function verbOf(event) {
  if (!isPlain(event)) return null;
  const letter = LETTERS[event.key.toLowerCase()];
  if (letter) return letter;
  // A Latin letter that means nothing here may still lie where the letter meant does: the Q of a French A.
  return LATIN.test(event.key) && ELSEWHERE.has(event.code) ? null : (PLACES[event.code] ?? null);
}

// The digit of a key, also on a French keyboard, whose upper row gives digits only with Shift.
export function digitOf(event) {
  if (/^\d$/.test(event.key)) return event.key;
  return /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1] ?? null;
}

// What a key chooses from a list: its digit or its letter, in capitals as the list shows it.
export function choiceOf(event) {
  if (!isPlain(event)) return null;
  const digit = digitOf(event);
  if (digit !== null) return digit;
  if (LATIN.test(event.key)) return event.key.toUpperCase();
  return /^Key([A-Z])$/.exec(event.code)?.[1] ?? null;
}
