/** Weekdays, times of day and time zones for forms. */
import { language } from "@/texts/texts.ts";
import { DAY } from "../../core/time.ts";

/** Monday first, as calendars have it; 0 is Sunday, as everywhere in core/. */
export const weekdays = [1, 2, 3, 4, 5, 6, 0] as const;

// 4 January 1970 was a Sunday.
const SUNDAY = 3 * DAY;

export function weekdayName(day: number, style: "long" | "short" = "long"): string {
  const format = new Intl.DateTimeFormat(language(), { weekday: style, timeZone: "UTC" });
  return format.format(SUNDAY + day * DAY);
}

/** Days in the order of the week: "Mon, Wed, Fri". */
export function weekdayList(days: readonly number[]): string {
  return weekdays
    .filter((day) => days.includes(day))
    .map((day) => weekdayName(day, "short"))
    .join(", ");
}

/** Minutes since midnight as "07:00", which an input of type time takes as well. */
export function clockOf(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Back again; null for what is no time of day. */
export function minuteOf(clock: string): number | null {
  const [hour = "", minute = ""] = /^(\d{1,2}):(\d{2})$/.exec(clock)?.slice(1) ?? [];
  const value = Number(hour) * 60 + Number(minute);
  return hour === "" || Number(hour) > 23 || Number(minute) > 59 ? null : value;
}

export function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** All that this browser knows, the reader's own and UTC first; `chosen` is among them whatever it is. */
export function timeZones(chosen: string): string[] {
  return [...new Set([ownTimeZone(), "UTC", chosen, ...Intl.supportedValuesOf("timeZone")])];
}
