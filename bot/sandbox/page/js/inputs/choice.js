/** Radio buttons and checkboxes. */
import { h, uid } from "../dom.js";
import { textNodes } from "../text.js";

/** @returns {HTMLElement} a group of radio buttons or checkboxes */
export function choiceInput(element, block, ctx) {
  const many = element.type === "checkboxes";
  const name = uid("choice");
  const chosen = () =>
    [ctx.form.value(block.block_id, element)]
      .flat()
      .filter(Boolean)
      .map((option) => option.value);

  function changed(option, checked) {
    const picked = many
      ? element.options.filter((o) => (o.value === option.value ? checked : chosen().includes(o.value)))
      : option;
    ctx.form.set(block.block_id, element, picked);
    if (ctx.acts(block))
      ctx.press(block, element, many ? { selected_options: picked } : { selected_option: picked });
  }

  const rows = (element.options ?? []).map((option) => {
    const box = h("input", {
      type: many ? "checkbox" : "radio",
      name,
      value: option.value,
      "data-value": option.value,
      on: { change: (event) => changed(option, event.target.checked) },
    });
    box.checked = chosen().includes(option.value);
    return h(
      "label",
      { class: "choice" },
      box,
      h(
        "span",
        { class: "choice-words" },
        h("span", { dir: "auto" }, textNodes(option.text)),
        option.description
          ? h("span", { class: "choice-hint", dir: "auto" }, textNodes(option.description))
          : null,
      ),
    );
  });
  return h(
    "div",
    {
      class: "choices",
      role: many ? "group" : "radiogroup",
      "data-action-id": element.action_id,
      ...ctx.described(block, element),
    },
    rows,
  );
}
