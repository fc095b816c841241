/** The rich_text block: sections, lists, quotes, preformatted text and everything inside them. */
import { fillDate, moment } from "../dates.js";
import { h } from "../dom.js";
import { withEmoji } from "../emoji.js";
import { broadcast, channelRef, emojiNode, link, mention, plain } from "../inline.js";
import { now, zone } from "../store.js";

export function richText(block) {
  return h("div", { class: "words rich" }, (block.elements ?? []).map(part));
}

function part(element) {
  switch (element.type) {
    case "rich_text_section":
      return h("div", { dir: "auto" }, pieces(element));
    case "rich_text_preformatted":
      return h(
        "pre",
        { dir: "ltr" },
        (element.elements ?? []).map((e) => e.text ?? e.url ?? ""),
      );
    case "rich_text_quote":
      return h("blockquote", { dir: "auto" }, pieces(element));
    case "rich_text_list":
      return list(element);
    default:
      return h("span", { class: "block-unknown" }, `“${element.type}”`);
  }
}

/** @returns {Node[]} the inline elements of a section, as nodes */
export function pieces(element) {
  return (element.elements ?? []).map(piece);
}

function list(element) {
  const ordered = element.style === "ordered";
  return h(
    ordered ? "ol" : "ul",
    {
      class: `list list-${Math.min(element.indent ?? 0, 8)}${element.border ? " list-border" : ""}`,
      start: ordered && element.offset ? element.offset + 1 : null,
    },
    (element.elements ?? []).map((item) =>
      h("li", { dir: "auto" }, item.type === "rich_text_section" ? pieces(item) : part(item)),
    ),
  );
}

function piece(element) {
  const node = bare(element);
  const style = element.style ?? {};
  const wraps = [
    ["code", "code"],
    ["bold", "strong"],
    ["italic", "em"],
    ["strike", "del"],
    ["underline", "u"],
    ["highlight", "mark"],
    ["client_highlight", "mark"],
  ];
  return wraps.reduce((inner, [name, tag]) => (style[name] ? h(tag, null, inner) : inner), node);
}

function bare(element) {
  switch (element.type) {
    case "text":
      return plain(element.style?.code ? element.text : withEmoji(element.text ?? ""));
    case "link":
      return link(element.url ?? "", [plain(element.text || element.url || "")]);
    case "user":
      return mention(element.user_id);
    case "channel":
      return channelRef(element.channel_id);
    case "usergroup":
      return broadcast("group", `@${element.usergroup_id}`);
    case "team":
      return plain(element.team_id ?? "");
    case "broadcast":
      return broadcast(element.range ?? "here");
    case "emoji":
      return emojiNode(element.name ?? "", element.unicode);
    case "date":
      return date(element);
    case "color":
      return h(
        "span",
        { class: "colour" },
        h("span", {
          class: "colour-chip",
          style: { background: /^#[0-9a-f]{3,8}$/i.test(element.value) ? element.value : "transparent" },
        }),
        element.value,
      );
    case "citation":
      return link(element.url ?? "", [plain(element.text ?? element.url ?? "")]);
    default:
      return plain(element.text ?? `[${element.type}]`);
  }
}

function date(element) {
  const tz = element.timezone ?? zone();
  const text =
    fillDate(element.format ?? "{date_num}", element.timestamp, tz, now()) ?? element.fallback ?? "";
  const title = moment(element.timestamp, zone());
  return element.url ? link(element.url, [plain(text)], title) : h("time", { class: "moment", title }, text);
}
