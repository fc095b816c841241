/** Where one writes: plain text, commands, names. One for the conversation, one for the thread. */
import { post } from "./api.js";
import { NO_ANSWER } from "./blocks/context.js";
import { commandNamed, makeCompletion } from "./complete.js";
import { h, put, uid } from "./dom.js";
import { icon } from "./icons.js";
import { notice } from "./notices.js";
import { menu } from "./popover.js";
import { channelName, fullName, on, state, tell } from "./store.js";
import { toast } from "./toast.js";

const drafts = new Map();
const TALLEST = 260;

/** @param {{channel: string, thread?: string}} where @returns {{root: HTMLElement, focus: () => void}} */
export function makeComposer(where) {
  return new Composer(where);
}

class Composer {
  constructor(where) {
    this.where = where;
    this.key = `${state.me}|${where.channel}|${where.thread ?? ""}`;
    const channel = state.channels.get(where.channel);
    const label = where.thread
      ? "Reply"
      : channel.kind === "im"
        ? `Message ${channelName(channel)}`
        : `Message #${channelName(channel)}`;
    this.hint = h("div", { class: "composer-hint", id: uid("hint"), hidden: true });
    this.field = h("textarea", {
      class: "composer-field",
      rows: "1",
      dir: "auto",
      placeholder: label,
      "aria-label": label,
      "data-testid": where.thread ? "thread-composer" : "composer",
      "aria-describedby": this.hint.id,
      "aria-autocomplete": "list",
      spellcheck: "true",
      on: {
        input: () => this.changed(),
        keydown: (event) => this.pressed(event),
        blur: () => setTimeout(() => this.completion.close(), 120),
        click: () => this.completion.look(),
      },
    });
    this.send = h(
      "button",
      {
        class: "composer-send",
        type: "button",
        "aria-label": "Send",
        title: "Send (Enter)",
        "data-testid": where.thread ? "thread-send" : "send",
        disabled: true,
        on: { click: () => this.submit() },
      },
      icon("send", 18),
    );
    this.plus = h(
      "button",
      {
        class: "tool composer-plus",
        type: "button",
        "aria-label": "Shortcuts",
        title: "Shortcuts",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        "data-testid": "shortcuts",
        on: { click: () => this.shortcuts() },
      },
      icon("plus", 18),
    );
    this.root = h(
      "div",
      { class: "composer" },
      this.hint,
      h("div", { class: "composer-box" }, where.thread ? null : this.plus, this.field, this.send),
    );
    this.completion = makeCompletion(this.field, {
      anchor: this.root,
      thread: Boolean(where.thread),
      changed: () => this.changed(),
    });
    this.field.value = drafts.get(this.key) ?? "";
    this.changed();
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  /** @param {boolean} offer whether to look for completions */
  changed(offer = true) {
    drafts.set(this.key, this.field.value);
    this.send.disabled = !this.field.value.trim();
    this.field.style.setProperty("height", "auto");
    this.field.style.setProperty("height", `${Math.min(TALLEST, Math.max(24, this.field.scrollHeight))}px`);
    if (offer) this.completion.look();
    this.usage();
  }

  /** While the arguments of a command are typed, how it is used. */
  usage() {
    const command = commandNamed(this.field.value.match(/^(\/\S+)\s/)?.[1]);
    this.hint.hidden = !command;
    if (command)
      put(
        this.hint,
        h("code", null, command.command),
        " ",
        h("span", { class: "quiet" }, command.usage_hint ?? ""),
        h("span", { class: "composer-hint-words" }, command.description ?? ""),
      );
  }

  pressed(event) {
    if (event.isComposing || this.completion.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && !this.field.value) {
      if (this.where.thread) {
        event.stopPropagation();
        tell("go", { thread: null });
      }
    }
  }

  async submit() {
    const typed = this.field.value;
    if (!typed.trim()) return;
    this.completion.close();
    this.field.value = "";
    this.changed();
    const kept = () => {
      if (!this.field.value) {
        this.field.value = typed;
        this.changed(false);
      }
    };
    try {
      const refusal = /^\/[a-z]/i.test(typed) ? await this.command(typed) : await this.say(typed);
      if (!refusal) return;
      kept();
      notice(this.where, refusal);
    } catch (problem) {
      kept();
      toast(problem.message || NO_ANSWER);
    }
  }

  async say(typed) {
    const answer = await post("say", {
      channel: this.where.channel,
      text: named(typed).trimEnd(),
      thread_ts: this.where.thread,
    });
    if (answer.ok) tell("sent", answer.message);
    return answer.ok ? null : (answer.error ?? NO_ANSWER);
  }

  /** Runs a command; answers with the sentence of a refusal, or null. */
  async command(typed) {
    const [, name, text] = typed.match(/^(\/\S+)\s*([\s\S]*)$/);
    const known = commandNamed(name);
    if (!known)
      return `${name} is not a valid command. Everything that starts with “/” is taken for a command. To send it as a message, put a space before it.`;
    if (known.run) return known.run(this.where, text);
    this.root.setAttribute("aria-busy", "true");
    try {
      const answer = await post("command", {
        channel: this.where.channel,
        command: known.command,
        text: named(text).trim(),
        thread_ts: this.where.thread,
      });
      return answer.ok ? null : (answer.error ?? `${known.command} failed. Try again?`);
    } finally {
      this.root.removeAttribute("aria-busy");
    }
  }

  shortcuts() {
    const found = state.app.shortcuts.filter((shortcut) => shortcut.type === "global");
    const items = found.map((shortcut) => ({
      label: shortcut.name,
      hint: shortcut.description || state.app.name,
      icon: "bolt",
      data: { "data-shortcut": shortcut.callback_id },
      act: () => this.run(shortcut),
    }));
    const slash = {
      label: "Run a command",
      hint: "Type / to see all of them",
      icon: "keyboard",
      act: () => {
        this.field.value = "/";
        this.focus();
        this.changed();
      },
    };
    menu(this.plus, [...items, slash], { title: "Shortcuts", side: "above" });
  }

  async run(shortcut) {
    try {
      const answer = await post("shortcut", { callback_id: shortcut.callback_id });
      if (!answer.ok) toast(answer.error ?? NO_ANSWER);
    } catch (problem) {
      toast(problem.message);
    }
  }
}

on("draft", ({ channel, text }) => drafts.set(`${state.me}|${channel}|`, text));

/** Full names picked from the completion become mentions: "@Pete Novak" → "<@U…>". */
function named(text) {
  const people = [...state.people.values()].map((p) => [`@${fullName(p.id)}`, `<@${p.id}>`]);
  const rooms = [...state.channels.values()]
    .filter((c) => c.kind !== "im")
    .map((c) => [`#${c.name}`, `<#${c.id}>`]);
  const all = [...people, ...rooms].sort((a, b) => b[0].length - a[0].length);
  let out = "";
  for (let at = 0; at < text.length;) {
    const begins = (text[at] === "@" || text[at] === "#") && !/[\w<]/.test(text[at - 1] ?? "");
    const found =
      begins && all.find(([name]) => text.startsWith(name, at) && !/[\w]/.test(text[at + name.length] ?? ""));
    out += found ? found[1] : text[at];
    at += found ? found[0].length : 1;
  }
  return out;
}
