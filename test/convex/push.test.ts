import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import { type Browser, type PushService, startPushService } from "./pushService.ts";
import {
  addChannel,
  aliceWithMachine,
  beat,
  deliveriesOf,
  MACHINE_ID,
  pass,
  settle,
  signIn,
  SITE_URL,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let t: Backend;
let alice: Person;
let service: PushService;

beforeEach(async () => {
  t = startBackend();
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "true");
  service = await startPushService();
  alice = await aliceWithMachine(t);
});

afterEach(() => service.close());

/** As the page does it: asks for the key, has the browser subscribe, and hands in what it answers. */
async function subscribe(person: Person, name?: string): Promise<Browser> {
  const browser = service.subscribe(await person.action(api.push.publicKey, {}), name);
  await person.mutation(api.push.subscribe, browser.subscription);
  return browser;
}

async function goOffline(): Promise<void> {
  await beat(t);
  await pass(t, 2 * MINUTE + 15 * SECOND, 10 * SECOND);
  await settle(t);
}

describe("web push", () => {
  test("shows a machine's end and its return in the browser, which alone can read it", async () => {
    const browser = await subscribe(alice);
    await goOffline();
    await beat(t);
    await settle(t);
    const [alarm, recovery] = browser.received;
    expect(browser.received).toHaveLength(2);
    expect(alarm).toMatchObject({
      content: {
        title: "🔴 web-1 is offline",
        path: `/machines/${MACHINE_ID}`,
        acknowledgeUrl: expect.stringContaining(`${SITE_URL}/a/`) as string,
      },
      headers: { "content-encoding": "aes128gcm", urgency: "high", ttl: "86400" },
      claims: { sub: SITE_URL },
    });
    expect(recovery!.content).toMatchObject({ title: "🟢 web-1 is online again" });
    // The recovery takes the alarm's place on the screen.
    expect(recovery!.content["tag"]).toBe(alarm!.content["tag"]);
    expect(await deliveriesOf(alice)).toMatchObject([
      { state: "delivered", responseStatus: 201 },
      { state: "delivered", responseStatus: 201 },
    ]);
  });

  test("is repeated under the same topic and tag, as the push service asks", async () => {
    const browser = await subscribe(alice);
    service.answers.push({ status: 429, headers: { "Retry-After": "60" } }, { status: 503 });
    await goOffline();
    expect(browser.received).toHaveLength(0);
    await pass(t, 2 * MINUTE);
    await settle(t);
    expect(browser.received).toHaveLength(1);
    expect(await deliveriesOf(alice)).toMatchObject([{ state: "delivered", attempts: 3 }]);
  });

  test.each([404, 410])("forgets a browser whose push service answers %d", async (status) => {
    const browser = await subscribe(alice);
    service.answers.push({ status });
    await goOffline();
    expect(await alice.query(api.push.list, {})).toEqual([]);
    expect(await deliveriesOf(alice)).toMatchObject([{ state: "failed", responseStatus: status }]);
    await beat(t);
    await settle(t);
    expect(browser.received).toHaveLength(0);
  });

  test.each([400, 401, 403, 413])(
    "gives up, but keeps the browser, where the push service answers %d",
    async (status) => {
      await subscribe(alice);
      service.answers.push({ status });
      await goOffline();
      expect(await deliveriesOf(alice)).toMatchObject([{ state: "failed", attempts: 1 }]);
      expect(await alice.query(api.push.list, {})).toHaveLength(1);
    },
  );

  test("goes to each of a person's browsers, with preferences of its own", async () => {
    const laptop = await subscribe(alice, "Laptop");
    const phone = await subscribe(alice, "Phone");
    const [first] = await alice.query(api.push.list, {});
    await alice.mutation(api.channels.update, {
      channelId: first!.channelId,
      preferences: { events: ["machine.online"] },
    });
    await goOffline();
    expect([laptop.received.length, phone.received.length]).toEqual([0, 1]);
  });
});

describe("a browser", () => {
  test("is one channel, however often its page subscribes it", async () => {
    const browser = await subscribe(alice);
    await alice.mutation(api.push.subscribe, { ...browser.subscription, browser: "Laptop" });
    expect(await alice.query(api.push.list, {})).toMatchObject([
      { endpoint: browser.subscription.endpoint, browser: "Laptop" },
    ]);
    await alice.mutation(api.push.unsubscribe, { endpoint: browser.subscription.endpoint });
    await alice.mutation(api.push.unsubscribe, { endpoint: browser.subscription.endpoint });
    expect(await alice.query(api.channels.list, {})).toEqual([]);
  });

  test("shows its address and keys to nobody", async () => {
    const browser = await subscribe(alice);
    const { endpoint, p256dh, auth } = browser.subscription;
    const shown = JSON.stringify(await alice.query(api.channels.list, {}));
    for (const secret of [endpoint, p256dh, auth]) expect(shown).not.toContain(secret);
  });

  test.each([
    ["endpoint", { endpoint: "ftp://push.example" }],
    ["p256dh", { p256dh: "short" }],
    ["auth", { auth: "no base64url!!!!!!!!!!" }],
  ])("is refused with an unusable %s", async (field, wrong) => {
    const { subscription } = service.subscribe("key");
    const made = alice.mutation(api.push.subscribe, { ...subscription, ...wrong });
    await expect(made).rejects.toMatchObject({
      data: { kind: "invalid", field: `config.${field}` },
    });
  });

  test("may have no private address", async () => {
    vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "");
    const { subscription } = service.subscribe("key");
    const made = alice.mutation(api.push.subscribe, subscription);
    await expect(made).rejects.toMatchObject({ data: { field: "config.endpoint" } });
  });
});

describe("the installation's key", () => {
  test("is made once, for everybody, and its private half is never told", async () => {
    const bob = await signIn(t, "bob");
    const keys = await Promise.all(
      [alice, bob, alice].map((person) => person.action(api.push.publicKey, {})),
    );
    expect(new Set(keys).size).toBe(1);
    expect(Buffer.from(keys[0]!, "base64url")).toHaveLength(65);
    const stored = await t.run(async (ctx) => await ctx.db.query("vapidKeys").take(2));
    expect(stored).toMatchObject([{ publicKey: keys[0] }]);
  });

  test("is not needed by other channels", async () => {
    await addChannel(alice);
    expect(await t.run(async (ctx) => await ctx.db.query("vapidKeys").first())).toBeNull();
  });
});
