/** Setting environment variables: who may, what is refused, and that a refused request changes nothing. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BackendProcess } from "../contract/support/backendProcess.ts";

type Change = { name: string; value: string | null };

describe("environment variables", () => {
  let backend: BackendProcess;
  beforeAll(async () => {
    backend = await BackendProcess.start();
  });
  afterAll(() => backend.dispose());

  const post = (path: string, body: unknown, key = backend.adminKey) =>
    fetch(`${backend.url}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { authorization: `Convex ${key}`, "content-type": "application/json" },
    });
  const change = (...changes: Change[]) => post("/api/update_environment_variables", { changes });
  const set = (name: string, value: string) => change({ name, value });
  const list = async () => {
    const path = "_system/cli/queryEnvironmentVariables";
    const response = await post("/api/query", { path, args: {} });
    const { value } = (await response.json()) as { value: { name: string; value: string }[] };
    return Object.fromEntries(value.map((one) => [one.name, one.value]));
  };
  const refused = async (name: string, value: string) => {
    const response = await set(name, value);
    expect(response.status).toBe(400);
    return (await response.json()) as { code: string; message: string };
  };

  it("are set, replaced and removed together, and kept across restarts", async () => {
    await change({ name: "GREETING", value: "hello" }, { name: "EMPTY", value: "" });
    await change({ name: "GREETING", value: "line one\nline 'two' \"three\" ✓" });
    await backend.kill("SIGKILL");
    await backend.start();
    expect(await list()).toEqual({ GREETING: "line one\nline 'two' \"three\" ✓", EMPTY: "" });
    await change({ name: "EMPTY", value: null }, { name: "NEVER_SET", value: null });
    expect(Object.keys(await list())).toEqual(["GREETING"]);
  });

  it.each(["", "1ST", "WITH-DASH", "WITH SPACE", "ÜMLAUT", "A".repeat(41), "__proto__ "])(
    "have names of letters, digits and underscores, up to 40 (%j)",
    async (name) => {
      const { message } = await refused(name, "x");
      expect(message).toMatch(/invalid/);
    },
  );

  it("take names of 40 characters and values of 8 KiB, and no more", async () => {
    const name = "A".repeat(40);
    expect((await set(name, "x".repeat(8_192))).status).toBe(200);
    const before = await list();
    expect((await refused(name, "x".repeat(8_193))).message).toMatch(/8192 bytes/);
    // Bytes count, not characters.
    expect((await refused(name, "ü".repeat(4_097))).message).toMatch(/8192 bytes/);
    expect(await list()).toEqual(before);
  });

  it("leave the deployment's own addresses alone", async () => {
    for (const name of ["CONVEX_CLOUD_URL", "CONVEX_SITE_URL"]) {
      expect((await refused(name, "http://elsewhere")).message).toMatch(name);
    }
  });

  it("change all at once or not at all", async () => {
    const before = await list();
    const response = await change(
      { name: "FIRST", value: "1" },
      { name: "GREETING", value: null },
      { name: "not-a-name", value: "3" },
    );
    expect(response.status).toBe(400);
    expect(await list()).toEqual(before);
  });

  it("are at most a thousand", async () => {
    const room = 1_000 - Object.keys(await list()).length;
    const many = Array.from({ length: room }, (_, n) => ({ name: `N_${n}`, value: `${n}` }));
    expect((await change(...many)).status).toBe(200);
    expect((await refused("ONE_TOO_MANY", "x")).message).toMatch(/1000/);
    // Replacing needs no room.
    expect((await set("N_0", "again")).status).toBe(200);
    await change(...many.map(({ name }) => ({ name, value: null })));
  });

  it("are nobody's business but the admin's", async () => {
    const body = { changes: [{ name: "STOLEN", value: "x" }] };
    const wrong = await post("/api/update_environment_variables", body, "wrong|key");
    expect([401, 403]).toContain(wrong.status);
    const anonymous = await fetch(`${backend.url}/api/update_environment_variables`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    expect([401, 403]).toContain(anonymous.status);
    const query = { path: "_system/cli/queryEnvironmentVariables", args: {} };
    const answer = await fetch(`${backend.url}/api/query`, {
      method: "POST",
      body: JSON.stringify(query),
      headers: { "content-type": "application/json" },
    });
    expect(await answer.json()).toMatchObject({ status: "error" });
    expect(await list()).not.toHaveProperty("STOLEN");
  });
});
