import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import type { HeartbeatBody } from "../../core/agentApi.ts";
import { enrolBodySchemaAccepts, heartbeatBodySchemaAccepts } from "./wire.ts";
import { TOKEN } from "./fakes.ts";
import { type AgentServer, happy, startServer } from "./server.ts";

const main = fileURLToPath(new URL("../../agent/main.ts", import.meta.url));
const linesIn = (folder: string): number =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), "utf8").split("\n").length - 1)
    .reduce((sum, lines) => sum + lines, 0);
let server: AgentServer;
let agent: ChildProcess | null = null;

afterEach(async () => {
  if (agent !== null && agent.exitCode === null) agent.kill("SIGKILL");
  agent = null;
  await server.close();
});

const startAgent = (...flags: string[]) => startAgentAs({}, ...flags);

function startAgentAs(env: Record<string, string>, ...flags: string[]) {
  const child = spawn(process.execPath, [main, "--url", server.url, "--token", TOKEN, ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, ...env },
  });
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  agent = child;
  return { child, exit: once(child, "exit"), output: () => output };
}

it("S2.1, S2.4 registers, sends real metrics that the server takes, and says goodbye on SIGTERM", async () => {
  server = await startServer();
  const { child, exit } = startAgent("--interval", "1");
  const registration = await server.waitFor(({ path }) => path.endsWith("register"));
  expect(registration.body).toMatchObject({
    hostname: expect.any(String) as string,
    rootDirectory: process.cwd(),
    bootId: expect.any(String) as string,
  });
  const second = await server.waitFor(({ body }) => body.sequence === 2);
  expect(second.body.metrics).toMatchObject({
    cpuUsage: expect.any(Number) as number,
    memoryUsage: expect.any(Number) as number,
    diskUsage: expect.any(Number) as number,
    networkRxBytes: expect.any(Number) as number,
    uptimeSeconds: expect.any(Number) as number,
  });
  expect(heartbeatBodySchemaAccepts(second.body)).toBe(true);
  child.kill("SIGTERM");
  const goodbye = await server.waitFor(({ path }) => path.endsWith("goodbye"));
  expect(goodbye.body).toEqual({ reason: "shutdown" });
  expect(await exit).toEqual([0, null]);
});

it("ends by itself when its machine was deleted", async () => {
  const deleted = { error: { code: "machineDeleted", message: "This machine was deleted." } };
  server = await startServer((path) =>
    path.endsWith("heartbeat") ? { status: 410, body: deleted } : happy(path),
  );
  const { exit, output } = startAgent();
  expect(await exit).toEqual([0, null]);
  expect(output()).toContain("This machine was deleted.");
});

it("keeps what it could not send over a server's and its own restart, with its own times", async () => {
  server = await startServer();
  const state = mkdtempSync(join(tmpdir(), "rollcall-state-"));
  const flags = ["--interval", "1", "--state", state];
  const first = startAgent(...flags);
  const { body } = await server.waitFor(({ path }) => path.endsWith("heartbeat"));
  const port = Number(new URL(server.url).port);
  await server.close();
  await expect.poll(() => linesIn(state), { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
  first.child.kill("SIGKILL");
  await first.exit;

  server = await startServer(happy, port);
  startAgent(...flags);
  const batch = await server.waitFor((request) => request.body.heartbeats !== undefined);
  const heartbeats = batch.body.heartbeats as HeartbeatBody[];
  expect(heartbeatBodySchemaAccepts(batch.body)).toBe(true);
  expect(heartbeats.slice(0, 2)).toMatchObject([
    { bootId: body.bootId, sequence: 2, metrics: { memoryUsage: expect.any(Number) as number } },
    { bootId: body.bootId, sequence: 3 },
  ]);
  const times = heartbeats.map(({ timestamp }) => Number(timestamp));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(heartbeats.at(-1)).toMatchObject({ sequence: 1 });
  expect(heartbeats.at(-1)?.bootId).not.toBe(body.bootId);
  await expect.poll(() => linesIn(state), { timeout: 20_000 }).toBe(0);
});

it("S0.2 enrols itself with a key, and keeps its token while it is the same instance", async () => {
  server = await startServer();
  const state = mkdtempSync(join(tmpdir(), "rollcall-state-"));
  const key = `rce_${"k".repeat(40)}`;
  const flags = ["--token", key, "--state", state];
  const enrolments = () => server.received.filter(({ path }) => path.endsWith("enrol"));
  const runOnce = async (instance: string) => {
    const count = server.received.length;
    const { child, exit } = startAgentAs({ MACHINE_ID: instance }, ...flags);
    await server.waitFor((request) =>
      server.received.slice(count).some((one) => one === request && one.path.endsWith("heartbeat")),
    );
    child.kill("SIGKILL");
    await exit;
  };
  await runOnce("i-1");
  expect(enrolments()[0]?.headers.authorization).toBe(`Bearer ${key}`);
  expect(enrolBodySchemaAccepts(enrolments()[0]?.body)).toBe(true);
  await runOnce("i-1");
  expect(enrolments()).toHaveLength(1);
  await runOnce("i-2");
  expect(enrolments().map(({ body }) => body.instanceId)).toEqual(["i-1", "i-2"]);
});

it("S0.4, S0.5 the example of a bot works with and without a server, and says goodbye", async () => {
  server = await startServer();
  const start = (url: string) => {
    const path = fileURLToPath(new URL("../../examples/bot.ts", import.meta.url));
    const child = spawn(process.execPath, [path], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, ROLLCALL_URL: url, ROLLCALL_TOKEN: TOKEN },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data: Buffer) => (output += data.toString()));
    agent = child;
    return { child, exit: once(child, "exit"), output: () => output };
  };
  const alone = start("http://127.0.0.1:1");
  await expect.poll(alone.output, { timeout: 20_000 }).toContain("Working as web1");
  expect(alone.output()).toContain("Working without Rollcall for now");
  alone.child.kill("SIGTERM");
  expect(await alone.exit).toEqual([0, null]);

  const heard = start(server.url);
  const { body } = await server.waitFor(({ path }) => path.endsWith("heartbeat"));
  expect(body).toMatchObject({ version: "7.2.0", assistantCount: expect.any(Number) as number });
  heard.child.kill("SIGTERM");
  await server.waitFor(({ path }) => path.endsWith("goodbye"));
  expect(await heard.exit).toEqual([0, null]);
});

it("stops at once when the server hangs", async () => {
  server = await startServer(() => null);
  const { child, exit } = startAgent();
  await server.waitFor(() => true);
  child.kill("SIGINT");
  expect(await exit).toEqual([0, null]);
});

it("refuses a wrong configuration with one line and exit code 2", async () => {
  server = await startServer();
  const { exit, output } = startAgent("--interval", "soon");
  expect(await exit).toEqual([2, null]);
  expect(output().trim().split("\n")).toEqual([expect.stringContaining('"soon" is no time')]);
});
