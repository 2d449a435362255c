/** Fifty receivers that take a message and never answer: agents notice nothing, and nobody is called offline for it. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ConvexHttpClient } from "convex/browser";
import { afterAll, beforeAll, expect, it } from "vitest";
import { api } from "../../convex/_generated/api.js";
import { createFleet } from "../../bench/lib/fleet.ts";
import {
  startTemporaryInstallation,
  type TemporaryInstallation,
} from "../../scripts/lib/temporaryInstallation.ts";

const RECEIVERS = 50;
const OTHERS = 20;
const THRESHOLD_MS = 3_000;
/** Far longer than it takes on a machine that has time. */
const ASKED_WITHIN_MS = 180_000;
const BEAT_EVERY_MS = 500;
/** Longer than a sender waits; `HANG_SECONDS=60` for the whole of what is promised. */
const HANG_MS = Number(process.env["HANG_SECONDS"] ?? 15) * 1_000;

let installation: TemporaryInstallation;
const sockets: Socket[] = [];
const server = createServer((socket) => {
  socket.on("error", () => undefined);
  sockets.push(socket);
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  installation = await startTemporaryInstallation({
    env: {
      ALLOW_PRIVATE_WEBHOOKS: "true",
      MACHINE_OFFLINE_THRESHOLD: `${THRESHOLD_MS}ms`,
      MACHINE_HEARTBEAT_CHECK_INTERVAL: "500ms",
    },
  });
}, 180_000);

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await installation?.remove();
});

async function beat(token: string): Promise<number> {
  const url = `${installation.siteUrl}/agent/v1/heartbeat`;
  const headers = { Authorization: `Bearer ${token}` };
  return (await fetch(url, { method: "POST", headers })).status;
}

it(`${RECEIVERS} receivers that hang hold up no heartbeat and make nobody offline`, async () => {
  const { jwt, machines } = await createFleet(installation.url, OTHERS + 1);
  const client = new ConvexHttpClient(installation.url);
  client.setAuth(jwt);
  const { port } = server.address() as AddressInfo;
  for (let n = 0; n < RECEIVERS; n++) {
    const config = { url: `http://127.0.0.1:${port}/${n}` };
    await client.mutation(api.channels.create, { kind: "webhook", name: `Hangs ${n}`, config });
  }
  const [dying, ...others] = machines.map(({ token }) => token);
  const statuses = new Set([await beat(dying!)]);
  const beatWhile = async (isWanted: () => boolean) => {
    while (isWanted()) {
      for (const status of await Promise.all(others.map(beat))) statuses.add(status);
      await sleep(BEAT_EVERY_MS);
    }
  };
  // A monitor that was itself late gives everybody more time: on a busy machine that may be long.
  const limit = Date.now() + ASKED_WITHIN_MS;
  await beatWhile(() => sockets.length < RECEIVERS && Date.now() < limit);
  // Each has been asked, and leaves its sender without an answer.
  expect(sockets.length).toBeGreaterThanOrEqual(RECEIVERS);
  const endAt = Date.now() + HANG_MS;
  await beatWhile(() => Date.now() < endAt);
  expect([...statuses]).toEqual([200]);
  const { active } = await client.query(api.machines.counts, {});
  expect(active).toBe(OTHERS);
  const incidents = await client.query(api.incidents.list, {
    paginationOpts: { numItems: 10, cursor: null },
  });
  expect(incidents.page).toHaveLength(1);
});
