/** Floating panels: menus, listboxes, completions. One place decides where they stand and when they go. */
import { h } from "./dom.js";
import { icon } from "./icons.js";

const GAP = 6;
const EDGE = 8;

/**
 * Shows `panel` next to `anchor` until it is closed: by the caller, a press elsewhere, or Escape.
 * @param {Element} anchor @param {HTMLElement} panel
 * @param {{side?: "below"|"above", align?: "start"|"end", sameWidth?: boolean, onClose?: (byEscape: boolean) => void}} [how]
 * @returns {{close: () => void, place: () => void}}
 */
export function float(anchor, panel, how = {}) {
  const host = anchor.closest("dialog") ?? document.body;
  panel.classList.add("popover");
  host.append(panel);
  let shut = false;

  function place() {
    const box = anchor.getBoundingClientRect();
    if (how.sameWidth) panel.style.setProperty("width", `${Math.max(box.width, 200)}px`);
    const { offsetWidth: width, offsetHeight: height } = panel;
    const below = window.innerHeight - box.bottom - GAP - EDGE;
    const above = box.top - GAP - EDGE;
    const up = how.side === "above" ? above >= height || above > below : below < height && above > below;
    panel.style.setProperty("max-height", `${Math.max(120, up ? above : below)}px`);
    const tall = Math.min(height, Math.max(120, up ? above : below));
    panel.style.setProperty("top", `${up ? box.top - GAP - tall : box.bottom + GAP}px`);
    const left = how.align === "end" ? box.right - width : box.left;
    panel.style.setProperty("left", `${Math.max(EDGE, Math.min(left, window.innerWidth - width - EDGE))}px`);
  }

  function close(byEscape = false) {
    if (shut) return;
    shut = true;
    panel.remove();
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", escape, true);
    window.removeEventListener("resize", place);
    document.removeEventListener("scroll", moved, true);
    how.onClose?.(byEscape);
  }
  const outside = (event) => {
    if (!panel.contains(event.target) && !anchor.contains(event.target)) close();
  };
  const moved = (event) => {
    if (!panel.contains(event.target)) {
      if (anchor.isConnected) place();
      else close();
    }
  };
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close(true);
  };

  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", escape, true);
  document.addEventListener("scroll", moved, true);
  window.addEventListener("resize", place);
  place();
  return { close: () => close(false), place };
}

/**
 * A menu of things to do, under a button. Arrow keys move, Enter chooses, Escape goes back to the button.
 * @param {HTMLElement} button
 * @param {{label: string, hint?: string, icon?: string, lead?: Node, danger?: boolean, data?: object, act: () => void}[]} items
 * @param {{title?: string, align?: "start"|"end", side?: "below"|"above"}} [how]
 */
export function menu(button, items, how = {}) {
  const list = h("div", {
    class: "menu",
    role: "menu",
    "aria-label": how.title ?? button.getAttribute("aria-label"),
  });
  if (how.title) list.append(h("div", { class: "menu-title", "aria-hidden": "true" }, how.title));
  const rows = items.map((item) =>
    h(
      "button",
      {
        class: `menu-item${item.danger ? " is-danger" : ""}`,
        type: "button",
        role: "menuitem",
        tabindex: "-1",
        ...item.data,
        on: {
          click: () => {
            floating.close();
            button.focus({ preventScroll: true });
            item.act();
          },
        },
      },
      item.lead ?? (item.icon ? icon(item.icon, 16) : null),
      h(
        "span",
        { class: "menu-words" },
        h("span", { class: "menu-label", dir: "auto" }, item.label),
        item.hint ? h("span", { class: "menu-hint" }, item.hint) : null,
      ),
    ),
  );
  list.append(...rows);
  button.setAttribute("aria-expanded", "true");
  const floating = float(button, list, {
    align: how.align ?? "start",
    side: how.side,
    onClose: (byEscape) => {
      button.setAttribute("aria-expanded", "false");
      if (byEscape) button.focus({ preventScroll: true });
    },
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const edge = { Home: 0, End: rows.length - 1 }[event.key];
    if (event.key === "Tab") floating.close();
    if (step === undefined && edge === undefined) return;
    event.preventDefault();
    const at = rows.indexOf(document.activeElement);
    rows[edge ?? (at + step + rows.length) % rows.length]?.focus();
  });
  rows[0]?.focus();
  return floating;
}
