/**
 * The backend is killed between flip, decision, request and record, at random moments: afterwards there is exactly one
 * alarm and one recovery per incident, each delivered at least once and always under the same id. `CRASH_SEED` repeats
 * the moments, `CRASH_ROUNDS` is how many there are.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ConvexHttpClient } from "convex/browser";
import { nanoid } from "nanoid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { api } from "../../convex/_generated/api.js";
import {
  startTemporaryInstallation,
  type TemporaryInstallation,
} from "../../scripts/lib/temporaryInstallation.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhookReceiver.ts";

const ROUNDS = Number(process.env["CRASH_ROUNDS"] ?? 100);
/** Longer than a busy machine keeps heartbeats waiting after a restart: else a second alarm would be right. */
const THRESHOLD_MS = 6_000;
/** From the last heartbeat: from just before the deadline to well after the request. */
const ALARM_KILL_MS = { from: THRESHOLD_MS - 500, span: 2_000 };
const RECOVERY_KILL_MS = { from: 0, span: 150 };
const BEAT_EVERY_MS = 300;
/** An attempt that was killed before its request left is taken back after 30 s, looked for every 30 s, and then tried later. */
const PATIENCE_MS = 150_000;
const ROUND_LIMIT_MS = 4 * PATIENCE_MS;

let installation: TemporaryInstallation;
let receiver: WebhookReceiver;
let client: ConvexHttpClient;

beforeAll(async () => {
  [installation, receiver] = await Promise.all([
    startTemporaryInstallation({
      env: {
        ALLOW_PRIVATE_WEBHOOKS: "true",
        MACHINE_OFFLINE_THRESHOLD: `${THRESHOLD_MS}ms`,
        MACHINE_HEARTBEAT_CHECK_INTERVAL: "500ms",
      },
    }),
    startWebhookReceiver(),
  ]);
  client = new ConvexHttpClient(installation.url);
  const params = { flow: "signUp", email: "alice@example.com", password: "correct horse battery" };
  const { tokens } = await client.action(api.auth.signIn, { provider: "password", params });
  client.setAuth(tokens?.token ?? "");
  const config = { url: receiver.url };
  await client.mutation(api.channels.create, { kind: "webhook", name: "Ops", config });
}, PATIENCE_MS);

afterAll(async () => {
  await receiver?.close();
  await installation?.remove();
});

interface Machine {
  machineId: string;
  secret: string;
}

async function addMachine(name: string): Promise<Machine> {
  const machine = { machineId: nanoid(), secret: nanoid(40) };
  await client.mutation(api.machines.create, { ...machine, name });
  return machine;
}

/** False where the server was not there. */
async function post({ machineId, secret }: Machine, call: "heartbeat" | "goodbye") {
  try {
    const response = await fetch(`${installation.siteUrl}/agent/v1/${call}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${machineId}:${secret}` },
      ...(call === "goodbye" ? { body: '{"reason": "shutdown"}' } : {}),
    });
    return response.ok;
  } catch {
    return false;
  }
}

async function killAndRestart(): Promise<void> {
  process.kill(installation.backendPid(), "SIGKILL");
  await installation.stop();
  await installation.start();
}

/** What the receiver got about a machine: its bodies by event and idempotency key. */
function told({ machineId }: Machine, event: string): Map<string, Set<string>> {
  const ids = new Map<string, Set<string>>();
  for (const { headers, rawBody, body } of receiver.received) {
    if (body["event"] !== event || (body["machine"] as { id: string }).id !== machineId) continue;
    const id = String(headers["webhook-id"]);
    ids.set(id, (ids.get(id) ?? new Set()).add(rawBody));
  }
  return ids;
}

/** Beats until told to stop, also while the server comes up: else it would rightly be called silent a second time. */
function keepBeating(machine: Machine): () => Promise<void> {
  let isStopped = false;
  const beating = (async () => {
    while (!isStopped) {
      await post(machine, "heartbeat");
      await sleep(BEAT_EVERY_MS);
    }
  })();
  return async () => {
    isStopped = true;
    await beating;
  };
}

/** Waits until the machine's message has come. */
async function until(machine: Machine, event: string): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (told(machine, event).size === 0) {
    if (Date.now() > giveUpAt) throw new Error(`no ${event} came`);
    await sleep(BEAT_EVERY_MS);
  }
}

describe("a server that is killed while it tells people", () => {
  it(
    `tells each of ${ROUNDS} deaths and recoveries, under one id each`,
    async () => {
      const seed = Number(process.env["CRASH_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
      console.info(`CRASH_SEED=${seed}`);
      let state = seed;
      const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
      const machines: Machine[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const machine = await addMachine(`web-${round}`);
        machines.push(machine);
        expect(await post(machine, "heartbeat")).toBe(true);
        await sleep(ALARM_KILL_MS.from + random() * ALARM_KILL_MS.span);
        await killAndRestart();
        await until(machine, "machine.offline");
        const stopBeating = keepBeating(machine);
        await sleep(RECOVERY_KILL_MS.from + random() * RECOVERY_KILL_MS.span);
        await killAndRestart();
        await until(machine, "machine.online");
        await stopBeating();
        expect(await post(machine, "goodbye")).toBe(true);
      }
      const paginationOpts = { numItems: 1_000, cursor: null };
      const incidents = await client.query(api.incidents.list, { paginationOpts });
      expect(incidents.page).toHaveLength(ROUNDS);
      expect(incidents.page.every(({ closedAt }) => closedAt !== null)).toBe(true);
      for (const machine of machines) {
        for (const event of ["machine.offline", "machine.online"]) {
          const ids = told(machine, event);
          expect([event, ids.size]).toEqual([event, 1]);
          expect([...ids.values()].map((bodies) => bodies.size)).toEqual([1]);
        }
      }
      const deliveries = await client.query(api.deliveries.list, { paginationOpts });
      expect(new Set(deliveries.page.map((delivery) => delivery.state))).toEqual(
        new Set(["delivered"]),
      );
    },
    ROUNDS * ROUND_LIMIT_MS,
  );
});
