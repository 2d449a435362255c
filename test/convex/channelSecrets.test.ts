/** Secrets of channels: nobody reads them, also not by having them sent to an address of their own. */
import { beforeEach, expect, test } from "vitest";
import { api } from "../../convex/_generated/api.js";
import type { ChannelConfig, ChannelKind } from "../../convex/validators.ts";
import { signIn, startBackend, type Backend, type Person } from "./setup.ts";

let t: Backend;
let alice: Person;

beforeEach(async () => {
  t = startBackend();
  alice = await signIn(t, "alice");
});

/** A channel of that kind, changed; the secrets that it has then. */
async function afterChange(kind: ChannelKind, before: ChannelConfig, change: ChannelConfig) {
  const args = { kind, name: "Ops", config: before };
  const { channelId } = await alice.mutation(api.channels.create, args);
  await alice.mutation(api.channels.update, { channelId, config: change });
  const [channel] = await alice.query(api.channels.list, {});
  return channel?.secretsSet;
}

const gotify = { serverUrl: "https://gotify.example.com", token: "token" };
const ntfy = { serverUrl: "https://ntfy.example.com", topic: "alerts", token: "token" };
const ownRequest = { url: "https://api.example.com/send", headers: "Authorization: Bearer token" };

test.each<[ChannelKind, ChannelConfig, ChannelConfig, string[]]>([
  ["gotify", gotify, { serverUrl: "https://gotify.example.com/push" }, ["token"]],
  ["ntfy", ntfy, { serverUrl: "https://ntfy.example.com", topic: "night" }, ["token"]],
  ["template", ownRequest, { url: "https://api.example.com/v2", headers: "" }, ["url", "headers"]],
])("stay with a %s that keeps its host: %o", async (kind, before, change, kept) => {
  expect(await afterChange(kind, before, change)).toEqual(kept);
});

test.each<[ChannelKind, ChannelConfig, ChannelConfig, string[]]>([
  ["ntfy", ntfy, { serverUrl: "https://mine.example.net", topic: "alerts" }, []],
  ["ntfy", ntfy, { ...ntfy, serverUrl: "https://mine.example.net", token: "other" }, ["token"]],
])("of a %s go nowhere else: %o, %o", async (kind, before, change, kept) => {
  expect(await afterChange(kind, before, change)).toEqual(kept);
});

test("of an own request go nowhere else", async () => {
  const url = "https://mine.example.net/send";
  await afterChange("template", ownRequest, { url });
  const [channel] = await t.run(async (ctx) => await ctx.db.query("channels").take(1));
  expect(channel?.config).toMatchObject({ url, headers: "" });
});

test("have to be entered again where the channel needs them", async () => {
  const moved = { serverUrl: "https://mine.example.net" };
  await expect(afterChange("gotify", gotify, moved)).rejects.toMatchObject({
    data: { kind: "invalid", field: "config.token" },
  });
});

test("of a webhook stay: they sign, and are not sent", async () => {
  const before = { url: "https://hooks.example.com/a", secret: "signing secret" };
  const change = { url: "https://hooks.example.net/b" };
  expect(await afterChange("webhook", before, change)).toEqual(["url", "secret"]);
});

test("in a body of one's own are shown to whoever may change it, and to nobody else", async () => {
  const body = '{"token": "tk_123", "text": "{{title}}"}';
  const config = { url: "https://api.example.com/send", body };
  await alice.mutation(api.channels.create, { kind: "template", name: "Ops", config });
  const token = "i".repeat(32);
  await alice.mutation(api.invites.create, { token, role: "member" });
  const bob = await signIn(t, "bob");
  await bob.mutation(api.invites.accept, { token });
  await bob.mutation(api.channels.create, {
    kind: "template",
    name: "Mine",
    config,
    isPersonal: true,
  });
  expect(await alice.query(api.channels.list, {})).toMatchObject([{ config: { body } }]);
  const [shared, own] = await bob.query(api.channels.list, {});
  expect([shared?.name, shared?.config]).toEqual(["Ops", {}]);
  expect([own?.name, own?.config["body"]]).toEqual(["Mine", body]);
});
