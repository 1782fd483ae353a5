// Follows a site's live channel for as long as the page lives: joins, keeps entries in order, notices what is missing,
// connects again by itself. It knows nothing of what a screen looks like; correctness never depends on a message
// arriving, because a snapshot can always be asked for.
import { io } from "../web/vendor/socket.io-client-4.8.4.esm.min.js";

const GAP_MS = 300;
const JITTER_MS = 700;
const NO_SNAPSHOT_MS = 5000;
const STALE_MS = 12000;
const REFUSED_MS = 5000;

const jitter = (most) => Math.random() * most;

// `screen` has snapshot(board), entry(entry), beat(beat), stale(boolean), connected() and refused(code); where the board
// has to be asked for, because more changed than was told, `entry` and `beat` answer "snapshot".
export function follow(site, screen) {
  const socket = io("/live", {
    transports: ["websocket"],
    reconnectionDelay: 500,
    reconnectionDelayMax: 5000,
    timeout: 5000,
  });
  const early = new Map();
  let seq = null;
  let joining;
  let gap;
  let heardAt = performance.now();

  function join(after = 0) {
    clearTimeout(joining);
    joining = setTimeout(() => {
      if (!socket.connected) return;
      socket.emit("join", { site });
      join(NO_SNAPSHOT_MS + jitter(JITTER_MS));
    }, after);
  }

  function heard() {
    heardAt = performance.now();
    screen.stale(false);
  }

  function takeNext() {
    while (early.has(seq + 1)) {
      seq += 1;
      const entry = early.get(seq);
      early.delete(seq);
      if (screen.entry(entry) === "snapshot") join(jitter(JITTER_MS));
    }
  }

  function missing() {
    if (gap !== undefined) return;
    gap = setTimeout(() => {
      gap = undefined;
      if (early.size > 0) join(jitter(JITTER_MS));
    }, GAP_MS);
  }

  socket.on("connect", () => {
    seq = null;
    early.clear();
    join();
    screen.connected();
  });

  socket.on("snapshot", (board) => {
    clearTimeout(joining);
    seq = board.seq;
    for (const known of [...early.keys()]) if (known <= seq) early.delete(known);
    heard();
    screen.snapshot(board);
    takeNext();
    if (early.size > 0) missing();
  });

  socket.on("entry", (entry) => {
    if (seq !== null && entry.seq <= seq) return;
    early.set(entry.seq, entry);
    if (seq === null) return;
    takeNext();
    if (early.size > 0) missing();
  });

  socket.on("beat", (beat) => {
    heard();
    if (seq === null) return;
    if (beat.seq > seq) join(GAP_MS + jitter(JITTER_MS));
    else if (screen.beat(beat) === "snapshot") join(jitter(JITTER_MS));
  });

  socket.on("refused", ({ code }) => {
    screen.refused(code);
    join(REFUSED_MS + jitter(REFUSED_MS));
  });

  // The client itself does not try again when it was the server that said no.
  socket.on("connect_error", (error) => {
    if (socket.active) return;
    screen.refused(error.message);
    setTimeout(() => socket.connect(), REFUSED_MS + jitter(REFUSED_MS));
  });

  socket.on("disconnect", () => {
    if (!socket.active) setTimeout(() => socket.connect(), jitter(REFUSED_MS));
  });

  setInterval(() => {
    if (performance.now() - heardAt > STALE_MS) screen.stale(true);
  }, 1000);
}
