/** What can be done with a message: reply, run the app's shortcuts, copy. */
import { post } from "./api.js";
import { NO_ANSWER } from "./blocks/context.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./popover.js";
import { channelName, fullName, state, tell } from "./store.js";
import { toast } from "./toast.js";

/** The buttons at a message's corner: reply, and what can be done with it. */
export function tools(message, how) {
  if (message.deleted) return null;
  const shortcuts = state.app.shortcuts.filter((shortcut) => shortcut.type === "message");
  const more = h(
    "button",
    {
      class: "tool",
      type: "button",
      "aria-label": "More actions",
      title: "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "data-testid": "message-more",
      on: {
        click: () =>
          menu(
            more,
            [
              ...(message.is_ephemeral
                ? []
                : shortcuts.map((shortcut) => ({
                    label: shortcut.name,
                    hint: state.app.name,
                    icon: "bolt",
                    data: { "data-shortcut": shortcut.callback_id },
                    act: () => runShortcut(shortcut, message),
                  }))),
              { label: "Copy text", icon: "copy", act: () => copy(message.text ?? "", "Text copied") },
              ...(message.is_ephemeral
                ? []
                : [{ label: "Copy link", icon: "link", act: () => copyLink(message) }]),
            ],
            { align: "end" },
          ),
      },
    },
    icon("dots", 18),
  );
  const reply =
    how.inThread || message.is_ephemeral
      ? null
      : h(
          "button",
          {
            class: "tool",
            type: "button",
            "aria-label": "Reply in thread",
            title: "Reply in thread",
            "data-testid": "reply",
            on: { click: () => tell("go", { thread: message.thread_ts ?? message.ts, focus: true }) },
          },
          icon("reply", 18),
        );
  return h("div", { class: "tools", role: "group", "aria-label": "Message actions" }, reply, more);
}

/** The one button of a notice. */
export function dismiss(message) {
  return h(
    "div",
    { class: "tools" },
    h(
      "button",
      {
        class: "tool",
        type: "button",
        "aria-label": "Dismiss",
        title: "Dismiss",
        on: { click: () => tell("dismiss", message) },
      },
      icon("close", 16),
    ),
  );
}

async function runShortcut(shortcut, message) {
  try {
    const answer = await post("shortcut", {
      callback_id: shortcut.callback_id,
      channel: message.channel ?? state.open,
      ts: message.ts,
    });
    if (!answer.ok) toast(answer.error ?? NO_ANSWER);
  } catch (problem) {
    toast(problem.message);
  }
}

/** The address that opens this message, for whoever opens it. */
export function address(message) {
  const thread =
    message.thread_ts && message.thread_ts !== message.ts ? `?thread_ts=${message.thread_ts}` : "";
  return `${location.origin}/archives/${message.channel ?? state.open}/p${message.ts.replace(".", "")}${thread}`;
}

/** Puts the message's address on the clipboard. */
export function copyLink(message) {
  copy(
    address(message),
    `Link to ${fullName(message.user ?? state.app.bot_user_id)}’s message in ${channelName(state.channels.get(message.channel ?? state.open))} copied`,
  );
}

async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    toast("This browser does not allow copying here.");
  }
}
