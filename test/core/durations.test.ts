import { expect, test } from "vitest";
import { durationMsOr, formatDurationMs, parseDurationMs } from "../../core/durations.ts";

test.each([
  ["500ms", 500],
  ["30s", 30_000],
  ["2m", 120_000],
  ["1h", 3_600_000],
  ["7d", 604_800_000],
  ["10", 10_000],
  ["1.5s", 1_500],
  [" 2M ", 120_000],
])("reads %s as milliseconds", (text, durationMs) => {
  expect(parseDurationMs(text)).toBe(durationMs);
});

test.each(["", "soon", "-3s", "0", "1h30m", "NaN", "10 years"])("refuses %j", (text) => {
  expect(parseDurationMs(text)).toBeNull();
});

test("an unreadable setting falls back instead of stopping the monitor", () => {
  expect(durationMsOr("soon", 7)).toBe(7);
  expect(durationMsOr(undefined, 7)).toBe(7);
  expect(durationMsOr("1s", 7)).toBe(1_000);
});

test.each([
  [0, "0ms"],
  [800, "800ms"],
  [135_400, "2m15s"],
  [3_600_000, "1h"],
  [3_605_000, "1h"],
  [273_600_000, "3d4h"],
])("S1.5 says %i ms as %s", (durationMs, text) => {
  expect(formatDurationMs(durationMs)).toBe(text);
});
