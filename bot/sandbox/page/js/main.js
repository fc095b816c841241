/** Starts the page: who acts, what is open, and the way between them. */
import { actAs, get } from "./api.js";
import { focusComposer, leaveChannel, showChannel, showMessage } from "./channel.js";
import { setClock, watchClock } from "./clock.js";
import { h, put } from "./dom.js";
import { leaveHome, showHome } from "./home.js";
import { listen } from "./keyboard.js";
import { follow } from "./live.js";
import "./modal.js";
import { pageTitle, take } from "./news.js";
import { others } from "./others.js";
import { actors } from "./acting.js";
import { openDirect } from "./sidebar.js";
import { permalink } from "./inline.js";
import { appChannel, on, openChannel, railOrder, state, tell } from "./store.js";
import "./switcher.js";
import { hideThread, showThread } from "./thread.js";
import { announce, clearToasts, toast } from "./toast.js";

const main = document.getElementById("main");
let stopFollowing = () => {};
let turn = 0;

/** Fetches everything about the workspace as one person sees it. */
async function start(user) {
  actAs(user);
  const begun = await get("start");
  state.me = begun.me;
  actAs(begun.me);
  state.team = begun.team;
  state.people = new Map(begun.people.map((p) => [p.id, p]));
  state.channels = new Map(begun.channels.map((c) => [c.id, c]));
  state.app = { commands: [], shortcuts: [], ...begun.app };
  state.clock = { now: Date.parse(begun.clock.now) / 1000, movable: Boolean(begun.clock.movable) };
  state.view = begun.modal ?? null;
}

/** Becomes `user`, staying in the same conversation where they can see it. */
async function act(user, wanted = null) {
  const mine = (turn += 1);
  const before = { open: state.open, kind: openChannel()?.with === state.app.bot_user_id ? "app" : "" };
  stopFollowing();
  hideThread();
  state.view = null;
  state.home = undefined;
  tell("view");
  try {
    await start(user);
  } catch (problem) {
    if (mine === turn) {
      toast(problem.message);
      setTimeout(() => act(user, wanted ?? { channel: state.open }), 2000);
    }
    return;
  }
  if (mine !== turn) return;
  state.elsewhere.delete(state.me);
  try {
    localStorage.setItem("as", state.me);
  } catch {
    /* the address says it too */
  }
  stopFollowing = follow(state.me, {
    event: (event) => {
      take(event);
      others.look();
    },
    back: refetch,
    lost: () => {
      state.live = false;
      tell("people");
    },
  });
  state.live = true;
  state.open = "";
  tell("people");
  tell("app");
  tell("view");
  const place = wanted ?? { channel: before.open, app: before.kind === "app" ? "messages" : undefined };
  await go({ ...place, quiet: true });
  if (before.open) announce(`Acting as ${state.people.get(state.me)?.real_name}`);
  others.look();
}

/** After a lost connection: what happened meanwhile is fetched, the page stays where it is. */
async function refetch() {
  const { open, thread } = state;
  const writing = document.activeElement?.dataset.testid === "composer";
  try {
    await start(state.me);
  } catch {
    return;
  }
  state.live = true;
  state.open = "";
  const ts = thread?.ts;
  if (ts) hideThread();
  tell("people");
  tell("app");
  tell("view");
  await go({ channel: open, thread: ts, quiet: true });
  if (writing) focusComposer();
}

/** Where one lands without an address: where something waits, else where something happened last. */
function firstPlace() {
  const { channels, direct } = railOrder();
  const mine = channels.filter((c) => c.is_member !== false);
  const lively = [...mine].sort((a, b) => Number(b.last_ts ?? 0) - Number(a.last_ts ?? 0));
  const waiting = mine.find((c) => c.mentions) ?? lively.find((c) => c.unread);
  return (waiting ?? lively[0] ?? channels[0] ?? direct[0])?.id ?? "home";
}

/**
 * Goes somewhere: a conversation, the Home, a thread, a message.
 * @param {{channel?: string, app?: "messages", thread?: string|null, ts?: string|null, focus?: boolean, quiet?: boolean}} where
 */
async function go(where) {
  if (where.app === "messages") {
    const dm = appChannel();
    if (!dm) {
      await openDirect(state.app.bot_user_id);
      return;
    }
    where = { ...where, channel: dm.id };
  }
  let target = where.channel ?? state.open;
  if (target !== "home" && !state.channels.has(target)) target = firstPlace();
  if (target !== state.open) {
    hideThread();
    await open(target);
  }
  if (where.thread === null) hideThread();
  else if (where.thread && target !== "home") await showThread(where.thread, where.focus);
  if (where.ts && (!where.thread || where.ts === where.thread)) await showMessage(where.ts);
  if (!where.quiet || where.thread) pane(state.thread ? "side" : "main");
  if (where.channel && !where.quiet && !where.ts && !where.thread && matchMedia("(hover: hover)").matches)
    focusComposer();
  remember();
}

async function open(target) {
  leaveChannel();
  leaveHome();
  clearToasts();
  state.open = target;
  state.messages = [];
  state.hasMore = false;
  state.newFrom = null;
  tell("open");
  try {
    if (target === "home") await showHome(main);
    else await showChannel(main);
  } catch (problem) {
    put(main, h("p", { class: "closed quiet" }, problem.message));
  }
  pageTitle();
}

/** On a narrow screen one pane is seen at a time. @param {"rail"|"main"|"side"} name */
function pane(name) {
  document.body.dataset.pane = name;
}

/** Keeps the address such that a link opens the same view. */
function remember() {
  const query = new URLSearchParams({ as: state.me, channel: state.open });
  if (state.thread) query.set("thread", state.thread.ts);
  const address = `/?${query}`;
  if (address !== location.pathname + location.search) history.pushState(null, "", address);
}

function fromAddress() {
  const query = new URLSearchParams(location.search);
  const inside = permalink(location.pathname + location.search, true);
  if (inside) return { as: query.get("as") ?? lastActor(), ...inside };
  return {
    as: query.get("as") ?? lastActor(),
    channel: query.get("channel") ?? undefined,
    thread: query.get("thread"),
    ts: query.get("message"),
  };
}

/** Who was acted as in this browser, for an address that does not say. */
function lastActor() {
  try {
    return localStorage.getItem("as");
  } catch {
    return null;
  }
}

on("go", (where) => go(where));
on("act", (user) => {
  if (user !== state.me) act(user);
});
on("pane", pane);
on("focus-composer", () => focusComposer());
on("unread open channels", () => pageTitle());
on("sent", (message) => {
  if (message?.ts) take({ type: "message", channel: message.channel ?? state.open, message });
});
window.addEventListener("popstate", () => {
  const { as, ...where } = fromAddress();
  if (as && as !== state.me) act(as, where);
  else go({ ...where, quiet: true });
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) tell("messages");
});

async function begin() {
  const { as, ...where } = fromAddress();
  listen();
  await act(as ?? "", where.channel ? where : {});
  if (!as && state.me && !actors().some((p) => p.id === state.me) && actors().length)
    await act(actors()[0].id, where);
  if (!where.channel && !where.thread)
    pane(matchMedia("(max-width: 800px)").matches && !as ? "rail" : "main");
  setClock(undefined);
  watchClock();
}

begin();
