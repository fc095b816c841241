/** The app's Home, and the tabs between it and its messages. */
import { get } from "./api.js";
import { drawBlock } from "./blocks/index.js";
import { makeContext, noteUnder } from "./blocks/context.js";
import { dayKey } from "./dates.js";
import { h, put, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./inline.js";
import { FormState } from "./inputs/form.js";
import { now, on, state, tell, zone } from "./store.js";
import { toast } from "./toast.js";

/** How long an app may take to put up its first Home before the page says that there is none, in milliseconds. */
const PATIENCE = 900;
let shown = null;
on("home", () => shown?.draw());
on("app clock", () => shown?.draw());

/** Puts the app's Home on the page and tells the app that it was opened. @param {HTMLElement} main */
export async function showHome(main) {
  const page = new Home(main);
  shown = page;
  try {
    const answer = await get("home");
    if (shown !== page) return;
    state.home = answer.view ?? null;
    page.draw();
  } catch (problem) {
    toast(problem.message);
  }
}

/** Forgets the Home on the page. */
export function leaveHome() {
  shown = null;
}

/** "Home | Messages" @param {"home"|"messages"} current */
export function appTabs(current) {
  const tab = (id, words, go) =>
    h(
      "button",
      {
        class: "tab",
        type: "button",
        role: "tab",
        "aria-selected": String(id === current),
        "data-tab": id,
        on: { click: () => tell("go", go) },
      },
      words,
    );
  return h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": state.app.name },
    tab("home", "Home", { channel: "home" }),
    tab("messages", "Messages", { app: "messages" }),
  );
}

class Home {
  constructor(main) {
    this.form = new FormState();
    this.since = performance.now();
    this.body = h("div", { class: "home-blocks" });
    put(
      main,
      h(
        "header",
        { class: "head" },
        h(
          "button",
          {
            class: "tool back",
            type: "button",
            "aria-label": "Back to the list",
            on: { click: () => tell("pane", "rail") },
          },
          icon("back"),
        ),
        h(
          "h1",
          { class: "head-name" },
          avatar(state.app.bot_user_id, 24),
          state.app.name,
          h("span", { class: "tag" }, "APP"),
        ),
        appTabs("home"),
      ),
      h(
        "div",
        { class: "scroll-frame" },
        h(
          "div",
          {
            class: "scroll home",
            tabindex: "0",
            role: "region",
            "aria-label": `${state.app.name}, Home`,
            "data-testid": "home",
          },
          this.body,
        ),
      ),
    );
  }

  draw() {
    const view = state.home;
    if (view === undefined) return;
    if (!view && performance.now() - this.since < PATIENCE) {
      setTimeout(() => {
        if (shown === this) this.draw();
      }, PATIENCE);
      return;
    }
    if (!view) {
      reconcile(this.body, [
        {
          key: "empty",
          sig: "",
          make: () => h("p", { class: "quiet home-empty" }, `${state.app.name} has put nothing here yet.`),
        },
      ]);
      return;
    }
    this.form.adopt(view.blocks ?? []);
    const ctx = makeContext({
      surface: "home",
      where: { kind: "view", view_id: view.id },
      form: this.form,
      trouble: (sentence, node) => (node?.isConnected ? noteUnder(sentence, node) : toast(sentence)),
    });
    const setting = `${view.id}|${dayKey(now(), zone())}|${state.me}`;
    reconcile(
      this.body,
      (view.blocks ?? []).map((block, at) => ({
        key: `${at}-${block.block_id ?? ""}`,
        sig: JSON.stringify(block) + setting,
        make: () => drawBlock(block, ctx),
      })),
    );
  }
}
