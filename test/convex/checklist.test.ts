import { beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  aliceWithMachine,
  beat,
  MACHINE_ID,
  post,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

let t: Backend;
let alice: Person;
const WRONG = `${MACHINE_ID}:${"x".repeat(32)}`;

beforeEach(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
});

const checklist = async () => await alice.query(api.machines.checklist, { machineId: MACHINE_ID });

describe("the checklist of a new machine", () => {
  test("waits for everything at first", async () => {
    expect(await checklist()).toEqual({
      requestSeenAt: null,
      tokenAcceptedAt: null,
      clockSkewMs: null,
      hasMetrics: false,
      refusal: null,
      clash: null,
    });
  });

  test("ticks as the first heartbeats come", async () => {
    await beat(t, { timestamp: START + 700 });
    expect(await checklist()).toMatchObject({
      requestSeenAt: START,
      tokenAcceptedAt: START,
      clockSkewMs: 700,
      hasMetrics: false,
    });
    await beat(t, { metrics: { cpuUsage: 3 } });
    expect((await checklist()).hasMetrics).toBe(true);
  });

  test("names a wrong secret for this machine", async () => {
    await beat(t, {}, WRONG);
    expect(await checklist()).toMatchObject({
      requestSeenAt: START,
      tokenAcceptedAt: null,
      refusal: { at: START, kind: "wrongSecret" },
    });
  });

  test("names what was wrong with a body", async () => {
    await beat(t, { metrics: { cpuUsage: 140 } });
    const { refusal } = await checklist();
    expect(refusal).toMatchObject({ kind: "badBody" });
    expect(refusal?.message).toContain("metrics.cpuUsage");
  });

  test("is written once in a while, however often the agent tries", async () => {
    await beat(t, {}, WRONG);
    vi.setSystemTime(START + 1_000);
    await beat(t, {}, WRONG);
    expect((await checklist()).refusal?.at).toBe(START);
    vi.setSystemTime(START + 6_000);
    await beat(t, {}, WRONG);
    expect((await checklist()).refusal?.at).toBe(START + 6_000);
  });
});

describe("too many", () => {
  test("wrong tokens from one address are told to wait; right ones from there are not", async () => {
    const here = t.withRequestMetadata({ ip: "192.0.2.1" });
    const ask = async (token: string) =>
      await post(here as unknown as Backend, "heartbeat", { token, body: {} });
    const statuses = [];
    for (let index = 0; index < 31; index++) statuses.push((await ask(WRONG)).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(30);
    const refused = await ask(WRONG);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect((await ask(`${MACHINE_ID}:web1web1web1web1web1web1web1web1`)).status).toBe(200);
    expect((await beat(t, {}, WRONG)).status).toBe(401);
  });

  test("registrations of one machine are told to wait; its heartbeats are not", async () => {
    const statuses = [];
    for (let index = 0; index < 31; index++) {
      statuses.push((await post(t, "register", { body: { hostname: "web-1" } })).status);
    }
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    expect((await beat(t)).status).toBe(200);
  });
});
