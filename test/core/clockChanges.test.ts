/** Maintenance windows and quiet hours over the changes of clocks, in zones that change by an hour, by half, and not at all. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { localTimeAt } from "../../core/localTime.ts";
import { activeUntil, nextStart, type Schedule } from "../../core/maintenance.ts";
import { quietUntil, type QuietHours } from "../../core/quietHours.ts";
import { DAY, HOUR, MINUTE } from "../../core/time.ts";

/** Each with instants at which its clocks change in 2026. */
const changes: [string, number[]][] = [
  ["Europe/Vienna", [Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1)]],
  ["America/New_York", [Date.UTC(2026, 2, 8, 7), Date.UTC(2026, 10, 1, 6)]],
  ["America/St_Johns", [Date.UTC(2026, 2, 8, 5, 30), Date.UTC(2026, 10, 1, 4, 30)]],
  ["Australia/Lord_Howe", [Date.UTC(2026, 3, 4, 15), Date.UTC(2026, 9, 3, 15, 30)]],
  ["Asia/Shanghai", [Date.UTC(2026, 2, 29)]],
];

/** A zone, and a minute within two days of a change of its clocks. */
const place = fc
  .constantFrom(...changes)
  .chain(([timeZone, instants]) =>
    fc
      .tuple(fc.constantFrom(...instants), fc.integer({ min: -2 * 1_440, max: 2 * 1_440 }))
      .map(([change, minutes]) => ({ timeZone, at: change + minutes * MINUTE })),
  );
const minuteOfDay = fc.integer({ min: 0, max: 1_439 });
const days = fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 });
/** What a change moves at most. */
const SHIFT = HOUR;

describe("a weekly maintenance window", () => {
  const drawn = fc.record({
    place,
    days,
    startMinute: minuteOfDay,
    durationMinutes: fc.integer({ min: 1, max: 1_200 }),
  });
  const scheduleOf = ({
    place: { timeZone },
    durationMinutes,
    ...rest
  }: typeof drawn extends fc.Arbitrary<infer T> ? T : never) =>
    ({
      kind: "weekly",
      timeZone,
      durationMs: durationMinutes * MINUTE,
      ...rest,
      place: undefined,
    }) as Extract<Schedule, { kind: "weekly" }>;

  test("begins on its days at its minute, or as much later as the clocks skip", () => {
    fc.assert(
      fc.property(drawn, (given) => {
        const schedule = scheduleOf(given);
        const start = nextStart(schedule, given.place.at)!;
        expect(start).toBeGreaterThan(given.place.at);
        expect(start - given.place.at).toBeLessThanOrEqual(7 * DAY + SHIFT);
        const local = localTimeAt(start, schedule.timeZone);
        const wasSkipped = local.minute !== schedule.startMinute;
        if (!wasSkipped) expect(schedule.days).toContain(local.weekday);
        else expect((local.minute - schedule.startMinute + 1_440) % 1_440).toBeLessThanOrEqual(60);
      }),
      { numRuns: 400 },
    );
  });

  test("lasts for its length, whatever the clocks do meanwhile, and not a minute longer", () => {
    fc.assert(
      fc.property(drawn, (given) => {
        const schedule = scheduleOf(given);
        const { durationMs } = schedule;
        const start = nextStart(schedule, given.place.at)!;
        const end = start + durationMs;
        expect(activeUntil(schedule, start)).toBe(end);
        expect(activeUntil(schedule, end - 1)).toBe(end);
        // Starts are at least 23 hours apart, and it is over before that.
        expect(activeUntil(schedule, end)).toBeNull();
        expect(activeUntil(schedule, start - 1)).toBeNull();
      }),
      { numRuns: 400 },
    );
  });
});

describe("quiet hours", () => {
  const drawn = fc.record({ place, fromMinute: minuteOfDay, toMinute: minuteOfDay, days });

  /** By definition: what the clock on the wall says. */
  function isQuiet({ timeZone, fromMinute, toMinute, days: on = [] }: QuietHours, at: number) {
    const { minute, weekday } = localTimeAt(at, timeZone);
    if (fromMinute < toMinute) {
      return on.includes(weekday) && minute >= fromMinute && minute < toMinute;
    }
    return (
      (on.includes(weekday) && minute >= fromMinute) ||
      (on.includes((weekday + 6) % 7) && minute < toMinute)
    );
  }

  const isRepeated = (at: number, timeZone: string) =>
    [SHIFT / 2, SHIFT].some(
      (shift) => localTimeAt(at - shift, timeZone).minute === localTimeAt(at, timeZone).minute,
    );

  test("that end at a minute which the clocks skip end when they skip it", () => {
    const hours = { timeZone: "Europe/Vienna", fromMinute: 1_320, toMinute: 150 };
    expect(quietUntil(hours, Date.UTC(2026, 2, 29, 0, 30))).toBe(Date.UTC(2026, 2, 29, 1));
  });

  test("are when the clock on the wall says so, and hold messages no longer", () => {
    fc.assert(
      fc.property(drawn, ({ place: { timeZone, at }, ...times }) => {
        fc.pre(times.fromMinute !== times.toMinute);
        const hours = { timeZone, ...times };
        const until = quietUntil(hours, at);
        expect(until !== null).toBe(isQuiet(hours, at));
        if (until === null) return;
        expect(until).toBeGreaterThan(at);
        const rest = until - at;
        expect(rest).toBeLessThanOrEqual(DAY + SHIFT);
        for (let moment = at; moment < until; moment += 7 * MINUTE) {
          // A night whose clocks go back is one night: nothing is let out between its two copies of an hour.
          expect(isQuiet(hours, moment) || isRepeated(moment, timeZone)).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });
});
