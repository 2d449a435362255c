import { ConvexError } from "convex/values";
import { expect, test, vi } from "vitest";
import { readBackendUrl } from "@/config/env.ts";
import { safeNext } from "@/config/paths.ts";
import { createClock } from "@/lib/clock.ts";
import { fieldOf, messageOf } from "@/lib/errors.ts";
import { formatAge, formatDuration, formatDurationInput } from "@/lib/format.ts";
import { parseTags, readDuration } from "@/lib/machineForm.ts";

test("durations have at most two units", () => {
  expect(formatDuration(0)).toBe("0s");
  expect(formatDuration(59_999)).toBe("59s");
  expect(formatDuration(135_000)).toBe("2m 15s");
  expect(formatDuration(3_600_000)).toBe("1h");
  expect(formatDuration(90_061_000)).toBe("1d 1h");
});

test("an age that lies ahead is just now", () => {
  expect(formatAge(10_000, 5_000)).toBe("just now");
  expect(formatAge(5_000, 10_000)).toBe("5s ago");
});

test("a duration is written as it can be read back", () => {
  for (const durationMs of [1_000, 90_000, 120_000, 3_600_000, 86_400_000, 1_500]) {
    const text = formatDurationInput(durationMs);
    expect(readDuration(text, { min: 1, max: 1e12 })).toEqual({ durationMs });
  }
});

test("typed tags are trimmed, and each is kept once", () => {
  expect(parseTags(" prod, eu west,,prod ")).toEqual(["prod", "eu west"]);
});

test("expected failures speak for themselves, unexpected ones never leak their text", () => {
  const refused = new ConvexError({ kind: "invalid", field: "name", message: "Too long." });
  expect(messageOf(refused)).toBe("Too long.");
  expect(fieldOf(refused)).toBe("name");
  expect(messageOf(new Error("[Request ID: 7] Server Error at secret.ts"))).not.toContain("secret");
  expect(messageOf(new TypeError("Failed to fetch"))).toContain("connection");
  expect(fieldOf(new Error("x"))).toBeNull();
});

test("after sign-in only our own pages are gone to", () => {
  expect(safeNext("/machines/abc?tab=x")).toBe("/machines/abc?tab=x");
  for (const foreign of ["https://evil.test", "//evil.test", "/\\evil.test", "evil", null]) {
    expect(safeNext(foreign)).toBe("/");
  }
  expect(safeNext("/sign-in?next=/sign-in")).toBe("/");
});

test("the backend is the page's own origin unless the build says otherwise", () => {
  const origin = "http://localhost:3210";
  expect(readBackendUrl(undefined, origin)).toBe(origin);
  expect(readBackendUrl(" ", origin)).toBe(origin);
  expect(readBackendUrl("https://happy-animal-1.convex.cloud/", origin)).toBe(
    "https://happy-animal-1.convex.cloud",
  );
  expect(() => readBackendUrl("happy-animal-1", origin)).toThrow("VITE_CONVEX_URL");
  expect(() => readBackendUrl("ftp://x", origin)).toThrow("VITE_CONVEX_URL");
});

/** A clock on a browser whose time the test sets. */
function clockAt(startTime: number) {
  vi.useFakeTimers({ now: startTime });
  return createClock(() => Date.now());
}

test("the clock ticks for its listeners once a second and rests without them", () => {
  const clock = clockAt(100_000);
  const listener = vi.fn();
  const unsubscribe = clock.subscribe(listener);
  vi.advanceTimersByTime(3_000);
  expect(listener).toHaveBeenCalledTimes(3);
  expect(clock.now()).toBe(103_000);
  unsubscribe();
  vi.advanceTimersByTime(3_000);
  expect(listener).toHaveBeenCalledTimes(3);
  expect(clock.now()).toBe(106_000);
});

test("the clock follows the server where the browser's is minutes off, by the quickest message", () => {
  const clock = clockAt(1_000_000);
  const unsubscribe = clock.subscribe(() => {});
  clock.observe(1_000_000 - 240_000 - 900);
  clock.observe(1_000_000 - 240_000 - 20);
  vi.advanceTimersByTime(1_000);
  expect(clock.now()).toBe(1_001_000 - 240_020);
  unsubscribe();
});

test("a message that was merely slow does not turn the clock", () => {
  const clock = clockAt(1_000_000);
  clock.observe(1_000_000 - 2_000);
  const unsubscribe = clock.subscribe(() => {});
  vi.advanceTimersByTime(1_000);
  expect(clock.now()).toBe(1_001_000);
  unsubscribe();
});

test("a frozen clock stands still and catches up when it is let go", () => {
  const clock = clockAt(100_000);
  const unsubscribe = clock.subscribe(() => {});
  clock.setFrozen(true);
  vi.advanceTimersByTime(60_000);
  expect(clock.now()).toBe(100_000);
  clock.setFrozen(false);
  expect(clock.now()).toBe(160_000);
  unsubscribe();
});
