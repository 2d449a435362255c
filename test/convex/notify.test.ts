import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../../convex/_generated/api.js";
import { startReceiver, type Receiver } from "./receiver.ts";
import {
  addChannel,
  aliceWithMachine,
  beat,
  deliveriesOf,
  MACHINE_ID,
  pass,
  post,
  settle,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const SIGNING_SECRET = "shared secret";

let t: Backend;
let alice: Person;
let receiver: Receiver;

beforeEach(async () => {
  t = startBackend();
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "true");
  receiver = await startReceiver();
  alice = await aliceWithMachine(t);
});

afterEach(async () => {
  await receiver.close();
});

async function goOffline(): Promise<void> {
  await beat(t);
  await pass(t, 2 * MINUTE + 15 * SECOND, 10 * SECOND);
  await settle(t);
}

const idOf = <T>({ _id }: { _id: T }) => _id;
const bodies = () => receiver.received.map(({ body }) => JSON.parse(body) as unknown);

describe("a webhook", () => {
  test("S1.3 S1.4 receives one message when the machine dies and one when it recovers", async () => {
    await addChannel(alice, { url: receiver.url });
    await post(t, "register", { body: { hostname: "web-1.example" } });
    await goOffline();
    const backAt = new Date().toISOString();
    await beat(t);
    await settle(t);
    const machine = { id: MACHINE_ID, name: "web-1", hostname: "web-1.example", description: "" };
    expect(bodies()).toEqual([
      {
        event: "machine.offline",
        machine: { ...machine, status: "offline", last_seen: new Date(START).toISOString() },
      },
      {
        event: "machine.online",
        machine: { ...machine, status: "online", last_seen: backAt },
      },
    ]);
  });

  test("S1.4 is signed over the raw body, in two dialects", async () => {
    await addChannel(alice, { url: receiver.url, secret: SIGNING_SECRET });
    await goOffline();
    const [message] = receiver.received;
    const { headers, body = "" } = message ?? {};
    const sign = (text: string) => createHmac("sha256", SIGNING_SECRET).update(text);
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "x-webhook-signature": `sha256=${sign(body).digest("hex")}`,
    });
    const id = String(headers?.["webhook-id"]);
    const timestamp = String(headers?.["webhook-timestamp"]);
    expect(headers?.["x-rollcall-event-id"]).toBe(id);
    expect(headers?.["x-rollcall-timestamp"]).toBe(timestamp);
    expect(Number(timestamp)).toBeCloseTo(Date.now() / SECOND, -2);
    const standard = sign(`${id}.${timestamp}.${body}`).digest("base64");
    expect(headers?.["webhook-signature"]).toBe(`v1,${standard}`);
  });

  test("reads a Standard Webhooks secret as the base64 that it is", async () => {
    const secret = `whsec_${Buffer.from("key").toString("base64")}`;
    await addChannel(alice, { url: receiver.url, secret });
    await goOffline();
    const { headers, body } = receiver.received[0]!;
    const text = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
    const expected = createHmac("sha256", "key").update(text).digest("base64");
    expect(headers["webhook-signature"]).toBe(`v1,${expected}`);
  });

  test("without a secret carries no signature", async () => {
    await addChannel(alice, { url: receiver.url });
    await goOffline();
    const { headers } = receiver.received[0]!;
    expect(headers).not.toHaveProperty("x-webhook-signature");
    expect(headers).not.toHaveProperty("webhook-signature");
  });

  test("is told as often as there are channels", async () => {
    await addChannel(alice, { url: receiver.url });
    await addChannel(alice, { url: receiver.url });
    await goOffline();
    const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids).size).toBe(2);
  });
});

describe("the delivery log", () => {
  test("shows what was delivered, and the channel its last delivery", async () => {
    await addChannel(alice, { url: receiver.url, secret: SIGNING_SECRET });
    await goOffline();
    expect(await deliveriesOf(alice)).toMatchObject([
      {
        event: "machine.offline",
        machineName: "web-1",
        channelName: "Ops",
        state: "delivered",
        attempts: 1,
        responseStatus: 200,
        error: null,
        nextAttemptAt: null,
      },
    ]);
    const channels = await alice.query(api.channels.list, {});
    expect(channels).toMatchObject([
      {
        target: new URL(receiver.url).origin,
        hasSecret: true,
        lastDelivery: { state: "delivered", responseStatus: 200 },
      },
    ]);
    expect(JSON.stringify(channels)).not.toContain(SIGNING_SECRET);
  });

  test("is asked for one channel, and only for one's own", async () => {
    const channelId = await addChannel(alice, { url: receiver.url });
    await addChannel(alice, { url: receiver.url });
    await goOffline();
    const args = { paginationOpts: { numItems: 10, cursor: null }, channelId };
    expect((await alice.query(api.deliveries.list, args)).page).toHaveLength(1);
  });
});

describe("a receiver that is down", () => {
  test("gets the same message again under the same id until it takes it", async () => {
    await addChannel(alice, { url: receiver.url });
    receiver.answers.push({ status: 503 }, { status: 500 });
    await goOffline();
    await pass(t, 20 * SECOND, SECOND);
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(await deliveriesOf(alice)).toMatchObject([{ state: "delivered", attempts: 3 }]);
  });

  test("is not asked before its Retry-After", async () => {
    await addChannel(alice, { url: receiver.url });
    receiver.answers.push({ status: 429, headers: { "Retry-After": "60" } });
    await goOffline();
    const [delivery] = await deliveriesOf(alice);
    expect(delivery).toMatchObject({ state: "queued", attempts: 1, responseStatus: 429 });
    await pass(t, 40 * SECOND);
    expect(receiver.received).toHaveLength(1);
    await pass(t, 40 * SECOND);
    expect(receiver.received).toHaveLength(2);
  });

  test("hears of the recovery only after the failure", async () => {
    await addChannel(alice, { url: receiver.url });
    receiver.answers.push({ status: 503, headers: { "Retry-After": "60" } });
    await goOffline();
    await beat(t);
    await pass(t, 30 * SECOND);
    expect(receiver.received).toHaveLength(1);
    await pass(t, 45 * SECOND);
    expect(bodies()).toMatchObject([
      { event: "machine.offline" },
      { event: "machine.offline" },
      { event: "machine.online" },
    ]);
  });

  test("hears of the next silence without waiting until the last one is sent again", async () => {
    await addChannel(alice, { url: receiver.url });
    receiver.answers.push({ status: 503, headers: { "Retry-After": "1200" } });
    await goOffline();
    await beat(t);
    await pass(t, 30 * SECOND, 10 * SECOND);
    await goOffline();
    expect(bodies()).toMatchObject([{ event: "machine.offline" }, { event: "machine.offline" }]);
    const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids).size).toBe(2);
  });

  test("is tried again soon though a clock that was ahead had left it alone for a day", async () => {
    await addChannel(alice, { url: receiver.url });
    await t.run(async (ctx) => {
      const { workspaceId } = (await ctx.db.query("channels").first())!;
      const openUntil = START + 24 * 60 * MINUTE;
      const { host } = new URL(receiver.url);
      await ctx.db.insert("breakers", { workspaceId, host, failures: 5, openUntil });
    });
    await goOffline();
    expect(bodies()).toMatchObject([{ event: "machine.offline" }]);
  });

  test("for a day is given up, and the log says so", async () => {
    await addChannel(alice, { url: receiver.url });
    await goOffline();
    await receiver.close();
    // Only so that the test need not wait for thousands of sweeps.
    vi.stubEnv("MACHINE_HEARTBEAT_CHECK_INTERVAL", "6h");
    const deliveryId = await alice.mutation(api.channels.test, {
      channelId: (await alice.query(api.channels.list, {}))[0]!.channelId,
    });
    await pass(t, 30 * 60 * MINUTE, 30 * MINUTE);
    const delivery = (await deliveriesOf(alice)).find(
      (row) => row.deliveryId === deliveryId.deliveryId,
    );
    expect(delivery).toMatchObject({
      state: "failed",
      attempts: 12,
      error: "The connection was refused.",
    });
  });

  test("or redirects, is not followed", async () => {
    await addChannel(alice, { url: receiver.url });
    const redirect = { status: 302, headers: { Location: `${receiver.url}/elsewhere` } };
    receiver.answers.push(redirect, redirect, redirect, redirect);
    await goOffline();
    expect(await deliveriesOf(alice)).toMatchObject([
      {
        state: "queued",
        responseStatus: 302,
        error: expect.stringMatching(/not followed/) as string,
      },
    ]);
    const urls = receiver.received.map(({ url }) => url);
    expect(new Set(urls)).toEqual(new Set(["/hook"]));
  });

  test("or gone for good, is not asked again", async () => {
    await addChannel(alice, { url: receiver.url });
    receiver.answers.push({ status: 410, body: "secret page" });
    await goOffline();
    await pass(t, MINUTE);
    expect(receiver.received).toHaveLength(1);
    const log = await deliveriesOf(alice);
    expect(log).toMatchObject([{ state: "failed", error: "The receiver answered 410." }]);
    expect(JSON.stringify(log)).not.toContain("secret page");
  });
});

describe("the outbox", () => {
  test("sends again what was interrupted, at least once", async () => {
    await addChannel(alice, { url: receiver.url });
    await goOffline();
    await t.run(async (ctx) => {
      const [delivery] = await ctx.db.query("deliveries").take(1);
      const leased = { state: "leased" as const, attempts: 2, finishedAt: undefined };
      await ctx.db.patch(delivery!._id, { ...leased, dueAt: Date.now() + 30 * SECOND });
    });
    await pass(t, 20 * SECOND);
    await t.mutation(internal.jobs.notify.dispatch, {});
    expect(receiver.received).toHaveLength(1);
    await pass(t, 20 * SECOND);
    await t.mutation(internal.jobs.notify.dispatch, {});
    await pass(t, 10 * SECOND, SECOND);
    expect(receiver.received).toHaveLength(2);
    expect(await deliveriesOf(alice)).toMatchObject([{ state: "delivered", attempts: 3 }]);
  });

  test("goes on with a lane when all that held it up was interrupted", async () => {
    const config = { url: receiver.url };
    const preferences = { retryUncertain: false };
    const channel = { kind: "webhook" as const, name: "Ops", config, preferences };
    const { channelId } = await alice.mutation(api.channels.create, channel);
    for (let message = 0; message < 5; message++) {
      await alice.mutation(api.channels.test, { channelId });
      await settle(t);
    }
    // As it was when the process died with all slots of the channel taken.
    await t.run(async (ctx) => {
      const [last, ...held] = (await ctx.db.query("deliveries").order("desc").take(5)).map(idOf);
      const open = { finishedAt: undefined };
      for (const id of held) {
        await ctx.db.patch(id, { ...open, state: "leased", dueAt: Date.now() + 30 * SECOND });
      }
      await ctx.db.patch(last!, { ...open, state: "queued", dueAt: Date.now() });
      const lane = await ctx.db.query("lanes").first();
      await ctx.db.patch(lane!._id, { dueAt: undefined });
    });
    await pass(t, 31 * SECOND, SECOND);
    await t.mutation(internal.jobs.notify.dispatch, {});
    await settle(t);
    expect((await deliveriesOf(alice)).map(({ state }) => state)).toEqual([
      "delivered",
      ...Array<string>(4).fill("uncertain"),
    ]);
    expect(receiver.received).toHaveLength(6);
  });

  test("ignores a late report of an attempt that was given up", async () => {
    const channelId = await addChannel(alice, { url: receiver.url });
    const { deliveryId } = await alice.mutation(api.channels.test, { channelId });
    await settle(t);
    const outcome = {
      kind: "failed" as const,
      isRetryable: false,
      error: "late",
      responseStatus: null,
      latencyMs: null,
      retryAfterMs: null,
    };
    await t.mutation(internal.jobs.notify.settle, { deliveryId, attempt: 1, outcome });
    expect(await deliveriesOf(alice)).toMatchObject([{ state: "delivered", error: null }]);
  });

  test("suppresses what is queued for a channel that was deleted", async () => {
    const channelId = await addChannel(alice, { url: receiver.url });
    receiver.answers.push({ status: 503 });
    await goOffline();
    await alice.mutation(api.channels.remove, { channelId });
    await pass(t, 40 * SECOND);
    expect((await deliveriesOf(alice)).map((row) => row.state)).not.toContain("queued");
    expect(await alice.query(api.channels.list, {})).toEqual([]);
  });
});

describe("channels.test", () => {
  test("sends a sample in the form of the real messages", async () => {
    const channelId = await addChannel(alice, { url: receiver.url });
    await alice.mutation(api.channels.test, { channelId });
    await settle(t);
    expect(bodies()).toMatchObject([{ event: "test", machine: { name: "web-1" } }]);
    expect(await deliveriesOf(alice)).toMatchObject([{ event: "test", machineName: null }]);
  });

  test("is limited: it sends requests wherever the caller wants", async () => {
    const channelId = await addChannel(alice, { url: receiver.url });
    const press = async () => await alice.mutation(api.channels.test, { channelId });
    for (let index = 0; index < 10; index++) await press();
    await expect(press()).rejects.toMatchObject({ data: { kind: "rateLimited" } });
  });
});

describe("a webhook address", () => {
  test.each([
    "not a url",
    "ftp://example.com/",
    "javascript:alert(1)",
    "https://user:password@example.com/",
    `https://example.com/${"x".repeat(3_000)}`,
    "http://localhost:3210/",
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://169.254.169.254/latest/meta-data",
    "http://10.0.0.1/",
  ])("is refused when it is %.50s", async (url) => {
    vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "false");
    await expect(addChannel(alice, { url })).rejects.toMatchObject({
      data: {
        kind: "invalid",
        field: "config.url",
        message: expect.stringMatching(/must/) as string,
      },
    });
  });

  test.each(["whsec_%%%", "s".repeat(300)])("with the secret %.20s is refused", async (secret) => {
    await expect(addChannel(alice, { url: receiver.url, secret })).rejects.toMatchObject({
      data: { kind: "invalid", field: "config.secret" },
    });
  });

  test("that turns out private when it is resolved is not connected to", async () => {
    await addChannel(alice, { url: receiver.url });
    vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "false");
    await goOffline();
    expect(receiver.received).toEqual([]);
    expect(await deliveriesOf(alice)).toMatchObject([
      { state: "failed", attempts: 1, error: expect.stringMatching(/private/) as string },
    ]);
  });
});
