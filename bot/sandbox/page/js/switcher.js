/** Ctrl K: go to a channel or a person, or act as somebody else. */
import { h, put, takeAway, uid } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./inline.js";
import { matching } from "./inputs/sources.js";
import { actors } from "./acting.js";
import { openDirect } from "./sidebar.js";
import { channelName, fullName, on, person, railOrder, state, tell } from "./store.js";

let open = null;
on("switcher", () => (open ? open.close() : show()));

function places() {
  const { channels, direct } = railOrder();
  const room = (c) => ({
    key: c.id,
    label: channelName(c),
    hint: c.topic,
    lead: () => (c.kind === "im" ? avatar(c.with, 22) : icon(c.kind === "private" ? "lock" : "hash", 18)),
    act: () => tell("go", { channel: c.id }),
    news: c.unread,
  });
  const known = new Set(direct.map((c) => c.with));
  const people = [...state.people.values()].filter(
    (p) => p.id !== state.me && !known.has(p.id) && !p.deleted && p.id !== state.app.bot_user_id,
  );
  const app = [
    state.app.home
      ? { key: "home", label: `${state.app.name}, Home`, act: () => tell("go", { channel: "home" }) }
      : null,
    { key: "messages", label: `${state.app.name}, Messages`, act: () => tell("go", { app: "messages" }) },
  ];
  return [
    {
      label: "Go to",
      options: [...channels, ...direct]
        .map(room)
        .sort((a, b) => (b.news ? 1 : 0) - (a.news ? 1 : 0))
        .concat(
          app
            .filter(Boolean)
            .map((a) => ({ ...a, hint: "App", lead: () => avatar(state.app.bot_user_id, 22) })),
        ),
    },
    {
      label: "Message",
      options: people.map((p) => ({
        key: p.id,
        label: fullName(p.id),
        hint: p.title,
        lead: () => avatar(p.id, 22),
        act: () => openDirect(p.id),
      })),
    },
    {
      label: "Act as",
      options: actors()
        .filter((p) => p.id !== state.me)
        .map((p) => ({
          key: `as-${p.id}`,
          label: fullName(p.id),
          hint: `Act as · ${person(p.id).title}`,
          lead: () => avatar(p.id, 22),
          act: () => tell("act", p.id),
        })),
    },
  ];
}

function show() {
  let options = [];
  let at = 0;
  const list = h("div", {
    class: "listbox switcher-list",
    id: uid("switcher"),
    role: "listbox",
    "aria-label": "Places and people",
  });
  const field = h("input", {
    class: "switcher-field",
    type: "text",
    placeholder: "Go to a channel, a person…",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": list.id,
    "aria-label": "Go to",
    autocomplete: "off",
    spellcheck: "false",
    "data-testid": "switcher",
    on: {
      input: () => {
        at = 0;
        draw();
      },
      keydown,
    },
  });
  const dialog = h(
    "dialog",
    {
      class: "sheet switcher",
      role: "dialog",
      "aria-label": "Go to",
      on: {
        close: () => {
          takeAway(dialog);
          open = null;
        },
        click: (event) => {
          if (event.target === dialog) dialog.close();
        },
      },
    },
    h("div", { class: "switcher-top" }, icon("search"), field),
    list,
  );

  function draw() {
    const groups = matching(places(), field.value);
    options = groups.flatMap((group) => group.options);
    let index = -1;
    put(
      list,
      options.length
        ? groups.map((group) => [
            h("div", { class: "listbox-group" }, group.label),
            group.options.map((option) => {
              index += 1;
              const mine = index;
              return h(
                "div",
                {
                  class: `listbox-row${mine === at ? " is-at" : ""}`,
                  id: `${list.id}-${mine}`,
                  role: "option",
                  "aria-selected": String(mine === at),
                  "data-value": option.key,
                  on: { click: () => take(option) },
                },
                option.lead(),
                h(
                  "span",
                  { class: "listbox-words listbox-inline" },
                  h("span", { class: option.news ? "is-unread" : null, dir: "auto" }, option.label),
                  option.hint ? h("span", { class: "listbox-hint", dir: "auto" }, option.hint) : null,
                ),
              );
            }),
          ])
        : h("div", { class: "listbox-note" }, "Nothing by that name"),
    );
    field.setAttribute("aria-activedescendant", `${list.id}-${at}`);
    document.getElementById(`${list.id}-${at}`)?.scrollIntoView({ block: "nearest" });
  }

  function take(option) {
    dialog.close();
    option.act();
  }

  function keydown(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) {
      event.preventDefault();
      at = (at + step + options.length) % options.length;
      draw();
    }
    if (event.key === "Enter" && options[at]) {
      event.preventDefault();
      take(options[at]);
    }
  }

  open = dialog;
  document.body.append(dialog);
  dialog.showModal();
  draw();
  field.focus();
}
