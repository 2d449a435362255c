/** The wall clock of a time zone: which local day and minute an instant is, and back. Instants in milliseconds. */
import { DAY, MINUTE } from "./time.ts";

export interface LocalTime {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  /** 0 is Sunday. */
  weekday: number;
  /** Minutes since local midnight, 0 to 1439. */
  minute: number;
}

export const MINUTES_PER_DAY = DAY / MINUTE;

/** Making a formatter costs more than using it a hundred times. */
const MAX_FORMATTERS = 200;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Whether this is the name of a time zone (IANA: `Europe/Vienna`, `UTC`). */
export function isTimeZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

/** @throws RangeError for what is no time zone. */
export function localTimeAt(at: number, timeZone: string): LocalTime {
  const parts = new Map(
    formatterOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const read = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const [year, month, day] = [read("year"), read("month"), read("day")];
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return { year, month, day, weekday, minute: read("hour") * 60 + read("minute") };
}

/** The instant of a local minute. One that a clock change skips is moved by the change; of two the first is taken. */
export function instantOf(
  { year, month, day, minute }: Omit<LocalTime, "weekday">,
  timeZone: string,
): number {
  const asUtc = Date.UTC(year, month - 1, day, 0, minute);
  const first = asUtc - offsetAt(asUtc - DAY, timeZone);
  const second = asUtc - offsetAt(asUtc + DAY, timeZone);
  const matching = [first, second]
    .sort((left, right) => left - right)
    .find((instant) => instant + offsetAt(instant, timeZone) === asUtc);
  return matching ?? first;
}

/** How far the zone's wall clock is ahead of UTC. */
function offsetAt(at: number, timeZone: string): number {
  const { year, month, day, minute } = localTimeAt(at, timeZone);
  return Date.UTC(year, month - 1, day, 0, minute) - Math.floor(at / MINUTE) * MINUTE;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const formatter = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  // One zone has thousands of spellings (`eUROPE/vienna`), and whoever tries them must not fill the memory.
  if (formatters.size >= MAX_FORMATTERS) formatters.clear();
  formatters.set(timeZone, formatter);
  return formatter;
}
