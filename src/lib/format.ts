/** Numbers and times as people read them. Pure: the caller brings the time. */
import { DAY, HOUR, MINUTE, SECOND } from "../../core/time.ts";

/** "2m 15s", "3h 4m", "12d 3h": at most two units, never less than a second. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)}s`;
  if (ms < HOUR) return twoUnits(ms, MINUTE, "m", SECOND, "s");
  if (ms < DAY) return twoUnits(ms, HOUR, "h", MINUTE, "m");
  return twoUnits(ms, DAY, "d", HOUR, "h");
}

/** "just now", "4s ago", "2m 15s ago", "3h 4m ago". A moment that lies ahead is "just now": clocks differ. */
export function formatAge(at: number, now: number): string {
  return now - at < SECOND ? "just now" : `${formatDuration(now - at)} ago`;
}

/** A percentage without decimals: "42%". */
export function formatPercent(percent: number): string {
  return `${Math.round(percent)}%`;
}

const stampFormat = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "medium",
});
const shortFormat = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** Date and time to the second, in the reader's own way and time zone. */
export function formatStamp(at: number): string {
  return stampFormat.format(at);
}

/** The same for narrow columns, without the year. */
export function formatShortStamp(at: number): string {
  return shortFormat.format(at);
}

/** "1 machine", "2 machines". */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? noun : nouns}`;
}

/** A duration for an input field that parseDurationMs reads back: the largest unit that divides it, "90s", "2m". */
export function formatDurationInput(durationMs: number): string {
  if (durationMs % DAY === 0) return `${durationMs / DAY}d`;
  if (durationMs % HOUR === 0) return `${durationMs / HOUR}h`;
  if (durationMs % MINUTE === 0) return `${durationMs / MINUTE}m`;
  return `${durationMs / SECOND}s`;
}

function twoUnits(ms: number, big: number, bigName: string, small: number, smallName: string) {
  const rest = Math.floor((ms % big) / small);
  return `${Math.floor(ms / big)}${bigName}${rest > 0 ? ` ${rest}${smallName}` : ""}`;
}

// Days are counted in UTC, wherever the reader is.
const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

/** The date of a UTC day. */
export function formatDay(day: number): string {
  return dayFormat.format(day);
}

/** A share of uptime from 0 to 1: "100%", "99.98%". Never rounded up to 100%: that would hide an outage. */
export function formatShare(share: number): string {
  if (share >= 1) return "100%";
  return `${(Math.floor(share * 10_000) / 100).toFixed(2)}%`;
}
