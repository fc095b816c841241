/** Short notes at the bottom of the page, and words for screen readers. */
import { h } from "./dom.js";

/** @param {string} sentence shown for some seconds */
export function toast(sentence) {
  const note = h("div", { class: "toast", dir: "auto" }, sentence);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), 5000);
}

/** Takes away notes about something one has turned away from. */
export function clearToasts() {
  document.getElementById("toasts").replaceChildren();
}

/** Says something to screen readers without disturbing anything. */
export function announce(sentence) {
  document.getElementById("news").textContent = sentence;
}
