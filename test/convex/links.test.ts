import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import { startReceiver, type Receiver } from "./receiver.ts";
import {
  aliceWithMachine,
  beat,
  incidentsOf,
  pass,
  settle,
  SITE_URL,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const MINUTE = 60_000;

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

/** The machine falls silent; returns what the channel received. */
async function goOffline(): Promise<Record<string, unknown>> {
  const before = receiver.received.length;
  await beat(t);
  await pass(t, 2 * MINUTE + 15_000);
  // The receiver is a real server: its socket needs real turns, which fake time does not wait for.
  for (let round = 0; round < 200 && receiver.received.length === before; round++) await settle(t);
  return JSON.parse(receiver.received.at(-1)?.body ?? "{}") as Record<string, unknown>;
}

describe("the link in a message", () => {
  const path = async () => {
    const { link } = await goOffline();
    return String(link).slice(SITE_URL.length);
  };
  const press = async (link: string, body = "action=acknowledge&name=Bob") =>
    await t.fetch(link, { method: "POST", body });

  beforeEach(async () => {
    const config = { url: receiver.url, body: '{"link": "{{acknowledgeUrl}}"}' };
    await alice.mutation(api.channels.create, { kind: "template", name: "Ops", config });
  });

  test("shows what is wrong and changes nothing by being looked at", async () => {
    const link = await path();
    const response = await t.fetch(link);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("<h1>web-1 is offline</h1>");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(await incidentsOf(alice)).toMatchObject([{ acknowledgedAt: null }]);
  });

  test("acknowledges without signing in, once", async () => {
    const link = await path();
    expect((await press(link)).status).toBe(200);
    expect(await incidentsOf(alice)).toMatchObject([{ acknowledgedBy: "Bob" }]);
    const second = await press(link, "action=acknowledge&name=Carol");
    expect(second.status).toBe(409);
    expect(await second.text()).toContain("Already acknowledged by Bob.");
    expect(await (await t.fetch(link)).text()).toContain("Already acknowledged by Bob.");
  });

  test("snoozes for an hour", async () => {
    const response = await press(await path(), "action=snooze");
    expect(await response.text()).toContain("Snoozed for one hour.");
    const [incident] = await incidentsOf(alice);
    expect(incident).toMatchObject({ snoozedBy: "somebody with the link" });
    expect(Number(incident?.snoozedUntil) - Date.now()).toBe(60 * MINUTE);
  });

  test("is over when the machine is back", async () => {
    const link = await path();
    await beat(t);
    expect((await press(link)).status).toBe(410);
  });

  test("shows hostile names as text", async () => {
    const link = await path();
    await press(link, `action=acknowledge&name=${encodeURIComponent("<script>alert(1)</script>")}`);
    const page = await (await t.fetch(link)).text();
    expect(page).toContain("&lt;script&gt;");
    expect(page).not.toContain("<script");
  });

  test.each([
    ["another signature", (link: string) => `${link.slice(0, -4)}0000`],
    ["no signature", (link: string) => link.split(".")[0]!],
    ["an unknown delivery", (link: string) => link.replace(/\/a\/[^.]+/, "/a/10008;deliveries")],
    ["nothing", () => "/a/"],
  ])("with %s is no link of ours", async (_name, forge) => {
    const link = forge(await path());
    expect((await t.fetch(link)).status).toBe(404);
    expect((await press(link)).status).toBe(404);
    expect(await incidentsOf(alice)).toMatchObject([{ acknowledgedAt: null }]);
  });

  test("is not answered for a form that is none", async () => {
    const link = await path();
    expect((await press(link, "x".repeat(10_000))).status).toBe(404);
  });
});

describe("a Telegram button", () => {
  const CHAT = -100123;
  let channelId: string;
  let data: string;
  let secret: string;

  beforeEach(async () => {
    const config = {
      botToken: "1:token",
      chatId: String(CHAT),
      hasButtons: true,
      apiUrl: new URL(receiver.url).origin,
    };
    const args = { kind: "telegram" as const, name: "Ops", config };
    ({ channelId } = await alice.mutation(api.channels.create, args));
    await pass(t, 1_000, 100);
    const [setup] = receiver.received;
    expect(setup?.url).toBe("/bot1:token/setWebhook");
    const { url, secret_token } = JSON.parse(setup?.body ?? "") as Record<string, string>;
    expect(url).toBe(`${SITE_URL}/telegram/${channelId}`);
    secret = secret_token!;
    const { reply_markup } = (await goOffline()) as {
      reply_markup: { inline_keyboard: { callback_data: string }[][] };
    };
    data = reply_markup.inline_keyboard[0]![0]!.callback_data;
  });

  const press = async (
    given: { data?: string; chat?: number; secret?: string; channelId?: string } = {},
  ) => {
    const body = {
      update_id: 1,
      callback_query: {
        id: "q1",
        from: { id: 5, first_name: "Bob", username: "bob" },
        message: { message_id: 7, chat: { id: given.chat ?? CHAT } },
        data: given.data ?? data,
      },
    };
    return await t.fetch(`/telegram/${given.channelId ?? channelId}`, {
      method: "POST",
      headers: { "X-Telegram-Bot-Api-Secret-Token": given.secret ?? secret },
      body: JSON.stringify(body),
    });
  };

  test("acknowledges, and tells the second person who was first", async () => {
    const response = await press();
    expect(await response.json()).toEqual({
      method: "answerCallbackQuery",
      callback_query_id: "q1",
      text: "Acknowledged.",
      show_alert: false,
    });
    expect(await incidentsOf(alice)).toMatchObject([{ acknowledgedBy: "@bob" }]);
    expect(await (await press()).json()).toMatchObject({ text: "Already acknowledged by @bob." });
  });

  test("snoozes", async () => {
    const response = await press({ data: data.replace("acknowledge", "snooze") });
    expect(await response.json()).toMatchObject({ text: "Snoozed for one hour." });
    expect(await incidentsOf(alice)).toMatchObject([{ snoozedBy: "@bob" }]);
  });

  test.each<[string, Parameters<typeof press>[0]]>([
    ["from another chat", { chat: 1 }],
    ["with another secret", { secret: "0".repeat(64) }],
    ["without a secret", { secret: "" }],
    ["for another channel", { channelId: "10008;channels" }],
    ["about another delivery", { data: "acknowledge:10008;deliveries" }],
    ["of another kind", { data: "drop:everything" }],
  ])("%s does nothing", async (_name, given) => {
    const response = await press(given);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
    expect(await incidentsOf(alice)).toMatchObject([{ acknowledgedAt: null, snoozedUntil: null }]);
  });

  test.each(["", "{", "[]", '{"message": {}}', "x".repeat(70_000)])(
    "that is no update (%.10s) does nothing",
    async (body) => {
      const response = await t.fetch(`/telegram/${channelId}`, { method: "POST", body });
      expect(response.status).toBe(200);
    },
  );
});
