/** What an agent survives in years of running alone, and when it ends by itself so that it is started anew. */
import { describe, expect, it } from "vitest";
import type { HeartbeatBody } from "../../core/agentApi.ts";
import { createBuffer } from "../../agent/buffer.ts";
import { createClock } from "../../agent/platform.ts";
import { accepted, refused, runFor, timesOf, unreachable, type Call } from "./fakes.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const giveUp = { giveUpAfterIntervals: 10 };
const bodies = (call: Call | undefined) => (call?.body ?? []) as HeartbeatBody[];

describe("when nothing works", () => {
  it("ends after ten intervals, so that whoever supervises it starts it anew", async () => {
    const { end, calls, log } = await runFor(
      60 * MINUTE,
      ({ atMs }) => (atMs === 0 ? accepted : unreachable),
      giveUp,
    );
    expect(end).toBe("nothingWorks");
    expect(calls.at(-1)?.atMs).toBeGreaterThanOrEqual(10 * MINUTE);
    expect(calls.at(-1)?.atMs).toBeLessThan(12 * MINUTE);
    expect(timesOf(calls, "goodbye")).toEqual([]);
    expect(log.at(-1)).toContain("Nothing has worked for 10 intervals");
  });

  it("S2.2 has all its retries first when it was never accepted, however short the interval", async () => {
    const { end, calls } = await runFor(60 * MINUTE, () => unreachable, {
      ...giveUp,
      intervalMs: SECOND,
    });
    expect(end).toBe("nothingWorks");
    expect(timesOf(calls, "register")).toEqual([0, 5, 15, 35, 75, 155].map((s) => s * SECOND));
  });

  it("counts a refused token as nothing that works", async () => {
    const { end, calls } = await runFor(60 * MINUTE, () => refused(401), giveUp);
    expect(end).toBe("nothingWorks");
    expect(timesOf(calls, "register")).toHaveLength(11);
  });

  it("waits as long as a busy server asks before it gives up", async () => {
    const { end, calls } = await runFor(2 * 60 * MINUTE, ({ atMs }) =>
      atMs > 0 && atMs < 50 * MINUTE ? refused(503, 60 * MINUTE) : accepted,
    );
    expect(end).toBe("stopped");
    expect(timesOf(calls, "heartbeat").slice(0, 3)).toEqual([0, MINUTE, 61 * MINUTE]);
  });

  it("goes on when something worked in between", async () => {
    let count = 0;
    const { end } = await runFor(
      60 * MINUTE,
      ({ kind }) => (kind === "heartbeat" && ++count % 9 !== 0 ? unreachable : accepted),
      giveUp,
    );
    expect(end).toBe("stopped");
  });
});

describe("a heartbeat that the server cannot use", () => {
  it("does not take the rest of its batch with it", async () => {
    const isBad = ({ sequence, metrics }: HeartbeatBody) => sequence === 4 && metrics !== undefined;
    const { calls, log } = await runFor(12 * MINUTE, (call) => {
      if (call.atMs > 0 && call.atMs < 8 * MINUTE) return unreachable;
      return call.kind === "heartbeat" && bodies(call).some(isBad) ? refused(422) : accepted;
    });
    const taken = calls
      .filter((call) => call.kind === "heartbeat" && call.atMs >= 8 * MINUTE)
      .filter((call) => !bodies(call).some(isBad))
      .flatMap((call) => bodies(call).filter(({ metrics }) => metrics !== undefined))
      .map(({ sequence }) => sequence);
    expect(taken.slice(0, 7)).toEqual([2, 3, 5, 6, 7, 8, 9]);
    expect(log.filter((line) => line.includes("Going on without its content"))).toHaveLength(1);
  });
});

describe("what was kept from before a restart", () => {
  const kept = (count: number): HeartbeatBody[] =>
    Array.from({ length: count }, (_, i) => ({ timestamp: i, bootId: "old", sequence: i + 1 }));
  const bufferOf = (heartbeats: HeartbeatBody[]) =>
    createBuffer({ load: () => heartbeats, append: () => true, replace: () => true });

  it("is sent after the registration, together with how the machine is now", async () => {
    const { calls } = await runFor(SECOND, () => accepted, { buffer: bufferOf(kept(2)) });
    expect(calls.map(({ kind }) => kind)).toEqual(["register", "heartbeat", "goodbye"]);
    expect(bodies(calls[1])).toEqual([
      ...kept(2),
      { timestamp: 0, metrics: { cpuUsage: 12 }, sequence: 1 },
    ]);
  });

  it("is forgotten when the machine was deleted", async () => {
    const written: HeartbeatBody[][] = [];
    const replace = (heartbeats: HeartbeatBody[]) => written.push([...heartbeats]) > 0;
    const buffer = createBuffer({ load: () => kept(2), append: () => true, replace });
    await runFor(SECOND, () => refused(410), { buffer });
    expect(written).toEqual([[]]);
  });
});

describe("suspend", () => {
  /** A machine whose lid is closed during the `suspendAt`-th wait, for an hour. */
  function laptop(suspendAt: number) {
    let runningMs = 0;
    let sinceBootMs = 5 * MINUTE;
    const waits: number[] = [];
    const clock = createClock({
      runningMs: () => runningMs,
      sinceBootMs: () => sinceBootMs,
      wallMs: () => 0,
      wait: async (ms) => {
        waits.push(ms);
        runningMs += ms;
        sinceBootMs += ms + (waits.length === suspendAt ? 60 * MINUTE : 0);
      },
    });
    return { clock, waits };
  }

  it("ends a sleep within seconds of waking, and the time asleep counts", async () => {
    const { clock, waits } = laptop(3);
    const startMs = clock.monotonicMs();
    await clock.sleep(MINUTE, new AbortController().signal);
    expect(waits).toEqual([5, 5, 5].map((seconds) => seconds * SECOND));
    expect(clock.monotonicMs() - startMs).toBe(60 * MINUTE + 15 * SECOND);
  });

  it("an ordinary sleep takes as long as it should", async () => {
    const { clock, waits } = laptop(0);
    await clock.sleep(12 * SECOND, new AbortController().signal);
    expect(waits).toEqual([5, 5, 2].map((seconds) => seconds * SECOND));
  });

  it("is followed by one heartbeat at once, not by an end or by all that were missed", async () => {
    let atMs = 0;
    const stop = new AbortController();
    const { calls, end } = await runFor(0, () => accepted, {
      ...giveUp,
      signal: stop.signal,
      clock: {
        monotonicMs: () => atMs,
        wallMs: () => atMs,
        async sleep(ms) {
          atMs += atMs === MINUTE ? 8 * 60 * MINUTE : ms;
          if (atMs > 8 * 60 * MINUTE + 90 * SECOND) stop.abort();
        },
      },
    });
    expect(end).toBe("stopped");
    expect(calls.filter(({ kind }) => kind === "heartbeat")).toHaveLength(3);
  });
});
