/** Keys that work everywhere, and the sheet that lists them. */
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { actors } from "./acting.js";
import { on, railOrder, state, tell } from "./store.js";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const KEYS = [
  ["Go to a channel, a person, or act as someone else", [MAC ? "⌘" : "Ctrl", "K"]],
  ["Channel above, below", ["Alt", "↑"], ["Alt", "↓"]],
  ["Unread channel above, below", ["Alt", "Shift", "↑"], ["Alt", "Shift", "↓"]],
  ["Act as the first, second… person", ["Alt", "1"], ["Alt", "2"]],
  ["Write a message", ["C"]],
  ["Send", ["Enter"]],
  ["New line", ["Shift", "Enter"]],
  ["Commands, people, channels", ["/"], ["@"], ["#"]],
  ["Message above, below", ["↑"], ["↓"]],
  ["Open the thread of a message", ["T"]],
  ["Close the thread or the modal", ["Esc"]],
  ["This list", ["?"]],
];

const typing = (node) => Boolean(node?.closest?.("input, textarea, select, [contenteditable]"));

/** Starts listening. */
export function listen() {
  document.addEventListener("keydown", (event) => {
    if (
      (event.ctrlKey || event.metaKey) &&
      !event.shiftKey &&
      !event.altKey &&
      event.key.toLowerCase() === "k"
    ) {
      event.preventDefault();
      if (!document.querySelector("dialog.modal")) tell("switcher");
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (event.altKey && !event.ctrlKey && !event.metaKey) return withAlt(event);
    if (event.key === "Escape" && state.thread && !event.defaultPrevented) {
      tell("go", { thread: null });
      return;
    }
    if (typing(event.target) || event.ctrlKey || event.metaKey) return;
    if (event.key === "?") {
      event.preventDefault();
      tell("keys");
    }
    if (event.key.toLowerCase() === "c") {
      event.preventDefault();
      tell("focus-composer");
    }
    const message = event.target.closest?.(".message");
    if (
      message &&
      event.key.toLowerCase() === "t" &&
      !message.classList.contains("is-ephemeral") &&
      !message.closest("#side")
    ) {
      event.preventDefault();
      tell("go", { thread: message.dataset.ts, focus: true });
    }
  });
}

function withAlt(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    toNeighbour(step, event.shiftKey);
  } else if (/^Digit[1-9]$/.test(event.code) && !event.shiftKey) {
    const who = actors()[Number(event.code.slice(5)) - 1];
    if (who) {
      event.preventDefault();
      tell("act", who.id);
    }
  }
}

function toNeighbour(step, unreadOnly) {
  const { channels, direct } = railOrder();
  const all = ["home", ...channels.map((c) => c.id), ...direct.map((c) => c.id)];
  const here = all.indexOf(state.open);
  for (let turn = 1; turn <= all.length; turn += 1) {
    const id = all[(here + step * turn + all.length * 2) % all.length];
    if (!unreadOnly || state.channels.get(id)?.unread) {
      tell("go", id === "home" && !state.app.home ? { app: "messages" } : { channel: id });
      return;
    }
  }
}

on("keys", () => {
  const close = h(
    "button",
    { class: "tool", type: "button", "aria-label": "Close", on: { click: () => dialog.close() } },
    icon("close"),
  );
  const dialog = h(
    "dialog",
    {
      class: "sheet sheet-small sheet-keys",
      role: "dialog",
      "aria-label": "Keyboard",
      "data-testid": "keys",
      on: {
        close: () => dialog.remove(),
        click: (event) => {
          if (event.target === dialog) dialog.close();
        },
      },
    },
    h("div", { class: "sheet-head" }, h("h2", { class: "sheet-title" }, "Keyboard"), close),
    h(
      "dl",
      { class: "keys" },
      KEYS.map(([what, ...ways]) => [
        h("dt", null, what),
        h(
          "dd",
          null,
          ways.map((keys) =>
            h(
              "span",
              { class: "key-way" },
              keys.map((key) => h("kbd", null, key)),
            ),
          ),
        ),
      ]),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
});
