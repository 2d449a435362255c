/** Unmodified official components, each used for its main purpose, and nested ones of our own, on a real backend. */
import { join } from "node:path";
import { exportJWK, exportPKCS8, generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqlite } from "../../backend/store/sqlite.ts";
import { eventually, failure } from "../contract/support/failure.ts";
import { api } from "../fixtures/componentsApp/convex/_generated/api.js";
import { DeployedApp } from "./support/deployedApp.ts";

/** As the set-up of Convex Auth makes them: the private key in one line, the public one without a `kid`. */
const authEnvironment = async (): Promise<Record<string, string>> => {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const pem = await exportPKCS8(privateKey);
  return {
    JWT_PRIVATE_KEY: pem.trimEnd().replaceAll("\n", " "),
    JWKS: JSON.stringify({ keys: [{ use: "sig", ...(await exportJWK(publicKey)) }] }),
    SITE_URL: "http://localhost:5173",
  };
};

describe("components", () => {
  let app: DeployedApp;
  beforeAll(async () => {
    app = await DeployedApp.deploy("componentsApp", {
      ...(await authEnvironment()),
      FORMAL_GREETING: "good evening",
      APP_SECRET: "for the app alone",
    });
  });
  afterAll(() => app.dispose());

  const journal = (topic: string): Promise<unknown[]> => app.query(api.journal.of, { topic });

  describe("rate limiter", () => {
    it.each(["bucket", "window"] as const)(
      "lets through, refuses and resets (%s)",
      async (name) => {
        const alice = { name, key: "alice" };
        for (let turn = 0; turn < 3; turn += 1) {
          expect(await app.mutation(api.limits.limit, alice)).toMatchObject({ ok: true });
        }
        const refused = await app.mutation(api.limits.limit, alice);
        expect(refused.ok).toBe(false);
        expect(refused.retryAfter).toBeGreaterThan(0);
        expect((await app.query(api.limits.check, alice)).ok).toBe(false);
        expect((await app.mutation(api.limits.limit, { name, key: "bob" })).ok).toBe(true);

        await app.mutation(api.limits.reset, alice);
        expect((await app.query(api.limits.check, alice)).ok).toBe(true);
        expect((await app.mutation(api.limits.limit, alice)).ok).toBe(true);
      },
    );

    it("shards a limit without letting more through", async () => {
      const call = () => app.mutation(api.limits.limit, { name: "sharded", key: "alice" });
      const answers = await Promise.all(Array.from({ length: 30 }, call));
      const passed = answers.filter(({ ok }) => ok).length;
      expect(passed).toBeGreaterThan(0);
      expect(passed).toBeLessThanOrEqual(20);
    });
  });

  it("aggregate counts and sums ranges, and follows deletions", async () => {
    const points = Array.from({ length: 50 }, (_, n) => n * 2);
    await app.mutation(api.leaderboard.add, { player: "alice", points });
    await app.mutation(api.leaderboard.add, { player: "bob", points: [5, 5, 99] });

    expect(await app.query(api.leaderboard.summary, {})).toEqual({ count: 53, max: 99, third: 4 });
    expect(await app.query(api.leaderboard.between, { lower: 4, upper: 10 })).toEqual({
      count: 5,
      sum: 4 + 5 + 5 + 6 + 8,
    });

    await app.mutation(api.leaderboard.remove, { points: 5 });
    expect(await app.query(api.leaderboard.between, { lower: 4, upper: 10 })).toEqual({
      count: 3,
      sum: 4 + 6 + 8,
    });
  });

  describe("work pool", () => {
    it("runs mutations and tells how each ended", async () => {
      const topic = "pool of mutations";
      const names = ["one", "two", "fails", "four"];
      await app.mutation(api.work.enqueueMutations, { topic, names });
      const entries = (await eventually(
        () => journal(topic),
        (all) => all.length >= 7,
      )) as Record<string, string>[];
      expect(entries.flatMap(({ did }) => did ?? []).sort()).toEqual(["four", "one", "two"]);
      const told = entries.flatMap(({ completed, told }) => (completed ? [[completed, told]] : []));
      expect(Object.fromEntries(told)).toEqual({
        one: "one is done",
        two: "two is done",
        four: "four is done",
        fails: "failed",
      });
    });

    it("runs actions, two at a time", async () => {
      const topic = "pool of actions";
      const names = ["one", "two", "three", "four", "five"];
      await app.mutation(api.work.enqueueActions, { topic, names });
      const entries = (await eventually(
        () => journal(topic),
        (all) => all.length >= 15,
      )) as Record<string, string>[];
      let running = 0;
      let most = 0;
      for (const { began, ended } of entries) {
        running += Number(began !== undefined) - Number(ended !== undefined);
        most = Math.max(most, running);
      }
      expect(most).toBe(2);
      expect(entries.flatMap(({ completed }) => completed ?? []).sort()).toEqual(names.sort());
    });
  });

  it("action retrier tries again until the action succeeds, and says so once", async () => {
    const runId = await app.mutation(api.retries.start, { failures: 2 });
    const status = await eventually(
      () => app.query(api.retries.status, { runId }),
      ({ type }) => type === "completed",
    );
    expect(status).toEqual({
      type: "completed",
      result: { type: "success", returnValue: "attempt 3 succeeds" },
    });
    expect(await journal("retries completed")).toEqual([
      { type: "success", returnValue: "attempt 3 succeeds" },
    ]);
  });

  it("action retrier's own cron cleans up when it is due, also after the backend was stopped", async () => {
    await app.backend.kill("SIGTERM");
    const database = openSqlite(join(app.backend.dataDir, "rows.sqlite"));
    database.exec("UPDATE crons SET nextMs = 1 WHERE component = 'actionRetrier'");
    database.close();
    await app.backend.start();
    await eventually(
      () => app.backend.output,
      (output) => /run:cleanupExpiredRuns: .*Cleaned up 0 expired runs/.test(output),
    );
  });

  it("migrations change a table in batches", async () => {
    await app.mutation(api.migrations.populate, { count: 40 });
    const { exitCode, stderr } = await app.cli("run", "migrations:run");
    expect(exitCode, stderr).toBe(0);
    const [status] = await eventually(
      () => app.query(api.migrations.status, {}),
      ([one]) => one?.isDone === true,
    );
    expect(status).toMatchObject({ state: "success", processed: 40 });
    const people = await app.query(api.migrations.people, {});
    expect(people.map(({ nameLength }) => nameLength)).toEqual(
      people.map(({ name }) => name.length),
    );
  });

  describe("auth", () => {
    const signIn = (flow: "signUp" | "signIn", password: string) =>
      app.action(api.auth.signIn, {
        provider: "password",
        params: { flow, email: "alice@example.com", password },
      });

    it("signs up, signs in, refuses a wrong password and gives an identity", async () => {
      expect(await app.query(api.users.me, {})).toBeNull();

      const { tokens } = await signIn("signUp", "correct horse battery");
      const alice = { email: "alice@example.com", issuer: app.backend.siteUrl };
      expect(await app.query(api.users.me, {}, tokens?.token)).toEqual(alice);

      await failure(signIn("signIn", "wrong horse battery"));
      const again = await signIn("signIn", "correct horse battery");
      expect(await app.query(api.users.me, {}, again.tokens?.token)).toEqual(alice);

      // Who is signed in is the app's business: components do not see it.
      const inside = { tone: "friendly" } as const;
      expect(await app.query(api.greetings.identityInside, inside, tokens?.token)).toBeNull();
    });

    it("refreshes a session and ends it at sign-out", async () => {
      const { tokens } = await signIn("signIn", "correct horse battery");
      const refreshed = await app.action(api.auth.signIn, { refreshToken: tokens?.refreshToken });
      const token = refreshed.tokens?.token;
      expect(await app.query(api.users.me, {}, token)).not.toBeNull();
      await app.action(api.auth.signOut, {}, token);
      const after = await app.action(api.auth.signIn, {
        refreshToken: refreshed.tokens?.refreshToken,
      });
      expect(after.tokens).toBeNull();
    });
  });

  describe("nested components", () => {
    it("keep their tables apart, level by level and mount by mount", async () => {
      const bob = { visitor: "bob" };
      const { greet, visits } = api.greetings;
      expect(await app.mutation(greet, { tone: "friendly", ...bob })).toBe("hello bob (1)");
      expect(await app.mutation(greet, { tone: "friendly", ...bob })).toBe("hello bob (2)");
      expect(await app.mutation(greet, { tone: "formal", ...bob })).toBe("good evening bob (1)");
      expect(await app.query(visits, { tone: "friendly", ...bob })).toEqual(["hello", "hello"]);
      expect(await app.query(visits, { tone: "formal", ...bob })).toEqual(["good evening"]);
    });

    it("run actions that call further in", async () => {
      const carol = { tone: "formal", visitor: "carol" } as const;
      expect(await app.action(api.greetings.greetFromAction, carol)).toBe(
        "good evening carol, from an action",
      );
      expect(await app.query(api.greetings.visits, carol)).toEqual(["good evening"]);
    });

    it("undo what they wrote when one of them fails, however deep", async () => {
      const dave = { tone: "friendly", visitor: "dave" } as const;
      expect(await app.mutation(api.greetings.greetDespiteFailure, dave)).toMatch(/lost my voice/);
      expect(await app.query(api.greetings.visits, dave)).toEqual([]);
    });

    it("see what is passed to them and the deployment's addresses, nothing else", async () => {
      const addresses = {
        CONVEX_CLOUD_URL: app.backend.url,
        CONVEX_SITE_URL: app.backend.siteUrl,
      };
      for (const [tone, GREETING] of [
        ["friendly", "hello"],
        ["formal", "good evening"],
      ] as const) {
        expect(await app.query(api.greetings.environments, { tone })).toEqual({
          own: { GREETING, ...addresses },
          inner: { LABEL: GREETING, FIXED: "fixed", ...addresses },
        });
      }
    });

    it("run crons of their own, once for each mount", async () => {
      for (const [tone, label] of [
        ["friendly", "hello"],
        ["formal", "good evening"],
      ] as const) {
        const ticks = await eventually(
          () => app.query(api.greetings.visits, { tone, visitor: "cron" }),
          (all) => all.length >= 2,
        );
        expect(new Set(ticks)).toEqual(new Set([label]));
      }
    });

    it("answer HTTP requests under their prefix, and only where they have one", async () => {
      const at = (path: string) => fetch(`${app.backend.siteUrl}${path}`);
      const answer = await at("/friendly/greet?visitor=erin");
      expect(await answer.text()).toBe("hello erin (1) at /friendly/greet");
      for (const path of ["/greet", "/formal/greet", "/friendly", "/friendly/other"]) {
        expect((await at(path)).status, path).toBe(404);
      }
      expect((await at("/.well-known/jwks.json")).status).toBe(200);
    });

    it("are out of reach for clients", async () => {
      const body = { path: "greet:greet", args: { visitor: "mallory" }, componentPath: "friendly" };
      const response = await fetch(`${app.backend.url}/api/mutation`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      });
      expect(await response.json()).toMatchObject({ status: "error" });
      const asAdmin = await app.admin("/api/mutation", body);
      expect(await asAdmin.json()).toMatchObject({ value: "hello mallory (1)" });
    });
  });
});
