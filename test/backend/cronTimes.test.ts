/** When crons of every kind run next; late runs are skipped, not made up for. */
import { describe, expect, it } from "vitest";
import { nextCronMs } from "../../backend/runtime/cronTimes.ts";

const at = (text: string) => Date.parse(`${text}Z`);
const shown = (ms: number) => new Date(ms).toISOString().slice(0, 19);

/** A Wednesday. */
const NOW = at("2026-11-25T10:30:30");

describe("crons", () => {
  it.each([
    [{ type: "hourly", minuteUTC: 15 }, "2026-11-25T11:15:00"],
    [{ type: "hourly", minuteUTC: 45 }, "2026-11-25T10:45:00"],
    [{ type: "daily", hourUTC: 9, minuteUTC: 0 }, "2026-11-26T09:00:00"],
    [{ type: "daily", hourUTC: 23, minuteUTC: 59 }, "2026-11-25T23:59:00"],
    [{ type: "weekly", dayOfWeek: "monday", hourUTC: 0, minuteUTC: 5 }, "2026-11-30T00:05:00"],
    [{ type: "weekly", dayOfWeek: "wednesday", hourUTC: 10, minuteUTC: 31 }, "2026-11-25T10:31:00"],
    [{ type: "weekly", dayOfWeek: "wednesday", hourUTC: 10, minuteUTC: 30 }, "2026-12-02T10:30:00"],
    [{ type: "monthly", day: 1, hourUTC: 0, minuteUTC: 0 }, "2026-12-01T00:00:00"],
    [{ type: "monthly", day: 31, hourUTC: 6, minuteUTC: 0 }, "2026-12-31T06:00:00"],
    [{ type: "cron", cron: "*/20 * * * *" }, "2026-11-25T10:40:00"],
    [{ type: "cron", cron: "0 16 1 * *" }, "2026-12-01T16:00:00"],
    [{ type: "cron", cron: "30 4 * * 1-5" }, "2026-11-26T04:30:00"],
  ])("%j", (schedule, expected) => {
    expect(shown(nextCronMs(schedule as never, null, NOW))).toBe(expected);
  });

  it("of a schedule are the same whenever they ran before: what was missed is skipped", () => {
    const schedule = { type: "daily", hourUTC: 9, minuteUTC: 0 } as never;
    const aWeekAgo = at("2026-11-18T09:00:00");
    expect(shown(nextCronMs(schedule, aWeekAgo, NOW))).toBe("2026-11-26T09:00:00");
  });

  it("of an interval start at once and keep their rhythm", () => {
    const schedule = { type: "interval", minutes: 1n, seconds: 30n } as never;
    expect(nextCronMs(schedule, null, NOW)).toBe(NOW);
    expect(nextCronMs(schedule, NOW - 1_000, NOW)).toBe(NOW + 89_000);
    const missedMany = NOW - 10 * 90_000 - 1_000;
    expect(nextCronMs(schedule, missedMany, NOW)).toBe(NOW + 89_000);
  });

  it("that can never run are refused", () => {
    expect(() => nextCronMs({ type: "interval", seconds: 0 }, null, NOW)).toThrow();
    expect(() => nextCronMs({ type: "cron", cron: "0 0 31 2 *" }, null, NOW)).toThrow();
    expect(() => nextCronMs({ type: "yearly" }, null, NOW)).toThrow(/yearly/);
  });
});
