/** Completion while writing: commands after "/", people after "@", channels after "#", emoji after ":". */
import { post } from "./api.js";
import { h, put, uid } from "./dom.js";
import { emojiLike } from "./emoji.js";
import { icon } from "./icons.js";
import { avatar } from "./inline.js";
import { float } from "./popover.js";
import { fullName, state } from "./store.js";

const MOST = 12;

/** Commands the workspace itself has, beside the app's. */
function ownCommands() {
  const membership = (method, gone) => async (where, text) => {
    if (where.thread) return "This command is not supported in threads. Sorry!";
    const wanted = text
      .trim()
      .replace(/^[@<]+|>$/g, "")
      .toLowerCase();
    const names = [
      state.app.name.toLowerCase(),
      state.app.bot_user_id.toLowerCase(),
      fullName(state.app.bot_user_id).toLowerCase(),
    ];
    if (!names.includes(wanted))
      return `Only the app can be ${gone} here: ${method === "invite" ? "/invite" : "/remove"} @${state.app.name}`;
    await post(method, { channel: where.channel, bot: true });
    return null;
  };
  return [
    {
      command: "/invite",
      description: "Add the app to this channel",
      usage_hint: `@${state.app.name}`,
      own: true,
      run: membership("invite", "invited"),
    },
    {
      command: "/remove",
      description: "Take the app out of this channel",
      usage_hint: `@${state.app.name}`,
      own: true,
      run: membership("remove", "removed"),
    },
  ];
}

const commands = () => [...state.app.commands, ...ownCommands()];

/** @param {string|undefined} name with its slash */
export const commandNamed = (name) =>
  name ? commands().find((c) => c.command.toLowerCase() === name.toLowerCase()) : undefined;

/** Whether every typed word begins a word of the name, accents aside. */
function named(name, typed) {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const words = fold(name).split(/[\s_-]+/);
  return fold(typed)
    .split(/[\s_-]+/)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)));
}

const KINDS = [
  {
    shape: /^(\/[\w-]*)$/,
    find: (typed) =>
      commands()
        .filter((c) => c.command.toLowerCase().startsWith(typed.toLowerCase()))
        .map((c) => ({
          key: c.command,
          label: c.command,
          usage: c.usage_hint,
          hint: c.description,
          insert: `${c.command} `,
          by: c.own ? "Local workspace" : state.app.name,
        })),
  },
  {
    shape: /(?:^|[\s(])(@[\p{L}\p{N}._-]*(?: [\p{L}\p{N}._-]+)?)$/u,
    find: (typed) =>
      [...state.people.values()]
        .filter((p) => !p.deleted && named(`${fullName(p.id)} ${p.name}`, typed.slice(1)))
        .map((p) => ({
          key: p.id,
          label: fullName(p.id),
          hint: p.title,
          insert: `@${fullName(p.id)} `,
          lead: () => avatar(p.id, 20),
        })),
  },
  {
    shape: /(?:^|[\s(])(#[\p{L}\p{N}_-]*)$/u,
    find: (typed) =>
      [...state.channels.values()]
        .filter((c) => c.kind !== "im" && !c.is_archived && named(c.name, typed.slice(1)))
        .map((c) => ({
          key: c.id,
          label: c.name,
          hint: c.topic,
          insert: `#${c.name} `,
          lead: () => icon(c.kind === "private" ? "lock" : "hash", 16),
        })),
  },
  {
    shape: /(?:^|\s)(:[a-z0-9_+-]{2,})$/,
    find: (typed) =>
      emojiLike(typed.slice(1)).map(([name, sign]) => ({
        key: name,
        label: `:${name}:`,
        insert: `${sign} `,
        lead: () => h("span", { class: "emoji" }, sign),
      })),
  },
];

/**
 * Watches a text field and offers completions above it.
 * @param {HTMLTextAreaElement} field @param {{anchor: HTMLElement, changed: () => void}} how
 * @returns {{look: () => void, close: () => void, key: (event: KeyboardEvent) => boolean}} `key` says whether the key was used
 */
export function makeCompletion(field, how) {
  const list = h("div", {
    class: "listbox completion",
    id: uid("completion"),
    role: "listbox",
    "aria-label": "Suggestions",
    on: { mousedown: (event) => event.preventDefault() },
  });
  let floating = null;
  let options = [];
  let at = 0;
  let typed = "";
  let dismissed = null;

  function look() {
    const before = field.value.slice(0, field.selectionStart ?? field.value.length);
    const kind = document.activeElement === field ? KINDS.find((k) => k.shape.test(before)) : null;
    typed = kind ? before.match(kind.shape)[1] : "";
    options = kind && typed !== dismissed ? kind.find(typed).slice(0, MOST) : [];
    if (typed !== dismissed) dismissed = null;
    if (
      !options.length ||
      (options.length === 1 && options[0].insert.trim() === typed && !options[0].usage && !options[0].hint)
    )
      return close();
    at = 0;
    draw();
    return undefined;
  }

  function draw() {
    put(
      list,
      options.map((option, index) =>
        h(
          "div",
          {
            class: `listbox-row${index === at ? " is-at" : ""}`,
            id: `${list.id}-${index}`,
            role: "option",
            "aria-selected": String(index === at),
            "data-value": option.key,
            on: {
              click: () => take(option),
              mousemove: () => {
                if (at !== index) {
                  at = index;
                  draw();
                }
              },
            },
          },
          option.lead?.() ?? null,
          h(
            "span",
            { class: "listbox-words" },
            h(
              "span",
              { dir: "auto" },
              h("strong", null, option.label),
              option.usage ? h("span", { class: "listbox-usage" }, ` ${option.usage}`) : null,
            ),
            option.hint ? h("span", { class: "listbox-hint", dir: "auto" }, option.hint) : null,
          ),
          option.by ? h("span", { class: "listbox-by" }, option.by) : null,
        ),
      ),
    );
    if (!floating) {
      floating = float(how.anchor, list, {
        side: "above",
        sameWidth: true,
        onClose: (byEscape) => {
          floating = null;
          if (byEscape) dismissed = typed;
          field.removeAttribute("aria-activedescendant");
        },
      });
      field.setAttribute("aria-controls", list.id);
    }
    field.setAttribute("aria-activedescendant", `${list.id}-${at}`);
    list.children[at]?.scrollIntoView({ block: "nearest" });
    floating.place();
  }

  function take(option) {
    const end = field.selectionStart ?? field.value.length;
    const start = end - typed.length;
    field.setRangeText(option.insert, start, end, "end");
    field.focus();
    close();
    how.changed();
  }

  function close() {
    floating?.close();
  }

  function key(event) {
    if (!floating) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    // What is written out in full already is sent, not completed.
    const exact = event.key === "Enter" && options[at]?.insert.trim() === typed;
    if (step) {
      at = (at + step + options.length) % options.length;
      draw();
    } else if (
      (event.key === "Enter" && !event.shiftKey && !exact) ||
      (event.key === "Tab" && !event.shiftKey)
    ) {
      take(options[at]);
    } else return false;
    event.preventDefault();
    return true;
  }

  return { look, close, key };
}
