/** The app on convex-test, and the cast that all its tests share: Alice owns, Bob belongs elsewhere, web-1 beats. */
import { setImmediate as nextTurn } from "node:timers/promises";
import migrations from "@convex-dev/migrations/test";
import rateLimiter from "@convex-dev/rate-limiter/test";
import { convexTest } from "convex-test";
import { vi } from "vitest";
import { DAY } from "../../core/time.ts";
import { api } from "../../convex/_generated/api.js";
import type { Id } from "../../convex/_generated/dataModel.js";
import * as Accounts from "../../convex/model/accounts.ts";
import schema from "../../convex/schema.ts";

const modules = import.meta.glob("../../convex/**/*.{ts,js}");

export const SITE_URL = "https://rollcall.example";
export const MACHINE_ID = "V1StGXR8_Z5jdHi6B-myT";
export const SECRET = "web1web1web1web1web1web1web1web1";
export const TOKEN = `${MACHINE_ID}:${SECRET}`;
export const START = Date.UTC(2026, 10, 21, 9, 0, 0);

export type Backend = ReturnType<typeof startBackend>;
export type Person = ReturnType<Backend["withIdentity"]>;

/** A fresh deployment at nine o'clock, its clock in the test's hand. */
export function startBackend() {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  for (const level of ["info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation(() => undefined);
  }
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now: START });
  vi.stubEnv("CONVEX_SITE_URL", SITE_URL);
  vi.stubEnv("ROLLCALL_SIGNUPS", "open");
  const t = convexTest({ schema, modules });
  rateLimiter.register(t);
  migrations.register(t);
  return t;
}

/** A signed-in user with a personal workspace, without the cost of hashing a password. */
export async function signIn(t: Backend, name: string): Promise<Person> {
  const email = `${name}@example.com`;
  const subject = await t.run(async (ctx) => {
    const userId = await Accounts.create(ctx, { email, name });
    // Longer than any test lets pass: sessions that have expired are removed.
    const expirationTime = Date.now() + 3_650 * DAY;
    return `${userId}|${await ctx.db.insert("authSessions", { userId, expirationTime })}`;
  });
  return t.withIdentity({ subject, email });
}

/** Alice and her machine web-1, which has not been seen yet. */
export async function aliceWithMachine(t: Backend): Promise<Person> {
  const alice = await signIn(t, "alice");
  await addMachine(alice);
  return alice;
}

export async function addMachine(
  person: Person,
  settings: Partial<{
    machineId: string;
    secret: string;
    name: string;
    heartbeatIntervalMs: number;
    offlineThresholdMs: number;
  }> = {},
): Promise<{ machineId: string; token: string }> {
  return await person.mutation(api.machines.create, {
    machineId: MACHINE_ID,
    secret: SECRET,
    name: "web-1",
    ...settings,
  });
}

/** As an agent: POST with a token and a JSON body. */
export async function post(
  t: Backend,
  path: "register" | "heartbeat" | "goodbye" | "enrol",
  { token = TOKEN, body }: { token?: string | null; body?: unknown } = {},
): Promise<{ status: number; headers: Headers; answer: Record<string, unknown> }> {
  const response = await t.fetch(`/agent/v1/${path}`, {
    method: "POST",
    headers: token === null ? {} : { Authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, answer };
}

export async function beat(t: Backend, body?: unknown, token = TOKEN) {
  return await post(t, "heartbeat", { body, token });
}

/** Lets time pass in steps, so that the sweep's loop and all that it schedules run as they would. */
export async function pass(t: Backend, durationMs: number, stepMs = 5_000): Promise<void> {
  for (let left = durationMs; left > 0; left -= stepMs) {
    await vi.advanceTimersByTimeAsync(Math.min(stepMs, left));
    await t.finishInProgressScheduledFunctions();
  }
}

/** Runs what is due now, and what that schedules for now. */
export async function settle(t: Backend): Promise<void> {
  for (let round = 0; round < 12; round++) {
    await vi.advanceTimersByTimeAsync(1);
    await nextTurn();
    await t.finishInProgressScheduledFunctions();
  }
}

/** Machine web-1 as Alice's list shows it. */
export async function listed(person: Person, machineId = MACHINE_ID) {
  const machine = (await person.query(api.machines.list, {})).find(
    (row) => row.machineId === machineId,
  );
  if (machine === undefined) throw new Error(`${machineId} is not listed`);
  return machine;
}

export async function addChannel(
  person: Person,
  config: { url: string; secret?: string } = { url: "https://hooks.example.com/rollcall" },
): Promise<Id<"channels">> {
  const args = { kind: "webhook" as const, name: "Ops", config };
  return (await person.mutation(api.channels.create, args)).channelId;
}

export const firstPage = { numItems: 100, cursor: null };

export async function deliveriesOf(person: Person) {
  return (await person.query(api.deliveries.list, { paginationOpts: firstPage })).page;
}

export async function incidentsOf(person: Person) {
  return (await person.query(api.incidents.list, { paginationOpts: firstPage })).page;
}
