/** One message: who, when, what, and what can be done with it. */
import { get, post } from "./api.js";
import { drawBlocks } from "./blocks/index.js";
import { makeContext, noteUnder, NO_ANSWER } from "./blocks/context.js";
import { clockTime, lately, moment } from "./dates.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar, emojiNode, link } from "./inline.js";
import { FormState } from "./inputs/form.js";
import { mrkdwn } from "./mrkdwn.js";
import { menu } from "./popover.js";
import { channelName, fullName, isApp, now, seconds, state, tell, zone } from "./store.js";
import { toast } from "./toast.js";

/** What is chosen in the selects of messages, kept while the page is open. */
const forms = new Map();

function formOf(message) {
  const key = `${message.channel}-${message.ts}`;
  if (!forms.has(key)) forms.set(key, new FormState());
  forms.get(key).adopt(message.blocks ?? []);
  return forms.get(key);
}

const author = (message) => message.user ?? (message.bot_id ? state.app.bot_user_id : "");
const fromApp = (message) => Boolean(message.bot_id) || isApp(message.user);

/**
 * @param {object} message @param {{compact?: boolean, inThread?: boolean}} how compact: same author as the one above, no heading
 * @returns {HTMLElement}
 */
export function drawMessage(message, how = {}) {
  const who = author(message);
  const name = message.notice ? message.notice : message.username ?? fullName(who);
  const time = h("a", { class: "message-time", href: address(message), title: moment(seconds(message.ts), zone()), on: { click: (event) => { event.preventDefault(); copyLink(message); } } }, clockTime(seconds(message.ts), zone()));
  const node = h("article", {
    class: `message${how.compact ? " is-compact" : ""}${message.is_ephemeral ? " is-ephemeral" : ""}${mentionsMe(message) ? " is-for-me" : ""}`,
    "data-ts": message.ts, "data-user": who, tabindex: "-1", "aria-label": `${name}, ${lately(seconds(message.ts), zone(), now())}`,
  },
  how.compact ? h("span", { class: "message-gutter" }, time) : h("span", { class: "message-gutter" }, message.notice ? h("span", { class: "notice-sign" }, icon("info", 18)) : avatar(who, 36)),
  h("div", { class: "message-main" },
    message.is_ephemeral ? h("p", { class: "only-you" }, icon("eye", 14), "Only visible to you") : null,
    how.compact ? null : h("header", { class: "message-head" }, h("span", { class: "message-author", dir: "auto" }, name), fromApp(message) && !message.notice ? h("span", { class: "tag" }, "APP") : null, time),
    body(message),
    !how.inThread && message.reply_count ? summary(message) : null),
  message.notice ? dismiss(message) : tools(message, how));
  return node;
}

function mentionsMe(message) {
  return !message.is_ephemeral && author(message) !== state.me && (message.text ?? "").includes(`<@${state.me}`);
}

function body(message) {
  const edited = message.edited && !message.blocks?.length ? h("span", { class: "edited", title: message.edited.ts ? moment(seconds(String(message.edited.ts)), zone()) : null }, " (edited)") : null;
  if (message.deleted || message.subtype === "tombstone") return h("p", { class: "words quiet" }, "This message was deleted.");
  const words = fromApp(message) && message.blocks?.length ? drawBlocks(message.blocks, contextOf(message))
    : message.text ? h("div", { class: "words message-text", dir: "auto" }, mrkdwn(message.text), edited) : null;
  return [words, (message.attachments ?? []).map((one) => attachment(one, message)), (message.files ?? []).map(attached), reactions(message)];
}

function contextOf(message) {
  return makeContext({
    surface: "message", where: { kind: "message", channel: message.channel ?? state.open, ts: message.ts }, form: formOf(message),
    trouble: (sentence, origin) => (origin?.isConnected ? noteUnder(sentence, origin) : toast(sentence)),
  });
}

/** A secondary attachment: blocks, or the old fields, behind a coloured bar. */
function attachment(one, message) {
  const colour = /^#?[0-9a-f]{6}$/i.test(one.color ?? "") ? `#${one.color.replace("#", "")}` : null;
  return h("div", { class: "attachment", style: colour ? { "--bar": colour } : {} },
    one.blocks?.length ? drawBlocks(one.blocks, contextOf(message)) : [
      one.pretext ? h("div", { class: "words", dir: "auto" }, mrkdwn(one.pretext)) : null,
      one.title ? h("strong", { dir: "auto" }, one.title_link ? link(one.title_link, [document.createTextNode(one.title)]) : one.title) : null,
      one.text || one.fallback ? h("div", { class: "words", dir: "auto" }, mrkdwn(one.text ?? one.fallback)) : null]);
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((one) => h("span", { class: "reaction", title: `${(one.users ?? []).map(fullName).join(", ")} reacted with :${one.name}:` }, emojiNode(one.name), h("span", null, String(one.count ?? one.users?.length ?? 1)))));
}

function attached(file) {
  const picture = (file.mimetype ?? "").startsWith("image/") && file.url_private;
  return h("p", { class: "file-line" }, picture ? h("img", { class: "figure-picture", src: file.url_private, alt: file.alt_txt ?? file.title ?? file.name ?? "" }) : [icon("file", 18), file.title ?? file.name ?? "File"]);
}

/** "3 replies · last today at 14:10" */
function summary(message) {
  const count = message.reply_count;
  const last = message.latest_reply ? h("span", { class: "summary-last" }, `last ${lately(seconds(message.latest_reply), zone(), now())}`) : null;
  return h("button", { class: "summary", type: "button", "data-thread": message.ts, on: { click: () => tell("go", { thread: message.ts }) } },
    h("span", { class: "summary-faces" }, (message.reply_users ?? []).slice(0, 5).map((id) => avatar(id, 22))),
    h("span", { class: "summary-count" }, `${count} ${count === 1 ? "reply" : "replies"}`), last);
}

function tools(message, how) {
  if (message.deleted) return null;
  const shortcuts = state.app.shortcuts.filter((shortcut) => shortcut.type === "message");
  const more = h("button", { class: "tool", type: "button", "aria-label": "More actions", title: "More actions", "aria-haspopup": "menu", "aria-expanded": "false", "data-testid": "message-more", on: { click: () => menu(more, [
    ...(message.is_ephemeral ? [] : shortcuts.map((shortcut) => ({ label: shortcut.name, hint: state.app.name, icon: "bolt", data: { "data-shortcut": shortcut.callback_id }, act: () => runShortcut(shortcut, message) }))),
    { label: "Copy text", icon: "copy", act: () => copy(message.text ?? "", "Text copied") },
    ...(message.is_ephemeral ? [] : [{ label: "Copy link", icon: "link", act: () => copyLink(message) }]),
  ], { align: "end" }) } }, icon("dots", 18));
  const reply = how.inThread || message.is_ephemeral ? null : h("button", { class: "tool", type: "button", "aria-label": "Reply in thread", title: "Reply in thread", "data-testid": "reply", on: { click: () => tell("go", { thread: message.thread_ts ?? message.ts, focus: true }) } }, icon("reply", 18));
  return h("div", { class: "tools", role: "group", "aria-label": "Message actions" }, reply, more);
}

function dismiss(message) {
  return h("div", { class: "tools" }, h("button", { class: "tool", type: "button", "aria-label": "Dismiss", title: "Dismiss", on: { click: () => tell("dismiss", message) } }, icon("close", 16)));
}

async function runShortcut(shortcut, message) {
  try {
    const answer = await post("shortcut", { callback_id: shortcut.callback_id, channel: message.channel ?? state.open, ts: message.ts });
    if (!answer.ok) toast(answer.error ?? NO_ANSWER);
  } catch (problem) {
    toast(problem.message);
  }
}

/** The address that opens this message, for whoever opens it. */
export function address(message) {
  const thread = message.thread_ts && message.thread_ts !== message.ts ? `?thread_ts=${message.thread_ts}` : "";
  return `${location.origin}/archives/${message.channel ?? state.open}/p${message.ts.replace(".", "")}${thread}`;
}

function copyLink(message) {
  copy(address(message), `Link to ${fullName(author(message))}’s message in ${channelName(state.channels.get(message.channel ?? state.open))} copied`);
}

async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    toast("This browser does not allow copying here.");
  }
}

/** A thread as the server tells it. @returns {Promise<object[]>} root and replies */
export async function fetchThread(channelId, ts) {
  return (await get("thread", { channel: channelId, ts })).messages;
}
