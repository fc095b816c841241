/** The rail: the workspace, who acts, channels, direct messages, the app. */
import { acting } from "./acting.js";
import { post } from "./api.js";
import { h, put } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./inline.js";
import { menu } from "./popover.js";
import { appChannel, channelName, fullName, on, person, railOrder, state, tell } from "./store.js";
import { nextTheme, themeNow } from "./theme.js";
import { toast } from "./toast.js";

const rail = document.getElementById("rail");
on("people channels unread app open clock elsewhere theme", () => drawRail());

function drawRail() {
  if (!state.me) return;
  const focused = rail.contains(document.activeElement) ? keyOf(document.activeElement) : null;
  const scroll = rail.querySelector(".rail-scroll")?.scrollTop ?? 0;
  const { channels, direct } = railOrder();
  const me = person(state.me);
  put(
    rail,
    h(
      "header",
      { class: "rail-head" },
      h(
        "div",
        { class: "rail-name" },
        h("span", { class: "rail-team", dir: "auto" }, state.team.name || "Local workspace"),
        h(
          "span",
          {
            class: "stand-in",
            title: "This is not Slack. It is a stand-in that runs on this computer; nothing leaves it.",
          },
          "local stand-in",
        ),
      ),
      h(
        "button",
        {
          class: "tool",
          type: "button",
          "aria-label": "Go to a channel or person",
          title: "Go to… (Ctrl K)",
          "data-key": "search",
          on: { click: () => tell("switcher") },
        },
        icon("search"),
      ),
    ),
    acting(),
    h(
      "div",
      { class: "rail-scroll" },
      me.is_external ? null : group("App", [appRow()]),
      group("Channels", channels.map(channelRow)),
      group(
        "Direct messages",
        direct.map(channelRow),
        h(
          "button",
          {
            class: "tool tool-small",
            type: "button",
            "aria-label": "New message",
            title: "New message",
            "data-key": "new-dm",
            on: { click: (event) => newMessage(event.currentTarget) },
          },
          icon("plus", 16),
        ),
      ),
    ),
    foot(),
  );
  rail.querySelector(".rail-scroll").scrollTop = scroll;
  if (focused) rail.querySelector(focused)?.focus({ preventScroll: true });
}

function keyOf(node) {
  for (const name of ["channel", "person", "key"])
    if (node.dataset[name]) return `[data-${name}="${CSS.escape(node.dataset[name])}"]`;
  return null;
}

function group(title, rows, extra = null) {
  return h(
    "section",
    { class: "rail-group", "aria-label": title },
    h("div", { class: "rail-title" }, h("h2", { class: "rail-label" }, title), extra),
    h(
      "ul",
      null,
      rows.map((row) => h("li", null, row)),
    ),
  );
}

function row(id, label, lead, how = {}) {
  const current = how.current ?? state.open === id;
  const unread = !current && (how.unread || how.mentions);
  const news = how.mentions && !current ? `, ${how.mentions} for you` : unread ? ", unread" : "";
  return h(
    "button",
    {
      class: `row${unread ? " is-unread" : ""}${how.quiet ? " is-quiet" : ""}`,
      type: "button",
      "data-channel": id,
      "aria-current": current ? "page" : null,
      "aria-label": `${label}${news}`,
      on: { click: () => tell("go", how.go ?? { channel: id }) },
    },
    h("span", { class: "row-lead" }, lead),
    h("span", { class: "row-name", dir: "auto" }, label),
    how.trail ?? null,
    how.mentions && !current ? h("span", { class: "badge" }, String(how.mentions)) : null,
  );
}

function channelRow(channel) {
  const lead =
    channel.kind === "im" ? avatar(channel.with, 20) : icon(channel.kind === "private" ? "lock" : "hash", 16);
  const mentions = channel.kind === "im" ? channel.unread : channel.mentions;
  return row(channel.id, channelName(channel), lead, {
    unread: channel.unread,
    mentions,
    quiet: channel.is_member === false,
    trail: channel.is_ext_shared
      ? h("span", { class: "row-mark", title: "Shared with another company" }, icon("shared", 14))
      : null,
  });
}

function appRow() {
  const dm = appChannel();
  const here = state.open === "home" || (dm && state.open === dm.id);
  const go = state.app.home && !dm?.unread ? { channel: "home" } : { app: "messages" };
  return row("home", state.app.name, avatar(state.app.bot_user_id, 20), {
    current: Boolean(here),
    unread: dm?.unread,
    mentions: dm?.unread,
    go,
    trail: state.app.connected
      ? null
      : h("span", { class: "row-mark is-off", title: "Not connected" }, icon("warn", 14)),
  });
}

function foot() {
  const theme = themeNow();
  const live = state.live ? "Runs on this computer; nothing leaves it." : "Connection lost. Trying again…";
  return h(
    "footer",
    { class: `rail-foot${state.live ? "" : " is-lost"}` },
    h("p", { class: "rail-note", role: "status" }, live),
    h(
      "button",
      {
        class: "tool tool-small",
        type: "button",
        "aria-label": "Keyboard",
        title: "Keyboard (?)",
        "data-key": "keys",
        on: { click: () => tell("keys") },
      },
      icon("keyboard", 16),
    ),
    h(
      "button",
      {
        class: "tool tool-small",
        type: "button",
        "aria-label": `Theme: ${theme}. Change`,
        title: `Theme: ${theme}`,
        "data-key": "theme",
        "data-testid": "theme",
        on: { click: () => nextTheme() },
      },
      icon({ system: "auto", light: "sun", dark: "moon" }[theme], 16),
    ),
  );
}

/** Starts a private conversation with someone. */
function newMessage(button) {
  const others = [...state.people.values()].filter(
    (p) => p.id !== state.me && !p.deleted && p.id !== state.app.bot_user_id,
  );
  menu(
    button,
    others.map((p) => ({
      label: fullName(p.id),
      hint: p.title,
      lead: avatar(p.id, 24),
      act: () => openDirect(p.id),
    })),
    { title: "Message", align: "start" },
  );
}

/** Opens the private conversation with `user`. */
export async function openDirect(user) {
  const known = [...state.channels.values()].find((c) => c.kind === "im" && c.with === user);
  if (known) {
    tell("go", { channel: known.id });
    return;
  }
  try {
    const { channel } = await post("im", { with: user });
    const id = typeof channel === "string" ? channel : channel.id;
    if (!state.channels.has(id))
      state.channels.set(id, {
        id,
        kind: "im",
        with: user,
        name: "",
        topic: "",
        unread: 0,
        mentions: 0,
        is_member: true,
        ...(typeof channel === "object" ? channel : {}),
      });
    tell("channels");
    tell("go", { channel: id });
  } catch (problem) {
    toast(problem.message);
  }
}
