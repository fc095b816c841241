/** What stands around the messages of a conversation: its heading, warnings, and its beginning. */
import { post } from "./api.js";
import { h } from "./dom.js";
import { appTabs } from "./home.js";
import { icon } from "./icons.js";
import { avatar } from "./inline.js";
import { appChannel, channelName, fullName, person, state, tell } from "./store.js";
import { toast } from "./toast.js";

/** Name, topic and marks of a conversation. */
export function heading(channel) {
  const isApp = channel.id === appChannel()?.id;
  const sign =
    channel.kind === "im" ? avatar(channel.with, 24) : icon(channel.kind === "private" ? "lock" : "hash", 18);
  const who = channel.kind === "im" ? person(channel.with).title : "";
  return [
    h(
      "button",
      {
        class: "tool back",
        type: "button",
        "aria-label": "Back to the list",
        on: { click: () => tell("pane", "rail") },
      },
      icon("back"),
    ),
    h(
      "h1",
      { class: "head-name" },
      sign,
      h("span", { dir: "auto" }, channelName(channel)),
      isApp ? h("span", { class: "tag" }, "APP") : null,
    ),
    channel.is_ext_shared
      ? h(
          "span",
          { class: "head-mark", title: "People from another company read this channel" },
          icon("shared", 16),
          "Shared",
        )
      : null,
    isApp && state.app.home
      ? appTabs("messages")
      : h("p", { class: "head-topic", dir: "auto", title: channel.topic || who }, channel.topic || who),
  ];
}

/** What a person should know before writing here: the app is away, or not in the channel. */
export function strips(channel) {
  const found = [];
  if (!state.app.connected)
    found.push(
      h(
        "div",
        { class: "strip strip-warning", role: "status" },
        icon("warn", 16),
        `${state.app.name} is not connected. Its commands and buttons are not answered until it is back.`,
      ),
    );
  if (
    channel.kind !== "im" &&
    channel.bot_is_member === false &&
    channel.is_member !== false &&
    !channel.is_archived
  ) {
    found.push(
      h(
        "div",
        { class: "strip", role: "note" },
        icon("info", 16),
        h("span", null, `${state.app.name} is not in this channel.`),
        h(
          "button",
          {
            class: "strip-button",
            type: "button",
            on: {
              click: () => post("invite", { channel: channel.id, bot: true }).catch((p) => toast(p.message)),
            },
          },
          `Add ${state.app.name}`,
        ),
      ),
    );
  }
  return found;
}

/** What stands above the very first message. */
export function beginning(channel) {
  if (channel.kind === "im")
    return h(
      "p",
      { class: "words quiet" },
      `This is the beginning of your private messages with ${fullName(channel.with)}.`,
    );
  return [
    h(
      "h2",
      { class: "beginning-name", dir: "auto" },
      icon(channel.kind === "private" ? "lock" : "hash", 22),
      channel.name,
    ),
    h(
      "p",
      { class: "quiet", dir: "auto" },
      channel.topic ? channel.topic : `This is the very beginning of #${channel.name}.`,
    ),
  ];
}

/** Why nobody can write here, or null. @returns {string|null} */
export function closedFor(channel) {
  if (channel.is_archived) return "This channel is archived.";
  if (channel.is_member === false && channel.kind !== "im")
    return `You are not a member of #${channel.name}.`;
  const tab = state.app.messages;
  const closed = channel.id === appChannel()?.id && tab && (tab.read_only || !tab.enabled);
  return closed ? "Sending messages to this app has been turned off." : null;
}
