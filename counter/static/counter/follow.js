// Follows a site's live channel: says when something happened and whether the connection holds. What happened exactly
// is not needed here: the console asks the server for its picture.
import { io } from "/static/web/vendor/socket.io-client-4.8.4.esm.min.js";

export function follow(site, { onEntry, onConnection }) {
  const socket = io("/live", { transports: ["websocket"], reconnectionDelayMax: 3000 });
  let seen = 0;
  const news = ({ seq }) => {
    if (seq <= seen) return;
    seen = seq;
    onEntry();
  };
  socket.on("connect", () => {
    socket.emit("join", { site });
    onConnection(true);
  });
  socket.on("disconnect", () => onConnection(false));
  socket.on("snapshot", news);
  socket.on("entry", news);
  socket.on("beat", news);
}
