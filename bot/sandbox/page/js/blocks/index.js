/** Draws Block Kit. Each block type has one function; an unknown type is a quiet line. */
import { h } from "../dom.js";
import { chart } from "./charts.js";
import { actions, contextActions, input } from "./interactive.js";
import { context, divider, header, image, section, video } from "./layout.js";
import { markdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./tables.js";
import { alert, card, carousel, container, file, plan, taskCard } from "./wrappers.js";

const DRAW = {
  section,
  header,
  context,
  divider,
  image,
  video,
  actions,
  input,
  markdown,
  table,
  alert,
  card,
  carousel,
  container,
  file,
  plan,
  rich_text: richText,
  data_table: dataTable,
  data_visualization: chart,
  context_actions: contextActions,
  task_card: taskCard,
};

/** @param {object} block @param {object} ctx from makeContext @returns {HTMLElement} */
export function drawBlock(block, ctx) {
  const draw = DRAW[block.type];
  const box = h("div", {
    class: `block block-${block.type}`,
    "data-block-id": block.block_id,
    "data-block-type": block.type,
  });
  try {
    box.append(...[draw ? draw(block, ctx, drawBlock) : unknown(block)].flat().filter(Boolean));
  } catch (problem) {
    console.error(problem);
    box.append(h("p", { class: "block-unknown" }, `This ${block.type} block could not be drawn.`));
  }
  return box;
}

function unknown(block) {
  return h("p", { class: "block-unknown" }, `A block of type “${block.type}”, which this page cannot draw.`);
}

/** @returns {HTMLElement} all blocks, in order */
export function drawBlocks(blocks, ctx) {
  return h(
    "div",
    { class: `blocks blocks-${ctx.surface}` },
    (blocks ?? []).map((block) => drawBlock(block, ctx)),
  );
}
