/** The "are you sure" of Block Kit's confirm objects. */
import { h, uid } from "../dom.js";
import { textNodes, textOf } from "../text.js";

/**
 * Asks, if there is anything to ask.
 * @param {object|undefined} confirm a confirmation object @param {HTMLElement} origin gets the focus back
 * @returns {Promise<boolean>} whether to go on
 */
export function confirmed(confirm, origin) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const title = uid("confirm");
    let yes = false;
    const go = h(
      "button",
      {
        class: `button button-${confirm.style === "danger" ? "danger" : "primary"}`,
        type: "button",
        "data-testid": "confirm",
        on: {
          click: () => {
            yes = true;
            dialog.close();
          },
        },
      },
      textOf(confirm.confirm) || "Yes",
    );
    const stay = h(
      "button",
      { class: "button", type: "button", "data-testid": "deny", on: { click: () => dialog.close() } },
      textOf(confirm.deny) || "Cancel",
    );
    const dialog = h(
      "dialog",
      {
        class: "sheet sheet-small",
        role: "alertdialog",
        "aria-labelledby": title,
        on: {
          close: () => {
            dialog.remove();
            origin.focus?.({ preventScroll: true });
            resolve(yes);
          },
        },
      },
      h("h2", { id: title, class: "sheet-title", dir: "auto" }, textOf(confirm.title) || "Are you sure?"),
      h("div", { class: "sheet-body words", dir: "auto" }, textNodes(confirm.text)),
      h("div", { class: "sheet-foot" }, stay, go),
    );
    document.body.append(dialog);
    dialog.showModal();
    go.focus();
  });
}
