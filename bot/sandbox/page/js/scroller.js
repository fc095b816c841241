/** A scrolling list that stays at its end while one reads there, and loads more at its beginning. */

const NEAR = 60;

/**
 * @param {HTMLElement} box the scrolling element @param {HTMLElement} content what is in it
 * @param {{older?: () => void, atEnd?: (isAtEnd: boolean) => void}} [on]
 */
export function keepAtEnd(box, content, on = {}) {
  let pinned = true;
  const atEnd = () => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
  const toEnd = () => {
    pinned = true;
    box.scrollTop = box.scrollHeight;
  };
  box.addEventListener(
    "scroll",
    () => {
      pinned = atEnd();
      on.atEnd?.(pinned);
      if (box.scrollTop < 240) on.older?.();
    },
    { passive: true },
  );
  new ResizeObserver(() => {
    if (pinned) box.scrollTop = box.scrollHeight;
  }).observe(content);
  new ResizeObserver(() => {
    if (pinned) box.scrollTop = box.scrollHeight;
  }).observe(box);

  return {
    toEnd,
    isAtEnd: () => pinned,
    /** Stops following the end, to show something else. */
    release: () => {
      pinned = false;
    },
    /** Runs a change above what is read without moving what is read. */
    holding(change) {
      const before = box.scrollHeight - box.scrollTop;
      change();
      if (!pinned) box.scrollTop = box.scrollHeight - before;
    },
  };
}
