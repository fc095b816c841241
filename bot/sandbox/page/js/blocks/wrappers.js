/** Blocks that hold others or frame them: alert, card, carousel, container, and the small ones of assistants. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { textNodes, textOf } from "../text.js";
import { drawElement } from "./elements.js";
import { picture } from "./layout.js";
import { pieces } from "./richtext.js";

export function alert(block) {
  const level = ["info", "warning", "error", "success"].includes(block.level) ? block.level : "default";
  const sign = { default: "info", info: "info", warning: "warn", error: "warn", success: "check" }[level];
  return h(
    "div",
    { class: `alert alert-${level}`, role: level === "error" ? "alert" : "note" },
    icon(sign, 18),
    h("div", { class: "words", dir: "auto" }, textNodes(block.text)),
  );
}

export function card(block, ctx) {
  return h(
    "article",
    { class: "card" },
    block.hero_image ? picture(block.hero_image, "card-hero") : null,
    h(
      "div",
      { class: "card-body" },
      h(
        "div",
        { class: "card-head" },
        block.icon ? picture(block.icon, "card-icon") : null,
        h(
          "div",
          null,
          block.title ? h("h4", { class: "card-title", dir: "auto" }, textNodes(block.title)) : null,
          block.subtitle ? h("p", { class: "quiet", dir: "auto" }, textNodes(block.subtitle)) : null,
        ),
      ),
      block.body ? h("div", { class: "words", dir: "auto" }, textNodes(block.body)) : null,
      block.subtext ? h("p", { class: "quiet small", dir: "auto" }, textNodes(block.subtext)) : null,
      block.actions?.length
        ? h(
            "div",
            { class: "actions-row" },
            block.actions.map((element) => drawElement(element, block, ctx)),
          )
        : null,
    ),
  );
}

export function carousel(block, ctx, draw) {
  return h(
    "div",
    { class: "carousel", role: "group", "aria-label": "Cards, scroll sideways", tabindex: "0" },
    (block.elements ?? []).map((element) =>
      draw({ block_id: block.block_id, ...element, type: element.type ?? "card" }, ctx),
    ),
  );
}

export function container(block, ctx, draw) {
  const title = block.rich_text_title
    ? (block.rich_text_title.elements ?? []).flatMap((e) => pieces(e))
    : textOf(block.title);
  const head = h(
    "span",
    { class: "container-head" },
    block.icon ? picture(block.icon, "card-icon") : null,
    h(
      "span",
      null,
      h("strong", { dir: "auto" }, title),
      block.subtitle ? h("span", { class: "quiet", dir: "auto" }, textNodes(block.subtitle)) : null,
    ),
  );
  const body = h(
    "div",
    { class: "container-body" },
    (block.child_blocks ?? []).map((child) => draw(child, ctx)),
  );
  const look = `container container-${block.width ?? "standard"}`;
  if (!block.is_collapsible)
    return h("section", { class: `${look}${block.has_header_divider ? " has-line" : ""}` }, head, body);
  return h(
    "details",
    { class: look, open: !block.default_collapsed },
    h("summary", null, head, icon("down", 16)),
    body,
  );
}

export function file(block) {
  return h("p", { class: "file-line" }, icon("file", 18), `File ${block.external_id ?? ""}`);
}

export function taskCard(block) {
  return h(
    "div",
    { class: "card card-body" },
    h("strong", { dir: "auto" }, textOf(block.title)),
    h("p", { class: "quiet" }, block.status ?? ""),
  );
}

export function plan(block, ctx, draw) {
  return h(
    "div",
    { class: "container container-body" },
    h("strong", { dir: "auto" }, textOf(block.title)),
    (block.tasks ?? []).map((task) => draw({ ...task, type: "task_card" }, ctx)),
  );
}
