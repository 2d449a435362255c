import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instantOf, isTimeZone, localTimeAt } from "../../core/localTime.ts";
import { DAY, HOUR, MINUTE } from "../../core/time.ts";

const zones = ["UTC", "Europe/Vienna", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"];
const minutes = fc
  .integer({ min: Date.UTC(2020, 0, 1) / MINUTE, max: Date.UTC(2035, 0, 1) / MINUTE })
  .map((minute) => minute * MINUTE);

describe("local time", () => {
  test("knows time zones from other texts", () => {
    expect(zones.map(isTimeZone)).not.toContain(false);
    expect(["", "Mars/Base", "Europe/Vienna; drop"].map(isTimeZone)).not.toContain(true);
  });

  test("is the wall clock of the zone, over clock changes", () => {
    const at = Date.UTC(2026, 2, 29, 0, 59);
    expect(localTimeAt(at, "Europe/Vienna")).toEqual({
      year: 2026,
      month: 3,
      day: 29,
      weekday: 0,
      minute: 119,
    });
    expect(localTimeAt(at + MINUTE, "Europe/Vienna").minute).toBe(180);
    expect(localTimeAt(Date.UTC(2026, 0, 1), "America/New_York")).toMatchObject({
      year: 2025,
      month: 12,
      day: 31,
      minute: 19 * 60,
    });
  });

  test("leads back to its instant, or to the first of two", () => {
    fc.assert(
      fc.property(minutes, fc.constantFrom(...zones), (at, zone) => {
        const instant = instantOf(localTimeAt(at, zone), zone);
        expect(localTimeAt(instant, zone)).toEqual(localTimeAt(at, zone));
        expect(at - instant).toBeGreaterThanOrEqual(0);
        expect(at - instant).toBeLessThanOrEqual(HOUR);
      }),
    );
  });

  test("that the clocks skip is moved by what they skip", () => {
    const skipped = { year: 2026, month: 3, day: 29, minute: 150 };
    expect(instantOf(skipped, "Europe/Vienna")).toBe(Date.UTC(2026, 2, 29, 1, 30));
  });

  test("takes days beyond the end of the month", () => {
    expect(instantOf({ year: 2026, month: 1, day: 32, minute: 0 }, "UTC")).toBe(
      Date.UTC(2026, 0, 31) + DAY,
    );
  });
});
