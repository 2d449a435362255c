import { describe, expect, test } from "vitest";
import { stateAt, timingOf, type StatusFacts } from "../../core/status.ts";
import { HOUR, MINUTE, SECOND } from "../../core/time.ts";

const now = 1_000_000;
const beating: StatusFacts = {
  status: "online",
  reason: "heartbeat",
  lastSeenAt: now,
  heartbeatIntervalMs: 30 * SECOND,
};

describe("the state of a machine", () => {
  test.each([
    ["waiting", { ...beating, status: "offline", reason: "waiting", lastSeenAt: null }],
    ["online", beating],
    ["online", { ...beating, lastSeenAt: now - 45 * SECOND }],
    ["online", { ...beating, lastSeenAt: null }],
    ["late", { ...beating, lastSeenAt: now - 46 * SECOND }],
    ["offline", { ...beating, status: "offline", reason: "silence" }],
    ["stopped", { ...beating, status: "offline", reason: "shutdown" }],
    ["stopped", { ...beating, status: "offline", reason: "reboot" }],
    ["stopped", { ...beating, status: "offline", reason: "upgrade" }],
  ] as const)("is %s for %o", (state, facts) => {
    expect(stateAt(facts, now)).toBe(state);
  });
});

describe("the timing of a machine", () => {
  test("S1.1 without its own it follows the installation", () => {
    expect(timingOf({}, 2 * MINUTE)).toEqual({
      heartbeatIntervalMs: 30 * SECOND,
      offlineThresholdMs: 2 * MINUTE,
    });
  });

  test("S2.5 a threshold of seconds asks for heartbeats that fit into it", () => {
    expect(timingOf({}, 3 * SECOND)).toEqual({
      heartbeatIntervalMs: SECOND,
      offlineThresholdMs: 3 * SECOND,
    });
  });

  test("a slow interval without a threshold does not flap", () => {
    expect(timingOf({ heartbeatIntervalMs: HOUR }, 2 * MINUTE).offlineThresholdMs).toBe(2 * HOUR);
  });

  test("its own settings win", () => {
    const own = { heartbeatIntervalMs: 5 * SECOND, offlineThresholdMs: 20 * SECOND };
    expect(timingOf(own, 2 * MINUTE)).toEqual(own);
  });
});
