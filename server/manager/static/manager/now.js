// Keeps the hall now fresh on the manager's page: asks the server for that part again and puts it in its place. It
// waits while somebody is about to close a counter there, and holds no rule of its own.
const BETWEEN_MS = 10_000;
const PATIENCE_MS = 8_000;

const now = document.getElementById("now");
const late = document.getElementById("now-late");
const address = `/manager/${now.dataset.site}/now?in=${document.documentElement.lang}`;

const inUse = () => now.querySelector("details[open]") !== null || now.contains(document.activeElement);

const fetched = async () => {
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok || answer.redirected) throw new Error(`answered ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html").body;
};

const refresh = async () => {
  if (document.hidden || inUse()) return;
  try {
    const fresh = await fetched();
    if (!inUse()) now.replaceChildren(...fresh.childNodes);
    late.hidden = true;
  } catch {
    late.hidden = false;
  }
};

const keepFresh = async () => {
  await refresh();
  setTimeout(keepFresh, BETWEEN_MS);
};

setTimeout(keepFresh, BETWEEN_MS);
document.addEventListener("visibilitychange", () => void refresh());
