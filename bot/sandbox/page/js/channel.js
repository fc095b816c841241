/** The middle: one conversation with its heading, its messages and its composer. */
import { get, post } from "./api.js";
import { makeComposer } from "./composer.js";
import { h, put } from "./dom.js";
import { icon } from "./icons.js";
import { beginning, closedFor, heading, strips } from "./heading.js";
import { noticesIn } from "./notices.js";
import { keepAtEnd } from "./scroller.js";
import { appChannel, byTs, on, openChannel, placed, state, tell } from "./store.js";
import { drawTimeline, walkWithArrows } from "./timeline.js";
import { toast } from "./toast.js";

const PAGE = 50;
let shown = null;

on("messages", (why) => {
  shown?.draw();
  if (why === "notice") shown?.scroll.toEnd();
});
on("sent", (message) => {
  if (!message?.thread_ts) shown?.scroll.toEnd();
});
on("channels app people clock", () => shown?.refresh());

/** Puts the open conversation on the page. @param {HTMLElement} main */
export async function showChannel(main) {
  const channel = openChannel();
  shown = channel ? new Channel(channel, main) : null;
  if (shown) await shown.load();
}

/** Forgets the conversation on the page. */
export function leaveChannel() {
  shown = null;
}

/** Brings one message into view, loading earlier ones if need be. */
export async function showMessage(ts) {
  for (
    let page = 0;
    page < 8 && shown && !state.messages.some((m) => m.ts === ts) && state.hasMore;
    page += 1
  )
    await shown.older();
  const node = shown?.list.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
  if (!node) return;
  shown.scroll.release();
  node.scrollIntoView({ block: "center" });
  node.classList.add("is-found");
  node.focus({ preventScroll: true });
  setTimeout(() => node.classList.remove("is-found"), 2600);
}

export const focusComposer = () => shown?.composer?.focus();

class Channel {
  constructor(channel, main) {
    this.id = channel.id;
    this.list = h("div", { class: "list" });
    this.begin = h("div", { class: "beginning" });
    const content = h("div", { class: "scroll-content" }, this.begin, this.list);
    this.box = h(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": "Messages", "data-testid": "messages" },
      content,
    );
    this.latest = h(
      "button",
      { class: "latest", type: "button", hidden: true, on: { click: () => this.scroll.toEnd() } },
      icon("down", 14),
      h("span", null, "Latest messages"),
    );
    this.heading = h("header", { class: "head" });
    this.strip = h("div", { class: "strips" });
    this.foot = h("div", { class: "foot" });
    put(
      main,
      this.heading,
      this.strip,
      h("div", { class: "scroll-frame" }, this.box, this.latest),
      this.foot,
    );
    this.scroll = keepAtEnd(this.box, content, {
      older: () => this.older(),
      atEnd: (is) => {
        if (is) {
          this.latest.hidden = true;
          this.read();
        }
      },
    });
    walkWithArrows(this.box, this.list);
    this.refresh();
  }

  get channel() {
    return state.channels.get(this.id);
  }

  async load() {
    state.loading = true;
    this.list.classList.add("is-loading");
    const unread = this.channel.unread ?? 0;
    const answer = await get("messages", {
      channel: this.id,
      limit: Math.max(PAGE, Math.min(unread + 10, 100)),
    });
    if (shown !== this) return;
    state.messages = answer.messages.sort(byTs);
    state.hasMore = answer.has_more;
    state.newFrom = this.firstUnread(unread);
    state.loading = false;
    this.list.classList.remove("is-loading");
    this.draw();
    const line = this.list.querySelector(".new-line");
    this.scroll.toEnd();
    if (line && line.offsetTop < this.box.scrollTop) {
      this.scroll.release();
      line.scrollIntoView({ block: "start" });
    }
    this.read();
    if (this.id === appChannel()?.id) get("home", { tab: "messages" }).catch(() => {});
  }

  firstUnread(count) {
    const others = state.messages.filter((m) => m.user !== state.me && !m.is_ephemeral);
    return count && others.length > count ? (others.at(-count)?.ts ?? null) : null;
  }

  async older() {
    if (state.loading || !state.hasMore || !state.messages.length) return;
    state.loading = true;
    try {
      const first = state.messages.find((m) => !m.is_ephemeral) ?? state.messages[0];
      const answer = await get("messages", { channel: this.id, before: first.ts, limit: PAGE });
      if (shown !== this) return;
      state.hasMore = answer.has_more && answer.messages.length > 0;
      for (const message of answer.messages) state.messages = placed(state.messages, message);
      this.scroll.holding(() => this.draw());
    } catch (problem) {
      toast(problem.message);
    } finally {
      state.loading = false;
    }
  }

  draw() {
    if (state.loading && !state.messages.length) return;
    drawTimeline(this.list, [...state.messages, ...noticesIn(this.id)].sort(byTs), {
      newFrom: state.newFrom,
    });
    put(
      this.begin,
      state.hasMore ? h("p", { class: "quiet" }, "Earlier messages…") : beginning(this.channel),
    );
    if (this.scroll.isAtEnd()) {
      this.scroll.toEnd();
      this.read();
    } else this.latest.hidden = false;
  }

  /** Tells the server what has been seen. */
  read() {
    const last = state.messages.findLast((m) => !m.is_ephemeral);
    if (!last || document.hidden || this.seen === last.ts || shown !== this) return;
    this.seen = last.ts;
    post("read", { channel: this.id, ts: last.ts }).catch(() => {
      this.seen = null;
    });
    if (this.channel.unread || this.channel.mentions) {
      Object.assign(this.channel, { unread: 0, mentions: 0 });
      tell("unread", this.id);
    }
  }

  /** The heading, the strips and the composer; the messages stay as they are. */
  refresh() {
    const channel = this.channel;
    if (!channel) return;
    put(this.heading, heading(channel));
    put(this.strip, strips(channel));
    const closed = closedFor(channel);
    if (closed) {
      put(this.foot, h("p", { class: "closed quiet" }, closed));
      this.composer = null;
      return;
    }
    if (this.composer) return;
    this.composer = makeComposer({ channel: this.id });
    put(this.foot, this.composer.root);
  }
}
