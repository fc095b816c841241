/** Whether something waits for the people one is not acting as: a dot on their face. */
import { debounce } from "./dom.js";
import { actors } from "./acting.js";
import { state, tell } from "./store.js";

const PAUSE = 700;
const AT_LEAST = 20_000;

async function waitingFor(user) {
  const response = await fetch(`/client/start?as=${encodeURIComponent(user)}`);
  if (!response.ok) return null;
  const { channels } = await response.json();
  const total = (pick) => channels.reduce((sum, c) => sum + (pick(c) || 0), 0);
  return {
    unread: total((c) => c.unread),
    mentions: total((c) => (c.kind === "im" ? c.unread : c.mentions)),
  };
}

async function look() {
  if (document.hidden) return;
  const people = actors()
    .filter((p) => p.id !== state.me)
    .slice(0, 9);
  const found = await Promise.all(people.map((p) => waitingFor(p.id).catch(() => null)));
  const before = JSON.stringify([...state.elsewhere]);
  people.forEach((p, at) => {
    if (found[at]) state.elsewhere.set(p.id, found[at]);
  });
  if (JSON.stringify([...state.elsewhere]) !== before) tell("elsewhere");
}

/** `look()` asks soon, and again now and then. */
export const others = { look: debounce(look, PAUSE) };
setInterval(() => others.look(), AT_LEAST);
