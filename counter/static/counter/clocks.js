// The server's time on this page, whatever the computer's own clock says, and running times in minutes and seconds.

let ahead = 0;

export function setServerTime(instant) {
  ahead = Date.parse(instant) - performance.now();
}

export const secondsSince = (instant) => Math.max(0, Math.floor((ahead + performance.now() - Date.parse(instant)) / 1000));

export const secondsUntil = (instant) => Math.max(0, Math.ceil((Date.parse(instant) - ahead - performance.now()) / 1000));

export function minutesAndSeconds(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}
