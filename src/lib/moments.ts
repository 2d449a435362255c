/** Moments as people say them: the time alone where it is today, with its day where it is not. Pure: the caller brings the time. */
import { language, type Language } from "@/texts/texts.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

/** "07:00" where that is the same day for the reader, else "Fri, Oct 3, 07:00". */
export function formatMoment(at: number, now: number): string {
  return isSameDay(at, now) ? formatClock(at) : formatOf("day", dayOptions).format(at);
}

/** "07:00". */
export function formatClock(at: number): string {
  return formatOf("clock", clockOptions).format(at);
}

/** "07:00:12": for what happened within seconds. */
export function formatSecond(at: number): string {
  return formatOf("second", { ...clockOptions, second: "2-digit" }).format(at);
}

/** A date without its time. */
export function formatDate(at: number): string {
  return formatOf("date", { weekday: "short", day: "numeric", month: "short" }).format(at);
}

/** What an input of type datetime-local takes and gives: local time without a zone. */
export function toLocalInput(at: number): string {
  const shifted = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** Milliseconds since 1970, or null where the input holds no moment. */
export function fromLocalInput(text: string): number | null {
  const at = new Date(text).getTime();
  return Number.isNaN(at) ? null : at;
}

export function isSameDay(left: number, right: number): boolean {
  return new Date(left).toDateString() === new Date(right).toDateString();
}

const clockOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const dayOptions = { ...clockOptions, weekday: "short", day: "numeric", month: "short" } as const;

function formatOf(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const wanted: Language = language();
  const key = `${wanted} ${name}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat(wanted, options);
  formats.set(key, format);
  return format;
}
