import { describe, expect, test } from "vitest";
import { decodeTs, encodeTs } from "../../backend/sync/timestamps.ts";
import { EngineError } from "../../backend/runtime/engine.ts";
import { parseSyncPath } from "../../backend/sync/syncServer.ts";
import { counterApp } from "./support/counterApp.ts";
import { RawSyncClient, SESSION_ID } from "./support/rawSyncClient.ts";
import { startServers } from "./support/testServers.ts";

type Version = { querySet: number; identity: number; ts: string };
const versions = (message: { [field: string]: unknown }) => ({
  start: message["startVersion"] as Version,
  end: message["endVersion"] as Version,
});
const tsOf = (version: Version) => decodeTs(version.ts) ?? 0n;

describe("query sets", () => {
  test("a transition comes when every added query has its first result, all at one timestamp", async () => {
    const engine = counterApp();
    const { port } = await startServers({ engine });
    const client = await RawSyncClient.open(port);
    client.add(
      0,
      { queryId: 0, udfPath: "counters:get" },
      { queryId: 1, udfPath: "counters:sum" },
      { queryId: 2, udfPath: "counters:failing" },
    );
    const transition = await client.next("Transition");
    const { start, end } = versions(transition);
    expect(start).toEqual({ querySet: 0, identity: 0, ts: encodeTs(0n) });
    expect(end).toMatchObject({ querySet: 1, identity: 0 });
    expect(tsOf(end)).toBe(engine.currentTs());
    expect(transition["modifications"]).toEqual([
      { type: "QueryUpdated", queryId: 0, value: 0, logLines: [], journal: null },
      { type: "QueryUpdated", queryId: 1, value: 0, logLines: [], journal: null },
      {
        type: "QueryFailed",
        queryId: 2,
        errorMessage: expect.stringContaining("Server Error") as string,
        errorData: { kind: "notFound", size: 0 },
        logLines: [],
        journal: null,
      },
    ]);
    expect(transition["serverTs"]).toEqual(expect.any(Number));
    expect(transition["clientClockSkew"]).toEqual(expect.any(Number));
  });

  test("each transition starts where the last one ended", async () => {
    const engine = counterApp();
    const { port } = await startServers({ engine });
    const client = await RawSyncClient.open(port);
    client.add(0, { queryId: 0, udfPath: "counters:get" });
    let last = versions(await client.next("Transition")).end;
    for (let round = 0; round < 5; round++) {
      engine.commit((db) => db.set("web-1", round + 1));
      const { start, end } = versions(await client.next("Transition"));
      expect(start).toEqual(last);
      last = end;
    }
  });

  test("an empty query set is confirmed at once", async () => {
    const { port } = await startServers({ engine: counterApp() });
    const client = await RawSyncClient.open(port);
    client.add(0);
    expect(versions(await client.next("Transition")).end.querySet).toBe(1);
  });

  test("a removed query is reported removed and no longer watched", async () => {
    const engine = counterApp();
    const { port } = await startServers({ engine });
    const client = await RawSyncClient.open(port);
    client.add(0, { queryId: 0, udfPath: "counters:get" });
    await client.next("Transition");
    client.say({
      type: "ModifyQuerySet",
      baseVersion: 1,
      newVersion: 2,
      modifications: [{ type: "Remove", queryId: 0 }],
    });
    const transition = await client.next("Transition");
    expect(transition["modifications"]).toEqual([{ type: "QueryRemoved", queryId: 0 }]);
    expect(engine.watches.size).toBe(0);
  });

  test("a commit that changes nothing that is watched sends nothing", async () => {
    const engine = counterApp();
    const { port } = await startServers({ engine });
    const client = await RawSyncClient.open(port);
    client.add(0, { queryId: 0, udfPath: "counters:get" });
    await client.next("Transition");
    engine.commit((db) => db.set("web-2", 5));
    engine.commit((db) => db.set("web-1", 7));
    const transition = await client.next("Transition");
    expect(transition["modifications"]).toMatchObject([{ value: 7 }]);
    expect(client.heard.filter(({ type }) => type === "Transition")).toHaveLength(2);
  });

  test("sockets that ask for the same share one watch, which ends with the last of them", async () => {
    const engine = counterApp();
    const { port } = await startServers({ engine });
    const clients = await Promise.all([1, 2, 3].map(() => RawSyncClient.open(port)));
    for (const client of clients) {
      client.add(0, { queryId: 9, udfPath: "counters:get" });
      await client.next("Transition");
    }
    expect(engine.watches.size).toBe(1);
    engine.commit((db) => db.set("web-1", 3));
    for (const client of clients) {
      expect((await client.next("Transition"))["modifications"]).toMatchObject([{ value: 3 }]);
    }
    for (const client of clients.slice(1)) client.terminate();
    await Promise.all(clients.slice(1).map(({ closed }) => closed));
    expect(engine.watches.size).toBe(1);
    clients[0]?.terminate();
    await expect.poll(() => engine.watches.size).toBe(0);
  });

  test("a page pinned by its journal is not given to newcomers, but to those who come back with the journal", async () => {
    const engine = counterApp();
    const { port } = await startServers({ engine });
    const alice = await RawSyncClient.open(port);
    alice.add(0, { queryId: 0, udfPath: "counters:page" });
    expect((await alice.next("Transition"))["modifications"]).toMatchObject([{ journal: "end 0" }]);
    engine.commit((db) => db.set("web-1", 1));
    await alice.next("Transition");
    const bob = await RawSyncClient.open(port);
    bob.add(0, { queryId: 0, udfPath: "counters:page" });
    expect((await bob.next("Transition"))["modifications"]).toMatchObject([{ journal: "end 1" }]);
    const again = await RawSyncClient.open(port);
    again.say({
      type: "ModifyQuerySet",
      baseVersion: 0,
      newVersion: 1,
      modifications: [
        { type: "Add", queryId: 0, udfPath: "counters:page", args: [{}], journal: "end 0" },
      ],
    });
    expect((await again.next("Transition"))["modifications"]).toMatchObject([{ journal: "end 0" }]);
  });
});

describe("mutations", () => {
  test("the answer comes first, then a transition to its timestamp, also when nothing changed", async () => {
    const { port } = await startServers({ engine: counterApp() });
    const client = await RawSyncClient.open(port);
    client.add(0);
    await client.next("Transition");
    client.mutate(0, "counters:nothing");
    const response = await client.next("MutationResponse");
    expect(response).toMatchObject({ requestId: 0, success: true, result: null, logLines: [] });
    const { end } = versions(await client.next("Transition"));
    expect(tsOf(end)).toBeGreaterThanOrEqual(decodeTs(response["ts"] as string) ?? 0n);
  });

  test("a transition follows the answer also when the commit was announced before it", async () => {
    const engine = counterApp();
    engine.announcesFirst = true;
    const { port } = await startServers({ engine });
    const client = await RawSyncClient.open(port);
    client.add(0, { queryId: 0, udfPath: "counters:get" });
    await client.next("Transition");
    client.mutate(0, "counters:add");
    const response = await client.next("MutationResponse");
    const { end } = versions(await client.next("Transition"));
    expect(tsOf(end)).toBeGreaterThanOrEqual(decodeTs(response["ts"] as string) ?? 0n);
  });

  test("they run one at a time, in the order in which they were sent", async () => {
    const engine = counterApp();
    let running = 0;
    const order: number[] = [];
    engine.mutation("slow", async (_context, args) => {
      expect(++running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5 - Number(args["n"])));
      running--;
      order.push(Number(args["n"]));
      return null;
    });
    const { port } = await startServers({ engine });
    const client = await RawSyncClient.open(port);
    for (let n = 0; n < 5; n++) client.mutate(n, "slow", { n });
    for (let n = 0; n < 5; n++) {
      expect(await client.next("MutationResponse")).toMatchObject({ requestId: n });
    }
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(engine.runs.map(({ session }) => session)).toEqual(
      [0, 1, 2, 3, 4].map((requestId) => ({ sessionId: SESSION_ID, requestId })),
    );
  });

  test("a failed mutation says why, with the data of a ConvexError and without any for others", async () => {
    const { port } = await startServers({ engine: counterApp() });
    const client = await RawSyncClient.open(port);
    client.mutate(0, "counters:refuse");
    expect(await client.next("MutationResponse")).toEqual({
      type: "MutationResponse",
      requestId: 0,
      success: false,
      result: expect.stringContaining("Server Error") as string,
      ts: null,
      errorData: { kind: "forbidden", message: "no" },
      logLines: [],
    });
    client.mutate(1, "counters:crash");
    expect(await client.next("MutationResponse")).not.toHaveProperty("errorData");
  });

  test("an engine that is away closes the socket with the reason, so that the client sends again", async () => {
    const engine = counterApp().mutation("away", () => {
      throw new EngineError("TooManyConcurrentRequests", "busy");
    });
    const { port } = await startServers({ engine });
    const client = await RawSyncClient.open(port);
    client.mutate(0, "away");
    expect(await client.closed).toEqual({ code: 1013, reason: "TooManyConcurrentRequests" });
  });

  test("more mutations than may wait are all done, in order, without being read in advance", async () => {
    const engine = counterApp();
    const { port } = await startServers({ engine, syncLimits: { maxQueuedMutations: 10 } });
    const client = await RawSyncClient.open(port);
    for (let n = 0; n < 500; n++) client.mutate(n, "counters:add", { pad: "x".repeat(2000) });
    let last: unknown;
    for (let n = 0; n < 500; n++) last = await client.next("MutationResponse");
    expect(last).toMatchObject({ requestId: 499, result: 500 });
  });
});

describe("actions", () => {
  test("they run at the same time and answer without a timestamp", async () => {
    const engine = counterApp();
    const gate: (() => void)[] = [];
    engine.action("waiting", async () => {
      await new Promise<void>((resolve) => gate.push(resolve));
      return "done";
    });
    const { port } = await startServers({ engine });
    const client = await RawSyncClient.open(port);
    for (const requestId of [0, 1]) {
      client.say({ type: "Action", requestId, udfPath: "waiting", args: [{}] });
    }
    await expect.poll(() => gate.length).toBe(2);
    gate[1]?.();
    expect(await client.next("ActionResponse")).toEqual({
      type: "ActionResponse",
      requestId: 1,
      success: true,
      result: "done",
      logLines: [],
    });
    gate[0]?.();
    expect(await client.next("ActionResponse")).toMatchObject({ requestId: 0 });
  });

  test("data of null is told from no data", async () => {
    const { port } = await startServers({ engine: counterApp() });
    const client = await RawSyncClient.open(port);
    client.say({ type: "Action", requestId: 0, udfPath: "counters:failingAction", args: [{}] });
    expect(await client.next("ActionResponse")).toHaveProperty("errorData", null);
  });

  test("one too many is refused, not queued", async () => {
    const engine = counterApp().action("waiting", () => new Promise(() => undefined));
    const { port } = await startServers({ engine, syncLimits: { maxConcurrentActions: 1 } });
    const client = await RawSyncClient.open(port);
    for (const requestId of [0, 1]) {
      client.say({ type: "Action", requestId, udfPath: "waiting", args: [{}] });
    }
    expect(await client.next("ActionResponse")).toMatchObject({
      requestId: 1,
      success: false,
      result: expect.stringContaining("Too many concurrent actions") as string,
    });
  });
});

describe("broken clients", () => {
  const connected = { connects: true };
  const cases: { name: string; says: string; error: RegExp; connects?: boolean }[] = [
    { name: "text that is not JSON", says: "hello", error: /not JSON/ },
    { name: "JSON that is no object", says: "[1]", error: /not a JSON object/ },
    { name: "an unknown type", says: '{"type":"Subscribe"}', error: /unknown type "Subscribe"/ },
    { name: "no type", says: "{}", error: /unknown type/ },
    { name: "a type from the prototype", says: '{"type":"toString"}', error: /"toString"/ },
    {
      name: "a missing field",
      says: '{"type":"Mutation","requestId":1,"args":[{}]}',
      error: /Mutation message: udfPath/,
    },
    {
      name: "arguments that are no object",
      says: '{"type":"Mutation","requestId":1,"udfPath":"a:b","args":[[1]]}',
      error: /Mutation message: args/,
    },
    {
      name: "two arguments",
      says: '{"type":"Mutation","requestId":1,"udfPath":"a:b","args":[{},{}]}',
      error: /Mutation message: args/,
    },
    {
      name: "arguments nested without end",
      says: `{"type":"Mutation","requestId":1,"udfPath":"a:b","args":[{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}]}`,
      error: /nested too deeply/,
    },
    {
      name: "a wrong base version of the query set",
      says: '{"type":"ModifyQuerySet","baseVersion":4,"newVersion":5,"modifications":[]}',
      error: /Versions 4 to 5/,
    },
    {
      name: "a version that does not grow",
      says: '{"type":"ModifyQuerySet","baseVersion":0,"newVersion":0,"modifications":[]}',
      error: /Versions 0 to 0/,
    },
    {
      name: "removal of an unknown query",
      says: '{"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Remove","queryId":7}]}',
      error: /Query 7 was removed/,
    },
    {
      name: "a wrong base version of the identity",
      says: '{"type":"Authenticate","tokenType":"None","baseVersion":3}',
      error: /Base version 3/,
    },
    {
      name: "a message before Connect",
      says: '{"type":"Event","eventType":"x","event":null}',
      error: /Event before Connect/,
      connects: false,
    },
    {
      name: "Connect with an id that is no UUID",
      says: '{"type":"Connect","sessionId":"me","connectionCount":0,"lastCloseReason":null,"clientTs":1}',
      error: /Connect message: sessionId/,
      connects: false,
    },
    {
      name: "Connect twice",
      says: `{"type":"Connect","sessionId":"${SESSION_ID}","connectionCount":0,"lastCloseReason":null,"clientTs":1}`,
      error: /Connect twice/,
    },
  ];
  for (const { name, says, error, connects } of cases) {
    test(`${name} ends in a FatalError that says so`, async () => {
      const engine = counterApp();
      const { port } = await startServers({ engine });
      const client = await RawSyncClient.open(port, connects === false ? { connects } : connected);
      client.sayText(says);
      const fatal = await client.next("FatalError");
      expect(fatal["error"]).toMatch(error);
      await client.closed;
      expect(engine.runs).toEqual([]);
    });
  }

  test("the same query id twice ends in a FatalError and leaves no watch behind", async () => {
    const engine = counterApp();
    const { port } = await startServers({ engine });
    const client = await RawSyncClient.open(port);
    client.add(0, { queryId: 0, udfPath: "counters:get" }, { queryId: 0, udfPath: "counters:sum" });
    expect((await client.next("FatalError"))["error"]).toMatch(/Query 0 was added twice/);
    await client.closed;
    expect(engine.watches.size).toBe(0);
  });

  test("a binary frame closes the socket", async () => {
    const { port } = await startServers({ engine: counterApp() });
    const client = await RawSyncClient.open(port);
    client.sayBytes(new Uint8Array([1, 2, 3]));
    expect(await client.closed).toEqual({ code: 1003, reason: "TextFramesOnly" });
  });

  test("a message over the limit closes the socket and nobody else's", async () => {
    const { port } = await startServers({
      engine: counterApp(),
      syncLimits: { maxMessageBytes: 10_000 },
    });
    const bob = await RawSyncClient.open(port);
    const client = await RawSyncClient.open(port);
    client.mutate(0, "counters:add", { pad: "x".repeat(20_000) });
    expect((await client.closed).code).toBe(1009);
    bob.mutate(0, "counters:add");
    expect(await bob.next("MutationResponse")).toMatchObject({ success: true });
  });

  test("too many queries end in a FatalError", async () => {
    const { port } = await startServers({ engine: counterApp(), syncLimits: { maxQueries: 2 } });
    const client = await RawSyncClient.open(port);
    client.add(
      0,
      ...[0, 1, 2].map((queryId) => ({ queryId, udfPath: "counters:get", args: { queryId } })),
    );
    expect((await client.next("FatalError"))["error"]).toMatch(/at most 2 queries/);
  });

  test("a client from the future is sent away to try again", async () => {
    const engine = counterApp();
    const { port, logged } = await startServers({ engine });
    const client = await RawSyncClient.open(port, { connects: false });
    client.say({
      type: "Connect",
      sessionId: SESSION_ID,
      connectionCount: 3,
      lastCloseReason: null,
      clientTs: 0,
      maxObservedTimestamp: encodeTs(engine.currentTs() + 1n),
    });
    expect(await client.closed).toEqual({ code: 1011, reason: "InternalServerError" });
    expect(logged).toHaveLength(1);
  });

  test("a client from before a restart is not taken for one from the future", async () => {
    const engine = counterApp();
    const { port } = await startServers({ engine });
    const ts = engine.currentTs() + 5000n;
    engine.open(ts);
    const client = await RawSyncClient.open(port, { connects: false });
    client.say({
      type: "Connect",
      sessionId: SESSION_ID,
      connectionCount: 3,
      lastCloseReason: null,
      maxObservedTimestamp: encodeTs(ts),
    });
    client.add(0);
    expect(versions(await client.next("Transition")).end.ts).toBe(encodeTs(ts));
  });

  test("an upgrade to another path is refused", async () => {
    const { port } = await startServers();
    await expect(RawSyncClient.open(port, { path: "/socket" })).rejects.toThrow(/404/);
  });
});

describe("slow and silent clients", () => {
  test("a long transition is split for clients that can put it together", async () => {
    const { port } = await startServers({
      engine: counterApp(),
      syncLimits: { chunkLength: 1000 },
    });
    const client = await RawSyncClient.open(port);
    client.add(0, { queryId: 0, udfPath: "counters:large", args: { length: 5000 } });
    const chunks = [await client.next("TransitionChunk")];
    const total = Number(chunks[0]?.["totalParts"]);
    while (chunks.length < total) chunks.push(await client.next("TransitionChunk"));
    expect(chunks.map((chunk) => chunk["partNumber"])).toEqual(chunks.map((_, index) => index));
    const text = chunks.map((chunk) => chunk["chunk"]).join("");
    const whole = JSON.parse(text) as { type: string; modifications: { value: string }[] };
    expect(whole.type).toBe("Transition");
    expect(whole.modifications[0]?.value).toBe("€".repeat(5000));
  });

  test("older clients and those of other languages get it whole", async () => {
    const { port } = await startServers({
      engine: counterApp(),
      syncLimits: { chunkLength: 1000 },
    });
    for (const path of ["/api/1.27.5/sync", "/api/sync"]) {
      const client = await RawSyncClient.open(port, { path });
      client.add(0, { queryId: 0, udfPath: "counters:large", args: { length: 5000 } });
      await client.next("Transition");
    }
    expect(parseSyncPath("/api/1.28.0/sync")).toEqual({ splitsTransitions: true });
    expect(parseSyncPath("/api/2.0.0/sync")).toEqual({ splitsTransitions: true });
    expect(parseSyncPath("/api/a/b/sync")).toBeNull();
  });

  test("updates for a client that does not read coalesce into the latest result", async () => {
    const engine = counterApp();
    engine.query("big", ({ db }) => `${Number(db.get("n") ?? 0)}:${"x".repeat(2_000_000)}`);
    const { port } = await startServers({ engine, syncLimits: { congestedBytes: 1000 } });
    const client = await RawSyncClient.open(port);
    client.add(0, { queryId: 0, udfPath: "big" });
    await client.next("Transition");
    client.stopReading();
    for (let n = 1; n <= 40; n++) {
      engine.commit((db) => db.set("n", n));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    client.readOn();
    await expect
      .poll(() => JSON.stringify(client.heard.at(-1) ?? {}).includes('"40:x'), { timeout: 20_000 })
      .toBe(true);
    const transitions = client.heard.filter(({ type }) => type === "Transition");
    expect(transitions.length).toBeLessThan(30);
  });

  test("a silent connection hears a Ping, and WebSocket pings", async () => {
    const { port } = await startServers({ syncLimits: { sweepEveryMs: 10, pingAfterMs: 20 } });
    const client = await RawSyncClient.open(port);
    expect(await client.next("Ping")).toEqual({ type: "Ping" });
    expect(client.pingsHeard).toBeGreaterThan(0);
  });

  test("a clock that is set keeps no connection from its Ping, and ends none", async () => {
    let nowMs = Date.now();
    const syncLimits = { sweepEveryMs: 10, pingAfterMs: 20, deadAfterMs: 60_000 };
    const { port } = await startServers({ now: () => nowMs, syncLimits });
    const client = await RawSyncClient.open(port);
    for (const changeMs of [-3_600_000, 7_200_000]) {
      nowMs += changeMs;
      expect(await client.next("Ping")).toEqual({ type: "Ping" });
    }
  });

  test("a peer that never answers pings is given up and its watches end", async () => {
    const engine = counterApp();
    const { port } = await startServers({
      engine,
      syncLimits: { sweepEveryMs: 20, deadAfterMs: 200, pingAfterMs: 10_000 },
    });
    const client = await RawSyncClient.open(port);
    client.add(0, { queryId: 0, udfPath: "counters:get" });
    await client.next("Transition");
    client.stopReading();
    await expect.poll(() => engine.watches.size, { timeout: 10_000 }).toBe(0);
  });

  test("closing the servers sends clients away politely", async () => {
    const { port, servers } = await startServers({ engine: counterApp() });
    const client = await RawSyncClient.open(port);
    client.add(0);
    await client.next("Transition");
    await servers.close();
    expect(await client.closed).toEqual({ code: 1001, reason: "GoingAway" });
  });
});
