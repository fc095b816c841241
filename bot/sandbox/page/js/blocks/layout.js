/** Blocks that show: section, header, context, divider, image, video. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { link } from "../inline.js";
import { textNodes, textOf } from "../text.js";
import { drawElement } from "./elements.js";

const LONG = 700;

export function section(block, ctx) {
  const words = h(
    "div",
    { class: "section-words" },
    block.text ? clipped(h("div", { class: "words", dir: "auto" }, textNodes(block.text)), block) : null,
    block.fields?.length
      ? h(
          "div",
          { class: "fields" },
          block.fields.map((field) => h("div", { class: "words", dir: "auto" }, textNodes(field))),
        )
      : null,
  );
  if (!block.accessory) return words;
  const picture = block.accessory.type === "image";
  return h(
    "div",
    { class: `section-row${picture ? " has-picture" : ""}` },
    words,
    h(
      "div",
      { class: "accessory" },
      picture ? thumbnail(block.accessory) : drawElement(block.accessory, block, ctx),
    ),
  );
}

/** Long text is folded, as in the real client, unless the block says `expand`. */
function clipped(words, block) {
  if (block.expand || (block.text.text ?? "").length <= LONG) return words;
  words.classList.add("is-folded");
  const more = h(
    "button",
    {
      class: "more-words",
      type: "button",
      "aria-expanded": "false",
      on: {
        click: () => {
          const folded = words.classList.toggle("is-folded");
          more.textContent = folded ? "See more" : "See less";
          more.setAttribute("aria-expanded", String(!folded));
        },
      },
    },
    "See more",
  );
  return [words, more];
}

/** A title, one level below the heading of the surface it stands in. */
export function header(block, ctx) {
  return h(ctx.surface === "home" ? "h2" : "h3", { class: "block-title", dir: "auto" }, textOf(block.text));
}

export function divider() {
  return h("hr");
}

export function context(block) {
  return h(
    "div",
    { class: "context-row" },
    (block.elements ?? []).map((element) =>
      element.type === "image"
        ? picture(element, "context-picture")
        : h("span", { class: "words", dir: "auto" }, textNodes(element)),
    ),
  );
}

/** An image; its alternative text when it cannot be loaded. */
export function picture(element, name) {
  const source = element.image_url ?? element.slack_file?.url ?? "";
  const image = h("img", { class: name, src: source, alt: element.alt_text ?? "", loading: "lazy" });
  image.addEventListener(
    "error",
    () =>
      image.replaceWith(
        h("span", { class: "picture-missing" }, icon("file", 14), element.alt_text ?? "Image"),
      ),
    { once: true },
  );
  return image;
}

function thumbnail(element) {
  return picture(element, "thumbnail");
}

export function image(block) {
  return h(
    "figure",
    { class: "figure" },
    block.title ? h("figcaption", { dir: "auto" }, textOf(block.title)) : null,
    picture(block, "figure-picture"),
  );
}

export function video(block) {
  return h(
    "div",
    { class: "video" },
    icon("play", 20),
    h(
      "div",
      null,
      block.title_url
        ? link(block.title_url, [document.createTextNode(textOf(block.title))])
        : h("strong", null, textOf(block.title)),
      block.description ? h("p", { class: "quiet", dir: "auto" }, textOf(block.description)) : null,
      h(
        "p",
        { class: "quiet" },
        [block.provider_name, block.author_name].filter(Boolean).join(" · "),
        " ",
        link(block.video_url, [document.createTextNode("Watch")]),
      ),
    ),
  );
}
