import { getFunctionName, type FunctionReference } from "convex/server";
import { beforeEach, describe, expect, test } from "vitest";
import { api } from "../../convex/_generated/api.js";
import type { Id } from "../../convex/_generated/dataModel.js";
import {
  addChannel,
  aliceWithMachine,
  beat,
  firstPage,
  MACHINE_ID,
  SECRET,
  signIn,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const modules = import.meta.glob<Record<string, unknown>>(
  ["../../convex/**/*.ts", "!../../convex/_generated/**", "!../../convex/**/*.*.ts"],
  { eager: true },
);

interface Alices {
  channelId: Id<"channels">;
  workspaceId: Id<"workspaces">;
}

type Arguments = (alices: Alices) => Record<string, unknown>;

/** What each public function is called with: things of Alice's, asked for by others. */
const samples: Record<string, Arguments> = {
  "machines:create": () => ({ machineId: "b".repeat(21), secret: SECRET, name: "mine" }),
  "machines:list": () => ({}),
  "machines:get": () => ({ machineId: MACHINE_ID }),
  "machines:update": () => ({ machineId: MACHINE_ID, name: "taken" }),
  "machines:remove": () => ({ machineId: MACHINE_ID }),
  "pulses:list": () => ({ machineIds: [MACHINE_ID] }),
  "channels:create": () => ({
    kind: "webhook",
    name: "mine",
    config: { url: "https://hooks.example.com/" },
  }),
  "channels:list": () => ({}),
  "channels:remove": ({ channelId }) => ({ channelId }),
  "channels:test": ({ channelId }) => ({ channelId }),
  "deliveries:list": ({ channelId }) => ({ paginationOpts: firstPage, channelId }),
  "incidents:list": () => ({ paginationOpts: firstPage }),
  "monitor:status": () => ({}),
};

/** What a stranger may call. Adding to this list is a decision. */
const open = ["auth:signIn", "auth:signOut", "installation:status", "users:me"];

/** Functions that do not look at anything of a workspace: nothing of Alice's to protect. */
const withoutWorkspaceData = ["monitor:status"];

type Kind = "query" | "mutation" | "action";
interface PublicFunction {
  name: string;
  kind: Kind;
  reference: FunctionReference<Kind>;
}

function publicFunctions(): PublicFunction[] {
  return Object.entries(modules).flatMap(([file, exports]) => {
    const path = file.replace("../../convex/", "").replace(/\.ts$/, "");
    return Object.entries(exports).flatMap(([name, value]) => {
      const registered = value as Record<string, unknown> | null;
      if (registered?.["isPublic"] !== true) return [];
      const kind = (["query", "mutation", "action"] as const).find(
        (candidate) => registered[`is${candidate[0]!.toUpperCase()}${candidate.slice(1)}`] === true,
      );
      if (kind === undefined) return [];
      const reference = [...path.split("/"), name].reduce<unknown>(
        (node, key) => (node as Record<string, unknown>)[key],
        api,
      ) as FunctionReference<Kind>;
      return [{ name: getFunctionName(reference), kind, reference }];
    });
  });
}

async function call(
  person: Pick<Person, "query" | "mutation" | "action">,
  { kind, reference }: PublicFunction,
  args: Record<string, unknown>,
): Promise<unknown> {
  switch (kind) {
    case "query":
      return await person.query(reference as FunctionReference<"query">, args);
    case "mutation":
      return await person.mutation(reference as FunctionReference<"mutation">, args);
    case "action":
      return await person.action(reference as FunctionReference<"action">, args);
    default:
      return kind satisfies never;
  }
}

const guarded = publicFunctions().filter(({ name }) => !open.includes(name));

test("every public function is either open by decision or has a sample here", () => {
  const names = publicFunctions().map(({ name }) => name);
  expect(names.sort()).toEqual([...open, ...Object.keys(samples)].sort());
});

describe("every other public function", () => {
  let t: Backend;
  let alice: Person;
  let alices: Alices;

  beforeEach(async () => {
    t = startBackend();
    alice = await aliceWithMachine(t);
    await beat(t);
    const me = await alice.query(api.users.me, {});
    alices = { channelId: await addChannel(alice), workspaceId: me!.workspace.workspaceId };
  });

  test.each(guarded)("$name refuses a stranger", async (fn) => {
    await expect(call(t, fn, samples[fn.name]!(alices))).rejects.toMatchObject({
      data: { kind: "notSignedIn" },
    });
  });

  test.each(guarded)("$name refuses Bob in Alice's workspace", async (fn) => {
    const bob = await signIn(t, "bob");
    const { workspaceId } = alices;
    const args = { ...samples[fn.name]!(alices), workspaceId };
    await expect(call(bob, fn, args)).rejects.toMatchObject({ data: { kind: "notFound" } });
  });

  test.each(guarded)("$name gives Bob nothing of Alice's in his own", async (fn) => {
    const bob = await signIn(t, "bob");
    const before = await everythingOfAlices(t);
    const outcome = await call(bob, fn, samples[fn.name]!(alices)).catch(
      (error: { data?: { kind: string } }) => error.data?.kind,
    );
    expect(await everythingOfAlices(t)).toBe(before);
    if (withoutWorkspaceData.includes(fn.name)) return;
    expect(JSON.stringify(outcome) ?? "null").not.toMatch(/web-1|Ops|hooks\.example/);
  });

  test.each(guarded.filter(({ kind }) => kind === "mutation"))(
    "$name refuses a viewer",
    async (fn) => {
      const victor = await signIn(t, "victor");
      await t.run(async (ctx) => {
        const user = (await ctx.db.query("users").take(10)).find(({ name }) => name === "victor");
        const { workspaceId } = alices;
        await ctx.db.insert("members", { workspaceId, userId: user!._id, role: "viewer" });
      });
      const args = { ...samples[fn.name]!(alices), workspaceId: alices.workspaceId };
      await expect(call(victor, fn, args)).rejects.toMatchObject({ data: { kind: "forbidden" } });
    },
  );
});

async function everythingOfAlices(t: Backend): Promise<string> {
  return await t.run(async (ctx) => {
    const alice = (await ctx.db.query("users").take(10)).find(({ name }) => name === "alice");
    const workspace = (await ctx.db.query("workspaces").take(10)).find(
      ({ createdBy }) => createdBy === alice?._id,
    );
    const isAlices = (row: { workspaceId: Id<"workspaces"> }) => row.workspaceId === workspace?._id;
    return JSON.stringify([
      (await ctx.db.query("machines").take(10)).filter(isAlices),
      (await ctx.db.query("channels").take(10)).filter(isAlices),
      (await ctx.db.query("deliveries").take(10)).filter(isAlices),
      (await ctx.db.query("statuses").take(10)).filter(isAlices),
    ]);
  });
}
