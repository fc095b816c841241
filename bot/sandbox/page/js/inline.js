/** The small things inside a line of text: names, links, dates. Shared by mrkdwn, rich text and markdown. */
import { fillDate, moment } from "./dates.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { channelName, fullName, now, person, state, tell, zone } from "./store.js";

/** A text node. */
export const plain = (text) => document.createTextNode(text);

/** "@Pete Novak"; marked when it is the acting person. */
export function mention(id, label = null) {
  const known = state.people.get(id);
  const name = known ? fullName(id) : (label?.replace(/^@/, "") ?? id);
  const title = known?.title ? `${name}, ${known.title}` : name;
  return h(
    "span",
    { class: `mention${id === state.me ? " mention-me" : ""}`, title, "data-user": id },
    `@${name}`,
  );
}

/** "#acme-website", which opens the channel when the person can see it. */
export function channelRef(id, label = null) {
  const known = state.channels.get(id);
  if (!known) return h("span", { class: "mention" }, `#${label ?? "private channel"}`);
  return h(
    "button",
    { class: "mention mention-link", type: "button", on: { click: () => tell("go", { channel: id }) } },
    `#${channelName(known)}`,
  );
}

/** `<!here>`, `<!channel>`, `<!everyone>`, user groups, and the label of what is unknown. */
export function broadcast(kind, label = null) {
  const [name] = kind.split("^");
  const shown = label ?? (name === "subteam" ? kind.split("^")[1] : name);
  return h("span", { class: "mention mention-me" }, shown.startsWith("@") ? shown : `@${shown}`);
}

/** A moment in the reader's zone; the fallback where the template is not understood. */
export function dateRef(stamp, template, fallback, href) {
  const text = fillDate(template, stamp, zone(), now()) ?? fallback ?? template;
  const title = Number.isFinite(stamp) ? moment(stamp, zone()) : null;
  return href ? link(href, [plain(text)], title) : h("time", { class: "moment", title }, text);
}

/** Where a permalink leads, or null; only to what the person can see, unless `unseen`. */
export function permalink(address, unseen = false) {
  const parts = address.match(/\/archives\/([A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?(?:\?(.*))?$/);
  if (!parts || !(unseen || state.channels.has(parts[1]))) return null;
  const thread = new URLSearchParams(parts[4] ?? "").get("thread_ts");
  return { channel: parts[1], ts: parts[2] ? `${parts[2]}.${parts[3]}` : null, thread };
}

/** A link. One to a message of this workspace opens it in place; any other opens a new tab. */
export function link(address, children, title = null) {
  const safe = /^(https?|mailto|tel):/i.test(address);
  if (!safe) return h("span", null, children ?? address);
  const inside = permalink(address);
  const open = inside
    ? {
        click: (event) => {
          event.preventDefault();
          tell("go", inside);
        },
      }
    : {};
  const outside = inside ? {} : { target: "_blank", rel: "noopener noreferrer" };
  return h(
    "a",
    { class: "link", href: address, title, ...outside, on: open },
    children?.length ? children : address.replace(/^mailto:/, ""),
  );
}

/** An emoji by name, or its shortcode. */
export function emojiNode(name, unicode = null) {
  const points = unicode?.split("-").map((point) => Number.parseInt(point, 16));
  const character = emoji(name) ?? (points?.every(Number.isFinite) ? String.fromCodePoint(...points) : null);
  return character
    ? h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, character)
    : plain(`:${name}:`);
}

/** Initials on the person's colour. @param {string} id @param {number} [size] CSS pixels */
export function avatar(id, size = 36) {
  const who = person(id);
  const initials = (who.initials || who.real_name || who.name || "?").slice(0, 2).toUpperCase();
  const colour = /^#?[0-9a-f]{6}$/i.test(who.color ?? "") ? `#${who.color.replace("#", "")}` : tint(id);
  return h(
    "span",
    {
      class: `avatar${who.is_bot || id === state.app.bot_user_id ? " avatar-app" : ""}`,
      "aria-hidden": "true",
      style: { "--tint": colour, "--avatar-ink": inkOn(colour), "--size": `${size}px` },
    },
    initials,
  );
}

const TINTS = ["#2f6f9f", "#8a5a9e", "#3f7d58", "#a8603a", "#5b6aa8", "#9a4f66", "#4d7a7a", "#7a6a3a"];

function tint(id) {
  return TINTS[[...(id ?? "")].reduce((sum, c) => sum + c.charCodeAt(0), 0) % TINTS.length];
}

/** Black or white, whichever reads better on the colour (WCAG's relative luminance). */
function inkOn(colour) {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(colour.slice(i, i + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.19 ? "#101415" : "#ffffff";
}
