/** Blocks that ask: actions, input, context_actions. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { textOf } from "../text.js";
import { drawElement } from "./elements.js";

export function actions(block, ctx) {
  return h(
    "div",
    { class: "actions-row" },
    (block.elements ?? []).map((element) => drawElement(element, block, ctx)),
  );
}

export const contextActions = actions;

export function input(block, ctx) {
  const ids = ctx.ids(block);
  const error = ctx.errors[block.block_id];
  return [
    h(
      "label",
      { class: "label", id: ids.label, for: ids.control, dir: "auto" },
      textOf(block.label),
      block.optional ? h("span", { class: "label-optional" }, " (optional)") : null,
    ),
    drawElement(block.element, block, ctx),
    error
      ? h(
          "p",
          { class: "field-error", id: ids.error, role: "alert" },
          icon("warn", 15),
          h("span", { dir: "auto" }, error),
        )
      : null,
    block.hint ? h("p", { class: "field-hint", id: ids.hint, dir: "auto" }, textOf(block.hint)) : null,
  ];
}
