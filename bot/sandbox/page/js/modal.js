/** Modals: the top view of the acting person's stack, what is typed in it, and sending it. */
import { get, post } from "./api.js";
import { NO_ANSWER, makeContext } from "./blocks/context.js";
import { drawBlock } from "./blocks/index.js";
import { debounce, focusable, h, put, reconcile, takeAway, uid } from "./dom.js";
import { icon } from "./icons.js";
import { FormState, fieldsOf, isBlank, problems } from "./inputs/form.js";
import { on, state, tell, zone } from "./store.js";
import { textOf } from "./text.js";

const TYPING_PAUSE = 250;
const GRACE = 900;

let open = null;
/** What is typed in the views below the top one, by view id. */
const forms = new Map();

on("view", () => follow());
on("people", () => {
  if (!state.me) drop();
});

/** Makes the page agree with the stack. */
function follow() {
  const view = state.view;
  if (!view || view.type === "home") {
    drop();
    forms.clear();
    return;
  }
  if (!open) open = new Modal();
  open.take(view);
}

function drop() {
  open?.remove();
  open = null;
}

class Modal {
  constructor() {
    this.before = document.activeElement;
    const title = uid("modal");
    this.title = h("h2", { class: "modal-title", id: title, dir: "auto" });
    this.crumb = h(
      "button",
      {
        class: "tool modal-back",
        type: "button",
        "aria-label": "Back to the one before",
        hidden: true,
        on: { click: () => this.close() },
      },
      icon("back"),
    );
    this.banner = h("div", { class: "modal-banner", role: "alert", hidden: true });
    this.body = h("div", { class: "modal-blocks" });
    this.stay = h("button", {
      class: "button",
      type: "button",
      "data-testid": "modal-close",
      on: { click: () => this.close() },
    });
    this.go = h("button", { class: "button button-primary", type: "submit", "data-testid": "modal-submit" });
    this.foot = h("footer", { class: "modal-foot" }, this.stay, this.go);
    this.form = h(
      "form",
      {
        class: "modal-form",
        novalidate: true,
        on: {
          submit: (event) => {
            event.preventDefault();
            this.submit();
          },
        },
      },
      h(
        "header",
        { class: "modal-head" },
        this.crumb,
        this.title,
        h(
          "button",
          {
            class: "tool",
            type: "button",
            "aria-label": "Close",
            "data-testid": "modal-x",
            on: { click: () => this.close(true) },
          },
          icon("close"),
        ),
      ),
      this.banner,
      h("div", { class: "modal-scroll", tabindex: "-1" }, this.body),
      this.foot,
    );
    this.dialog = h(
      "dialog",
      {
        class: "modal",
        role: "dialog",
        "aria-modal": "true",
        "aria-labelledby": title,
        on: {
          cancel: (event) => {
            event.preventDefault();
            this.close(true);
          },
        },
      },
      this.form,
    );
    this.tell = debounce(
      (values) => post("type", { view_id: this.view.id, state: values }).catch(() => {}),
      TYPING_PAUSE,
    );
    document.body.append(this.dialog);
    this.dialog.showModal();
  }

  /** Shows a view: the same one updated, or another one on the stack. */
  take(view) {
    const another = this.view?.id !== view.id;
    if (another) {
      this.tell.now();
      this.values =
        forms.get(view.id) ??
        new FormState((values) => {
          this.tell(values);
        });
      forms.set(view.id, this.values);
      this.errors = {};
      this.say(null);
    }
    this.view = view;
    this.values.adopt(view.blocks ?? [], view.state?.values ?? view.state ?? {});
    this.errors = { ...(another ? {} : this.errors), ...(view.errors ?? {}) };
    this.idle();
    this.draw();
    if (another) this.begin();
  }

  draw() {
    const view = this.view;
    this.dialog.dataset.viewId = view.id;
    this.dialog.dataset.callbackId = view.callback_id ?? "";
    this.title.textContent = textOf(view.title);
    this.crumb.hidden = !(view.depth > 1);
    this.stay.textContent = textOf(view.close) || "Close";
    this.go.textContent = textOf(view.submit) || "Submit";
    this.go.hidden = !view.submit;
    this.foot.hidden = !view.submit && !view.close;
    const ctx = makeContext({
      surface: "modal",
      where: { kind: "view", view_id: view.id },
      form: this.values,
      errors: this.errors,
      enter: view.submit ? () => this.submit() : null,
      flush: async () => {
        await this.tell.now();
      },
      trouble: (sentence) => this.say(sentence),
    });
    const setting = `${view.id}|${zone()}`;
    reconcile(
      this.body,
      (view.blocks ?? []).map((block, at) => ({
        key: block.block_id ?? String(at),
        sig: `${JSON.stringify(block)}|${this.errors[block.block_id] ?? ""}|${setting}`,
        make: () => drawBlock(block, ctx),
      })),
    );
  }

  /** Puts the focus where the app asks, else on the first required input that is empty, else on the first. */
  begin() {
    this.body.parentElement.scrollTop = 0;
    const fields = fieldsOf(this.view.blocks ?? []);
    const asked =
      fields.find(({ element }) => element.focus_on_load) ??
      fields.find(
        ({ block, element }) => !block.optional && isBlank(this.values.get(block.block_id, element)),
      ) ??
      fields[0];
    const place =
      asked && this.body.querySelector(`.block[data-block-id="${CSS.escape(asked.block.block_id)}"]`);
    const first = focusable(place?.querySelector("[data-action-id]") ?? place);
    const target = first ?? (this.go.hidden ? (focusable(this.body) ?? this.stay) : this.go);
    target?.focus({ preventScroll: true });
  }

  say(sentence) {
    this.banner.hidden = !sentence;
    put(this.banner, sentence ? [icon("warn", 16), h("span", null, sentence)] : []);
  }

  busy() {
    this.form.setAttribute("aria-busy", "true");
    this.go.setAttribute("aria-busy", "true");
  }

  idle() {
    clearTimeout(this.grace);
    this.form.removeAttribute("aria-busy");
    this.go.removeAttribute("aria-busy");
  }

  async submit() {
    if (this.form.hasAttribute("aria-busy") || !this.view.submit) return;
    this.say(null);
    this.errors = problems(this.view.blocks ?? [], this.values);
    this.draw();
    if (Object.keys(this.errors).length) {
      this.toFirstError();
      return;
    }
    this.busy();
    this.tell.cancel();
    const sent = this.view;
    try {
      const answer = await post("submit", { view_id: sent.id, state: this.values.values });
      if (open !== this) return;
      if (answer.ok) {
        this.grace = setTimeout(() => this.catchUp(sent), GRACE);
        return;
      }
      this.idle();
      this.errors = answer.errors ?? {};
      this.draw();
      const lost = Object.entries(this.errors).filter(
        ([id]) => !this.view.blocks?.some((block) => block.block_id === id),
      );
      if (lost.length || !answer.errors)
        this.say(lost.length ? lost.map(([, sentence]) => sentence).join(" ") : answer.error || NO_ANSWER);
      this.toFirstError();
    } catch {
      this.idle();
      this.say(NO_ANSWER);
    }
  }

  toFirstError() {
    const block = this.body.querySelector(".block-input:has(.field-error)");
    block?.scrollIntoView({ block: "center", behavior: "instant" });
    focusable(block)?.focus({ preventScroll: true });
  }

  /** The answer came but the live news did not: ask. */
  async catchUp(sent) {
    this.idle();
    if (open !== this || this.view !== sent) return;
    const start = await get("start").catch(() => null);
    if (start && open === this) {
      state.view = start.modal ?? null;
      tell("view");
    }
  }

  /** Cancel and the back arrow close one view, x and Escape the whole stack. */
  async close(wholeStack = false) {
    const view = this.view;
    this.tell.cancel();
    try {
      await post("close", { view_id: view.id, whole_stack: wholeStack });
    } catch {
      this.say(NO_ANSWER);
      return;
    }
    setTimeout(() => {
      if (open === this && this.view === view) this.catchUp(view);
    }, 250);
  }

  remove() {
    clearTimeout(this.grace);
    this.tell.cancel();
    this.dialog.close();
    takeAway(this.dialog);
    if (this.before?.isConnected && this.before !== document.body) this.before.focus({ preventScroll: true });
    else tell("focus-composer");
  }
}
