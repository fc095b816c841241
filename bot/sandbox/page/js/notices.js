/** Sentences only this page knows: a command that failed, a command nobody has. Kept by conversation and thread. */
import { on, state, tell } from "./store.js";

const kept = new Map();
const place = (channel, thread) => `${state.me}|${channel}|${thread ?? ""}`;

/** @returns {object[]} the notices of a place, shaped like messages */
export function noticesIn(channel, thread = null) {
  return kept.get(place(channel, thread)) ?? [];
}

/** Says something to the acting person only. @param {{channel: string, thread?: string}} where @param {string} sentence */
export function notice(where, sentence) {
  const there = noticesIn(where.channel, where.thread);
  const last = (where.thread ? state.thread?.messages : state.messages)?.at(-1);
  const present = Math.floor(state.clock.now);
  // Right after what is there now, and before whatever comes: a fraction finer than Slack's.
  const base = last && Number(last.ts.split(".")[0]) >= present ? last.ts : `${present}.000000`;
  const ts = `${base}${String(there.length + 1001)}`;
  kept.set(place(where.channel, where.thread), [
    ...there,
    { ts, where, notice: "Local workspace", text: escaped(sentence), is_ephemeral: true },
  ]);
  tell(where.thread ? "thread" : "messages", "notice");
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

on("dismiss", (message) => {
  const { channel, thread } = message.where;
  kept.set(
    place(channel, thread),
    noticesIn(channel, thread).filter((one) => one !== message),
  );
  tell(thread ? "thread" : "messages");
});
