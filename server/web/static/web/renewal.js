// A page that renews itself: what it holds is fetched again and put in its place, so that nobody who reads it, by eye or by
// ear, is thrown back to its beginning; a part of a page may name where it comes from. What changed is said once. Without scripts the browser loads the whole page anew.
const PATIENCE_MS = 8_000;

const place = document.querySelector("[data-renewed-after]");
const said = document.querySelector("[data-renewal-said]");
const lost = document.querySelector("[data-renewal-lost]");

const fetched = async () => {
  const answer = await fetch(place.dataset.renewedFrom ?? location.href, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[data-renewed-after]");
};

const news = (of) => of.querySelector("[data-news]")?.textContent.trim() ?? "";

const show = (fresh) => {
  const before = news(place);
  if (fresh.innerHTML !== place.innerHTML) place.replaceChildren(...fresh.childNodes);
  if (said !== null && news(place) !== before) said.textContent = news(place);
  for (const { name, value } of fresh.attributes) place.setAttribute(name, value);
};

const renew = async () => {
  try {
    show(await fetched());
    if (lost !== null) lost.hidden = true;
  } catch {
    if (lost !== null) lost.hidden = false;
  }
  later();
};

// Whoever looks away asks for nothing; what will not change any more is not asked for again.
const later = () => {
  const after = Number(place.dataset.renewedAfter);
  if (after > 0) setTimeout(() => (document.hidden ? later() : void renew()), after * 1000);
};

later();
