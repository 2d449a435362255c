/** The unmodified official CLI against the embedded backend. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConvexClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { api } from "../fixtures/contractApp/convex/_generated/api.js";
import { deployContractApp, type Deployed } from "./support/backendImplementation.ts";
import { failure } from "./support/failure.ts";
import { watch } from "./support/watching.ts";

const generated = fileURLToPath(
  new URL("../fixtures/contractApp/convex/_generated", import.meta.url),
);
const version = makeFunctionReference<"query", Record<string, never>, string>("extra:version");
const extra = (answer: string) => `
  import { query } from "./_generated/server.js";
  export const version = query({ args: {}, handler: () => ${JSON.stringify(answer)} });
`;

describe("official CLI", () => {
  let deployed: Deployed;
  beforeAll(async () => {
    deployed = await deployContractApp();
  });
  afterAll(() => deployed.dispose());
  beforeEach(() => deployed.wipe());

  const cli = (...args: string[]) => deployed.project.cli(deployed.backend, ...args);
  const mustCli = (...args: string[]) => deployed.project.mustCli(deployed.backend, ...args);
  const push = () => cli("deploy", "-y", "--typecheck", "disable", "--codegen", "disable");

  it("convex run calls functions of every kind, internal ones, too", async () => {
    const step = JSON.stringify({ log: "run", step: "one" });
    await mustCli("run", "steps:addInternal", step);
    const { stdout } = await mustCli("run", "steps:of", '{"log": "run"}');
    expect(JSON.parse(stdout)).toEqual(["one"]);
    const action = await mustCli("run", "actions:double", '{"n": 21}');
    expect(JSON.parse(action.stdout)).toBe(42);
  });

  it("convex run tells errors and unknown functions", async () => {
    const failed = await cli("run", "failures:queryPlainError", '{"message": "web-1 is down"}');
    expect(failed.exitCode).not.toBe(0);
    expect(failed.stderr).toContain("web-1 is down");
    const unknown = await cli("run", "nowhere:nothing");
    expect(unknown.exitCode).not.toBe(0);
    expect(unknown.stderr).toContain("Could not find function");
  });

  it("convex run can act for a user", async () => {
    const identity = JSON.stringify({ subject: "alice", name: "Alice" });
    const { stdout } = await mustCli("run", "identity:inQuery", "--identity", identity);
    expect(JSON.parse(stdout)).toMatchObject({ subject: "alice", name: "Alice" });
  });

  it("convex env sets, lists, gets and removes, and functions see it at once", async () => {
    const name = "CONTRACT_NEVER_SET";
    const client = new ConvexClient(deployed.backend.url, { logger: false });
    const seen = watch(client, api.environment.inQuery, { name });
    await seen.until((value) => value === null);
    await mustCli("env", "set", name, "a = b 'c' \"d\"");
    await seen.until((value) => value === "a = b 'c' \"d\"");
    expect((await mustCli("env", "get", name)).stdout.trim()).toBe("a = b 'c' \"d\"");
    expect((await mustCli("env", "list")).stdout).toContain(name);
    await mustCli("env", "remove", name);
    await seen.until((value) => value === null);
    expect((await mustCli("env", "list")).stdout).not.toContain(name);
    expect((await cli("env", "get", name)).stderr).toContain("not found");
    await client.close();
  });

  it("convex codegen writes exactly what is committed", async () => {
    for (const file of readdirSync(generated)) deployed.project.remove(`convex/_generated/${file}`);
    await mustCli("codegen", "--typecheck", "disable");
    for (const file of readdirSync(generated)) {
      expect(deployed.project.read(`convex/_generated/${file}`), file).toBe(
        readFileSync(join(generated, file), "utf8"),
      );
    }
  });

  it("convex deploy and convex dev --once replace functions, and subscriptions run the new ones; documents and environment stay", async () => {
    await deployed.session.mutation(api.notes.add, { text: "kept" });
    const client = new ConvexClient(deployed.backend.url, { logger: false });
    deployed.project.write("convex/extra.ts", extra("first"));
    await mustCli("deploy", "-y", "--typecheck", "disable");
    const answers = watch(client, version, {});
    await answers.until((answer) => answer === "first");
    deployed.project.write("convex/extra.ts", extra("second"));
    await mustCli("dev", "--once", "--typecheck", "disable");
    await answers.until((answer) => answer === "second");
    await client.close();

    deployed.project.remove("convex/extra.ts");
    expect((await push()).exitCode).toBe(0);
    await failure(deployed.session.query(version, {}));
    expect(await deployed.session.query(api.notes.list, {})).toMatchObject([{ text: "kept" }]);
    const name = "CONTRACT_GREETING";
    expect(await deployed.session.query(api.environment.inQuery, { name })).not.toBeNull();
  });

  const refuses = async (path: string, text: string, says: RegExp) => {
    const { project, session } = deployed;
    const before = path === "convex/schema.ts" ? project.read(path) : null;
    project.write(path, text);
    try {
      const { exitCode, stderr } = await push();
      expect(exitCode).not.toBe(0);
      expect(stderr).toMatch(says);
      await session.mutation(api.notes.add, { text: "still served" });
    } finally {
      if (before === null) project.remove(path);
      else project.write(path, before);
    }
  };

  it("refuses a module that fails to load, and goes on with the old code", () =>
    refuses(
      "convex/broken.ts",
      'export const version = null; throw new Error("this module is broken");',
      /this module is broken/,
    ));

  it("refuses a file name with a hyphen", () =>
    refuses("convex/with-hyphen.ts", extra("no"), /with-hyphen/));

  it("refuses a function whose arguments are no object", () =>
    refuses(
      "convex/broken.ts",
      `import { query } from "./_generated/server.js";
       import { v } from "convex/values";
       export const wrong = query({ args: v.string() as never, handler: () => null });`,
      /args/i,
    ));

  it("refuses a schema that the documents do not match", async () => {
    await deployed.session.mutation(api.notes.add, { text: "has no owner" });
    const schema = deployed.project
      .read("convex/schema.ts")
      .replace("text: v.string(),", "text: v.string(), owner: v.string(),");
    await refuses("convex/schema.ts", schema, /notes[\s\S]*owner|owner[\s\S]*notes/);
  });

  it("refuses a wrong admin key", async () => {
    const { url } = deployed.backend;
    const { project } = deployed;
    const result = await project.cli({ url, adminKey: "wrong|key" }, "run", "notes:list");
    expect(result.exitCode).not.toBe(0);
  });

  // Last, since it leaves another schema behind.
  it("fills a new index with the documents that are there", async () => {
    const { project, session } = deployed;
    await session.mutation(api.notes.addMany, { notes: [{ text: "b" }, { text: "a" }] });
    const schema = project.read("convex/schema.ts");
    project.write(
      "convex/schema.ts",
      schema.replace(
        '.index("by_rank", ["rank"])',
        '.index("by_rank", ["rank"]).index("by_text", ["text"])',
      ),
    );
    project.write(
      "convex/extra.ts",
      `import { query } from "./_generated/server.js";
       export const version = query({ args: {}, handler: async (ctx) =>
         (await ctx.db.query("notes").withIndex("by_text").collect()).map((note) => note.text).join() });`,
    );
    expect((await push()).exitCode).toBe(0);
    expect(await session.query(version, {})).toBe("a,b");
  });
});
