/** The live connection: what happens in the workspace arrives here, and it comes back by itself when lost. */

const FIRST_WAIT = 300;
const LONGEST_WAIT = 5000;

/**
 * Follows the workspace as one person.
 * @param {string} user
 * @param {{event: (e: object) => void, back: () => void, lost: () => void}} on `back` is called after a reconnect, when something may have been missed
 * @returns {() => void} stops following
 */
export function follow(user, on) {
  let socket = null;
  let wait = FIRST_WAIT;
  let timer = 0;
  let stopped = false;
  let opened = false;

  function connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/client/live?as=${encodeURIComponent(user)}`);
    socket.addEventListener("open", () => {
      wait = FIRST_WAIT;
      if (opened) on.back();
      opened = true;
    });
    socket.addEventListener("message", (frame) => {
      let event;
      try {
        event = JSON.parse(frame.data);
      } catch {
        return;
      }
      if (!stopped) on.event(event);
    });
    socket.addEventListener("close", () => {
      if (stopped) return;
      on.lost();
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  }

  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    socket?.close();
  };
}
