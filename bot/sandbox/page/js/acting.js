/** Who acts: the faces one can switch between, and the menu with their names. */
import { clockTime, knownZone, town } from "./dates.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./inline.js";
import { menu } from "./popover.js";
import { fullName, now, person, state, tell } from "./store.js";

/** The humans one can act as, in the workspace's order. */
export const actors = () => [...state.people.values()].filter((p) => !p.is_bot && !p.deleted);

/** Who acts, and a press away everyone else. */
export function acting() {
  const me = person(state.me);
  const time = (p) => `${clockTime(now(), knownZone(p.tz))} in ${town(knownZone(p.tz))}`;
  const name = h(
    "button",
    {
      class: "acting-name",
      type: "button",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "data-key": "acting",
      on: { click: () => chooser(name, time) },
    },
    h(
      "span",
      { class: "acting-words" },
      h(
        "span",
        { class: "acting-line" },
        h("span", { class: "acting-who", dir: "auto" }, fullName(state.me)),
        icon("down", 14),
      ),
      h("span", { class: "acting-role" }, [me.title, time(me)].filter(Boolean).join(" · ")),
    ),
  );
  return h(
    "section",
    { class: "acting", "aria-label": "Acting as" },
    h("p", { class: "rail-label", id: "acting-label" }, "Acting as"),
    h(
      "div",
      { class: "faces", role: "group", "aria-labelledby": "acting-label" },
      actors().map((p, at) => face(p, at, time)),
    ),
    name,
  );
}

function face(p, at, time) {
  const waits = state.elsewhere.get(p.id);
  const news = p.id !== state.me && waits && (waits.mentions || waits.unread);
  const words = [
    fullName(p.id),
    p.title,
    p.is_external ? "external" : "",
    time(p),
    news ? (waits.mentions ? `${waits.mentions} for them` : "something unread") : "",
  ]
    .filter(Boolean)
    .join(", ");
  return h(
    "button",
    {
      class: `face${news ? (waits.mentions ? " has-mentions" : " has-news") : ""}`,
      type: "button",
      "data-person": p.id,
      "aria-pressed": String(p.id === state.me),
      "aria-label": `Act as ${words}`,
      title: `${words}${at < 9 ? ` (Alt ${at + 1})` : ""}`,
      on: { click: () => tell("act", p.id) },
    },
    avatar(p.id, actors().length > 6 ? 26 : 30),
  );
}

function chooser(button, time) {
  menu(
    button,
    actors().map((p) => ({
      label: fullName(p.id),
      hint: [p.title, p.is_external ? "external" : "", time(p)].filter(Boolean).join(" · "),
      lead: avatar(p.id, 30),
      data: { "data-person-option": p.id },
      act: () => tell("act", p.id),
    })),
    { title: "Act as" },
  );
}
