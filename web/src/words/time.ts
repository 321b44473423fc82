/** Instants and spans in words. Pure: "now" and the zone are arguments, or the zone set at sign-in. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let zone: string = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** Sets the zone every absolute time is shown in; an unknown name leaves the browser's. */
export function setZone(name: string | null | undefined): void {
  if (!name) return;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    zone = name;
  } catch {
    // The browser does not know this zone; its own is the better answer than none.
  }
}

export function currentZone(): string {
  return zone;
}

/** "3 minutes ago", "in 2 days", "just now"; beyond a month the date. */
export function relativeTime(at: string | Date, now: number): string {
  const instant = new Date(at).getTime();
  const away = instant - now;
  const size = Math.abs(away);
  if (size < 45_000) return away > 5_000 ? "in a moment" : "just now";
  if (size > 30 * DAY) return dayOf(at, now);
  const [amount, unit] = size < 55 * MINUTE ? [size / MINUTE, "minute"] as const
    : size < 23 * HOUR ? [size / HOUR, "hour"] as const
    : [size / DAY, "day"] as const;
  const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  return format.format(Math.sign(away) * Math.max(1, Math.round(amount)), unit);
}

/** The same for narrow columns: "3m", "2h", "5d"; future as "in 3m". */
export function shortRelative(at: string | Date, now: number): string {
  const away = new Date(at).getTime() - now;
  const size = Math.abs(away);
  if (size < 5_000) return "now";
  if (size > 30 * DAY) return dayOf(at, now);
  const words = size < MINUTE ? `${Math.floor(size / 1000)}s`
    : size < HOUR ? `${Math.floor(size / MINUTE)}m`
    : size < DAY ? `${Math.floor(size / HOUR)}h`
    : `${Math.floor(size / DAY)}d`;
  return away > 0 ? `in ${words}` : `${words} ago`;
}

export function absoluteTime(at: string | Date): string {
  return new Intl.DateTimeFormat("en-GB", {
    dateStyle: "medium", timeStyle: "medium", timeZone: zone,
  }).format(new Date(at)) + ` (${zone})`;
}

export function clockTime(at: string | Date): string {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: zone }).format(new Date(at));
}

/** The same with the day, where it is not the day of `than`. */
export function clockTimeUnlike(at: string | Date, than: string | Date): string {
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: zone });
  const own = day.format(new Date(at));
  return own === day.format(new Date(than)) ? clockTime(at) : `${own}, ${clockTime(at)}`;
}

export function dateTime(at: string | Date): string {
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: zone }).format(new Date(at));
}

function dayOf(at: string | Date, now: number): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }), timeZone: zone,
  }).format(new Date(at));
}

/** A span for a table: "12 ms", "1.4 s", "2 min 5 s", "3 h 10 min", "2 d 4 h". */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || Number.isNaN(ms)) return "–";
  if (ms < 1) return ms <= 0 ? "0 ms" : "<1 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${trim(ms / 1000, 1)} s`;
  if (ms < MINUTE - 500) return `${Math.round(ms / 1000)} s`;
  if (ms < HOUR) return pair(ms, MINUTE, "min", 1000, "s");
  if (ms < DAY) return pair(ms, HOUR, "h", MINUTE, "min");
  return pair(ms, DAY, "d", HOUR, "h");
}

function pair(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const total = Math.round(ms / small);
  const perBig = big / small;
  const rest = total % perBig;
  const whole = Math.floor(total / perBig);
  return rest === 0 ? `${whole} ${bigName}` : `${whole} ${bigName} ${rest} ${smallName}`;
}

function trim(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.0$/, "");
}
