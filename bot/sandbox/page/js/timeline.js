/** A list of messages: grouped by author, parted by day, with a line where the unread ones begin. */
import { dayKey, dayLine } from "./dates.js";
import { h, reconcile } from "./dom.js";
import { drawMessage } from "./message.js";
import { now, seconds, state, zone } from "./store.js";

const SAME_BREATH = 5 * 60;

/**
 * Brings `list` up to date, touching only what changed.
 * @param {HTMLElement} list @param {object[]} messages oldest first
 * @param {{inThread?: boolean, newFrom?: string|null, before?: {key: string, sig: string, make: () => Element}[]}} [how]
 */
export function drawTimeline(list, messages, how = {}) {
  const items = [...(how.before ?? [])];
  const today = dayKey(now(), zone());
  const setting = `${today}|${state.me}|${zone()}|${state.people.size}|${state.channels.size}|${state.app.shortcuts.length}`;
  let last = null;
  for (const [index, message] of messages.entries()) {
    const day = dayKey(seconds(message.ts), zone());
    const newDay = !last || dayKey(seconds(last.ts), zone()) !== day;
    if (newDay && !how.inThread)
      items.push(line(`day-${day}`, "day-line", dayLine(seconds(message.ts), zone(), now())));
    const isNew = how.newFrom === message.ts;
    if (isNew) items.push(line("new-line", "new-line", "New"));
    if (how.inThread && index === 1) items.push(line("replies", "reply-line", countOf(messages)));
    const compact = !newDay && !isNew && !(how.inThread && index === 1) && follows(last, message);
    items.push({
      key: message.ts + (message.is_ephemeral ? "e" : ""),
      sig: JSON.stringify([message, compact, setting]),
      make: () => drawMessage(message, { compact, inThread: how.inThread }),
    });
    last = message;
  }
  reconcile(list, items);
}

function countOf(messages) {
  const replies = messages.slice(1).filter((m) => !m.is_ephemeral).length;
  return replies === 1 ? "1 reply" : replies ? `${replies} replies` : "";
}

function follows(last, message) {
  const author = (m) => m.user ?? m.bot_id;
  return (
    Boolean(last) &&
    author(last) === author(message) &&
    Boolean(last.is_ephemeral) === Boolean(message.is_ephemeral) &&
    !message.notice &&
    !last.notice &&
    last.username === message.username &&
    seconds(message.ts) - seconds(last.ts) < SAME_BREATH
  );
}

function line(key, name, text) {
  return {
    key,
    sig: text,
    make: () =>
      h("div", { class: `line ${name}`, role: "separator", "aria-label": text }, h("span", null, text)),
  };
}

/** Arrow keys move from message to message; one of them can be reached with Tab. */
export function walkWithArrows(box, list) {
  box.addEventListener("keydown", (event) => {
    if (
      !["ArrowDown", "ArrowUp"].includes(event.key) ||
      event.altKey ||
      event.target.closest("input, textarea, .select, [role=menu]")
    )
      return;
    const rows = [...list.querySelectorAll(".message")];
    const at = rows.indexOf(event.target.closest(".message"));
    const next = rows[at < 0 ? rows.length - 1 : at + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}
