/** Light, dark, or as the system says. */
import { tell } from "./store.js";

const THEMES = ["system", "light", "dark"];

/** @returns {"system"|"light"|"dark"} */
export function themeNow() {
  return document.documentElement.dataset.theme ?? "system";
}

/** Goes to the next of the three and remembers it. */
export function nextTheme() {
  const next = THEMES[(THEMES.indexOf(themeNow()) + 1) % THEMES.length];
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("theme", next);
  } catch {
    /* remembered for this page only */
  }
  tell("theme");
}
