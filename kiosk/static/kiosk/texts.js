// A text that the server sent by language: one part in the language of the page, or French and Arabic, marked.

import { Words } from "../web/words.js";

export function say(element, parts, lang) {
  const { isolated, mark } = JSON.parse(document.getElementById("words").textContent);
  new Words({ lang, isolated, mark, counted: {}, messages: { text: parts.map(([one, text]) => [one, escaped(text)]) } }).show(
    element,
    "text",
  );
}

// Words looks for placeholders; a text that is complete has none.
const escaped = (text) => text.replaceAll("{", "(").replaceAll("}", ")");
