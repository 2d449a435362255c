import { describe, expect, test } from "vitest";
import { countedMs, silencesBetween, whatIf, without } from "../../core/silences.ts";
import { MINUTE, SECOND } from "../../core/time.ts";

describe("silences", () => {
  test("are the times between receipts that were longer than usual", () => {
    const receipts = [30, 60, 200].map((seconds) => seconds * SECOND);
    expect(silencesBetween(0, receipts, 45 * SECOND)).toEqual([
      { from: 60 * SECOND, to: 200 * SECOND },
    ]);
  });

  test("begin at the last receipt of the bucket before", () => {
    expect(silencesBetween(0, [MINUTE], 45 * SECOND)).toEqual([{ from: 0, to: MINUTE }]);
    expect(silencesBetween(undefined, [MINUTE], 45 * SECOND)).toEqual([]);
  });

  test("our own outage starts the wait anew", () => {
    const silence = { from: 0, to: 10 * MINUTE };
    expect(countedMs(silence, [{ from: MINUTE, to: 7 * MINUTE }])).toBe(3 * MINUTE);
    expect(countedMs(silence, [{ from: -MINUTE, to: 11 * MINUTE }])).toBe(0);
  });
});

test("an interval without others is what they leave of it", () => {
  const pieces = without({ from: 0, to: 10 }, [
    { from: 2, to: 4 },
    { from: 3, to: 5 },
    { from: 9, to: 20 },
  ]);
  expect(pieces).toEqual([
    { from: 0, to: 2 },
    { from: 5, to: 9 },
  ]);
});

test("a threshold alerts for the silences that are longer; those over within a minute are noise", () => {
  const silencesMs = [MINUTE, 100 * SECOND, 5 * MINUTE];
  expect(whatIf(silencesMs, 90 * SECOND)).toEqual({ alerts: 2, underAMinute: 1 });
  expect(whatIf(silencesMs, 3 * MINUTE)).toEqual({ alerts: 1, underAMinute: 0 });
  expect(whatIf(silencesMs, 10 * MINUTE)).toEqual({ alerts: 0, underAMinute: 0 });
});
