/** `convex data`, `convex logs` and `convex function-spec`, by the unmodified official CLI. */
import { spawn } from "node:child_process";
import { ConvexClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deployContractApp, type Deployed } from "../contract/support/backendImplementation.ts";
import { watch } from "../contract/support/watching.ts";
import { api } from "../fixtures/contractApp/convex/_generated/api.js";

type Page<T> = { page: T[]; isDone: boolean; continueCursor: string };
const paginationOpts = { cursor: null, numItems: 100 };
type TableData = { table: string; order: "asc" | "desc"; paginationOpts: typeof paginationOpts };
const tableData = makeFunctionReference<"query", TableData, Page<{ text: string }>>(
  "_system/cli/tableData",
);

let deployed: Deployed;
beforeAll(async () => {
  deployed = await deployContractApp();
});
afterAll(() => deployed.dispose());
beforeEach(() => deployed.wipe());

const mustCli = async (...args: string[]) =>
  (await deployed.project.mustCli(deployed.backend, ...args)).stdout.trim();

const adminClient = () => {
  const client = new ConvexClient(deployed.backend.url, { logger: false });
  // Not in its public types; the CLI's own client is the same class.
  const sync = client.client as unknown as { setAdminAuth(key: string): void };
  sync.setAdminAuth(deployed.backend.adminKey);
  return client;
};

describe("convex data", () => {
  it("lists the tables, and those of a component", async () => {
    const tables = (await mustCli("data")).split("\n");
    expect(tables).toEqual([...tables].sort());
    expect(tables).toEqual(expect.arrayContaining(["entries", "links", "notes", "values"]));
    expect(tables.filter((name) => name.startsWith("_"))).toEqual([]);
    expect(await mustCli("data", "--component", "rateLimiter")).toContain("rateLimits");
  });

  it("prints documents of every type, newest first", async () => {
    await deployed.session.mutation(api.notes.add, { text: "first", rank: 1.5 });
    await deployed.session.mutation(api.notes.add, { text: "second", tag: "web" });
    const lines = (await mustCli("data", "notes", "--format", "jsonl")).split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual([
      "second",
      "first",
    ]);
    const oldest = await mustCli("data", "notes", "--order", "asc", "--limit", "1");
    expect(oldest).toContain('"first"');
    expect(oldest).not.toContain('"second"');
  });

  it("reads more than fits into one page", async () => {
    const notes = Array<{ text: string }>(50).fill({ text: "x".repeat(90_000) });
    const ids = [];
    for (let batch = 0; batch < 2; batch++)
      ids.push(...(await deployed.session.mutation(api.notes.addMany, { notes })));
    const printed = await mustCli("data", "notes", "--format", "jsonl", "--limit", "500");
    expect(printed.split("\n")).toHaveLength(100);
    // Too much for one transaction to wipe.
    for (const id of ids) await deployed.session.mutation(api.notes.remove, { id });
  });

  it("reads the backend's own tables", async () => {
    await deployed.session.mutation(api.scheduling.addLater, {
      delayMs: 60_000,
      log: "later",
      step: "one",
    });
    expect(await mustCli("data", "_scheduled_functions")).toContain("steps.js:addInternal");
    await mustCli("data", "_storage");
  });

  it("is watched like any query: new documents and new tables appear", async () => {
    const client = adminClient();
    const rows = watch(client, tableData, { table: "notes", order: "desc", paginationOpts });
    await rows.until(({ page }) => page.length === 0);
    const id = await deployed.session.mutation(api.notes.add, { text: "seen" });
    await rows.until(({ page }) => page[0]?.text === "seen");
    await deployed.session.mutation(api.notes.remove, { id });
    await rows.until(({ page }) => page.length === 0);
    await client.close();
  });

  it("is closed to everybody without the admin key", async () => {
    const client = new ConvexClient(deployed.backend.url, { logger: false });
    const rows = watch(client, tableData, { table: "notes", order: "desc", paginationOpts });
    await expect.poll(() => rows.errors[0]?.message).toContain("Could not find public function");
    await client.close();
  });
});

describe("convex function-spec", () => {
  it("tells functions with their validators, and HTTP routes", async () => {
    const spec = JSON.parse(await mustCli("function-spec")) as {
      url: string;
      functions: Record<string, unknown>[];
    };
    expect(spec.url).toBe(deployed.backend.url);
    const add = spec.functions.find(({ identifier }) => identifier === "notes.js:add");
    expect(add).toMatchObject({
      functionType: "Mutation",
      visibility: { kind: "public" },
      args: { type: "object" },
      returns: { type: "id", tableName: "notes" },
    });
    const internal = spec.functions.find(({ identifier }) => identifier === "steps.js:addInternal");
    expect(internal).toMatchObject({ visibility: { kind: "internal" } });
    const routes = spec.functions.filter(({ functionType }) => functionType === "HttpAction");
    expect(routes.length).toBeGreaterThan(0);
    expect(routes[0]).toEqual({
      functionType: "HttpAction",
      method: expect.any(String) as string,
      path: expect.stringMatching(/^\//) as string,
    });
  });
});

describe("convex logs", () => {
  it("shows what functions print and how they fail, past and to come", async () => {
    const { project, backend, session } = deployed;
    await session.query(api.failures.queryPlainError, { message: "an old one" }).catch(() => null);
    const child = spawn(
      process.execPath,
      [`${project.folder}/node_modules/convex/bin/main.js`, "logs", "--history", "--success"],
      {
        cwd: project.folder,
        env: {
          PATH: process.env["PATH"],
          HOME: project.folder,
          CONVEX_SELF_HOSTED_URL: backend.url,
          CONVEX_SELF_HOSTED_ADMIN_KEY: backend.adminKey,
        },
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    const shows = (text: RegExp) => expect.poll(() => printed, { timeout: 20_000 }).toMatch(text);
    try {
      await shows(/\[CONVEX Q\(failures:queryPlainError\)\] .*\n.*an old one/);
      await session.mutation(api.notes.add, { text: "silent" });
      await shows(/\[CONVEX M\(notes:add\)\] Function executed in \d+ ms/);
      await session.query(api.failures.queryPlainError, { message: "a new one" }).catch(() => null);
      await shows(/\[CONVEX Q\(failures:queryPlainError\)\] .*\n.*a new one/);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
