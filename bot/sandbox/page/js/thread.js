/** The right-hand pane: one thread with its own composer. */
import { makeComposer } from "./composer.js";
import { h, put } from "./dom.js";
import { closedFor } from "./heading.js";
import { icon } from "./icons.js";
import { fetchThread } from "./message.js";
import { noticesIn } from "./notices.js";
import { keepAtEnd } from "./scroller.js";
import { byTs, channelName, on, openChannel, state, tell } from "./store.js";
import { drawTimeline, walkWithArrows } from "./timeline.js";
import { toast } from "./toast.js";

let shown = null;
const side = document.getElementById("side");

on("thread", (why) => {
  shown?.draw();
  if (why === "notice") shown?.scroll.toEnd();
});
on("sent", (message) => {
  if (message?.thread_ts) shown?.scroll.toEnd();
});
on("people clock channels", () => shown?.draw());

/** Opens a thread. @param {string} ts of its root @param {boolean} focus whether its composer takes the focus */
export async function showThread(ts, focus = false) {
  if (shown?.ts === ts && shown.channel === state.open) {
    if (focus) shown.composer?.focus();
    return;
  }
  state.thread = { ts, messages: [] };
  shown = new Thread(ts);
  side.hidden = false;
  document.body.classList.add("has-side");
  await shown.load();
  if (focus) shown?.composer?.focus();
}

/** Closes the pane. */
export function hideThread() {
  if (!shown) return;
  const ts = shown.ts;
  shown = null;
  state.thread = null;
  side.hidden = true;
  put(side);
  document.body.classList.remove("has-side");
  document.querySelector(`#main [data-ts="${CSS.escape(ts)}"]`)?.focus({ preventScroll: true });
}

export const focusThread = () => shown?.composer?.focus();

class Thread {
  constructor(ts) {
    this.ts = ts;
    this.channel = state.open;
    this.list = h("div", { class: "list" });
    const content = h("div", { class: "scroll-content" }, this.list);
    this.box = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Thread" }, content);
    this.foot = h("div", { class: "foot" });
    const channel = openChannel();
    put(
      side,
      h(
        "header",
        { class: "head" },
        h(
          "button",
          {
            class: "tool back",
            type: "button",
            "aria-label": "Back to the channel",
            on: { click: () => tell("go", { thread: null }) },
          },
          icon("back"),
        ),
        h("h2", { class: "head-name" }, "Thread"),
        h(
          "p",
          { class: "head-topic", dir: "auto" },
          channel?.kind === "im" ? channelName(channel) : `#${channelName(channel)}`,
        ),
        h(
          "button",
          {
            class: "tool head-close",
            type: "button",
            "aria-label": "Close the thread",
            title: "Close (Escape)",
            on: { click: () => tell("go", { thread: null }) },
          },
          icon("close"),
        ),
      ),
      h("div", { class: "scroll-frame" }, this.box),
      this.foot,
    );
    this.scroll = keepAtEnd(this.box, content);
    walkWithArrows(this.box, this.list);
    if (channel && !closedFor(channel)) {
      this.composer = makeComposer({ channel: this.channel, thread: ts });
      put(this.foot, this.composer.root);
    }
  }

  async load() {
    try {
      const messages = await fetchThread(this.channel, this.ts);
      if (shown !== this) return;
      state.thread.messages = messages.sort(byTs);
      this.draw();
      this.scroll.toEnd();
    } catch (problem) {
      toast(problem.message);
    }
  }

  draw() {
    if (!state.thread?.messages.length) return;
    const [root, ...replies] = state.thread.messages;
    drawTimeline(this.list, [root, ...[...replies, ...noticesIn(this.channel, this.ts)].sort(byTs)], {
      inThread: true,
    });
    if (this.scroll.isAtEnd()) this.scroll.toEnd();
  }
}
