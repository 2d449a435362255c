/** Numbers and times as people read them, in the language of the page. The caller brings the time. */
import { language, texts } from "@/texts/texts.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../core/time.ts";

/** "2m 15s", "3h 4m", "12d 3h": at most two units, never less than a second. */
export function formatDuration(durationMs: number): string {
  const { units } = texts().format;
  const ms = Math.max(0, durationMs);
  if (ms < MINUTE) return units.seconds(Math.floor(ms / SECOND));
  if (ms < HOUR) return twoUnits(ms, MINUTE, units.minutes, SECOND, units.seconds);
  if (ms < DAY) return twoUnits(ms, HOUR, units.hours, MINUTE, units.minutes);
  return twoUnits(ms, DAY, units.days, HOUR, units.hours);
}

/** "just now", "4s ago", "2m 15s ago", "3h 4m ago". A moment that lies ahead is "just now": clocks differ. */
export function formatAge(at: number, now: number): string {
  const { justNow, ago } = texts().format;
  return now - at < SECOND ? justNow : ago(formatDuration(now - at));
}

/** A percentage without decimals: "42%". */
export function formatPercent(percent: number): string {
  return `${Math.round(percent)}%`;
}

/** Date and time to the second, in the reader's own way and time zone. */
export function formatStamp(at: number): string {
  return dateFormat({ dateStyle: "medium", timeStyle: "medium" }).format(at);
}

/** The same for narrow columns, without the year. */
export function formatShortStamp(at: number): string {
  return dateFormat({
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).format(at);
}

/** A whole number: "12,345". */
export function formatCount(count: number): string {
  return count.toLocaleString(locale());
}

/** Any number, as precise as it came but for a tail of digits: "0.25". */
export function formatNumber(value: number): string {
  return value.toLocaleString(locale(), { maximumFractionDigits: 6 });
}

/** A duration for an input field that parseDurationMs reads back: the largest unit that divides it, "90s", "2m". */
export function formatDurationInput(durationMs: number): string {
  if (durationMs % DAY === 0) return `${durationMs / DAY}d`;
  if (durationMs % HOUR === 0) return `${durationMs / HOUR}h`;
  if (durationMs % MINUTE === 0) return `${durationMs / MINUTE}m`;
  return `${durationMs / SECOND}s`;
}

type Unit = (count: number) => string;

function twoUnits(ms: number, bigMs: number, big: Unit, smallMs: number, small: Unit): string {
  const first = big(Math.floor(ms / bigMs));
  const rest = Math.floor((ms % bigMs) / smallMs);
  return rest === 0 ? first : texts().format.twoUnits(first, small(rest));
}

/** Only the date, in the reader's own way and time zone. */
export function formatDate(at: number): string {
  return dateFormat({ dateStyle: "medium" }).format(at);
}

/** The date of a UTC day: days are counted so, wherever the reader is. */
export function formatDay(day: number): string {
  return dateFormat({ dateStyle: "medium", timeZone: "UTC" }).format(day);
}

/** A share of uptime from 0 to 1: "100%", "99.98%". Never rounded up to 100%: that would hide an outage. */
export function formatShare(share: number): string {
  return share >= 1 ? "100%" : `${formatDecimals(Math.floor(share * 10_000) / 100, 2)}%`;
}

/** With so many decimals, no more and no fewer: "2.0". */
export function formatDecimals(value: number, decimals: number): string {
  return value.toLocaleString(locale(), {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** How the reader's own region writes the language of the page: a Swiss who reads German gets Swiss dates. */
export function locale(): string {
  const chosen = language();
  return navigator.languages.find((tag) => tag.split("-")[0] === chosen) ?? chosen;
}

// Making one costs a hundred times what using it does.
const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** A formatter in the language of the page, made once. */
export function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()} ${JSON.stringify(options)}`;
  const known = dateFormats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(locale(), options);
  dateFormats.set(key, made);
  return made;
}
