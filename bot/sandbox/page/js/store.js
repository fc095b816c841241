/** What the page knows, and who wants to hear when it changes. */
import { knownZone } from "./dates.js";

/** The acting person, the open conversation and everything fetched for them. */
export const state = {
  me: "",
  team: { id: "", name: "", domain: "" },
  /** @type {Map<string, object>} */ people: new Map(),
  /** @type {Map<string, object>} */ channels: new Map(),
  app: { name: "", bot_user_id: "", commands: [], shortcuts: [], home: false, connected: true },
  clock: { now: 0, movable: false },
  /** "C…" or "D…" of the open conversation, or "home" for the app's Home. */ open: "",
  messages: [],
  hasMore: false,
  loading: false,
  /** ts of the first message not read when the conversation was opened */ newFrom: null,
  /** @type {{ts: string, messages: object[]}|null} */ thread: null,
  home: undefined,
  /** @type {object|null} */ view: null,
  live: true,
  /** What waits unread for other people: id → {unread, mentions} */ elsewhere: new Map(),
};

const listeners = new Map();

/** @param {string} topics space-separated @param {(detail: any) => void} listener */
export function on(topics, listener) {
  for (const topic of topics.split(" ")) {
    if (!listeners.has(topic)) listeners.set(topic, []);
    listeners.get(topic).push(listener);
  }
}

/** Tells everyone who listens to `topic`. */
export function tell(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

/** The acting person's zone. */
export const zone = () => knownZone(state.people.get(state.me)?.tz);
/** The workspace's present time, seconds since 1970. */
export const now = () => state.clock.now;
/** @returns {object} the person, or a stand-in for one nobody told us about */
export const person = (id) =>
  state.people.get(id) ?? {
    id,
    name: id ?? "unknown",
    real_name: id ?? "Unknown",
    title: "",
    tz: "UTC",
    color: "",
    initials: "?",
  };
export const fullName = (id) => person(id).real_name || person(id).name;
export const channel = (id) => state.channels.get(id);
export const openChannel = () => state.channels.get(state.open);
export const appChannel = () =>
  [...state.channels.values()].find((c) => c.kind === "im" && c.with === state.app.bot_user_id);
export const isApp = (userId) =>
  userId === state.app.bot_user_id || Boolean(state.people.get(userId)?.is_bot);

/** What a conversation is called on screen. */
export function channelName(c) {
  if (!c) return "unknown";
  return c.kind === "im" ? fullName(c.with) : c.name;
}

/** Conversations in the order of the rail, without the app's own. */
export function railOrder() {
  const all = [...state.channels.values()].filter((c) => !c.is_archived || c.id === state.open);
  const byName = (a, b) => channelName(a).localeCompare(channelName(b));
  return {
    channels: all.filter((c) => c.kind !== "im").sort(byName),
    direct: all.filter((c) => c.kind === "im" && c.with !== state.app.bot_user_id).sort(byName),
  };
}

/** Orders Slack timestamps ("seconds.micros"), which are too long for a number. */
export function byTs(a, b) {
  const [as, am = "0"] = a.ts.split(".");
  const [bs, bm = "0"] = b.ts.split(".");
  return Number(as) - Number(bs) || Number(`0.${am}`) - Number(`0.${bm}`);
}
export const seconds = (ts) => Number(ts.split(".")[0]);

/** Puts `message` where it belongs in a list sorted by time, replacing an earlier state of it. */
export function placed(list, message) {
  const rest = list.filter((m) => m.ts !== message.ts);
  rest.push(message);
  return rest.sort(byTs);
}
