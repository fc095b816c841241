/** Text objects of Block Kit (`plain_text` and `mrkdwn`), and numbers as people write them. */
import { withEmoji } from "./emoji.js";
import { mrkdwn, unescape } from "./mrkdwn.js";

/** @param {{type: string, text: string, emoji?: boolean, verbatim?: boolean}|string|null} object @returns {Node[]} */
export function textNodes(object) {
  if (!object) return [];
  if (typeof object === "string") return [document.createTextNode(withEmoji(unescape(object)))];
  if (object.type === "mrkdwn") return mrkdwn(object.text ?? "", { verbatim: object.verbatim });
  return [document.createTextNode(textOf(object))];
}

/** The words alone, for labels and titles. @returns {string} */
export function textOf(object) {
  if (!object) return "";
  if (typeof object === "string") return object;
  const text = unescape(object.text ?? "");
  return object.emoji === false ? text : withEmoji(text);
}

/** A number as people write it: no trailing zeros, thousands apart. */
export const figureText = (n) => new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 }).format(n);
