/** What a deployment offers besides its functions: crons, the HTTP API, captured logs, tokens. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { api } from "../fixtures/contractApp/convex/_generated/api.js";
import { deployContractApp, type Deployed } from "./support/backendImplementation.ts";
import { eventually } from "./support/failure.ts";

type Answer = {
  status: "success" | "error";
  value?: unknown;
  errorMessage?: string;
  errorData?: unknown;
  logLines?: string[];
};

describe("deployment", () => {
  let deployed: Deployed;
  beforeAll(async () => {
    deployed = await deployContractApp();
  });
  afterAll(() => deployed.dispose());

  const at = (path: string) => `${deployed.backend.url}${path}`;
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(at(path), {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });
  const ask = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
    (await (await post(path, body, headers)).json()) as Answer;

  it("runs crons, mutations and actions, again and again", async () => {
    const counts = await eventually(
      () => deployed.session.query(api.ticks.counts, {}),
      (all) => (all["mutation"] ?? 0) >= 2 && (all["action"] ?? 0) >= 2,
    );
    expect(counts).not.toHaveProperty("never");
  });

  it("answers queries, mutations and actions in plain JSON", async () => {
    expect(await ask("/api/query", { path: "notes:list", args: {} })).toMatchObject({
      status: "success",
      value: [],
    });
    expect(
      await ask("/api/mutation", { path: "wire:byMutation", args: { value: [1, "a"] } }),
    ).toMatchObject({ status: "success", value: [1, "a"] });
    expect(
      await ask("/api/action", { path: "actions:actionInAction", args: { n: 1 }, format: "json" }),
    ).toMatchObject({ status: "success", value: 6 });
  });

  it("answers what JSON has no form for as strings", async () => {
    const args = { value: { $integer: "AQAAAAAAAAA=" } };
    expect(
      await ask("/api/query", { path: "wire:byQuery", args, format: "convex_encoded_json" }),
    ).toMatchObject({ value: { $integer: "AQAAAAAAAAA=" } });
    expect(await ask("/api/query", { path: "clock:now", args: {} })).toMatchObject({
      value: expect.any(Number) as number,
    });
  });

  it("answers the error of a function with status 200 and its data", async () => {
    const args = { data: { kind: "duplicate" } };
    const response = await post("/api/query", { path: "failures:queryConvexError", args });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: "error",
      errorMessage: expect.stringContaining("Uncaught ConvexError") as string,
      errorData: { kind: "duplicate" },
    });
  });

  it("brings what a function logged", async () => {
    const { logLines = [] } = await ask("/api/query", { path: "clock:logs", args: {} });
    expect(logLines).toHaveLength(2);
    expect(logLines[0]).toMatch(/^\[LOG\] 'hello' .*web-1/s);
    expect(logLines[1]).toBe("[WARN] 'careful'");
  });

  it("lets nobody but the admin call internal functions", async () => {
    const body = { path: "steps:addInternal", args: { log: "admin", step: "one" } };
    expect((await ask("/api/mutation", body)).status).toBe("error");
    const admin = { authorization: `Convex ${deployed.backend.adminKey}` };
    expect((await ask("/api/mutation", body, admin)).status).toBe("success");
    const wrong = await post("/api/mutation", body, { authorization: "Convex wrong|key" });
    expect([401, 403]).toContain(wrong.status);
    expect(await deployed.session.query(api.steps.of, { log: "admin" })).toEqual(["one"]);
  });

  it("refuses expired, foreign and malformed tokens", async () => {
    const body = { path: "identity:inQuery", args: {} };
    const expired = await deployed.issuer.sign({ subject: "alice" }, "-1h");
    for (const token of [expired, `${expired.slice(0, -4)}AAAA`, "nonsense", "a.b.c"]) {
      const response = await post("/api/query", body, { authorization: `Bearer ${token}` });
      expect(response.status, token.slice(0, 10)).toBe(401);
    }
  });

  it("refuses bodies that are no call", async () => {
    for (const body of ["not json", "[]", "{}", '{"path": 7, "args": {}}']) {
      expect((await post("/api/query", body)).status, body).toBe(400);
    }
  });

  it("answers preflight requests of browsers", async () => {
    const response = await fetch(at("/api/query"), {
      method: "OPTIONS",
      headers: {
        origin: "http://localhost:5173",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,convex-client",
      },
    });
    expect(response.ok).toBe(true);
    expect(response.headers.get("access-control-allow-origin")).toBe("http://localhost:5173");
    expect(response.headers.get("access-control-allow-headers")).toContain("convex-client");
  });

  it("serves HTTP actions on the main port under /http, too", async () => {
    const response = await fetch(at("/http/hello?name=web-1"));
    expect(await response.text()).toBe("hello web-1");
  });

  it("tells its version", async () => {
    expect((await fetch(at("/version"))).status).toBe(200);
  });
});
