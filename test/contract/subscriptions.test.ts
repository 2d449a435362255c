/** Subscriptions over the sync protocol, seen through the official WebSocket client. */
import { BaseConvexClient, ConvexClient } from "convex/browser";
import { getFunctionName, type FunctionArgs } from "convex/server";
import { ConvexError } from "convex/values";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { api } from "../fixtures/contractApp/convex/_generated/api.js";
import type { Person } from "./session.ts";
import { deployContractApp, type Deployed } from "./support/backendImplementation.ts";
import { eventually, failure } from "./support/failure.ts";
import { watch } from "./support/watching.ts";

const options = { unsavedChangesWarning: false, logger: false } as const;

describe("subscriptions", () => {
  let deployed: Deployed;
  let open: ConvexClient[] = [];

  beforeAll(async () => {
    deployed = await deployContractApp();
  });
  afterAll(() => deployed.dispose());
  beforeEach(() => deployed.wipe());
  afterEach(async () => {
    await Promise.all(open.map((client) => client.close()));
    open = [];
  });

  const connect = () => {
    const client = new ConvexClient(deployed.backend.url, options);
    open.push(client);
    return client;
  };
  const add = (writer: string, sequence: number) =>
    deployed.session.mutation(api.entries.add, { writer, sequence });

  it("delivers the first result and each later one", async () => {
    const sequences = watch(connect(), api.entries.of, { writer: "a" });
    await sequences.until((all) => all.length === 0);
    await add("a", 1);
    await sequences.until((all) => all.length === 1);
    await add("a", 2);
    await sequences.until((all) => all.length === 2);
    expect(sequences.results).toEqual([[], [1], [1, 2]]);
  });

  it("runs a query again only when something that it read was written", async () => {
    const a = watch(connect(), api.entries.witness, { writer: "a" });
    await a.until(({ count }) => count === 0);
    for (const writer of ["b", "", "aa", "A"]) await add(writer, 1);
    await add("a", 1);
    await a.until(({ count }) => count === 1);
    expect(a.results.map(({ count }) => count)).toEqual([0, 1]);
  });

  it("does not run a query again for rows behind the last that it read", async () => {
    await add("a", 1);
    const first = watch(connect(), api.entries.witnessFirst, { writer: "a" });
    await first.until(({ sequence }) => sequence === 1);
    await add("a", 2);
    await add("a", 3);
    await deployed.session.mutation(api.entries.remove, { writer: "a", sequence: 1 });
    await first.until(({ sequence }) => sequence === 2);
    expect(first.results.map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it("notices rows that enter and leave a range by a change", async () => {
    const session = deployed.session;
    const id = await session.mutation(api.notes.add, { text: "one", tag: "a", rank: 1 });
    const tagged = watch(connect(), api.ranges.byTag, { tag: "b" });
    await tagged.until((all) => all.length === 0);
    await session.mutation(api.notes.change, { id, fields: { tag: "b" } });
    await tagged.until((all) => all.length === 1);
    await session.mutation(api.notes.remove, { id });
    await tagged.until((all) => all.length === 0);
    expect(tagged.results).toEqual([[], ["one"], []]);
  });

  it("shows two queries of one client always at the same moment", async () => {
    const mismatches: unknown[] = [];
    const path = getFunctionName(api.entries.countOf);
    const client = new BaseConvexClient(
      deployed.backend.url,
      () => {
        const left = client.localQueryResult(path, { writer: "left" });
        const right = client.localQueryResult(path, { writer: "right" });
        if (left !== right) mismatches.push([left, right]);
      },
      options,
    );
    client.subscribe(path, { writer: "left" });
    client.subscribe(path, { writer: "right" });
    await Promise.all(
      Array.from({ length: 40 }, (_, sequence) =>
        deployed.session.mutation(api.entries.addToBoth, {
          left: "left",
          right: "right",
          sequence,
        }),
      ),
    );
    await eventually(
      () => client.localQueryResult(path, { writer: "left" }),
      (count) => count === 40,
    );
    await client.close();
    // Before the first result of both, one may be undefined.
    expect(mismatches.filter((pair) => !(pair as unknown[]).includes(undefined))).toEqual([]);
  });

  it("tells all clients that look", async () => {
    const watches = [connect(), connect(), connect()].map((client) =>
      watch(client, api.entries.countOf, { writer: "a" }),
    );
    for (const one of watches) await one.until((count) => count === 0);
    await add("a", 1);
    for (const one of watches) expect(await one.until((count) => count === 1)).toBe(1);
  });

  it("stops when asked, and shows the present when asked again", async () => {
    const client = connect();
    const before = watch(client, api.entries.countOf, { writer: "a" });
    await before.until((count) => count === 0);
    before.stop();
    await add("a", 1);
    const after = watch(client, api.entries.countOf, { writer: "a" });
    await after.until((count) => count === 1);
    expect(before.results).toEqual([0]);
  });

  it("has the effect of a client's mutation in its queries when the mutation answers", async () => {
    const client = connect();
    const count = watch(client, api.entries.countOf, { writer: "a" });
    await count.until((n) => n === 0);
    for (let sequence = 1; sequence <= 20; sequence += 1) {
      expect(await client.mutation(api.entries.add, { writer: "a", sequence })).toBe(sequence);
      expect(client.client.localQueryResult("entries:countOf", { writer: "a" })).toBe(sequence);
    }
  });

  it("runs a client's mutations in the order in which they were made", async () => {
    const client = connect();
    const sequences = Array.from({ length: 100 }, (_, sequence) => sequence);
    await Promise.all(
      sequences.map((sequence) => client.mutation(api.entries.add, { writer: "a", sequence })),
    );
    expect(await deployed.session.query(api.entries.of, { writer: "a" })).toEqual(sequences);
  });

  it("answers mutations that change nothing", async () => {
    const client = connect();
    expect(await client.mutation(api.wire.byMutation, { value: 7 })).toBe(7);
    expect(await client.mutation(api.entries.remove, { writer: "nobody", sequence: 1 })).toBeNull();
  });

  it("runs actions and one-time queries", async () => {
    const client = connect();
    expect(await client.action(api.actions.writeAndRead, { log: "a" })).toEqual(["one", "two"]);
    expect(await client.query(api.steps.of, { log: "a" })).toEqual(["one", "two"]);
  });

  it("carries values of every type", async () => {
    const value = { n: [NaN, -0, Infinity], big: -(2n ** 63n), bytes: new Uint8Array([9]).buffer };
    const client = connect();
    expect(await client.mutation(api.wire.byMutation, { value })).toStrictEqual(value);
    expect(await client.action(api.wire.byAction, { value })).toStrictEqual(value);
    const echoed = watch(client, api.wire.byQuery, { value });
    expect(await echoed.until(() => true)).toStrictEqual(value);
  });

  it("brings errors with their data, and goes on afterwards", async () => {
    const client = connect();
    const data = { kind: "duplicate", at: 1n };
    const error = await failure(client.mutation(api.failures.throughMutation, { data }));
    expect(error).toBeInstanceOf(ConvexError);
    expect((error as ConvexError<typeof data>).data).toEqual(data);
    const plain = await failure(client.action(api.failures.actionPlainError, { message: "no" }));
    expect(plain.message).toContain("no");
    expect(await client.mutation(api.wire.byMutation, { value: 1 })).toBe(1);
  });

  it("shows a query's error, and its result once it works again", async () => {
    const session = deployed.session;
    const id = await session.mutation(api.notes.add, { text: "one", tag: "a" });
    await session.mutation(api.notes.add, { text: "two", tag: "a" });
    const unique = watch(connect(), api.ranges.unique, { tag: "a" });
    await eventually(
      () => unique.errors.length,
      (n) => n === 1,
    );
    await session.mutation(api.notes.remove, { id });
    expect(await unique.until(() => true)).toBe("two");
    expect(unique.errors[0]?.message).toMatch(/unique/);
  });

  it("runs all queries again when the caller signs in or out", async () => {
    const client = connect();
    const alice: Person = { subject: "alice", email: "alice@example.com" };
    const who = watch(client, api.identity.inQuery, {});
    await who.until((identity) => identity === null);
    client.setAuth(() => deployed.issuer.sign(alice));
    await who.until((identity) => (identity as Person | null)?.subject === "alice");
    expect(await client.mutation(api.identity.inMutation, {})).toMatchObject(alice);
    client.client.clearAuth();
    await who.until((identity) => identity === null);
  });

  it("keeps the caller of one socket apart from that of another", async () => {
    const [first, second] = [connect(), connect()];
    first.setAuth(() => deployed.issuer.sign({ subject: "alice" }));
    second.setAuth(() => deployed.issuer.sign({ subject: "bob" }));
    const subjects = [first, second].map((client) => watch(client, api.identity.inQuery, {}));
    for (const [index, subject] of ["alice", "bob"].entries()) {
      await subjects[index]?.until((identity) => (identity as Person | null)?.subject === subject);
    }
  });

  it("tells a client with a foreign token that it is not signed in", async () => {
    const stranger = { ...deployed.issuer, sign: async () => "eyJhbGciOiJSUzI1NiJ9.e30.AAAA" };
    const client = connect();
    const states: boolean[] = [];
    client.setAuth(
      () => stranger.sign(),
      (signedIn) => states.push(signedIn),
    );
    await eventually(
      () => states.length,
      (n) => n > 0,
    );
    expect(states).toEqual([false]);
    const who = watch(client, api.identity.inQuery, {});
    expect(await who.until(() => true)).toBeNull();
  });

  it("keeps the pages of a paginated query together while rows come", async () => {
    const session = deployed.session;
    const texts = ["1", "2", "3", "4", "5"];
    const notes = texts.map((text, index) => ({ text, tag: "p", rank: index + 1 }));
    await session.mutation(api.notes.addMany, { notes });
    const client = connect();
    const first = watch(client, api.paging.byTag, {
      tag: "p",
      paginationOpts: { numItems: 3, cursor: null },
    });
    const { continueCursor } = await first.until(({ page }) => page.length === 3);
    const second = watch(client, api.paging.byTag, {
      tag: "p",
      paginationOpts: { numItems: 3, cursor: continueCursor },
    });
    await second.until(({ page }) => page.length === 2);
    await session.mutation(api.notes.add, { text: "2.5", tag: "p", rank: 2.5 });
    expect((await first.until(({ page }) => page.includes("2.5"))).page).toEqual([
      "1",
      "2",
      "2.5",
      "3",
    ]);
    await session.mutation(api.notes.add, { text: "3.5", tag: "p", rank: 3.5 });
    expect((await second.until(({ page }) => page.includes("3.5"))).page).toEqual([
      "3.5",
      "4",
      "5",
    ]);
    expect(first.results.at(-1)?.page).toEqual(["1", "2", "2.5", "3"]);
  });

  it("has the official client split a page that grows, again and again", async () => {
    const client = connect();
    const add = (count: number, rank: number) =>
      deployed.session.mutation(api.notes.addMany, {
        notes: Array.from({ length: count }, (_, n) => ({ text: `${rank} ${n}`, tag: "p", rank })),
      });
    await add(4, 2);
    let latest: unknown[] = [];
    client.onPaginatedUpdate_experimental(
      api.paging.byTag,
      // It adds the options of the page by itself, which its types do not know.
      { tag: "p" } as FunctionArgs<typeof api.paging.byTag>,
      { initialNumItems: 3 },
      (paginated) => (latest = (paginated as unknown as { results: unknown[] }).results),
    );
    await eventually(
      () => latest,
      ({ length }) => length === 3,
    );
    await add(20, 1);
    // Not in its types, either.
    const { paginatedClient } = client as unknown as {
      paginatedClient: { paginatedQuerySet: Map<string, { pageKeys: unknown[] }> };
    };
    const pages = () => [...paginatedClient.paginatedQuerySet.values()][0]?.pageKeys.length;
    // 23 in halves of at most six.
    await eventually(pages, (count) => count === 4);
    await add(1, 1.5);
    await eventually(
      () => latest,
      ({ length }) => length === 24,
    );
    const ranks = latest.map((text) => Number(String(text).split(" ")[0]));
    expect(ranks).toEqual([...Array<number>(20).fill(1), 1.5, 2, 2, 2]);
  });

  it("shows what a scheduled function wrote", async () => {
    const client = connect();
    const steps = watch(client, api.steps.of, { log: "later" });
    await client.mutation(api.scheduling.addLater, { log: "later", step: "ran", delayMs: 10 });
    expect(await steps.until((all) => all.length > 0)).toEqual(["ran"]);
  });
});
