/** What is typed and chosen in a set of blocks, in the shape of Slack's `state.values`. */

/** Elements that hold a value, and the key their value has. */
const VALUE_KEYS = {
  plain_text_input: "value",
  email_text_input: "value",
  url_text_input: "value",
  number_input: "value",
  rich_text_input: "rich_text_value",
  datepicker: "selected_date",
  timepicker: "selected_time",
  datetimepicker: "selected_date_time",
  static_select: "selected_option",
  external_select: "selected_option",
  radio_buttons: "selected_option",
  users_select: "selected_user",
  conversations_select: "selected_conversation",
  channels_select: "selected_channel",
  multi_static_select: "selected_options",
  multi_external_select: "selected_options",
  checkboxes: "selected_options",
  multi_users_select: "selected_users",
  multi_conversations_select: "selected_conversations",
  multi_channels_select: "selected_channels",
  file_input: "files",
};

/** @returns {string|undefined} the key of the element's value, undefined for buttons and the like */
export const valueKey = (type) => VALUE_KEYS[type];

const INITIAL = {
  plain_text_input: "initial_value",
  email_text_input: "initial_value",
  url_text_input: "initial_value",
  number_input: "initial_value",
  rich_text_input: "initial_value",
  datepicker: "initial_date",
  timepicker: "initial_time",
  datetimepicker: "initial_date_time",
  static_select: "initial_option",
  external_select: "initial_option",
  radio_buttons: "initial_option",
  users_select: "initial_user",
  conversations_select: "initial_conversation",
  channels_select: "initial_channel",
  multi_static_select: "initial_options",
  multi_external_select: "initial_options",
  checkboxes: "initial_options",
  multi_users_select: "initial_users",
  multi_conversations_select: "initial_conversations",
  multi_channels_select: "initial_channels",
};

/** @returns {object} the state entry of an element nobody has touched */
export function initialEntry(element) {
  const key = VALUE_KEYS[element.type];
  const given = element[INITIAL[element.type]];
  if (key === "value")
    return { type: element.type, value: given === undefined || given === null ? null : String(given) };
  return { type: element.type, [key]: given ?? (key.endsWith("s") ? [] : null) };
}

/** Whether an entry holds nothing a person would call an answer. */
export function isBlank(entry) {
  const value = entry?.[VALUE_KEYS[entry?.type]];
  return (
    value === null ||
    value === undefined ||
    (typeof value === "string" && value.trim() === "") ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** Every value-holding element of a list of blocks, with its block. @returns {{block: object, element: object}[]} */
export function fieldsOf(blocks) {
  const found = [];
  for (const block of blocks ?? []) {
    const elements = [
      block.element,
      block.accessory,
      ...(block.type === "actions" ? (block.elements ?? []) : []),
    ];
    for (const element of elements) if (element && VALUE_KEYS[element.type]) found.push({ block, element });
    if (block.child_blocks) found.push(...fieldsOf(block.child_blocks));
  }
  return found;
}

/** The values of one modal, Home or message. */
export class FormState {
  /** @param {(state: object) => void} [changed] called after each change by the person */
  constructor(changed = () => {}) {
    this.values = {};
    this.changed = changed;
  }

  /** Takes over new blocks: what was typed stays where block_id, action_id and type are the same. */
  adopt(blocks, known = {}) {
    const next = {};
    for (const { block, element } of fieldsOf(blocks)) {
      const [b, a] = [block.block_id, element.action_id];
      const typed = [this.values[b]?.[a], known[b]?.[a]].find((entry) => entry?.type === element.type);
      (next[b] ??= {})[a] = typed ?? initialEntry(element);
    }
    this.values = next;
  }

  get(blockId, element) {
    return this.values[blockId]?.[element.action_id] ?? initialEntry(element);
  }

  /** The bare value: a string, an option, an array… */
  value(blockId, element) {
    return this.get(blockId, element)[VALUE_KEYS[element.type]];
  }

  set(blockId, element, value) {
    (this.values[blockId] ??= {})[element.action_id] = {
      type: element.type,
      [VALUE_KEYS[element.type]]: value,
    };
    this.changed(this.values);
  }
}

/** What the client itself checks before a modal is sent. @returns {Record<string, string>} block_id → sentence */
export function problems(blocks, form) {
  const wrong = {};
  for (const { block, element } of fieldsOf(blocks)) {
    if (block.type !== "input") continue;
    const entry = form.get(block.block_id, element);
    const sentence = isBlank(entry)
      ? block.optional
        ? null
        : "Please complete this required field."
      : unfit(element, entry);
    if (sentence) wrong[block.block_id] ??= sentence;
  }
  return wrong;
}

function unfit(element, entry) {
  const text = typeof entry.value === "string" ? entry.value : "";
  switch (element.type) {
    case "plain_text_input":
      if (element.min_length && text.length < element.min_length)
        return `Please write at least ${element.min_length} characters.`;
      if (text.length > (element.max_length ?? 3000))
        return `Please write at most ${element.max_length ?? 3000} characters.`;
      return null;
    case "number_input":
      return unfitNumber(element, text);
    case "email_text_input":
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim()) ? null : "Please enter a valid email address.";
    case "url_text_input":
      return /^https?:\/\/[^\s]+$/i.test(text.trim())
        ? null
        : "Please enter a valid URL, starting with https://.";
    default:
      return null;
  }
}

function unfitNumber(element, text) {
  const written = element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!written.test(text.trim()))
    return element.is_decimal_allowed ? "Please enter a number." : "Please enter a whole number.";
  const number = Number(text);
  if (element.min_value !== undefined && number < Number(element.min_value))
    return `Please enter ${element.min_value} or more.`;
  if (element.max_value !== undefined && number > Number(element.max_value))
    return `Please enter ${element.max_value} or less.`;
  return null;
}
