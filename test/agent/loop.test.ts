import { describe, expect, it } from "vitest";
import type { HeartbeatBody } from "../../core/agentApi.ts";
import { accepted, refused, runFor, timesOf, unreachable, type Call } from "./fakes.ts";

const MINUTE = 60_000;
const SECOND = 1_000;

const bodies = (call: Call | undefined) => (call?.body ?? []) as HeartbeatBody[];
const answering = (value: Record<string, unknown>) => ({
  kind: "ok" as const,
  value: { ...(accepted.kind === "ok" ? accepted.value : {}), ...value },
});

describe("registering", () => {
  it("S2.1 registers first and sends a heartbeat at once", async () => {
    const { calls } = await runFor(SECOND, () => accepted);
    expect(calls.slice(0, 2).map((call) => call.kind)).toEqual(["register", "heartbeat"]);
    expect(timesOf(calls, "heartbeat")).toEqual([0]);
  });

  it("S2.2 retries five times after 5, 10, 20, 40 and 80 seconds", async () => {
    const { calls } = await runFor(156 * SECOND, () => unreachable);
    expect(timesOf(calls, "register")).toEqual([0, 5, 15, 35, 75, 155].map((s) => s * SECOND));
  });

  it("keeps trying at the last pace when all retries failed", async () => {
    const { calls } = await runFor(6 * MINUTE, () => unreachable);
    expect(timesOf(calls, "register").slice(5)).toEqual([155, 235, 315].map((s) => s * SECOND));
  });

  it("spreads the retries of many agents with jitter", async () => {
    const { calls } = await runFor(7 * SECOND, () => unreachable, { random: () => 0.5 });
    expect(timesOf(calls, "register")).toEqual([0, 5.5 * SECOND]);
  });

  it("sends heartbeats although the registration's content was refused", async () => {
    const { calls, log } = await runFor(SECOND, ({ kind }) =>
      kind === "register" ? refused(422) : accepted,
    );
    expect(timesOf(calls, "heartbeat")).toEqual([0]);
    expect(log[0]).toContain("error The registration was refused");
  });
});

describe("heartbeats", () => {
  it("S2.3 come at the configured interval, numbered", async () => {
    const { calls } = await runFor(3 * MINUTE - 1, () => accepted);
    expect(timesOf(calls, "heartbeat")).toEqual([0, MINUTE, 2 * MINUTE]);
    const sequences = calls.flatMap((call) => (call.kind === "heartbeat" ? bodies(call) : []));
    expect(sequences.map((heartbeat) => heartbeat.sequence)).toEqual([1, 2, 3]);
  });

  it("follow the server's interval when nobody gave one", async () => {
    const script = ({ kind }: Call) =>
      answering(
        kind === "register" ? { heartbeatIntervalMs: 10_000 } : { nextHeartbeatMs: 20_000 },
      );
    const { calls } = await runFor(50 * SECOND, script, { intervalMs: null });
    expect(timesOf(calls, "heartbeat")).toEqual([0, 20 * SECOND, 40 * SECOND]);
  });

  it.each([0, -5, Number.NaN, "1", null])(
    "are not hurried by a server that says %s",
    async (ms) => {
      const { calls } = await runFor(10 * SECOND, () => answering({ nextHeartbeatMs: ms }), {
        intervalMs: null,
      });
      expect(timesOf(calls, "heartbeat").length).toBeLessThanOrEqual(10);
    },
  );

  it("keep the interval that a person gave, whatever the server says", async () => {
    const { calls } = await runFor(9 * SECOND, () => answering({ nextHeartbeatMs: MINUTE }), {
      intervalMs: 5 * SECOND,
    });
    expect(timesOf(calls, "heartbeat")).toEqual([0, 5 * SECOND]);
  });

  it("go on without their content when that is refused", async () => {
    const { calls } = await runFor(2 * SECOND, ({ kind, body }) => {
      const isFull = kind === "heartbeat" && (body as HeartbeatBody[])[0]?.metrics !== undefined;
      return isFull ? refused(422) : accepted;
    });
    const heartbeats = calls.filter((call) => call.kind === "heartbeat");
    expect(heartbeats.map((call) => bodies(call)[0])).toEqual([
      expect.objectContaining({ metrics: { cpuUsage: 12 } }),
      { sequence: 1 },
    ]);
  });
});

describe("an unreachable server", () => {
  const down = (fromMs: number, untilMs: number) => (call: Call) =>
    call.atMs > fromMs && call.atMs < untilMs ? unreachable : accepted;

  it("S2.3 is registered with again after three failures in a row", async () => {
    const { calls } = await runFor(4 * MINUTE, down(0, 90 * SECOND));
    const kinds = calls.filter((call) => call.atMs > 0).map((call) => call.kind);
    expect(kinds.slice(0, 4)).toEqual(["heartbeat", "heartbeat", "heartbeat", "register"]);
    expect(timesOf(calls, "register")).toEqual([0, 75, 80, 90].map((s) => s * SECOND));
  });

  it("finds a machine that it knew again within one interval, however long it was gone", async () => {
    const backAtMs = 10 * MINUTE + 1;
    const { calls } = await runFor(11 * MINUTE, down(0, backAtMs), {
      intervalMs: 2 * SECOND,
      random: () => 1,
    });
    const firstHeard = calls.find((call) => call.atMs >= backAtMs);
    expect(firstHeard?.atMs).toBeLessThanOrEqual(backAtMs + 2.4 * SECOND);
  });

  it("does not count failures that are not in a row", async () => {
    let count = 0;
    const { calls } = await runFor(20 * MINUTE, ({ kind }) =>
      kind === "heartbeat" && ++count % 3 !== 0 ? unreachable : accepted,
    );
    expect(timesOf(calls, "register")).toEqual([0]);
  });

  it("gets what it missed later, in batches, oldest first, with their own timestamps", async () => {
    const { calls } = await runFor(6 * MINUTE, down(30 * SECOND, 5 * MINUTE));
    const delivered = calls.filter((call) => call.kind === "heartbeat").at(-1);
    const first = calls.find((call) => call.kind === "heartbeat" && bodies(call).length > 1);
    expect(bodies(first).map((heartbeat) => heartbeat.timestamp)).toEqual(
      [1, 2, 3, 4, 5].map((minute) => minute * MINUTE),
    );
    expect(bodies(delivered).at(-1)?.sequence).toBe(6);
  });

  it("gets at most 100 heartbeats in one request", async () => {
    const { calls } = await runFor(305 * MINUTE, down(30 * SECOND, 300 * MINUTE));
    const sizes = calls
      .filter((call) => call.kind === "heartbeat" && call.atMs >= 300 * MINUTE)
      .map((call) => bodies(call).length);
    expect(Math.max(...sizes)).toBe(100);
    const late = calls.filter((call) => call.kind === "heartbeat" && call.atMs >= 300 * MINUTE);
    const batches = late.map(bodies);
    // All but the last end with one that says only "now": the server takes the end of a batch for the present.
    expect(batches.slice(0, 3).map((batch) => batch.at(-1))).toEqual(
      [100, 199, 298].map((sequence) => ({ timestamp: late[0]?.atMs, sequence })),
    );
    const sequences = batches.flatMap((batch) =>
      batch.filter(({ metrics }) => metrics !== undefined).map(({ sequence }) => sequence),
    );
    expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, i) => i + 2));
  });

  it("is reported once, not at every attempt", async () => {
    const { log } = await runFor(30 * MINUTE, () => unreachable);
    expect(log.filter((line) => line.includes("connection refused"))).toHaveLength(1);
  });
});

describe("answers of the server", () => {
  it("429 makes it wait as long as Retry-After says", async () => {
    const { calls } = await runFor(50 * SECOND, ({ kind, atMs }) =>
      kind === "heartbeat" && atMs < 30 * SECOND ? refused(429, 30 * SECOND) : accepted,
    );
    expect(timesOf(calls, "heartbeat")).toEqual([0, 30 * SECOND]);
  });

  it("503 with Retry-After is obeyed while registering", async () => {
    const { calls } = await runFor(10 * SECOND, (_, count) =>
      count === 1 ? refused(503, 2 * SECOND) : accepted,
    );
    expect(timesOf(calls, "register")).toEqual([0, 2 * SECOND]);
  });

  it("410 ends the agent for good, without a goodbye", async () => {
    const { calls, end } = await runFor(60 * MINUTE, ({ kind }, count) =>
      kind === "heartbeat" && count === 2 ? refused(410) : accepted,
    );
    expect(end).toBe("machineDeleted");
    expect(calls.at(-1)).toMatchObject({ kind: "heartbeat", atMs: MINUTE });
  });

  it("401 is reported clearly and tried again slowly", async () => {
    const { calls, log } = await runFor(10 * MINUTE, () => refused(401));
    expect(log).toEqual([expect.stringContaining("error The server refuses the token")]);
    expect(timesOf(calls, "register")).toHaveLength(10);
  });

  it("401 that a person repairs is forgotten", async () => {
    const { calls, log } = await runFor(3 * MINUTE, ({ kind, atMs }) =>
      kind === "heartbeat" && atMs < MINUTE ? refused(401) : accepted,
    );
    expect(log).toContain("info The server accepts us again");
    expect(timesOf(calls, "heartbeat")).toContain(MINUTE);
  });
});

describe("stopping", () => {
  it("says goodbye with its reason", async () => {
    const { calls, end } = await runFor(90 * SECOND, () => accepted, {
      goodbyeReason: () => "upgrade",
    });
    expect(calls.at(-1)).toMatchObject({ kind: "goodbye", body: { reason: "upgrade" } });
    expect(end).toBe("stopped");
  });

  it("says nothing to a server that never accepted it", async () => {
    const { calls } = await runFor(90 * SECOND, () => refused(401));
    expect(timesOf(calls, "goodbye")).toEqual([]);
  });
});
