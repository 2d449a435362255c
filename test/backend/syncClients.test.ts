/** The unmodified official clients against sync/ and http/. */
import { BaseConvexClient, ConvexClient, ConvexHttpClient } from "convex/browser";
import { ConvexReactClient } from "convex/react";
import { ConvexError, type Value } from "convex/values";
import { describe, expect, test } from "vitest";
import { type FakeEngine } from "./support/fakeEngine.ts";
import { counterApp, counterRefs } from "./support/counterApp.ts";
import { closeLater, startServers } from "./support/testServers.ts";

const { query, mutation, action } = counterRefs;

async function start(engine: FakeEngine = counterApp()) {
  const servers = await startServers({ engine });
  const client = new ConvexClient(servers.url, { logger: false });
  closeLater(() => client.close());
  return { ...servers, client };
}

/** What a subscription hears, in order. */
function listen(client: ConvexClient, name: string, args: Record<string, Value> = {}) {
  const heard: unknown[] = [];
  const unsubscribe = client.onUpdate(
    query(name),
    args,
    (value: unknown) => heard.push(value),
    (error: Error) => heard.push(error),
  );
  return { heard, unsubscribe };
}

describe("ConvexClient", () => {
  test("hears the first result and every change, until it unsubscribes", async () => {
    const { engine, client } = await start();
    const { heard, unsubscribe } = listen(client, "get");
    await expect.poll(() => heard).toEqual([0]);
    engine.commit((db) => db.set("web-1", 1));
    await expect.poll(() => heard).toEqual([0, 1]);
    unsubscribe();
    await expect.poll(() => engine.watches.size).toBe(0);
    engine.commit((db) => db.set("web-1", 2));
    await client.mutation(mutation("nothing"), {});
    expect(heard).toEqual([0, 1]);
  });

  test("a mutation resolves only when the subscriptions show what it wrote", async () => {
    const { client } = await start();
    const { heard } = listen(client, "get");
    const sum = listen(client, "sum");
    await expect.poll(() => heard).toEqual([0]);
    for (let expected = 1; expected <= 20; expected++) {
      expect(await client.mutation(mutation("add"), {})).toBe(expected);
      expect(heard.at(-1)).toBe(expected);
      expect(sum.heard.at(-1)).toBe(expected);
    }
    expect(heard).toEqual(Array.from({ length: 21 }, (_, index) => index));
  });

  test("a mutation that changes nothing resolves, with and without subscriptions", async () => {
    const { client } = await start();
    expect(await client.mutation(mutation("nothing"), {})).toBeNull();
    listen(client, "get");
    expect(await client.mutation(mutation("nothing"), {})).toBeNull();
  });

  test("actions answer", async () => {
    const { client } = await start();
    expect(await client.action(action("double"), { value: 21 })).toBe(42);
  });

  test("errors arrive as the function threw them", async () => {
    const { client } = await start();
    const refused = await client.mutation(mutation("refuse"), {}).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConvexError);
    expect((refused as ConvexError<Value>).data).toEqual({ kind: "forbidden", message: "no" });
    const crashed = await client.mutation(mutation("crash"), {}).catch((error: unknown) => error);
    expect(crashed).not.toBeInstanceOf(ConvexError);
    expect((crashed as Error).message).toMatch(/Server Error/);
    const failed = await client
      .action(action("failingAction"), {})
      .catch((error: unknown) => error);
    expect((failed as ConvexError<Value>).data).toBeNull();
    const { heard } = listen(client, "failing");
    await expect.poll(() => heard).toHaveLength(1);
    expect((heard[0] as ConvexError<Value>).data).toEqual({ kind: "notFound", size: 0 });
    const missing = listen(client, "doesNotExist");
    await expect.poll(() => missing.heard).toHaveLength(1);
    expect((missing.heard[0] as Error).message).toMatch(/Could not find function/);
  });

  test("values of every kind survive both ways", async () => {
    const engine = counterApp().mutation(
      "counters:echo",
      (_context, args) => args["value"] ?? null,
    );
    const { client } = await start(engine);
    const value = {
      big: -(2n ** 63n),
      bytes: new Uint8Array([1, 2, 3]).buffer,
      numbers: [NaN, Infinity, -Infinity, -0, 1.5],
      text: '"\\\u2028\u0000😀',
      nothing: null,
    };
    const echoed = await client.mutation(mutation("echo"), { value });
    expect(echoed).toEqual(value);
  });

  test("thousands of queries come in one consistent set", async () => {
    const { engine, client } = await start();
    const count = 3000;
    const values = new Map<string, unknown>();
    for (let index = 0; index < count; index++) {
      const name = `web-${index}`;
      client.onUpdate(query("get"), { name }, (value: unknown) => values.set(name, value));
    }
    await expect.poll(() => values.size, { timeout: 20_000 }).toBe(count);
    engine.commit((db) => {
      for (let index = 0; index < count; index++) db.set(`web-${index}`, index);
    });
    await expect.poll(() => values.get(`web-${count - 1}`), { timeout: 20_000 }).toBe(count - 1);
    expect([...values.values()]).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  test("a result of many megabytes arrives whole", async () => {
    const { client } = await start();
    const { heard } = listen(client, "large", { length: 6_000_000 });
    await expect.poll(() => heard.length, { timeout: 20_000 }).toBe(1);
    expect(heard[0]).toBe("€".repeat(6_000_000));
  });

  test("after a restart of the server it subscribes again and sends what was in flight once", async () => {
    const engine = counterApp();
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    let isFirst = true;
    engine.mutation("counters:slowAdd", async ({ db }) => {
      const value = Number(db.get("web-1") ?? 0) + 1;
      if (isFirst) await released;
      isFirst = false;
      db.set("web-1", value);
      return value;
    });
    const first = await startServers({ engine });
    const client = new ConvexClient(first.url, { logger: false });
    closeLater(() => client.close());
    const { heard } = listen(client, "get");
    await expect.poll(() => heard).toEqual([0]);
    const adding = client.mutation(mutation("slowAdd"), {});
    const second = client.mutation(mutation("slowAdd"), {});
    const lostAction = client.action(action("wait"), {}).then(
      () => "answered",
      (error: Error) => error.message,
    );
    engine.action("counters:wait", () => new Promise(() => undefined));
    await expect.poll(() => engine.runs.length).toBe(2);
    await first.servers.close();
    release();
    await startServers({ engine, port: first.port });
    expect(await adding).toBe(1);
    expect(await second).toBe(2);
    expect(await lostAction).toMatch(/Connection lost while action was in flight/);
    expect(heard.at(-1)).toBe(2);
    expect(engine.db.get("web-1")).toBe(2);
  });

  test("an admin runs with the admin key, and acts as a user", async () => {
    const { url } = await startServers({ engine: counterApp() });
    const client = new BaseConvexClient(url, () => undefined, { logger: false });
    closeLater(() => client.close());
    (client as unknown as { setAdminAuth: (key: string, identity: unknown) => void }).setAdminAuth(
      "prod:testing|0123456789abcdef",
      { subject: "bob", issuer: "https://issuer.test" },
    );
    client.subscribe("counters:whoAmI", {});
    await expect.poll(() => client.localQueryResult("counters:whoAmI", {})).toBe("bob");
  });

  test("a wrong admin key ends in an AuthError", async () => {
    const { url, engine } = await startServers({ engine: counterApp() });
    const errors: string[] = [];
    const logger = {
      log: () => undefined,
      warn: () => undefined,
      logVerbose: () => undefined,
      error: (text: string) => errors.push(text),
    };
    const client = new BaseConvexClient(url, () => undefined, { logger });
    closeLater(() => client.close());
    (client as unknown as { setAdminAuth: (key: string) => void }).setAdminAuth("testing|wrong");
    await expect.poll(() => errors.join()).toMatch(/admin key is not the key of this deployment/);
    expect(engine.runs).toEqual([]);
  });
});

describe("ConvexReactClient", () => {
  test("watches queries and runs mutations with optimistic updates", async () => {
    const { url } = await startServers({ engine: counterApp() });
    const client = new ConvexReactClient(url, { logger: false });
    closeLater(() => client.close());
    const watch = client.watchQuery(query("get"), {});
    const heard: unknown[] = [];
    watch.onUpdate(() => heard.push(watch.localQueryResult()));
    await expect.poll(() => heard).toEqual([0]);
    const adding = client.mutation(
      mutation("add"),
      {},
      { optimisticUpdate: (store) => store.setQuery(query("get"), {}, 1) },
    );
    await expect.poll(() => heard).toEqual([0, 1]);
    expect(await adding).toBe(1);
    expect(heard.every((value) => value === 0 || value === 1)).toBe(true);
  });
});

describe("ConvexHttpClient", () => {
  test("runs queries, mutations and actions", async () => {
    const { url } = await startServers({ engine: counterApp() });
    const client = new ConvexHttpClient(url, { logger: false });
    expect(await client.mutation(mutation("add"), { by: 5 })).toBe(5);
    expect(await client.query(query("get"), {})).toBe(5);
    expect(await client.action(action("double"), { value: 4 })).toBe(8);
    expect(await client.consistentQuery(query("get"), {})).toBe(5);
  });

  test("throws what the functions threw", async () => {
    const { url } = await startServers({ engine: counterApp() });
    const client = new ConvexHttpClient(url, { logger: false });
    const refused = await client.mutation(mutation("refuse"), {}).catch((error: unknown) => error);
    expect((refused as ConvexError<Value>).data).toEqual({ kind: "forbidden", message: "no" });
    await expect(client.mutation(mutation("crash"), {})).rejects.toThrow(/Server Error/);
  });
});
