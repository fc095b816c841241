/** Where the options of a select menu come from. */
import { icon } from "../icons.js";
import { avatar } from "../inline.js";
import { channelName, fullName, person, state } from "../store.js";
import { textOf } from "../text.js";
import { valueKey } from "./form.js";

/**
 * @typedef {{key: string, label: string, hint?: string, value: any, lead?: Node}} Choice
 * @returns {{field: string, slow?: boolean, least?: number, key: (v: any) => string, label: (v: any) => string,
 *            find: (query: string) => Promise<{label: string|null, options: Choice[]}[]>}}
 */
export function sourceOf(element, block, ctx) {
  const kind = element.type.replace(/^multi_/, "");
  const field = valueKey(element.type);
  if (kind === "users_select") return { field, ...people() };
  if (kind === "conversations_select" || kind === "channels_select")
    return { field, ...conversations(element, kind) };
  const options = { field, key: (option) => option?.value ?? "", label: (option) => textOf(option?.text) };
  if (kind === "external_select") {
    const least = element.min_query_length ?? 3;
    return {
      ...options,
      slow: true,
      least,
      find: async (query) => grouped(await ctx.suggest(block, element, query)),
    };
  }
  return { ...options, find: async (query) => matching(grouped(element), query) };
}

function grouped(holder) {
  const choices = (list) =>
    (list ?? []).map((option) => ({
      key: option.value,
      label: textOf(option.text),
      hint: textOf(option.description),
      value: option,
    }));
  if (holder.option_groups)
    return holder.option_groups.map((group) => ({
      label: textOf(group.label),
      options: choices(group.options),
    }));
  return [{ label: null, options: choices(holder.options) }];
}

const folded = (text) => (text ?? "").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Keeps the choices in which every typed word occurs, those that begin with it first. */
export function matching(groups, query) {
  const words = folded(query).split(/\s+/).filter(Boolean);
  if (!words.length) return groups;
  const rank = (choice) => (folded(choice.label).startsWith(words[0]) ? 0 : 1);
  return groups
    .map((group) => ({
      label: group.label,
      options: group.options
        .filter((choice) =>
          words.every((word) => folded(`${choice.label} ${choice.hint ?? ""}`).includes(word)),
        )
        .sort((a, b) => rank(a) - rank(b)),
    }))
    .filter((group) => group.options.length);
}

function people() {
  return {
    key: (id) => id ?? "",
    label: (id) => (id ? fullName(id) : ""),
    find: async (query) =>
      matching(
        [
          {
            label: null,
            options: [...state.people.values()]
              .filter((p) => !p.deleted)
              .map((p) => ({
                key: p.id,
                label: fullName(p.id),
                hint: p.title || person(p.id).name,
                value: p.id,
                lead: avatar(p.id, 20),
              })),
          },
        ],
        query,
      ),
  };
}

function conversations(element, kind) {
  const wanted =
    kind === "channels_select"
      ? ["public"]
      : (element.filter?.include ?? ["public", "private", "im", "mpim"]);
  const sort = { channel: "public", private: "private", im: "im" };
  return {
    key: (id) => id ?? "",
    label: (id) => (id ? channelName(state.channels.get(id)) : ""),
    find: async (query) =>
      matching(
        [
          {
            label: null,
            options: [...state.channels.values()]
              .filter((c) => !c.is_archived && wanted.includes(sort[c.kind]))
              .filter((c) => !(element.filter?.exclude_external_shared_channels && c.is_ext_shared))
              .filter((c) => !(element.filter?.exclude_bot_users && c.with === state.app.bot_user_id))
              .map((c) => ({
                key: c.id,
                label: channelName(c),
                hint: c.topic,
                value: c.id,
                lead: icon(c.kind === "im" ? "person" : c.kind === "private" ? "lock" : "hash", 16),
              })),
          },
        ],
        query,
      ),
  };
}
