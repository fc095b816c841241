/** What arrives over the live connection, put where it belongs. */
import { setClock } from "./clock.js";
import { byTs, channelName, fullName, placed, state, tell } from "./store.js";
import { announce } from "./toast.js";

const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;
const inThread = (message) =>
  state.thread && (message.thread_ts === state.thread.ts || message.ts === state.thread.ts);

/** @param {object} event as the contract of /client/live tells */
export function take(event) {
  const act = EVENTS[event.type];
  if (act) act(event);
}

const EVENTS = {
  message: ({ channel, message }) => arrive(channel ?? message.channel, message),
  ephemeral: ({ channel, message }) => arrive(channel ?? message.channel, { ...message, is_ephemeral: true }),
  message_changed: ({ channel, message }) => change(channel ?? message.channel, message),
  message_deleted: ({ channel, ts, message }) => remove(channel ?? message?.channel, ts ?? message?.ts),
  thread: (event) => counters(event),
  view: ({ view }) => {
    state.view = view;
    tell("view");
  },
  home: ({ view }) => {
    state.home = view;
    tell("home");
  },
  unread: ({ channel, unread, mentions }) => {
    const known = state.channels.get(channel);
    if (!known) return;
    const reading = channel === state.open && !document.hidden;
    Object.assign(known, reading ? { unread: 0, mentions: 0 } : { unread, mentions });
    tell("unread", channel);
  },
  clock: ({ now }) => setClock(now),
  channel: ({ channel }) => {
    state.channels.set(channel.id, { ...state.channels.get(channel.id), ...channel });
    tell("channels");
  },
  connected: ({ connected }) => {
    state.app.connected = connected;
    tell("app");
  },
};

function arrive(channelId, message) {
  const root = !isReply(message) || message.is_broadcast || (message.is_ephemeral && !inThread(message));
  if (channelId === state.open) {
    if (root) {
      state.messages = placed(state.messages, message);
      tell("messages");
    }
    if (inThread(message) && message.ts !== state.thread.ts) {
      state.thread.messages = placed(state.thread.messages, message);
      tell("thread");
    }
  }
  if (message.user !== state.me) say(channelId, message);
}

function say(channelId, message) {
  const words = (message.text ?? "").replace(/<[^>|]*\|?([^>]*)>/g, "$1").slice(0, 200);
  const known = state.channels.get(channelId);
  if (channelId === state.open || known?.kind === "im")
    announce(`${fullName(message.user ?? state.app.bot_user_id)}: ${words}`);
}

function change(channelId, message) {
  if (channelId !== state.open) return;
  const fix = (list) => list.map((old) => (old.ts === message.ts ? { ...old, ...message } : old));
  if (state.messages.some((m) => m.ts === message.ts)) {
    state.messages = fix(state.messages);
    tell("messages");
  }
  if (state.thread?.messages.some((m) => m.ts === message.ts)) {
    state.thread.messages = fix(state.thread.messages);
    tell("thread");
  }
}

function remove(channelId, ts) {
  if (channelId && channelId !== state.open) return;
  const keep = (m) => m.ts !== ts;
  state.messages = state.messages.filter(keep);
  tell("messages");
  if (!state.thread) return;
  if (state.thread.ts === ts) {
    tell("go", { thread: null });
    return;
  }
  state.thread.messages = state.thread.messages.filter(keep).sort(byTs);
  tell("thread");
}

/** The counters of a root: as a message, or as fields of the event itself. */
function counters(event) {
  const root = event.message ?? event.root ?? event;
  const ts = root.ts ?? event.thread_ts ?? event.ts;
  if (!ts) return;
  const { reply_count, reply_users, latest_reply } = root;
  change(event.channel ?? root.channel ?? state.open, {
    ts,
    ...(reply_count === undefined ? {} : { reply_count, reply_users, latest_reply }),
  });
}

/** A title that tells how much waits. */
export function pageTitle() {
  const open = state.channels.get(state.open);
  const name =
    state.open === "home"
      ? state.app.name
      : open
        ? `${open.kind === "im" ? "" : "#"}${channelName(open)}`
        : "";
  const waits = [...state.channels.values()].reduce(
    (sum, c) => sum + ((c.kind === "im" ? c.unread : c.mentions) || 0),
    0,
  );
  document.title = `${waits ? `(${waits}) ` : ""}${name ? `${name} · ` : ""}${state.team.name || "Local workspace"} (local stand-in)`;
}
