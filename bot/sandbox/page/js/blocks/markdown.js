/** The markdown block: the standard Markdown that Slack takes there, drawn as DOM nodes. */
import { h } from "../dom.js";
import { withEmoji } from "../emoji.js";
import { link, plain } from "../inline.js";

export function markdown(block) {
  return h("div", { class: "words markdown" }, blocksOf((block.text ?? "").replace(/\r/g, "").split("\n")));
}

const RULES = [
  { is: (l) => /^```/.test(l), make: fence },
  { is: (l) => /^#{1,6}\s/.test(l), make: title },
  { is: (l) => /^\s*([-*_])(\s*\1){2,}\s*$/.test(l), make: (lines, at) => [h("hr"), at + 1] },
  { is: (l) => /^>/.test(l), make: quote },
  { is: (l) => /^\s*([-*+]|\d+[.)])\s/.test(l), make: list },
  { is: (l, next) => l.includes("|") && /^\s*\|?\s*:?-{2,}/.test(next ?? ""), make: table },
];

function blocksOf(lines) {
  const nodes = [];
  let at = 0;
  while (at < lines.length) {
    if (!lines[at].trim()) {
      at += 1;
      continue;
    }
    const rule = RULES.find((r) => r.is(lines[at], lines[at + 1]));
    const [node, next] = (rule?.make ?? paragraph)(lines, at);
    nodes.push(node);
    at = next;
  }
  return nodes;
}

function paragraph(lines, at) {
  const from = at;
  do {
    at += 1;
  } while (at < lines.length && lines[at].trim() && !RULES.some((r) => r.is(lines[at], lines[at + 1])));
  return [h("p", { dir: "auto" }, spans(lines.slice(from, at).join("\n"))), at];
}

function fence(lines, at) {
  const end = lines.findIndex((line, i) => i > at && /^```/.test(line));
  const stop = end < 0 ? lines.length : end;
  return [h("pre", { dir: "ltr" }, lines.slice(at + 1, stop).join("\n")), stop + 1];
}

function title(lines, at) {
  const [, marks, text] = lines[at].match(/^(#{1,6})\s+(.*?)\s*#*$/);
  return [h(`h${Math.min(6, marks.length + 2)}`, { dir: "auto" }, spans(text)), at + 1];
}

function quote(lines, at) {
  const from = at;
  while (at < lines.length && /^>/.test(lines[at])) at += 1;
  return [
    h(
      "blockquote",
      { dir: "auto" },
      blocksOf(lines.slice(from, at).map((line) => line.replace(/^>\s?/, ""))),
    ),
    at,
  ];
}

function list(lines, at) {
  const shape = /^(\s*)([-*+]|\d+[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;
  const [, margin, sign] = lines[at].match(shape);
  const ordered = /\d/.test(sign);
  const items = [];
  while (at < lines.length) {
    const found = lines[at].match(shape);
    if (found && found[1].length === margin.length && /\d/.test(found[2]) === ordered) {
      items.push(
        h("li", { dir: "auto" }, found[3] ? (found[3] === " " ? "☐ " : "☑ ") : null, spans(found[4])),
      );
      at += 1;
    } else if (found && found[1].length > margin.length && items.length) {
      const [inner, next] = list(lines, at);
      items.at(-1).append(inner);
      at = next;
    } else break;
  }
  return [
    h(
      ordered ? "ol" : "ul",
      { start: ordered && Number.parseInt(sign, 10) !== 1 ? Number.parseInt(sign, 10) : null },
      items,
    ),
    at,
  ];
}

function table(lines, at) {
  const row = (line) =>
    line
      .trim()
      .replace(/^\||\|$/g, "")
      .split("|")
      .map((c) => c.trim());
  const head = row(lines[at]);
  const from = at + 2;
  at = from;
  while (at < lines.length && lines[at].includes("|")) at += 1;
  return [
    h(
      "div",
      { class: "table-box" },
      h(
        "table",
        { class: "table" },
        h(
          "thead",
          null,
          h(
            "tr",
            null,
            head.map((c) => h("th", { scope: "col" }, spans(c))),
          ),
        ),
        h(
          "tbody",
          null,
          lines.slice(from, at).map((line) =>
            h(
              "tr",
              null,
              row(line).map((c) => h("td", null, spans(c))),
            ),
          ),
        ),
      ),
    ),
    at,
  ];
}

const SPANS = [
  [/^`([^`]+)`/, (m) => h("code", { dir: "ltr" }, m[1])],
  [/^!?\[([^\]]*)\]\((https?:[^)\s]+|mailto:[^)\s]+)[^)]*\)/, (m) => link(m[2], spans(m[1]))],
  [/^\*\*([^\n]+?)\*\*/, (m) => h("strong", null, spans(m[1]))],
  [/^__([^\n]+?)__/, (m) => h("strong", null, spans(m[1]))],
  [/^~~([^\n]+?)~~/, (m) => h("del", null, spans(m[1]))],
  [/^\*([^\s*][^*\n]*)\*/, (m) => h("em", null, spans(m[1]))],
  [/^_([^\s_][^_\n]*)_(?!\w)/, (m) => h("em", null, spans(m[1]))],
  [/^<?(https?:\/\/[^\s<>]+[^\s<>.,;:!?)\]}'"])>?/, (m) => link(m[1], null)],
  [/^\\([\\`*_{}[\]()#+\-.!~|>])/, (m) => plain(m[1])],
];

function spans(text) {
  const nodes = [];
  let pending = "";
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    const word = /\w/.test(text[at - 1] ?? "") && text[at] === "_";
    const found = word
      ? null
      : SPANS.map(([shape, make]) => ({ match: rest.match(shape), make })).find(({ match }) => match);
    if (!found) {
      pending += text[at];
      at += 1;
      continue;
    }
    if (pending) nodes.push(plain(withEmoji(pending)));
    pending = "";
    nodes.push(found.make(found.match));
    at += found.match[0].length;
  }
  if (pending) nodes.push(plain(withEmoji(pending)));
  return nodes;
}
