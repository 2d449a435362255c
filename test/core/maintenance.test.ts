import { describe, expect, test } from "vitest";
import {
  activeUntil,
  isFor,
  nextStart,
  scheduleProblem,
  type Schedule,
} from "../../core/maintenance.ts";
import { DAY, HOUR, MINUTE } from "../../core/time.ts";

const vienna = (month: number, day: number, hour: number, minute = 0) =>
  Date.UTC(2026, month - 1, day, hour - (month > 3 && month < 11 ? 2 : 1), minute);

/** Patch night: Saturdays at 23:00 for three hours. The 21st of November 2026 is one. */
const patchNight = {
  kind: "weekly",
  timeZone: "Europe/Vienna",
  days: [6],
  startMinute: 23 * 60,
  durationMs: 3 * HOUR,
} as const satisfies Schedule;
const weekly = { ...patchNight, days: [...patchNight.days] } satisfies Schedule;

describe("a window that comes once", () => {
  const once: Schedule = { kind: "once", startsAt: 1_000, endsAt: 2_000 };

  test.each([
    [999, null],
    [1_000, 2_000],
    [1_999, 2_000],
    [2_000, null],
  ])("at %i is active until %s", (at, until) => {
    expect(activeUntil(once, at)).toBe(until);
  });

  test("begins once", () => {
    expect(nextStart(once, 0)).toBe(1_000);
    expect(nextStart(once, 1_000)).toBeNull();
  });
});

describe("a window that comes every week", () => {
  test.each([
    ["not before it begins", vienna(11, 21, 22, 59), null],
    ["from its beginning", vienna(11, 21, 23), vienna(11, 22, 2)],
    ["over midnight", vienna(11, 22, 1, 59), vienna(11, 22, 2)],
    ["not after its end", vienna(11, 22, 2), null],
    ["not on other days", vienna(11, 22, 23), null],
    ["at the same local time in summer", vienna(7, 4, 23), vienna(7, 5, 2)],
  ])("is active %s", (_name, at, until) => {
    expect(activeUntil(weekly, at)).toBe(until);
  });

  test("is active for its whole length over a change of clocks", () => {
    const start = Date.UTC(2026, 9, 24, 21);
    expect(activeUntil(weekly, start + 2 * HOUR)).toBe(start + 3 * HOUR);
  });

  test("may last for days", () => {
    const weekend = { ...weekly, durationMs: 2 * DAY };
    expect(activeUntil(weekend, vienna(11, 23, 12))).toBe(vienna(11, 23, 23));
  });

  test("tells when it begins next", () => {
    expect(nextStart(weekly, vienna(11, 21, 12))).toBe(vienna(11, 21, 23));
    expect(nextStart(weekly, vienna(11, 21, 23))).toBe(vienna(11, 28, 23));
  });

  test("keeps to its validity", () => {
    const validUntil = vienna(11, 21, 0);
    expect(activeUntil({ ...weekly, validUntil }, vienna(11, 21, 23))).toBeNull();
    expect(nextStart({ ...weekly, validUntil }, vienna(11, 20, 0))).toBeNull();
    const validFrom = vienna(12, 1, 0);
    expect(activeUntil({ ...weekly, validFrom }, vienna(11, 21, 23))).toBeNull();
    expect(nextStart({ ...weekly, validFrom }, vienna(11, 1, 0))).toBe(vienna(12, 5, 23));
  });
});

describe("whom a window is for", () => {
  const machine = { machineId: "a", tags: ["db", "eu"] };

  test.each([
    [{}, true],
    [{ machineIds: [], tags: [] }, true],
    [{ machineIds: ["a"] }, true],
    [{ machineIds: ["b"] }, false],
    [{ tags: ["eu"] }, true],
    [{ tags: ["us"] }, false],
    [{ machineIds: ["b"], tags: ["db"] }, true],
  ])("%o: %s", (target, expected) => {
    expect(isFor(target, machine)).toBe(expected);
  });
});

describe("a schedule", () => {
  test.each<[Schedule, RegExp]>([
    [{ kind: "once", startsAt: 2, endsAt: 1 }, /end after/],
    [{ kind: "once", startsAt: 0, endsAt: 400 * DAY }, /a year/],
    [{ kind: "once", startsAt: Number.NaN, endsAt: 1 }, /end after/],
    [{ kind: "once", startsAt: 9e15, endsAt: 9e15 + 1_000 }, /since 1970/],
    [{ ...weekly, validFrom: 1e18 }, /since 1970/],
    [{ ...weekly, validUntil: Number.NaN }, /since 1970/],
    [{ ...weekly, days: Array<number>(5_000).fill(6) }, /once/],
    [{ ...weekly, timeZone: "Mars/Base" }, /time zone/],
    [{ ...weekly, days: [] }, /weekdays/],
    [{ ...weekly, days: [1.5] }, /weekdays/],
    [{ ...weekly, startMinute: 1_440 }, /minute of the day/],
    [{ ...weekly, durationMs: MINUTE - 1 }, /one minute/],
    [{ ...weekly, durationMs: 8 * DAY }, /seven days/],
  ])("%o is refused", (schedule, message) => {
    expect(scheduleProblem(schedule)).toMatch(message);
  });

  test("that is in order has no problem", () => {
    expect(scheduleProblem(weekly)).toBeNull();
    expect(scheduleProblem({ ...weekly, validFrom: 1, validUntil: 2 })).toBeNull();
    expect(scheduleProblem({ kind: "once", startsAt: 1, endsAt: 2 })).toBeNull();
  });
});
