/** Slack's mrkdwn, drawn as DOM nodes. What is not understood is shown as it was written. */
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { broadcast, channelRef, dateRef, link, mention, plain } from "./inline.js";

const OPENERS = /(^|[\s([{"'“‘«>—–\-/,.:;!?*_~|])$/u;
const CLOSERS = /^($|[\s)\]}"'”’»<—–\-/,.:;!?*_~|…])/u;
const MARKS = { "*": "strong", _: "em", "~": "del" };
const BARE = /^https?:\/\/[^\s<>|`]+[^\s<>|`.,;:!?)\]}'"*_~]/;

/** Undoes the three entities Slack uses. */
export function unescape(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/**
 * @param {string} text escaped as Slack escapes it
 * @param {{verbatim?: boolean}} [options] verbatim: no autolinks
 * @returns {Node[]}
 */
export function mrkdwn(text, options = {}) {
  const nodes = [];
  for (const [index, piece] of text.split(/```([\s\S]*?)```/).entries()) {
    if (index % 2) nodes.push(h("pre", { dir: "ltr" }, unangled(piece.replace(/^\n|\n$/g, ""))));
    else if (piece) nodes.push(...paragraphs(trimmed(piece, index, nodes), options));
  }
  return nodes;
}

/** A line break next to a code block is already made by the block. */
function trimmed(piece, index) {
  return index ? piece.replace(/^\n/, "") : piece;
}

/** Quotes are lines that begin with ">"; ">>>" quotes all the rest. */
function paragraphs(text, options) {
  const nodes = [];
  const lines = text.split("\n");
  let quoted = [];
  let free = [];
  const flush = () => {
    if (quoted.length) nodes.push(h("blockquote", null, inline(quoted.join("\n"), options)));
    if (free.length) nodes.push(...inline(free.join("\n"), options));
    quoted = [];
    free = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const all = lines[at].match(/^(?:&gt;|>){3}\s?(.*)$/);
    const one = lines[at].match(/^(?:&gt;|>)\s?(.*)$/);
    if (all) {
      flush();
      quoted = [all[1], ...lines.slice(at + 1)];
      break;
    }
    if (one) {
      if (free.length) flush();
      quoted.push(one[1]);
    } else {
      if (quoted.length) flush();
      free.push(lines[at]);
    }
  }
  flush();
  return nodes;
}

/** One run of text: angle tokens, code, marks, emoji, bare links. */
function inline(text, options) {
  const nodes = [];
  let pending = "";
  const flush = () => {
    if (pending) nodes.push(plain(unescape(pending)));
    pending = "";
  };
  let at = 0;
  while (at < text.length) {
    const found = token(text, at, options);
    if (found) {
      flush();
      nodes.push(found.node);
      at += found.length;
    } else {
      pending += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function token(text, at, options) {
  const rest = text.slice(at);
  switch (text[at]) {
    case "<":
      return angle(rest, options);
    case "`":
      return code(rest);
    case ":":
      return shortcode(rest);
    case "h":
      return options.verbatim || /\w/.test(text[at - 1] ?? "") ? null : bare(rest);
    case "*":
    case "_":
    case "~":
      return marked(text, at, options);
    default:
      return null;
  }
}

function angle(rest, options) {
  const whole = rest.match(/^<([^<>\n]+)>/);
  if (!whole) return null;
  const [target, ...labels] = whole[1].split("|");
  const label = labels.length ? labels.join("|") : null;
  const node = reference(target, label, options);
  return node ? { node, length: whole[0].length } : null;
}

function reference(target, label, options) {
  if (/^@[A-Z0-9]+$/.test(target)) return mention(target.slice(1), label);
  if (/^#[A-Z0-9]+$/.test(target)) return channelRef(target.slice(1), label);
  if (target.startsWith("!date^")) {
    const [, stamp, template = "", href] = target.split("^");
    return dateRef(
      Number(stamp),
      unescape(template),
      label ? unescape(label) : null,
      href ? unescape(href) : null,
    );
  }
  if (target.startsWith("!")) return broadcast(target.slice(1), label);
  const address = unescape(target);
  if (!/^(https?|mailto|tel):/i.test(address)) return null;
  return link(address, label === null ? null : inline(label, { ...options, verbatim: true }));
}

function code(rest) {
  const whole = rest.match(/^`([^`\n]+)`/);
  return whole ? { node: h("code", { dir: "ltr" }, unangled(whole[1])), length: whole[0].length } : null;
}

/** Inside code a link is shown as its address, as Slack does. */
function unangled(text) {
  return unescape(
    text.replace(/<((?:https?|mailto):[^|>\s]+)(?:\|([^>]*))?>/g, (_, address, label) => label ?? address),
  );
}

function shortcode(rest) {
  const whole = rest.match(/^:([a-z0-9_+-]+(?:::skin-tone-[2-6])?):/);
  const character = whole && emoji(whole[1]);
  return character
    ? {
        node: h(
          "span",
          { class: "emoji", role: "img", "aria-label": whole[1].replaceAll("_", " ") },
          character,
        ),
        length: whole[0].length,
      }
    : null;
}

function bare(rest) {
  const whole = rest.match(BARE);
  return whole ? { node: link(unescape(whole[0]), null), length: whole[0].length } : null;
}

/** `*bold*`, `_italic_`, `~strike~`: opens after a break, closes before one, on the same line, around no blank edge. */
function marked(text, at, options) {
  const sign = text[at];
  if (
    !OPENERS.test(text.slice(Math.max(0, at - 1), at)) ||
    /\s/.test(text[at + 1] ?? " ") ||
    text[at + 1] === sign
  )
    return null;
  for (let end = at + 2; end < text.length && text[end] !== "\n"; end += 1) {
    if (text[end] === "<") {
      const inside = text.slice(end).match(/^<[^<>\n]+>/);
      if (inside) {
        end += inside[0].length - 1;
        continue;
      }
    }
    if (text[end] === "`") {
      const inside = text.slice(end).match(/^`[^`\n]+`/);
      if (inside) {
        end += inside[0].length - 1;
        continue;
      }
    }
    if (text[end] !== sign || /\s/.test(text[end - 1]) || !closes(text, end)) continue;
    return { node: h(MARKS[sign], null, inline(text.slice(at + 1, end), options)), length: end - at + 1 };
  }
  return null;
}

function closes(text, end) {
  return (
    CLOSERS.test(text.slice(end + 1, end + 2)) ||
    text.startsWith("&gt;", end + 1) ||
    text.startsWith("&lt;", end + 1)
  );
}
