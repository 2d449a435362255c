/** Pushes of changed schemas and code onto a deployment that has documents, subscribers and writers. */
import { ConvexClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, failure } from "../contract/support/failure.ts";
import { watch } from "../contract/support/watching.ts";
import { DeployedApp } from "./support/deployedApp.ts";
import { DirectPush } from "./support/directPush.ts";

type Note = { _id: string; title: string; rank?: number };

const add = makeFunctionReference<"mutation", { notes: unknown[]; table?: string }, string[]>(
  "notes:add",
);
const patch = makeFunctionReference<"mutation", { id: string; fields: object }, null>(
  "notes:patch",
);
const all = makeFunctionReference<"query", { table?: string }, Note[]>("notes:all");
const indexed = makeFunctionReference<"query", Record<string, unknown>, Note[]>("notes:indexed");
const version = makeFunctionReference<"query", Record<string, never>, string>("version:get");
const bump = makeFunctionReference<"mutation", Record<string, never>, [string, number]>(
  "version:bump",
);
const variable = makeFunctionReference<"query", Record<string, never>, string | null>(
  "version:variable",
);

/** Functions that take any document, so that the schema alone decides. */
const notes = `
  import { mutationGeneric as mutation, queryGeneric as query } from "convex/server";
  export const add = mutation(async (ctx, { notes, table = "notes" }) => {
    const ids = [];
    for (const note of notes) ids.push(await ctx.db.insert(table, note));
    return ids;
  });
  export const patch = mutation(async (ctx, { id, fields }) => {
    await ctx.db.patch(id, fields);
    return null;
  });
  export const all = query((ctx, { table = "notes" }) => ctx.db.query(table).take(5000));
  export const indexed = query((ctx, { index, field, from }) =>
    ctx.db.query("notes").withIndex(index, (q) => q.gte(field, from)).take(3));
`;
const versioned = (text: string) => `
  import { mutationGeneric as mutation, queryGeneric as query } from "convex/server";
  export const get = query(() => "${text}");
  export const variable = query(() => process.env.GREETING ?? null);
  export const bump = mutation(async (ctx) => {
    const id = await ctx.db.insert("bumps", { by: "${text}" });
    return ["${text}", (await ctx.db.query("bumps").collect()).length];
  });
`;
const schema = (tables: string, options = "{}") => `
  import { defineSchema, defineTable } from "convex/server";
  import { v } from "convex/values";
  export default defineSchema({ ${tables} }, ${options});
`;

describe("schema changes", () => {
  let app: DeployedApp;
  let pushes: DirectPush;
  beforeAll(async () => {
    app = await DeployedApp.start("emptyApp");
    pushes = new DirectPush(app);
  });
  afterAll(() => app.dispose());

  const push = (files: Record<string, string | null>) => pushes.push(files);
  const titles = (found: Note[]) => found.map(({ title }) => title);
  const byRank = { index: "by_rank", field: "rank" };

  it("a new index finds the documents that are there, and one that is gone finds nothing", async () => {
    await push({ "notes.ts": notes, "version.ts": versioned("one") });
    // More than are read at once when an index is filled.
    const many = Array.from({ length: 1_200 }, (_, n) => ({ title: `note ${n}`, rank: 1_200 - n }));
    await app.mutation(add, { notes: [...many, { title: "unranked" }] });
    await failure(app.query(indexed, { ...byRank, from: 0 }));

    const note = "notes: defineTable({ title: v.string(), rank: v.optional(v.number()) })";
    await push({ "schema.ts": schema(`${note}.index("by_rank", ["rank"])`) });
    expect(titles(await app.query(indexed, { ...byRank, from: 0 }))).toEqual([
      "note 1199",
      "note 1198",
      "note 1197",
    ]);
    expect(titles(await app.query(indexed, { ...byRank, from: 1_200 }))).toEqual(["note 0"]);

    // The same name with other fields is another index.
    await push({ "schema.ts": schema(`${note}.index("by_rank", ["title"])`) });
    const byTitle = { index: "by_rank", field: "title", from: "note 998" };
    expect(titles(await app.query(indexed, byTitle))).toEqual(["note 998", "note 999", "unranked"]);

    await push({ "schema.ts": schema(note) });
    expect((await failure(app.query(indexed, byTitle))).message).toMatch(/by_rank/);
  });

  it("a document that does not match refuses the push, by its id, and all of it", async () => {
    const before = await app.query(all, {});
    const [first] = await app.mutation(add, { notes: [{ title: "the odd one" }] });
    const strict = "notes: defineTable({ title: v.string(), rank: v.number() })";
    const { message } = await failure(
      push({
        "schema.ts": schema(`${strict}.index("by_rank", ["rank"])`),
        "version.ts": versioned("two"),
      }),
    );
    const odd = (await app.query(all, {})).filter(({ rank }) => rank === undefined);
    expect(odd.some(({ _id }) => message.includes(_id))).toBe(true);
    expect(message).toMatch(/table "notes"[\s\S]*rank/);

    // Neither its code nor its index nor its rules are there.
    expect(await app.query(version, {})).toBe("one");
    await failure(app.query(indexed, { ...byRank, from: 0 }));
    await app.mutation(add, { notes: [{ title: "still taken" }] });
    expect(await app.query(all, {})).toHaveLength(before.length + 2);
    expect(first).toBeDefined();
  });

  it("passes once the documents match, and holds from then on", async () => {
    for (const { _id, rank } of await app.query(all, {})) {
      if (rank === undefined) await app.mutation(patch, { id: _id, fields: { rank: 7 } });
    }
    await push({});
    expect(await app.query(version, {})).toBe("two");
    const { message } = await failure(app.mutation(add, { notes: [{ title: "no rank" }] }));
    expect(message).toMatch(/does not match the schema[\s\S]*rank/);
    const [one] = await app.query(indexed, { ...byRank, from: 1_200 });
    await failure(app.mutation(patch, { id: one?._id ?? "", fields: { rank: "high" } }));
  });

  it("does not look at documents when validation is off", async () => {
    const wrong = "notes: defineTable({ title: v.number() })";
    await push({ "schema.ts": schema(wrong, "{ schemaValidation: false }") });
    await app.mutation(add, { notes: [{ title: "anything goes" }] });
    await failure(push({ "schema.ts": schema(wrong) }));
  });

  it("keeps the documents of a table that the schema drops", async () => {
    const ids = await app.mutation(add, { table: "others", notes: [{ title: "other" }] });
    const other = `others: defineTable({ title: v.string() })`;
    const link = `links: defineTable({ other: v.id("others") })`;
    await push({ "schema.ts": schema(`${other}, ${link}`) });
    await push({ "schema.ts": schema(link) });
    expect(titles(await app.query(all, { table: "others" }))).toEqual(["other"]);
    await app.mutation(add, { table: "links", notes: [{ other: ids[0] }] });
    const [noteId] = (await app.query(all, {})).map(({ _id }) => _id);
    await failure(app.mutation(add, { table: "links", notes: [{ other: noteId }] }));
  });

  it("a change of environment runs queries again", async () => {
    const client = new ConvexClient(app.backend.url, { logger: false });
    const seen = watch(client, variable, {});
    await seen.until((value) => value === null);
    await app.setEnvironment({ GREETING: "hello" });
    await seen.until((value) => value === "hello");
    await app.setEnvironment({ GREETING: null });
    await seen.until((value) => value === null);
    await client.close();
  });

  it("moves subscriptions to the new code, and writers meet one version after the other", async () => {
    const client = new ConvexClient(app.backend.url, { logger: false });
    const seen = watch(client, version, {});
    await seen.until((text) => text === "two");

    let pushing = true;
    const answers: [string, number][] = [];
    const writer = (async () => {
      while (pushing) answers.push(await client.mutation(bump, {}));
    })();
    await push({ "version.ts": versioned("three") });
    await seen.until((text) => text === "three");
    await eventually(
      () => answers.at(-1)?.[0],
      (by) => by === "three",
    );
    pushing = false;
    await writer;
    // Every write was answered and counted once, and no old code ran after the new.
    expect(answers.map(([, count]) => count)).toEqual(answers.map((_, at) => at + 1));
    const versions = answers.map(([by]) => by);
    expect(versions).toEqual([...versions].sort((a, b) => (a < b ? 1 : -1)));
    expect(seen.results).toEqual(["two", "three"]);

    await push({ "version.ts": null });
    await eventually(
      () => seen.errors,
      ({ length }) => length > 0,
    );
    expect(seen.errors[0]?.message).toMatch(/Could not find public function/);
    await push({ "version.ts": versioned("four") });
    await seen.until((text) => text === "four");
    await client.close();
  });

  it("a push that nobody finishes changes nothing, and of two at once the later one to finish stays", async () => {
    const abandoned = await pushes.start({ "version.ts": versioned("abandoned") });
    await abandoned.check();
    const first = await pushes.start({ "version.ts": versioned("first") });
    const second = await pushes.start({ "version.ts": versioned("second") });
    await Promise.all([first.check(), second.check()]);
    expect(await app.query(version, {})).toBe("four");
    await second.finish();
    expect(await app.query(version, {})).toBe("second");
    await first.finish();
    expect(await app.query(version, {})).toBe("first");
    // What is finished is not kept in memory any longer.
    expect((await failure(second.finish())).message).toMatch(/push again/);
    await push({ "version.ts": versioned("four") });
  });

  it("a backend killed during a push has the old code or the new, never a mixture", async () => {
    const pushed = push({ "version.ts": versioned("five"), "notes.ts": notes }).catch(() => null);
    const before = (await app.query(all, {})).length;
    // About as long as it takes.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
    await app.backend.kill("SIGKILL");
    await app.backend.start();
    await pushed;
    expect(["four", "five"]).toContain(await app.query(version, {}));
    expect(await app.query(all, {})).toHaveLength(before);
    await push({});
    expect(await app.query(version, {})).toBe("five");
  });

  it.each([
    ["a reserved index name", `.index("by_id", ["title"])`, /by_id.*reserved/],
    ["a search index", `.searchIndex("s", { searchField: "title" })`, /search index.*not support/],
  ])("refuses %s", async (_what, definition, says) => {
    const broken = `notes: defineTable({ title: v.string() })${definition}`;
    expect((await failure(push({ "schema.ts": schema(broken) }))).message).toMatch(says);
    expect(await app.query(version, {})).toBe("five");
  });
});
