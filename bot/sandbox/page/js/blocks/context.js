/** What the blocks of one message, modal or Home share: where presses go, what is typed, what went wrong. */
import { post } from "../api.js";
import { h } from "../dom.js";
import { FormState } from "../inputs/form.js";

export const NO_ANSWER = "We had some trouble connecting. Try again?";

/**
 * @param {object} how
 * @param {"message"|"modal"|"home"} how.surface
 * @param {object} how.where what the server needs to find the thing pressed
 * @param {FormState} [how.form] @param {() => void} [how.enter] Enter in a single-line input
 * @param {() => Promise<void>} [how.flush] sends what was typed before a press @param {Record<string, string>} [how.errors]
 * @param {(sentence: string, node: Element|null) => void} how.trouble tells the person that a press failed
 */
export function makeContext(how) {
  return new Context(how);
}

class Context {
  constructor(how) {
    Object.assign(this, { errors: {}, flush: async () => {}, ...how });
    this.form = how.form ?? new FormState();
    this.clearable = how.surface === "modal";
  }

  /** Whether choosing something in this block tells the app at once. */
  acts(block) {
    return block.type !== "input" || Boolean(block.dispatch_action);
  }

  /** Sends a press and shows it is under way until the app has answered. */
  async press(block, element, value, node = null) {
    if (node?.getAttribute("aria-busy") === "true") return;
    const started = performance.now();
    node?.setAttribute("aria-busy", "true");
    try {
      await this.flush();
      const answer = await post("press", {
        where: this.where,
        block_id: block.block_id,
        action_id: element.action_id,
        value,
      });
      if (!answer.ok) this.trouble(answer.error ?? NO_ANSWER, node);
    } catch (problem) {
      this.trouble(problem.message || NO_ANSWER, node);
    } finally {
      const shown = performance.now() - started;
      setTimeout(() => node?.removeAttribute("aria-busy"), Math.max(0, 160 - shown));
    }
  }

  async suggest(block, element, value) {
    const answer = await post("suggest", {
      view_id: this.where.view_id,
      where: this.where,
      block_id: block.block_id,
      action_id: element.action_id,
      value,
    });
    if (answer.ok === false) throw new Error(answer.error);
    return answer;
  }

  /** The attributes that tie a control to its label, hint and error. */
  described(block, element) {
    const id = (part) =>
      `${this.where.view_id ?? this.where.ts}-${block.block_id}-${part}`.replace(/\s/g, "_");
    const plain = element.placeholder?.text ?? element.accessibility_label ?? "Choose";
    if (block.type !== "input") return { "aria-label": plain };
    const about = [block.hint ? id("hint") : null, this.errors[block.block_id] ? id("error") : null].filter(
      Boolean,
    );
    return {
      id: id("control"),
      "aria-labelledby": id("label"),
      "aria-describedby": about.join(" ") || null,
      "aria-required": !block.optional || null,
      "aria-invalid": this.errors[block.block_id] ? "true" : null,
    };
  }

  /** Ids for the label, hint and error of a block. */
  ids(block) {
    const id = (part) =>
      `${this.where.view_id ?? this.where.ts}-${block.block_id}-${part}`.replace(/\s/g, "_");
    return { control: id("control"), label: id("label"), hint: id("hint"), error: id("error") };
  }
}

/** Shows a failed press under the block it was in, until the next try. */
export function noteUnder(sentence, node) {
  const block = node?.closest(".block");
  if (!block) return;
  block.querySelector(".press-trouble")?.remove();
  const note = h("p", { class: "press-trouble", role: "alert" }, sentence);
  block.append(note);
  setTimeout(() => note.remove(), 12000);
}
