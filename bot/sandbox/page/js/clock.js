/** The bar that moves the demo's clock, in the acting person's zone. */
import { get, post } from "./api.js";
import { instant, moment, parts, town } from "./dates.js";
import { h, put } from "./dom.js";
import { icon } from "./icons.js";
import { now, on, state, tell, zone } from "./store.js";
import { toast } from "./toast.js";

const ASK_EVERY = 20_000;
const bar = document.getElementById("clock");
let asking = 0;
let moving = false;

on("people clock", () => drawClock());

/** Takes over a time from the server. @param {string|undefined} iso */
export function setClock(iso) {
  const seconds = Date.parse(iso) / 1000;
  if (!Number.isFinite(seconds) || seconds === state.clock.now) return;
  state.clock.now = seconds;
  tell("clock");
}

/** Keeps the time right while nothing else happens. */
export function watchClock() {
  clearInterval(asking);
  asking = setInterval(async () => {
    if (document.hidden) return;
    const answer = await get("clock").catch(() => null);
    if (answer) setClock(answer.now);
  }, ASK_EVERY);
}

/** The moments one press away, as seconds. */
function presets() {
  const p = parts(now(), zone());
  const at = (days, hour) => {
    const day = new Date(Date.UTC(p.year, p.month - 1, p.day + days));
    return instant(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate(), hour, 0, zone());
  };
  const toMonday = (8 - p.weekday) % 7 || 7;
  const toFriday = (5 - p.weekday + 7) % 7;
  const friday = toFriday === 0 && p.hour > 15 ? 7 : toFriday;
  const today = p.hour < 9 ? [{ id: "today", words: "Today 09:00", to: () => at(0, 9) }] : [];
  return [
    { id: "hour", words: "+1 hour", to: () => now() + 3600 },
    ...today,
    { id: "tomorrow", words: "Tomorrow 09:00", to: () => at(1, 9) },
    { id: "monday", words: "Next Monday 09:00", to: () => at(toMonday, 9) },
    { id: "friday", words: "Friday 16:00", to: () => at(friday, 16) },
  ];
}

function drawClock() {
  bar.hidden = !state.clock.movable;
  document.body.classList.toggle("has-clock", state.clock.movable);
  if (bar.hidden || (bar.contains(document.activeElement) && document.activeElement.tagName === "INPUT")) {
    refreshText();
    return;
  }
  const focused = bar.contains(document.activeElement) ? document.activeElement.dataset.preset : null;
  const open = bar.querySelector(".clock-moves")?.classList.contains("is-open");
  const moves = h(
    "div",
    { class: `clock-moves${open ? " is-open" : ""}`, id: "clock-moves" },
    presets().map((preset) =>
      h(
        "button",
        {
          class: "clock-button",
          type: "button",
          "data-preset": preset.id,
          title: moment(preset.to(), zone()),
          on: { click: () => move(preset.to()) },
        },
        preset.words,
      ),
    ),
    field(),
  );
  const toggle = h(
    "button",
    {
      class: "clock-toggle",
      type: "button",
      "aria-expanded": String(Boolean(open)),
      "aria-controls": "clock-moves",
      on: {
        click: () => {
          toggle.setAttribute("aria-expanded", String(moves.classList.toggle("is-open")));
        },
      },
    },
    "Move",
    icon("down", 14),
  );
  put(
    bar,
    h(
      "p",
      { class: "clock-text" },
      icon("clock", 16),
      h("span", { class: "clock-label" }, "Demo clock: "),
      h("time", { class: "clock-now" }, moment(now(), zone())),
      h("span", { class: "clock-place" }, ` (${town(zone())})`),
    ),
    toggle,
    moves,
  );
  if (focused) bar.querySelector(`[data-preset="${focused}"]`)?.focus();
}

function refreshText() {
  const text = bar.querySelector(".clock-now");
  if (text) text.textContent = moment(now(), zone());
}

function field() {
  const p = parts(now(), zone());
  const two = (n) => String(n).padStart(2, "0");
  const input = h("input", {
    class: "clock-field",
    type: "datetime-local",
    "aria-label": `Date and time in ${town(zone())}`,
    "data-testid": "clock-field",
    value: `${p.year}-${two(p.month)}-${two(p.day)}T${two(p.hour)}:${two(p.minute)}`,
  });
  const go = () => {
    const [year, month, day, hour, minute] = input.value.split(/[-T:]/).map(Number);
    if (!year || year < 1971) {
      toast("Choose a date and a time.");
      return;
    }
    input.blur();
    move(instant(year, month, day, hour, minute, zone()));
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      go();
    }
  });
  return h(
    "span",
    { class: "clock-set" },
    input,
    h("button", { class: "clock-button", type: "button", "data-preset": "set", on: { click: go } }, "Set"),
  );
}

async function move(seconds) {
  if (moving) return;
  moving = true;
  bar.setAttribute("aria-busy", "true");
  try {
    const answer = await post("clock", { to: new Date(seconds * 1000).toISOString() });
    if (answer.ok === false) toast(answer.error ?? "The clock did not move.");
    setClock(answer.now);
  } catch (problem) {
    toast(problem.message);
  } finally {
    moving = false;
    bar.removeAttribute("aria-busy");
    drawClock();
  }
}
