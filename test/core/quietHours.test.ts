import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quietHoursProblem, quietUntil, type QuietHours } from "../../core/quietHours.ts";
import { DAY, MINUTE } from "../../core/time.ts";

const night: QuietHours = { timeZone: "Europe/Vienna", fromMinute: 22 * 60, toMinute: 7 * 60 };
/** Vienna is one hour ahead of UTC in November. */
const vienna = (day: number, hour: number, minute = 0) => Date.UTC(2026, 10, day, hour - 1, minute);

describe("quiet hours", () => {
  test.each([
    ["begin in the evening", vienna(20, 22), vienna(21, 7)],
    ["last over midnight", vienna(21, 3), vienna(21, 7)],
    ["end in the morning", vienna(21, 7), null],
    ["are over by day", vienna(21, 12), null],
    ["have not begun before their minute", vienna(21, 21, 59), null],
  ])("%s", (_name, at, until) => {
    expect(quietUntil(night, at)).toBe(until);
  });

  test("within one day do not wrap", () => {
    const siesta = { ...night, fromMinute: 13 * 60, toMinute: 14 * 60 };
    expect(quietUntil(siesta, vienna(21, 13, 30))).toBe(vienna(21, 14));
    expect(quietUntil(siesta, vienna(21, 14))).toBeNull();
    expect(quietUntil(siesta, vienna(21, 2))).toBeNull();
  });

  test("of a weekday belong to the day on which they begin", () => {
    const friday = { ...night, days: [5] };
    expect(quietUntil(friday, vienna(20, 23))).toBe(vienna(21, 7));
    expect(quietUntil(friday, vienna(21, 3))).toBe(vienna(21, 7));
    expect(quietUntil(friday, vienna(21, 23))).toBeNull();
    expect(quietUntil(friday, vienna(20, 3))).toBeNull();
  });

  test("always end, within a day, in a time that is not quiet", () => {
    const minute = fc.integer({ min: 0, max: 1_439 });
    const zone = fc.constantFrom("UTC", "Europe/Vienna", "America/St_Johns", "Australia/Lord_Howe");
    const at = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) });
    fc.assert(
      fc.property(minute, minute, zone, at, (fromMinute, toMinute, timeZone, now) => {
        const hours = { timeZone, fromMinute, toMinute };
        const until = quietUntil(hours, now);
        if (until === null) return;
        expect(until).toBeGreaterThan(now);
        expect(until - now).toBeLessThanOrEqual(DAY + 60 * MINUTE);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    [{ ...night, fromMinute: -1 }, /minute of the day/],
    [{ ...night, toMinute: 1_440 }, /minute of the day/],
    [{ ...night, fromMinute: 7 * 60 }, /must not end/],
    [{ ...night, days: [] }, /weekday/],
    [{ ...night, days: [7] }, /weekday/],
    [{ ...night, days: [1, 1] }, /once/],
  ])("%o are refused", (hours, message) => {
    expect(quietHoursProblem(hours)).toMatch(message);
  });

  test("that are in order have no problem", () => {
    expect(quietHoursProblem(night)).toBeNull();
  });
});
