/** Building and updating DOM. Text only ever enters through text nodes, never as HTML. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element. Props: `class`, `on` ({event: listener}), `style` ({property: value}), anything else an attribute
 * (null, undefined and false leave it out, true sets it empty).
 * @param {string} tag @param {object|null} [props] @param {...any} children strings, nodes, arrays, null
 * @returns {HTMLElement}
 */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. @returns {SVGElement} */
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.setAttribute("class", value);
    else if (name === "on")
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (name === "style") for (const [key, v] of Object.entries(value)) node.style.setProperty(key, v);
    else if (name === "value" && "value" in node) node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  add(node, children);
  return node;
}

/** Appends children, flattening arrays and skipping what is empty. */
export function add(node, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child);
  }
  return node;
}

/** Replaces everything inside `node`. */
export function put(node, ...children) {
  node.replaceChildren();
  return add(node, ...children);
}

/**
 * Makes the children of `parent` be `items`, keeping the nodes whose signature has not changed.
 * @param {Element} parent
 * @param {{key: string, sig: string, make: () => Element}[]} items
 */
export function reconcile(parent, items) {
  const old = new Map([...parent.children].map((node) => [node._key, node]));
  let cursor = parent.firstElementChild;
  for (const item of items) {
    let node = old.get(item.key);
    old.delete(item.key);
    if (!node || node._sig !== item.sig) {
      const fresh = item.make();
      fresh._key = item.key;
      fresh._sig = item.sig;
      if (node) {
        if (cursor === node) cursor = fresh;
        swap(node, fresh);
      }
      node = fresh;
    }
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
  for (const node of old.values()) node.remove();
}

/** Replaces a node and keeps the focus where it was: the same control, or else the new node itself. */
function swap(node, fresh) {
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  const action = focused?.closest("[data-action-id]")?.dataset.actionId;
  const range =
    focused && "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
  const open = focused?.getAttribute("aria-expanded") === "true";
  node.replaceWith(fresh);
  if (!focused) return;
  const twin = action ? fresh.querySelector(`[data-action-id="${CSS.escape(action)}"]`) : null;
  const target = focusable(twin) ?? (fresh.tabIndex >= -1 && fresh.hasAttribute("tabindex") ? fresh : null);
  if (!target || open) return;
  target.focus({ preventScroll: true });
  if (range && range[0] !== null && target.setSelectionRange) {
    try {
      target.setSelectionRange(range[0], range[1]);
    } catch {
      /* e-mail and number inputs have no selection */
    }
  }
}

/** The first thing in `node` (or the node itself) that takes the focus. */
export function focusable(node) {
  const wanted =
    "input:not([disabled]), textarea:not([disabled]), select:not([disabled]), button:not([disabled]), a[href]";
  if (!node) return null;
  return node.matches(wanted) ? node : node.querySelector(wanted);
}

/** Removes a closed dialog. Chromium leaves the caret in it, so what got the focus back has to be focused anew. */
export function takeAway(dialog) {
  dialog.remove();
  const back = document.activeElement;
  back?.blur();
  back?.focus({ preventScroll: true });
}

let counter = 0;
/** A fresh id for labels and descriptions. */
export function uid(prefix = "x") {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** Calls `fn` once things have been quiet for `ms`; `.now()` calls it at once if it was due. */
export function debounce(fn, ms) {
  let timer = 0;
  let due = null;
  const later = (...args) => {
    due = args;
    clearTimeout(timer);
    timer = setTimeout(later.now, ms);
  };
  later.now = () => {
    clearTimeout(timer);
    const args = due;
    due = null;
    return args ? fn(...args) : undefined;
  };
  later.cancel = () => {
    clearTimeout(timer);
    due = null;
  };
  return later;
}
