import { expect, test, vi } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { addMachine, aliceWithMachine, beat, pass, startBackend } from "./setup.ts";

async function health(t: ReturnType<typeof startBackend>): Promise<unknown> {
  const response = await t.fetch("/health");
  expect(response.status).toBe(200);
  return await response.json();
}

test("S0.6 /health tells anybody how the monitor is and how many machines are active", async () => {
  const t = startBackend();
  const alice = await aliceWithMachine(t);
  await addMachine(alice, { machineId: "o".repeat(21), name: "web-2" });
  await beat(t);
  await pass(t, 12_000, 1_000);
  expect(await health(t)).toEqual({
    status: "ok",
    version: packageJson.version,
    database: "ok",
    sweepAgeMs: expect.any(Number) as number,
    machines: { active: 1, total: 2 },
  });
});

test("S0.6 the counts follow a death and a removal", async () => {
  const t = startBackend();
  await aliceWithMachine(t);
  await beat(t);
  await pass(t, 135_000);
  expect(await health(t)).toMatchObject({ machines: { active: 0, total: 1 } });
});

test("/health says degraded when nobody sweeps", async () => {
  const t = startBackend();
  await aliceWithMachine(t);
  vi.setSystemTime(Date.now() + 3_600_000);
  expect(await health(t)).toMatchObject({ status: "degraded", sweepAgeMs: 3_600_000 });
});
