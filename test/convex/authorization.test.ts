import {
  type FunctionReference,
  getFunctionName,
  type RegisteredMutation,
  type RoutableMethod,
} from "convex/server";
import type { GenericId, ValidatorJSON } from "convex/values";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { agentPaths, enrolPath } from "../../core/agentApi.ts";
import { HOUR } from "../../core/time.ts";
import { operations } from "../../core/restApi/operations.ts";
import { api } from "../../convex/_generated/api.js";
import http from "../../convex/http.ts";
import type { Role } from "../../convex/validators.ts";
import {
  allRows,
  argumentsOf,
  fillTables,
  fillTablesFor,
  hasIdList,
  type IdOf,
  MARK,
  NEW_ID,
  withListsOf,
} from "./samples.ts";
import {
  addMachine,
  aliceWithMachine,
  beat,
  MACHINE_ID,
  SECRET,
  settle,
  START,
  TOKEN,
  signIn,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const modules = import.meta.glob<Record<string, unknown>>(
  ["../../convex/**/*.ts", "!../../convex/_generated/**", "!../../convex/**/*.*.ts"],
  { eager: true },
);

/** What a stranger may call. Adding to these lists is a decision. */
const open = [
  "accounts:removal",
  "auth:signIn",
  "auth:signOut",
  "emailCodes:requestReset",
  "emailCodes:resetPassword",
  "emailCodes:verify",
  "installation:status",
  "invites:peek",
  "publicStatus:get",
  "users:me",
];
const openRoutes = [
  "GET /.well-known/openid-configuration",
  "GET /.well-known/jwks.json",
  "GET /health",
  "GET /api/v1/openapi.json",
];
/** Published on purpose, under a slug that somebody chose. See statusPages.test.ts. */
const isPublished = (route: string) => route.startsWith("GET /api/v1/status/");
/** What nobody signs in for: the path holds a signature of ours, or a header does. See links.test.ts. */
const signedRoutes = ["GET /a/*", "POST /a/*", "POST /telegram/*"];

/** What is sent where: about Alice's machine, where a body names one. */
const bodies: Record<string, string> = {
  [agentPaths.register]: JSON.stringify({ hostname: "x" }),
  [agentPaths.goodbye]: JSON.stringify({ reason: "shutdown" }),
  [enrolPath]: JSON.stringify({ machineId: MACHINE_ID, secretHash: "0".repeat(64) }),
  "/api/v1/machines": JSON.stringify({ machineId: MACHINE_ID, secret: SECRET, name: "x" }),
};

/**
 * What a workspace's function needs, where it is more than "viewer" for a query and "member" for all others. Into
 * "author", no role lets anybody else.
 */
const leastRoles: Record<string, Role | "author"> = {
  "apiKeys:create": "admin",
  "apiKeys:list": "admin",
  "apiKeys:revoke": "admin",
  "audit:list": "admin",
  "audit:exportCsv": "admin",
  "cleanUps:enable": "admin",
  "cleanUps:disable": "admin",
  "enrolment:createKey": "admin",
  "enrolment:listKeys": "admin",
  "enrolment:revokeKey": "admin",
  "invites:create": "admin",
  "invites:list": "admin",
  "invites:revoke": "admin",
  "members:setRole": "admin",
  "members:remove": "admin",
  "monitor:setSelfHeartbeat": "admin",
  "statusPages:create": "admin",
  "statusPages:update": "admin",
  "statusPages:remove": "admin",
  "statusPages:setItems": "admin",
  "workspaces:rename": "admin",
  "workspaces:setDefaults": "admin",
  "members:transfer": "owner",
  "workspaces:remove": "owner",
  "incidentNotes:remove": "author",
};

/** What only a link opens, for whoever holds it. */
const byCredential = ["invites:accept"];

const tonight = { kind: "once", startsAt: START + HOUR, endsAt: START + 2 * HOUR };

/** Where the arguments that the validators suggest would not reach what is to be protected. */
const corrections: Record<string, Record<string, unknown>> = {
  "machines:create": { machineId: NEW_ID },
  "workspaces:remove": { confirmName: "alice" },
  "maintenance:create": { schedule: tonight },
  "maintenance:update": { schedule: tonight },
};

type Kind = "query" | "mutation" | "action";
interface PublicFunction {
  name: string;
  kind: Kind;
  reference: FunctionReference<Kind>;
  args: ValidatorJSON;
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
      const { exportArgs } = value as RegisteredMutation<"public", never, never> & {
        exportArgs: () => string;
      };
      const args = JSON.parse(exportArgs()) as ValidatorJSON;
      return [{ name: getFunctionName(reference), kind, reference, args }];
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

/** What came of a call: its answer, or the kind of its refusal. */
async function outcomeOf(called: Promise<unknown>): Promise<{ answer?: unknown; kind?: string }> {
  try {
    return { answer: await called };
  } catch (error) {
    const kind = (error as { data?: { kind?: string } }).data?.kind;
    if (kind === undefined) throw error;
    return { kind };
  }
}

const roles = ["viewer", "member", "admin", "owner"] as const;
const guarded = publicFunctions().filter(({ name }) => !open.includes(name));
/** Whether it works in a workspace: the current one, where none is named. */
const takesWorkspace = ({ args }: PublicFunction) =>
  args.type === "object" && args.value["workspaceId"]?.optional === true;

let t: Backend;
let alice: Person;
let workspaceId: GenericId<"workspaces">;
let idOf: IdOf;

beforeEach(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
  await beat(t);
  workspaceId = (await alice.query(api.users.me, {}))!.workspace.workspaceId;
  idOf = await fillTables(t);
  await settle(t);
});

/** The arguments of a function, each alternative once, all about things of Alice's. */
function samplesOf(fn: PublicFunction, options: { named: boolean }): Record<string, unknown>[] {
  return argumentsOf(fn.args, idOf).map((sample) => {
    const args = { ...sample, ...corrections[fn.name] };
    if (takesWorkspace(fn) && !options.named) delete args["workspaceId"];
    return args;
  });
}

/** Victor, who may look at everything of Alice's. */
async function withViewer(): Promise<{ victor: Person; userId: GenericId<"users"> }> {
  const victor = await signIn(t, "victor");
  const userId = await t.run(async (ctx) => {
    const users = await ctx.db.query("users").take(10);
    const { _id } = users.find(({ name }) => name === "victor")!;
    await ctx.db.insert("members", { workspaceId, userId: _id, role: "viewer" });
    return _id;
  });
  return { victor, userId };
}

/** Somebody of Alice's workspace, whose role is for the test to say. */
async function withMember(): Promise<{ person: Person; setRole: (role: Role) => Promise<void> }> {
  const { victor, userId } = await withViewer();
  const setRole = async (role: Role) => {
    await t.run(async (ctx) => {
      const members = await ctx.db.query("members").take(10);
      const member = members.find(
        (row) => row.userId === userId && row.workspaceId === workspaceId,
      )!;
      await ctx.db.patch("members", member._id, { role });
    });
  };
  return { person: victor, setRole };
}

/** Runs something that must leave Alice's rows as they are, and add none that have to do with her. */
async function expectUntouched(
  run: () => Promise<void>,
  { except }: { except?: string } = {},
): Promise<void> {
  const alicesIds = ["users", "workspaces", "machines", "channels", "incidents"].map(idOf);
  const isAlices = (row: string) =>
    alicesIds.some((id) => row.includes(id)) && (except === undefined || !row.includes(except));
  const before = await allRows(t);
  await run();
  await settle(t);
  const after = await allRows(t);
  for (const [id, row] of before) if (isAlices(row)) expect(after.get(id)).toBe(row);
  const added = [...after].filter(([id, row]) => !before.has(id) && isAlices(row));
  expect(added).toEqual([]);
}

const alices = new RegExp(`${MARK}|web-1|alice`);

describe("every public function", () => {
  test.each(guarded)("$name refuses a stranger", async (fn) => {
    await expectUntouched(async () => {
      for (const args of samplesOf(fn, { named: false })) {
        expect(await outcomeOf(call(t, fn, args))).toEqual({ kind: "notSignedIn" });
      }
    });
  });

  test.each(guarded.filter(takesWorkspace))(
    "$name refuses Bob in Alice's workspace",
    async (fn) => {
      const bob = await signIn(t, "bob");
      await expectUntouched(async () => {
        for (const args of samplesOf(fn, { named: true })) {
          expect(await outcomeOf(call(bob, fn, args))).toEqual({ kind: "notFound" });
        }
      });
    },
  );

  test.each(guarded)("$name gives Bob nothing of Alice's, and changes nothing", async (fn) => {
    const bob = await signIn(t, "bob");
    await expectUntouched(async () => {
      for (const args of samplesOf(fn, { named: false })) {
        const outcome = await outcomeOf(call(bob, fn, args));
        expect(JSON.stringify(outcome)).not.toMatch(alices);
      }
    });
  });

  test.each(guarded.filter(takesWorkspace))("$name lets in whoever has the role", async (fn) => {
    const least = leastRoles[fn.name] ?? (fn.kind === "query" ? "viewer" : "member");
    const below = least === "author" ? roles : roles.slice(0, roles.indexOf(least));
    const { person, setRole } = await withMember();
    const outcomes = async () => {
      const all = [];
      for (const args of samplesOf(fn, { named: true }))
        all.push(await outcomeOf(call(person, fn, args)));
      return all;
    };
    await expectUntouched(async () => {
      for (const role of below) {
        await setRole(role);
        for (const outcome of await outcomes()) expect(outcome).toEqual({ kind: "forbidden" });
      }
      await setRole(roles[0]);
    });
    if (least === "author") return;
    await setRole(least);
    for (const { kind } of await outcomes()) expect(kind).not.toBe("forbidden");
  });

  test.each(guarded.filter(({ args }) => hasIdList(args)))(
    "$name gives Bob nothing of Alice's that is named among his own",
    async (fn) => {
      const bob = await signIn(t, "bob");
      await addMachine(bob, { machineId: NEW_ID, name: "bobs" });
      const ids = await t.run(async (ctx) => {
        const users = await ctx.db.query("users").take(10);
        const user = users.find(({ name }) => name === "bob")!;
        const members = await ctx.db.query("members").take(10);
        const { workspaceId: bobs } = members.find(({ userId }) => userId === user._id)!;
        return [user._id, bobs] as GenericId<string>[];
      });
      const own = { machineId: NEW_ID, machineIds: NEW_ID };
      const bobsIdOf = await fillTablesFor(t, { ids, machineId: NEW_ID, mark: "bobs-own" });
      const mine = argumentsOf(fn.args, bobsIdOf, own).map((args) => ({
        ...args,
        ...corrections[fn.name],
      }));
      const theirs = samplesOf(fn, { named: true });
      await expectUntouched(async () => {
        for (const [index, args] of mine.entries()) {
          for (const where of ["behind", "ahead"] as const) {
            const mixed = withListsOf(args, theirs[index], where) as Record<string, unknown>;
            const outcome = await outcomeOf(call(bob, fn, mixed));
            expect(JSON.stringify(outcome)).not.toMatch(alices);
          }
        }
      });
      // What he was refused is not refused for the rest of what he asked.
      for (const args of mine)
        expect(await outcomeOf(call(bob, fn, args))).toHaveProperty("answer");
    },
  );

  const changing = guarded.filter(({ kind }) => kind !== "query");

  test.each(changing.filter((fn) => !takesWorkspace(fn)))(
    "$name lets a viewer change nothing but what is theirs",
    async (fn) => {
      const { victor, userId } = await withViewer();
      await expectUntouched(
        async () => {
          for (const args of samplesOf(fn, { named: false }))
            await outcomeOf(call(victor, fn, args));
        },
        { except: userId },
      );
    },
  );

  const reachable = guarded.filter(({ name }) => !byCredential.includes(name));

  test.each(reachable)(
    "$name lets Alice in: what it is called with here is really hers",
    async (fn) => {
      for (const args of samplesOf(fn, { named: true })) {
        const { kind } = await outcomeOf(call(alice, fn, args));
        expect(["notSignedIn", "forbidden", "notFound"]).not.toContain(kind);
        await settle(t);
      }
    },
  );
});

describe("every HTTP route", () => {
  interface Route {
    path: string;
    method: RoutableMethod;
  }
  const isRest = ({ path }: Route) =>
    path === "/api/v1/*" || Object.values(operations).some((operation) => operation.path === path);
  const routes: Route[] = [
    ...http
      .getRoutes()
      .map(([path, method]) => ({ path, method }))
      .filter((route) => !isRest(route)),
    ...Object.values(operations),
  ];
  const nameOf = ({ method, path }: Route) => `${method} ${path}`;
  const isOpen = (route: Route) => openRoutes.includes(nameOf(route));
  const needsCredential = (route: Route) =>
    !isOpen(route) && !signedRoutes.includes(nameOf(route)) && !isPublished(nameOf(route));
  const titled = (route: Route) => [nameOf(route), route] as const;

  async function ask({ path, method }: Route, authorization: string | null) {
    const response = await t.fetch(path.replace("{machineId}", MACHINE_ID), {
      method,
      headers: authorization === null ? {} : { Authorization: authorization },
      ...(method === "POST" ? { body: bodies[path] ?? "{}" } : {}),
    });
    return { status: response.status, text: await response.text() };
  }

  /** Good for Bob's own workspace, and of the kind that the route takes. */
  async function bobsCredential({ path }: Route): Promise<string> {
    const bob = await signIn(t, "bob");
    await addMachine(bob, { machineId: NEW_ID, name: "bobs" });
    if (path.startsWith("/agent/") && path !== enrolPath) return `Bearer ${NEW_ID}:${SECRET}`;
    const kind = path === enrolPath ? "rce" : "rck";
    const key = `${kind}_${"b".repeat(32)}`;
    if (kind === "rce") await bob.mutation(api.enrolment.createKey, { key, name: "bobs" });
    else await bob.mutation(api.apiKeys.create, { key, name: "bobs", access: "write" });
    return `Bearer ${key}`;
  }

  test.each(routes.filter((route) => signedRoutes.includes(nameOf(route))).map(titled))(
    "%s does nothing and tells nothing without our signature",
    async (_name, route) => {
      await expectUntouched(async () => {
        for (const forged of [MACHINE_ID, idOf("deliveries"), `${idOf("deliveries")}.${MARK}`]) {
          const { text } = await ask({ ...route, path: route.path.replace("*", forged) }, null);
          expect(text).not.toMatch(alices);
        }
      });
    },
  );

  test.each(routes.filter(needsCredential).map(titled))(
    "%s gives nothing away without a credential, or with one that is not Alice's",
    async (_name, route) => {
      const wrong = [null, "Bearer nonsense", `Bearer ${MACHINE_ID}:${"x".repeat(32)}`];
      await expectUntouched(async () => {
        for (const authorization of wrong) {
          const { status, text } = await ask(route, authorization);
          expect(status).toBe(401);
          expect(text).not.toMatch(alices);
        }
        const { status, text } = await ask(route, await bobsCredential(route));
        expect(status).not.toBe(401);
        expect(text).not.toMatch(alices);
      });
    },
  );

  const writing = Object.values(operations).filter(({ method }) => method !== "GET");

  test.each(writing.map(titled))("%s refuses a key that may only read", async (_name, route) => {
    const [readKey, writeKey] = ["rck_" + "r".repeat(32), "rck_" + "w".repeat(32)];
    await alice.mutation(api.apiKeys.create, { key: readKey, name: "read", access: "read" });
    await alice.mutation(api.apiKeys.create, { key: writeKey, name: "write", access: "write" });
    // When it was last used is written beside the key, now and then.
    expect((await ask(operations.listMachines, `Bearer ${readKey}`)).status).toBe(200);
    await expectUntouched(async () => {
      expect((await ask(route, `Bearer ${readKey}`)).status).toBe(403);
    });
    expect((await ask(route, `Bearer ${writeKey}`)).status).not.toBe(403);
  });

  test.each(routes.filter(needsCredential).map(titled))(
    "%s takes no credential of Alice's that is of another kind",
    async (_name, route) => {
      const keys = { api: `rck_${"a".repeat(32)}`, enrolment: `rce_${"a".repeat(32)}` };
      await alice.mutation(api.apiKeys.create, { key: keys.api, name: "a", access: "write" });
      await alice.mutation(api.enrolment.createKey, { key: keys.enrolment, name: "a" });
      const isEnrol = route.path === enrolPath;
      const isAgents = route.path.startsWith("/agent/") && !isEnrol;
      const others = [
        ...(isAgents ? [] : [TOKEN]),
        ...(isEnrol ? [] : [keys.enrolment]),
        ...(isAgents || isEnrol ? [keys.api] : []),
      ];
      await expectUntouched(async () => {
        for (const other of others) {
          const { status, text } = await ask(route, `Bearer ${other}`);
          expect(status).toBe(401);
          expect(text).not.toMatch(alices);
        }
      });
    },
  );

  test.each(routes.filter((route) => isPublished(nameOf(route))).map(titled))(
    "%s tells nothing where nothing is published",
    async (_name, route) => {
      await expectUntouched(async () => {
        const { status, text } = await ask(route, null);
        expect(status).toBe(404);
        expect(text).not.toMatch(alices);
      });
    },
  );

  test.each(routes.filter(isOpen).map(titled))(
    "%s is open, and tells nothing of Alice's",
    async (_name, route) => {
      vi.stubEnv("JWKS", "{}");
      await expectUntouched(async () => {
        const { status, text } = await ask(route, null);
        expect(status).toBe(200);
        expect(text).not.toMatch(alices);
      });
    },
  );
});

test("what is open is open by decision: the lists name what exists", () => {
  const names = publicFunctions().map(({ name }) => name);
  const listed = [...open, ...Object.keys(corrections), ...Object.keys(leastRoles)];
  expect(names).toEqual(expect.arrayContaining(listed));
});
