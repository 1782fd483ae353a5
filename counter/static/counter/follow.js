// Follows a site's live channel: says up to which entry something happened and whether the connection holds. What happened exactly
// is not needed here: the console asks the server for its picture.
import { io } from "../web/vendor/socket.io-client-4.8.4.esm.min.js";

// A beat comes every 5 s; a cut cable says nothing, so silence counts as a cut.
const SILENT_MS = 12_000;

export function follow(site, { onEntry, onConnection }) {
  const socket = io("/live", { transports: ["websocket"], reconnectionDelayMax: 3000 });
  let seen = 0;
  let silence = 0;
  const heard = ({ seq }) => {
    clearTimeout(silence);
    silence = setTimeout(() => onConnection(false), SILENT_MS);
    onConnection(true);
    if (seq <= seen) return;
    seen = seq;
    onEntry(seq);
  };
  socket.on("connect", () => {
    seen = 0;
    socket.emit("join", { site });
  });
  socket.on("disconnect", () => onConnection(false));
  socket.on("connect_error", () => onConnection(false));
  socket.on("snapshot", heard);
  socket.on("entry", heard);
  socket.on("beat", heard);
}
