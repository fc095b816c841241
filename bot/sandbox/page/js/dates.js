/** Times as the reader sees them: in their own zone, 24 hours, with the weekday where a date is meant. */

const LOCALE = "en-GB";
const formats = new Map();

function format(tz, options) {
  const key = tz + JSON.stringify(options);
  if (!formats.has(key))
    formats.set(key, new Intl.DateTimeFormat(LOCALE, { timeZone: tz, hourCycle: "h23", ...options }));
  return formats.get(key);
}

/** @param {number} seconds since 1970 @param {string} tz @returns {{year,month,day,hour,minute,second,weekday}} numbers; weekday 0 is Sunday */
export function parts(seconds, tz) {
  const options = {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    weekday: "short",
  };
  const found = {};
  for (const { type, value } of format(tz, options).formatToParts(new Date(seconds * 1000)))
    found[type] = value;
  return {
    year: +found.year,
    month: +found.month,
    day: +found.day,
    hour: +found.hour % 24,
    minute: +found.minute,
    second: +found.second,
    weekday: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(found.weekday),
  };
}

const two = (n) => String(n).padStart(2, "0");

/** "2026-11-23" in the zone. */
export function dayKey(seconds, tz) {
  const p = parts(seconds, tz);
  return `${p.year}-${two(p.month)}-${two(p.day)}`;
}

/** "14:10", or with seconds "14:10:05". */
export function clockTime(seconds, tz, withSeconds = false) {
  const p = parts(seconds, tz);
  return `${two(p.hour)}:${two(p.minute)}${withSeconds ? `:${two(p.second)}` : ""}`;
}

/** The instant at which the clocks of `tz` show this date and time; in a gap, the later side. @returns {number} seconds */
export function instant(year, month, day, hour, minute, tz) {
  const wanted = Date.UTC(year, month - 1, day, hour, minute) / 1000;
  let guess = wanted;
  for (let round = 0; round < 3; round += 1) {
    const p = parts(guess, tz);
    guess += wanted - Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute) / 1000;
  }
  return guess;
}

/** How many calendar days `seconds` lies after `now` in the zone. */
export function daysFrom(now, seconds, tz) {
  const day = (t) => {
    const p = parts(t, tz);
    return Date.UTC(p.year, p.month - 1, p.day) / 86400000;
  };
  return Math.round(day(seconds) - day(now));
}

const NEAR = new Map([
  [0, "today"],
  [-1, "yesterday"],
  [1, "tomorrow"],
]);
const near = (now, seconds, tz) => NEAR.get(daysFrom(now, seconds, tz));
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const written = (seconds, tz, options) => format(tz, options).format(new Date(seconds * 1000));
const sameYear = (now, seconds, tz) => parts(now, tz).year === parts(seconds, tz).year;

/** The line between two days: "Today", "Yesterday", "Monday 23 November". */
export function dayLine(seconds, tz, now) {
  const word = near(now, seconds, tz);
  if (word) return capital(word);
  return dateLong(seconds, tz, sameYear(now, seconds, tz));
}

function dateLong(seconds, tz, withoutYear) {
  return written(seconds, tz, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(withoutYear ? {} : { year: "numeric" }),
  }).replace(",", "");
}

/** "Mon 23 Nov 2026, 09:02" */
export function moment(seconds, tz) {
  const date = written(seconds, tz, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
  }).replace(",", "");
  return `${date}, ${clockTime(seconds, tz)}`;
}

/** "today at 14:10", "Mon 23 Nov at 14:10" */
export function lately(seconds, tz, now) {
  const word =
    near(now, seconds, tz) ??
    written(seconds, tz, {
      weekday: "short",
      day: "numeric",
      month: "short",
      ...(sameYear(now, seconds, tz) ? {} : { year: "numeric" }),
    }).replace(",", "");
  return `${word} at ${clockTime(seconds, tz)}`;
}

/** "3 minutes ago", "in 2 days" */
export function ago(seconds, now) {
  const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: "always" });
  const away = seconds - now;
  for (const [unit, size] of [
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
  ]) {
    if (Math.abs(away) >= size) return relative.format(Math.trunc(away / size), unit);
  }
  return Math.abs(away) < 10 ? "just now" : relative.format(Math.trunc(away), "second");
}

/** The tokens of Slack's date formatting, each a function of the moment. */
const TOKENS = {
  date_num: (t, tz) => dayKey(t, tz),
  date_slash: (t, tz) => written(t, tz, { day: "2-digit", month: "2-digit", year: "numeric" }),
  date: (t, tz, now) =>
    written(t, tz, { day: "numeric", month: "long", ...(sameYear(now, t, tz) ? {} : { year: "numeric" }) }),
  date_short: (t, tz) => written(t, tz, { day: "numeric", month: "short", year: "numeric" }),
  date_long: (t, tz) => dateLong(t, tz, false),
  date_long_full: (t, tz) => written(t, tz, { day: "numeric", month: "long", year: "numeric" }),
  date_pretty: (t, tz, now) => near(now, t, tz) ?? TOKENS.date(t, tz, now),
  date_short_pretty: (t, tz, now) => near(now, t, tz) ?? TOKENS.date_short(t, tz, now),
  date_long_pretty: (t, tz, now) => near(now, t, tz) ?? TOKENS.date_long(t, tz, now),
  day_divider_pretty: (t, tz, now) => near(now, t, tz) ?? dateLong(t, tz, sameYear(now, t, tz)),
  time: (t, tz) => clockTime(t, tz),
  time_secs: (t, tz) => clockTime(t, tz, true),
  ago: (t, tz, now) => ago(t, now),
};

/**
 * Fills a date template such as "{date_short_pretty} at {time}"; null where a token is unknown, so that the fallback is shown.
 * A relative word ("today") that opens the text is capitalised.
 */
export function fillDate(template, seconds, tz, now) {
  if (!Number.isFinite(seconds)) return null;
  let known = true;
  const text = template.replace(/\{(\w+)\}/g, (whole, token, at) => {
    const made = TOKENS[token];
    if (!made) {
      known = false;
      return whole;
    }
    const value = made(seconds, tz, now);
    return at === 0 ? capital(value) : value;
  });
  return known ? text : null;
}

/** The town a zone is called after: "Europe/Berlin" → "Berlin". */
export function town(tz) {
  return tz.split("/").pop().replaceAll("_", " ");
}

/** A zone the browser knows, or UTC. */
export function knownZone(tz) {
  try {
    format(tz || "UTC", { hour: "numeric" });
    return tz || "UTC";
  } catch {
    return "UTC";
  }
}
