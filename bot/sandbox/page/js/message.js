/** One message: who, when, what, and what can be done with it. */
import { get } from "./api.js";
import { drawBlocks } from "./blocks/index.js";
import { makeContext, noteUnder } from "./blocks/context.js";
import { clockTime, lately, moment } from "./dates.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar, emojiNode, link } from "./inline.js";
import { FormState } from "./inputs/form.js";
import { address, copyLink, dismiss, tools } from "./message-tools.js";
import { mrkdwn } from "./mrkdwn.js";
import { fullName, isApp, now, seconds, state, tell, zone } from "./store.js";
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
  const name = message.notice ? message.notice : (message.username ?? fullName(who));
  const time = h(
    "a",
    {
      class: "message-time",
      href: address(message),
      title: moment(seconds(message.ts), zone()),
      on: {
        click: (event) => {
          event.preventDefault();
          copyLink(message);
        },
      },
    },
    clockTime(seconds(message.ts), zone()),
  );
  const node = h(
    "article",
    {
      class: `message${how.compact ? " is-compact" : ""}${message.is_ephemeral ? " is-ephemeral" : ""}`,
      "data-ts": message.ts,
      "data-user": who,
      tabindex: "-1",
      "aria-label": `${name}, ${lately(seconds(message.ts), zone(), now())}`,
    },
    how.compact
      ? h("span", { class: "message-gutter" }, time)
      : h(
          "span",
          { class: "message-gutter" },
          message.notice ? h("span", { class: "notice-sign" }, icon("info", 18)) : avatar(who, 36),
        ),
    h(
      "div",
      { class: "message-main" },
      message.is_ephemeral ? h("p", { class: "only-you" }, icon("eye", 14), "Only visible to you") : null,
      how.compact
        ? null
        : h(
            "header",
            { class: "message-head" },
            h("span", { class: "message-author", dir: "auto" }, name),
            fromApp(message) && !message.notice ? h("span", { class: "tag" }, "APP") : null,
            time,
          ),
      body(message),
      !how.inThread && message.reply_count ? summary(message) : null,
    ),
    message.notice ? dismiss(message) : tools(message, how),
  );
  return node;
}

function body(message) {
  const edited =
    message.edited && !message.blocks?.length
      ? h(
          "span",
          {
            class: "edited",
            title: message.edited.ts ? moment(seconds(String(message.edited.ts)), zone()) : null,
          },
          " (edited)",
        )
      : null;
  if (message.deleted || message.subtype === "tombstone")
    return h("p", { class: "words quiet" }, "This message was deleted.");
  const words =
    fromApp(message) && message.blocks?.length
      ? drawBlocks(message.blocks, contextOf(message))
      : message.text
        ? h("div", { class: "words message-text", dir: "auto" }, mrkdwn(message.text), edited)
        : null;
  return [
    words,
    (message.attachments ?? []).map((one) => attachment(one, message)),
    (message.files ?? []).map(attached),
    reactions(message),
  ];
}

function contextOf(message) {
  return makeContext({
    surface: "message",
    where: { kind: "message", channel: message.channel ?? state.open, ts: message.ts },
    form: formOf(message),
    trouble: (sentence, origin) => (origin?.isConnected ? noteUnder(sentence, origin) : toast(sentence)),
  });
}

/** A secondary attachment: blocks, or the old fields, behind a coloured bar. */
function attachment(one, message) {
  const colour = /^#?[0-9a-f]{6}$/i.test(one.color ?? "") ? `#${one.color.replace("#", "")}` : null;
  return h(
    "div",
    { class: "attachment", style: colour ? { "--bar": colour } : {} },
    one.blocks?.length
      ? drawBlocks(one.blocks, contextOf(message))
      : [
          one.pretext ? h("div", { class: "words", dir: "auto" }, mrkdwn(one.pretext)) : null,
          one.title
            ? h(
                "strong",
                { dir: "auto" },
                one.title_link ? link(one.title_link, [document.createTextNode(one.title)]) : one.title,
              )
            : null,
          one.text || one.fallback
            ? h("div", { class: "words", dir: "auto" }, mrkdwn(one.text ?? one.fallback))
            : null,
        ],
  );
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map((one) =>
      h(
        "span",
        {
          class: "reaction",
          title: `${(one.users ?? []).map(fullName).join(", ")} reacted with :${one.name}:`,
        },
        emojiNode(one.name),
        h("span", null, String(one.count ?? one.users?.length ?? 1)),
      ),
    ),
  );
}

function attached(file) {
  const picture = (file.mimetype ?? "").startsWith("image/") && file.url_private;
  return h(
    "p",
    { class: "file-line" },
    picture
      ? h("img", {
          class: "figure-picture",
          src: file.url_private,
          alt: file.alt_txt ?? file.title ?? file.name ?? "",
        })
      : [icon("file", 18), file.title ?? file.name ?? "File"],
  );
}

/** "3 replies · last today at 14:10" */
function summary(message) {
  const count = message.reply_count;
  const last = message.latest_reply
    ? h("span", { class: "summary-last" }, `last ${lately(seconds(message.latest_reply), zone(), now())}`)
    : null;
  return h(
    "button",
    {
      class: "summary",
      type: "button",
      "data-thread": message.ts,
      on: { click: () => tell("go", { thread: message.ts }) },
    },
    h(
      "span",
      { class: "summary-faces" },
      (message.reply_users ?? []).slice(0, 5).map((id) => avatar(id, 22)),
    ),
    h("span", { class: "summary-count" }, `${count} ${count === 1 ? "reply" : "replies"}`),
    last,
  );
}

/** A thread as the server tells it. @returns {Promise<object[]>} root and replies */
export async function fetchThread(channelId, ts) {
  return (await get("thread", { channel: channelId, ts })).messages;
}
