/** What transactions take for the time when the machine sleeps or its clock is set. */
import { beforeEach, describe, expect, it } from "vitest";
import { steadyClock } from "../../backend/runtime/steadyClock.ts";

const HOUR_MS = 3_600_000;

let systemMs: number;
let steadyMs: number;
let now: () => number;
beforeEach(() => {
  systemMs = 1_000_000_000;
  steadyMs = 5;
  now = steadyClock({ system: () => Math.floor(systemMs), steady: () => steadyMs });
});

const pass = (ms: number) => {
  systemMs += ms;
  steadyMs += ms;
};

describe("the clock of transactions", () => {
  it("is finer than the machine's", () => {
    pass(0.25);
    expect(now()).toBe(1_000_000_000.25);
    pass(10.5);
    expect(now()).toBe(1_000_000_010.75);
  });

  it("follows at once when the machine has slept, or its clock was set forward", () => {
    systemMs += HOUR_MS;
    expect(now()).toBe(1_000_000_000 + HOUR_MS);
    pass(1_000);
    expect(now()).toBe(1_000_001_000 + HOUR_MS);
  });

  it("goes on at half speed when the clock was set back, until the two agree", () => {
    systemMs -= HOUR_MS;
    pass(1_000);
    expect(now()).toBe(1_000_000_500);
    for (let minutes = 0; minutes < 180; minutes += 1) {
      const before = now();
      pass(60_000);
      expect(now()).toBeGreaterThan(before);
    }
    expect(Math.abs(now() - systemMs)).toBeLessThan(200);
  });
});
