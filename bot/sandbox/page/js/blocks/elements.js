/** Interactive elements, wherever they stand: in actions, as an accessory, in an input. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { permalink } from "../inline.js";
import { choiceInput } from "../inputs/choice.js";
import { selectInput } from "../inputs/select.js";
import { fileInput, pickerInput, textInput } from "../inputs/text.js";
import { menu } from "../popover.js";
import { tell } from "../store.js";
import { textOf } from "../text.js";
import { confirmed } from "./confirm.js";

const DRAW = {
  button,
  overflow,
  workflow_button: (element) =>
    h("button", { class: "button", type: "button", disabled: true }, textOf(element.text)),
  image: (element) => h("img", { class: "thumbnail", src: element.image_url, alt: element.alt_text ?? "" }),
  icon_button: iconButton,
  feedback_buttons: feedback,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  rich_text_input: textInput,
  datepicker: pickerInput,
  timepicker: pickerInput,
  datetimepicker: pickerInput,
  file_input: fileInput,
  radio_buttons: choiceInput,
  checkboxes: choiceInput,
};
for (const kind of ["static", "external", "users", "conversations", "channels"]) {
  DRAW[`${kind}_select`] = selectInput;
  DRAW[`multi_${kind}_select`] = selectInput;
}

/** @returns {HTMLElement} the control of an element */
export function drawElement(element, block, ctx) {
  const draw = DRAW[element.type];
  return draw
    ? draw(element, block, ctx)
    : h("span", { class: "block-unknown" }, `An element of type “${element.type}”.`);
}

function button(element, block, ctx) {
  const style = element.style ? ` button-${element.style}` : "";
  const act = async (event) => {
    const node = event.currentTarget;
    if (node.getAttribute("aria-busy") === "true") return;
    if (!(await confirmed(element.confirm, node))) return;
    ctx.press(block, element, element.value === undefined ? undefined : { value: element.value }, node);
  };
  const common = {
    class: `button${style}`,
    "data-action-id": element.action_id,
    "data-value": element.value,
    "aria-label": element.accessibility_label,
  };
  const words = h("span", { class: "button-words", dir: "auto" }, textOf(element.text));
  if (!element.url) return h("button", { ...common, type: "button", on: { click: act } }, words);
  const inside = permalink(element.url);
  const outside = inside ? {} : { target: "_blank", rel: "noopener noreferrer" };
  const safe = /^(https?|mailto):/i.test(element.url);
  return h(
    "a",
    {
      ...common,
      href: safe ? element.url : null,
      role: "button",
      ...outside,
      on: {
        click: (event) => {
          if (inside) {
            event.preventDefault();
            tell("go", inside);
          }
          act(event);
        },
      },
    },
    words,
  );
}

function overflow(element, block, ctx) {
  const options = element.options ?? [];
  const node = h(
    "button",
    {
      class: "button button-icon",
      type: "button",
      "data-action-id": element.action_id,
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      on: {
        click: () =>
          menu(
            node,
            options.map((option) => ({
              label: textOf(option.text),
              hint: textOf(option.description),
              data: { "data-value": option.value },
              act: async () => {
                if (!(await confirmed(element.confirm, node))) return;
                if (option.url && /^https?:/i.test(option.url)) window.open(option.url, "_blank", "noopener");
                ctx.press(block, element, { selected_option: option }, node);
              },
            })),
            { align: "end" },
          ),
      },
    },
    icon("dots", 18),
  );
  return node;
}

function iconButton(element, block, ctx) {
  const node = h(
    "button",
    {
      class: "button button-icon",
      type: "button",
      "data-action-id": element.action_id,
      "aria-label": textOf(element.text) || element.icon,
      title: textOf(element.text),
      on: {
        click: async () => {
          if (await confirmed(element.confirm, node))
            ctx.press(block, element, { value: element.value }, node);
        },
      },
    },
    icon(element.icon === "trash" ? "close" : "bolt", 16),
  );
  return node;
}

function feedback(element, block, ctx) {
  return h(
    "span",
    { class: "button-pair", "data-action-id": element.action_id },
    [element.positive_button, element.negative_button].filter(Boolean).map((side) => {
      const node = h(
        "button",
        {
          class: "button",
          type: "button",
          "data-value": side.value,
          on: { click: () => ctx.press(block, element, { value: side.value }, node) },
        },
        textOf(side.text),
      );
      return node;
    }),
  );
}
