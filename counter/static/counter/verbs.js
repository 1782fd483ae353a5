// What each key sends: where, and with which facts. Null where the picture has nothing for it to act on. It decides nothing;
// what may not be, the server refuses.

const counterOf = (state, noun, body = {}) => ({ path: `/api/v1/counters/${state.counter}/${noun}`, body });
const gone = (request) => ({ ...request, method: "DELETE" });
const ticket = (id, noun, body = {}) => ({ path: `/api/v1/tickets/${id}/${noun}`, body });
const present = (state, noun, body) => state.present && ticket(state.present.ticket, noun, body);

// A call while somebody is here ends that turn, and says whose it believes it to be.
const ending = (state) => (state.present ? { ending: "finished", expected: state.present.ticket } : {});

const REQUESTS = {
  call: (state) => counterOf(state, "calls", ending(state)),
  out_of_order: (state, chosen) => counterOf(state, "calls", { ...chosen, ...ending(state) }),
  recall: (state) => present(state, "recalls"),
  start: (state) => present(state, "starts"),
  finish: (state) => present(state, "finishes"),
  outcome: (state, { value }) => present(state, "finishes", { outcome: value }),
  no_show: (state) => present(state, "no-shows"),
  park: (state) => present(state, "parks"),
  transfer: (state, { value, toggled }) => present(state, "transfers", { ...destination(value), served: toggled }),
  take_up: (_state, { value }) => ticket(value, "resumes"),
  put_back: (_state, { value }) => ticket(value, "put-backs"),
  undo: (state) => state.undo && ticket(state.undo.ticket, "undos"),
  pause: (state, reason) => counterOf(state, "pauses", { reason }),
  resume: (state) => gone(counterOf(state, "pauses/current")),
  close: (state) => gone(counterOf(state, "shifts/current")),
  ask_help: (state) => counterOf(state, "helps"),
  end_help: (state) => gone(counterOf(state, "helps/current")),
  go_help: (_state, counter) => counter && gone(counterOf({ counter }, "helps/current")),
};

export function requestOf(verb, state, chosen) {
  const request = REQUESTS[verb](state, chosen);
  return request && { ...request, name: verb };
}

// The same key does and undoes what lasts.
export function meant(verb, { paused, may }) {
  if (verb === "pause" && paused) return "resume";
  return verb === "ask_help" && may.end_help ? "end_help" : verb;
}

const NAMES = {
  leave: "counter.change_agent",
  call: "counter.call_next",
  out_of_order: "counter.call_out_of_order",
  outcome: "counter.outcomes",
  undo: "counter.take_back",
  end_help: "counter.help_over",
  go_help: "counter.go_there",
};

// The words of a key, for whoever waits for its answer.
export const nameOf = (verb) => NAMES[verb] ?? `counter.${verb}`;

function destination(value) {
  const [kind, code] = value.split(/:(.*)/s);
  return { [kind]: code };
}
