/** agent.sh under dash, against a server that answers as each test says. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { AGENT_VERSION } from "../../agent/identity.ts";
import { TOKEN, WEB_1 } from "./fakes.ts";
import { type AgentServer, happy, type Script, startServer } from "./server.ts";
import {
  enrolBodySchemaAccepts,
  heartbeatBodySchemaAccepts,
  registerBodySchemaAccepts,
} from "./wire.ts";

const script = fileURLToPath(new URL("../../public/agent.sh", import.meta.url));
const KEY = `rce_${"k".repeat(40)}`;
let server: AgentServer;
let agent: ChildProcess | null = null;

afterEach(async () => {
  if (agent !== null && agent.exitCode === null) agent.kill("SIGKILL");
  agent = null;
  await server.close();
});

async function start(env: Record<string, string>, reply: Script, ...flags: string[]) {
  server = await startServer(reply);
  const child = spawn("sh", [script, "--url", server.url, "--interval", "1", ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, ROLLCALL_TOKEN: TOKEN, MACHINE_ID: 'the "first"', ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => (output += data.toString()));
  agent = child;
  return { child, exit: once(child, "close"), output: () => output };
}

const error = (status: number) => ({
  status,
  body: { error: { code: "some", message: `No: ${status}.` } },
});

describe("agent.sh", () => {
  it("S2.1, S2.4 registers, sends what the server takes, and says goodbye on SIGTERM", async () => {
    const { child, exit } = await start({}, happy);
    const registration = await server.waitFor(({ path }) => path.endsWith("register"));
    expect(registerBodySchemaAccepts(registration.body)).toBe(true);
    expect(registration.body).toMatchObject({
      version: AGENT_VERSION,
      metadata: { instanceId: "the first" },
    });
    expect(registration.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
    });
    const second = await server.waitFor(({ body }) => body.sequence === 2);
    expect(heartbeatBodySchemaAccepts(second.body)).toBe(true);
    expect(second.body.bootId).toBe(registration.body.bootId);
    expect(second.body.metrics).toMatchObject({
      cpuUsage: expect.any(Number) as number,
      memoryUsage: expect.any(Number) as number,
      diskUsage: expect.any(Number) as number,
      load1: expect.any(Number) as number,
      uptimeSeconds: expect.any(Number) as number,
    });
    expect(Math.abs(Date.now() - Number(second.body.timestamp))).toBeLessThan(60_000);
    child.kill("SIGTERM");
    const goodbye = await server.waitFor(({ path }) => path.endsWith("goodbye"));
    expect(goodbye.body).toEqual({ reason: "shutdown" });
    expect(await exit).toEqual([0, null]);
  });

  it("reports each file system where there are several", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rollcall-df-"));
    const rows = ["Filesystem 1024-blocks Used Available Capacity Mounted on"];
    rows.push("/dev/sda1 100 25 75 25% /", "/dev/sdb1 200 100 0 100% /srv/data");
    writeFileSync(join(folder, "df"), `#!/bin/sh\ncat <<'ROWS'\n${rows.join("\n")}\nROWS\n`, {
      mode: 0o755,
    });
    await start({ PATH: `${folder}:${process.env.PATH}` }, happy);
    const { body } = await server.waitFor(({ path }) => path.endsWith("heartbeat"));
    expect(heartbeatBodySchemaAccepts(body)).toBe(true);
    expect(body.metrics).toMatchObject({
      diskUsage: 25,
      disks: [
        { mount: "/", usage: 25 },
        { mount: "/srv/data", usage: 100 },
      ],
    });
  });

  it("ends for good when its machine was deleted", async () => {
    const { exit, output } = await start({}, (path) =>
      path.endsWith("heartbeat") ? error(410) : happy(path),
    );
    expect(await exit).toEqual([0, null]);
    expect(output()).toContain("No: 410. Stopping for good.");
  });

  it("takes no page of HTML for an answer, waits, and does not repeat itself", async () => {
    const { child, exit, output } = await start({}, () => ({ body: "<html>Log in</html>" }));
    await server.waitFor(({ path }) => path.endsWith("register"));
    await expect.poll(output, { timeout: 20_000 }).toContain("no answer of Rollcall (HTTP 200)");
    child.kill("SIGTERM");
    expect(await exit).toEqual([0, null]);
    expect(server.received).toHaveLength(1);
  });

  it("waits as long as Retry-After says, then registers again after failures in a row", async () => {
    let failures = 0;
    await start(
      {},
      (path) =>
        path.endsWith("heartbeat") && failures++ < 2
          ? { ...error(503), headers: { "retry-after": "1" } }
          : happy(path),
      "--max-failures",
      "2",
    );
    await server.waitFor(({ body }) => body.sequence === 3);
    expect(server.received.map(({ path }) => path.split("/").at(-1))).toEqual([
      "register",
      "heartbeat",
      "heartbeat",
      "register",
      "heartbeat",
    ]);
  });

  it("sends a bare heartbeat when its content is refused", async () => {
    let isRefused = false;
    await start({}, (path) => {
      if (!path.endsWith("heartbeat") || isRefused) return happy(path);
      isRefused = true;
      return error(422);
    });
    await server.waitFor(({ path, body }) => path.endsWith("heartbeat") && !("sequence" in body));
  });

  it("--once sends one heartbeat and tells by its exit code whether it arrived", async () => {
    const good = await start({}, happy, "--once");
    expect(await good.exit).toEqual([0, null]);
    expect(server.received.map(({ path }) => path)).toEqual(["/agent/v1/heartbeat"]);
    await server.close();
    const bad = await start({}, () => error(401), "--once");
    expect(await bad.exit).toEqual([1, null]);
  });

  it("S0.2 enrols itself with a key, and keeps its token over a restart", async () => {
    const state = mkdtempSync(join(tmpdir(), "rollcall-state-"));
    const flags = ["--token", KEY];
    const first = await start({ ROLLCALL_STATE: state }, happy, ...flags);
    const { body, headers } = await server.waitFor(({ path }) => path.endsWith("enrol"));
    expect(enrolBodySchemaAccepts(body)).toBe(true);
    expect(body.instanceId).toBe("the first");
    expect(headers.authorization).toBe(`Bearer ${KEY}`);
    const heartbeat = await server.waitFor(({ path }) => path.endsWith("heartbeat"));
    const token = heartbeat.headers.authorization?.split(" ")[1] ?? "";
    const [machineId, secret = ""] = token.split(":");
    expect(machineId).toBe(WEB_1.machineId);
    expect(body.secretHash).toBe(createHash("sha256").update(secret).digest("hex"));
    first.child.kill("SIGTERM");
    await first.exit;
    await server.close();

    await start({ ROLLCALL_STATE: state }, happy, ...flags);
    const registration = await server.waitFor(({ path }) => path.endsWith("register"));
    expect(registration.headers.authorization).toBe(`Bearer ${token}`);
    expect(server.received.some(({ path }) => path.endsWith("enrol"))).toBe(false);
  });

  it.each([
    [["--token", "web-1:hunter2"], /malformed/],
    [["--interval", "soon"], /is no time/],
    [["--url", "localhost"], /no http\(s\) URL/],
    [["--listen"], /no option --listen/],
  ])("refuses %s with one line and exit code 2", async (flags, message) => {
    const { exit, output } = await start({}, happy, ...flags);
    expect(await exit).toEqual([2, null]);
    expect(output()).toMatch(message);
    expect(output()).not.toContain("hunter2");
  });
});
