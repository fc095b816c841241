/** Select menus with type-ahead: one or many, from a list, from the app, of people, of conversations. */
import { debounce, h, put, uid } from "../dom.js";
import { icon } from "../icons.js";
import { float } from "../popover.js";
import { sourceOf } from "./sources.js";

const ASKING_PAUSE = 250;

/** @returns {HTMLElement} a combobox for any of Slack's select elements */
export function selectInput(element, block, ctx) {
  return new Select(element, block, ctx).root;
}

class Select {
  constructor(element, block, ctx) {
    Object.assign(this, { element, block, ctx });
    this.many = element.type.startsWith("multi_");
    this.source = sourceOf(element, block, ctx);
    this.listId = uid("list");
    this.floating = null;
    this.rows = [];
    this.at = -1;
    this.ask = debounce(() => this.load(), ASKING_PAUSE);
    this.input = h("input", {
      class: "select-input",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      dir: "auto",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": this.listId,
      ...ctx.described(block, element),
      on: {
        click: () => this.open(),
        input: () => this.typed(),
        keydown: (event) => this.key(event),
        blur: (event) => {
          if (!this.list?.contains(event.relatedTarget)) setTimeout(() => this.leave(), 0);
        },
      },
    });
    this.chips = h("span", { class: "chips" });
    this.clear = h(
      "button",
      {
        class: "select-clear",
        type: "button",
        tabindex: "-1",
        "aria-label": "Clear",
        on: { click: () => this.choose(this.many ? [] : null) },
      },
      icon("close", 14),
    );
    this.root = h(
      "div",
      {
        class: `select${this.many ? " select-many" : ""}`,
        "data-action-id": element.action_id,
        on: { mousedown: (event) => this.grab(event) },
      },
      this.chips,
      this.input,
      this.clear,
      h("span", { class: "select-arrow" }, icon("down", 16)),
    );
    this.draw();
  }

  get value() {
    return this.ctx.form.value(this.block.block_id, this.element);
  }
  get picked() {
    return [this.value].flat().filter((v) => v !== null && v !== undefined);
  }

  /** Shows what is chosen. */
  draw() {
    const labels = this.picked.map((value) => this.source.label(value));
    put(
      this.chips,
      this.many
        ? this.picked.map((value, i) =>
            h(
              "span",
              { class: "chip" },
              h("span", { dir: "auto" }, labels[i]),
              h(
                "button",
                {
                  type: "button",
                  class: "chip-x",
                  "aria-label": `Remove ${labels[i]}`,
                  on: { click: () => this.toggle(value) },
                },
                icon("close", 12),
              ),
            ),
          )
        : [],
    );
    if (document.activeElement !== this.input || !this.floating)
      this.input.value = this.many ? "" : (labels[0] ?? "");
    this.input.placeholder =
      this.many && labels.length
        ? ""
        : (this.element.placeholder?.text ?? (this.many ? "Choose some" : "Choose an option"));
    const optional = this.block.type !== "input" || this.block.optional;
    this.clear.hidden = this.many || !labels.length || !optional || !this.ctx.clearable;
    this.root.dataset.value = this.picked.map((value) => this.source.key(value)).join(",");
  }

  grab(event) {
    if (event.target.closest("button") || event.target === this.input) return;
    event.preventDefault();
    this.input.focus();
    this.open();
  }

  open() {
    if (this.floating) return;
    this.list = h("div", {
      class: "listbox",
      id: this.listId,
      role: "listbox",
      "aria-multiselectable": this.many || null,
      on: { mousedown: (event) => event.preventDefault() },
    });
    this.floating = float(this.root, this.list, { sameWidth: true, onClose: () => this.closed() });
    this.input.setAttribute("aria-expanded", "true");
    if (!this.many) this.input.select();
    this.query = "";
    this.load();
  }

  typed() {
    if (!this.floating) this.open();
    this.query = this.input.value;
    if (this.source.slow) {
      this.waiting();
      this.ask();
    } else this.load();
  }

  waiting() {
    put(this.list, h("div", { class: "listbox-note" }, "Searching…"));
    this.floating.place();
  }

  async load() {
    const query = this.query;
    if (this.source.slow && query.length < (this.source.least ?? 0)) {
      put(
        this.list,
        h("div", { class: "listbox-note" }, `Type ${this.source.least} or more letters to search`),
      );
      return;
    }
    const mine = (this.turn = (this.turn ?? 0) + 1);
    let groups;
    try {
      groups = await this.source.find(query);
    } catch {
      groups = null;
    }
    if (mine !== this.turn || !this.floating) return;
    this.show(groups);
  }

  show(groups) {
    this.rows = [];
    if (!groups) {
      put(
        this.list,
        h("div", { class: "listbox-note is-wrong" }, "We had some trouble connecting. Try again?"),
      );
      return;
    }
    const chosen = new Set(this.picked.map((value) => this.source.key(value)));
    put(
      this.list,
      groups.map((group) => [
        group.label ? h("div", { class: "listbox-group", role: "presentation" }, group.label) : null,
        group.options.map((option) => this.row(option, chosen.has(option.key))),
      ]),
    );
    if (!this.rows.length)
      put(
        this.list,
        h("div", { class: "listbox-note" }, this.query ? "No results" : "Nothing to choose from"),
      );
    const current = this.rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    this.move(this.many || this.query || current < 0 ? 0 : current);
    this.floating.place();
  }

  row(option, selected) {
    const row = h(
      "div",
      {
        class: "listbox-row",
        role: "option",
        id: uid("row"),
        "aria-selected": String(selected),
        "data-value": option.key,
        on: { click: () => this.pick(option) },
      },
      option.lead ?? null,
      h(
        "span",
        { class: "listbox-words" },
        h("span", { dir: "auto" }, option.label),
        option.hint ? h("span", { class: "listbox-hint", dir: "auto" }, option.hint) : null,
      ),
      selected ? icon("check", 16) : null,
    );
    row.option = option;
    this.rows.push(row);
    return row;
  }

  move(to) {
    this.rows[this.at]?.classList.remove("is-at");
    this.at = this.rows.length ? (to + this.rows.length) % this.rows.length : -1;
    const row = this.rows[this.at];
    row?.classList.add("is-at");
    row?.scrollIntoView({ block: "nearest" });
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (this.floating) this.move(this.at + step);
      else this.open();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.floating && this.rows[this.at]) this.pick(this.rows[this.at].option);
      else if (this.floating) this.floating.close();
      else if (this.ctx.enter) this.ctx.enter();
    } else if (event.key === "Backspace" && this.many && !this.input.value && this.picked.length) {
      this.choose(this.picked.slice(0, -1));
    } else if (event.key === "Tab" && this.floating) {
      this.floating.close();
    }
  }

  pick(option) {
    if (this.many) {
      this.input.value = "";
      this.query = "";
      this.toggle(option.value);
      if (this.floating) this.load();
    } else {
      this.choose(option.value);
      this.floating?.close();
    }
  }

  toggle(value) {
    const key = this.source.key(value);
    const rest = this.picked.filter((v) => this.source.key(v) !== key);
    if (rest.length < this.picked.length) return this.choose(rest);
    const most = this.element.max_selected_items;
    return this.choose(most && rest.length >= most ? rest : [...rest, value]);
  }

  choose(value) {
    this.ctx.form.set(this.block.block_id, this.element, value);
    const had = this.floating;
    this.draw();
    if (!this.many && had) this.input.value = value ? this.source.label(value) : "";
    if (this.ctx.acts(this.block)) this.ctx.press(this.block, this.element, { [this.source.field]: value });
  }

  closed() {
    this.floating = null;
    this.rows = [];
    this.ask.cancel();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.input.value = this.many ? "" : this.source.label(this.value);
  }

  leave() {
    if (document.activeElement !== this.input) this.floating?.close();
  }
}
