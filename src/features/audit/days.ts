/** Calendar days in the reader's time zone. */

/** The first and the last millisecond of a day written "2026-10-02", or null where it is none. */
export function parseDay(text: string): { from: number; to: number } | null {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const startOf = (offset: number) =>
    new Date(Number(year), Number(month) - 1, Number(day) + offset).getTime();
  const from = startOf(0);
  // Not 24 hours: days with a change of the clock are shorter or longer.
  return Number.isNaN(from) ? null : { from, to: startOf(1) - 1 };
}
