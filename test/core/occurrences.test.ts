import { expect, test } from "vitest";
import { occurrencesOf } from "../../core/occurrences.ts";
import { DAY, HOUR } from "../../core/time.ts";

const monday = Date.UTC(2026, 10, 23);

test("a window that is once is there once, cut off at the ends", () => {
  const schedule = { kind: "once" as const, startsAt: monday - HOUR, endsAt: monday + HOUR };
  const week = { from: monday, to: monday + 7 * DAY };
  expect(occurrencesOf(schedule, week)).toEqual([{ from: monday, to: monday + HOUR }]);
  expect(occurrencesOf(schedule, { from: monday + 2 * HOUR, to: monday + DAY })).toEqual([]);
});

test("a weekly one is there on each of its days, also when it began before", () => {
  const schedule = {
    kind: "weekly" as const,
    timeZone: "UTC",
    days: [1, 3],
    startMinute: 22 * 60,
    durationMs: 4 * HOUR,
  };
  const stretch = { from: monday + 23 * HOUR, to: monday + 3 * DAY };
  expect(occurrencesOf(schedule, stretch)).toEqual([
    { from: monday + 23 * HOUR, to: monday + 26 * HOUR },
    { from: monday + 2 * DAY + 22 * HOUR, to: monday + 3 * DAY },
  ]);
});
