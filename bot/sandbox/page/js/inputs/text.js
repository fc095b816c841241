/** Text-like inputs: lines, paragraphs, numbers, addresses, dates and times. */
import { instant, moment, parts } from "../dates.js";
import { debounce, h } from "../dom.js";
import { zone } from "../store.js";

const TYPING_PAUSE = 350;
const PICKING_PAUSE = 600;

const two = (n) => String(n).padStart(2, "0");

/** @returns {HTMLElement} the control of a plain, number, e-mail or URL input */
export function textInput(element, block, ctx) {
  const lines = element.multiline || element.type === "rich_text_input";
  const most = element.type === "plain_text_input" ? element.max_length : undefined;
  const counter = most ? h("span", { class: "counter", "aria-hidden": "true" }) : null;
  const act = acts(element, block, ctx);
  const field = h(lines ? "textarea" : "input", {
    class: "field",
    dir: "auto",
    rows: lines ? 3 : null,
    autocomplete: "off",
    type: lines ? null : ({ email_text_input: "email", url_text_input: "url" }[element.type] ?? "text"),
    inputmode: element.type === "number_input" ? (element.is_decimal_allowed ? "decimal" : "numeric") : null,
    placeholder: element.placeholder?.text,
    "data-action-id": element.action_id,
    value: written(ctx.form.value(block.block_id, element)),
    ...ctx.described(block, element),
    on: {
      input: () => {
        ctx.form.set(block.block_id, element, kept(element, field.value));
        count();
        grow();
        act.typed();
      },
      keydown: (event) => {
        if (event.key !== "Enter" || event.isComposing) return;
        const asked = act.entered(event);
        if (!lines && !asked && ctx.enter) {
          event.preventDefault();
          ctx.enter();
        }
        if (lines && (event.metaKey || event.ctrlKey) && ctx.enter) {
          event.preventDefault();
          ctx.enter();
        }
      },
      blur: () => act.left(),
    },
  });
  const count = () => {
    if (!counter) return;
    const left = most - field.value.length;
    counter.textContent = String(left);
    counter.classList.toggle("is-over", left < 0);
  };
  const grow = () => {
    if (!lines || !field.isConnected) return;
    field.style.setProperty("height", "auto");
    field.style.setProperty("height", `${Math.min(field.scrollHeight + 2, 320)}px`);
  };
  count();
  requestAnimationFrame(grow);
  return h("div", { class: "field-box" }, field, counter);
}

const written = (value) => (typeof value === "object" && value ? richWords(value) : (value ?? ""));
const richWords = (value) =>
  (value.elements ?? [])
    .flatMap((part) => part.elements ?? [])
    .map((piece) => piece.text ?? "")
    .join("");

function kept(element, text) {
  if (element.type !== "rich_text_input") return text === "" ? null : text;
  return text
    ? { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] }
    : null;
}

/** When an input with `dispatch_action` tells the app: on Enter by default, on each pause in typing if asked. */
function acts(element, block, ctx) {
  const when = block.dispatch_action
    ? (element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"])
    : [];
  const send = () => ctx.press(block, element, { value: ctx.form.value(block.block_id, element) });
  const later = debounce(send, TYPING_PAUSE);
  return {
    typed: () => {
      if (when.includes("on_character_entered")) later();
    },
    entered: (event) => {
      if (!when.includes("on_enter_pressed")) return false;
      event.preventDefault();
      later.cancel();
      send();
      return true;
    },
    left: () => later.now(),
  };
}

/** Date, time, and date with time: the browser's own pickers. */
export function pickerInput(element, block, ctx) {
  const key = {
    datepicker: "selected_date",
    timepicker: "selected_time",
    datetimepicker: "selected_date_time",
  }[element.type];
  const tell = debounce(() => {
    if (ctx.acts(block)) ctx.press(block, element, { [key]: ctx.form.value(block.block_id, element) });
  }, PICKING_PAUSE);
  const zoneOf = element.timezone ?? zone();
  const field = h("input", {
    class: "field field-picker",
    type: { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" }[element.type],
    "data-action-id": element.action_id,
    title: element.placeholder?.text,
    value: shown(element, ctx.form.value(block.block_id, element), zoneOf),
    ...ctx.described(block, element),
    on: {
      change: () => {
        if (field.value.startsWith("0") && element.type !== "timepicker") return; // a year half typed: "0002"
        const value = chosen(element, field.value, zoneOf);
        ctx.form.set(block.block_id, element, value);
        tell();
      },
      blur: () => tell.now(),
      keydown: (event) => {
        if (event.key === "Enter" && ctx.enter) {
          event.preventDefault();
          ctx.enter();
        }
      },
    },
  });
  const words = h("span", { class: "field-words", "aria-hidden": "true" });
  const say = () => {
    words.textContent = spelled(element, ctx.form.value(block.block_id, element), zoneOf);
  };
  field.addEventListener("change", say);
  say();
  return h("div", { class: "field-box field-row" }, field, element.type === "timepicker" ? null : words);
}

/** The date in words, with its weekday: the browser's own picker shows neither. */
function spelled(element, value, tz) {
  if (!value || element.type === "timepicker") return "";
  if (element.type === "datetimepicker") return moment(value, tz);
  const [year, month, day] = value.split("-").map(Number);
  return moment(instant(year, month, day, 12, 0, "UTC"), "UTC").split(",")[0];
}

function shown(element, value, tz) {
  if (value === null || value === undefined) return "";
  if (element.type !== "datetimepicker") return value;
  const p = parts(value, tz);
  return `${p.year}-${two(p.month)}-${two(p.day)}T${two(p.hour)}:${two(p.minute)}`;
}

function chosen(element, text, tz) {
  if (!text) return null;
  if (element.type !== "datetimepicker") return text;
  const [year, month, day, hour, minute] = text.split(/[-T:]/).map(Number);
  return instant(year, month, day, hour, minute, tz);
}

/** Files cannot be sent here, and the page says so. */
export function fileInput(element, block, ctx) {
  return h(
    "div",
    {
      class: "field field-file",
      "data-action-id": element.action_id,
      ...ctx.described(block, element),
      role: "group",
    },
    h("button", { class: "button", type: "button", disabled: true }, "Upload a file"),
    h("span", { class: "quiet" }, "Files cannot be added in the local workspace."),
  );
}
