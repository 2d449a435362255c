/**
 * Ten thousand machines fall silent at once: how long after its deadline the last of them is called offline, how many
 * messages that makes on three channels, how many their return, and what other machines' heartbeats feel of it.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { ConvexHttpClient } from "convex/browser";
import { api } from "../convex/_generated/api.js";
import {
  startTemporaryInstallation,
  type TemporaryInstallation,
} from "../scripts/lib/temporaryInstallation.ts";
import { type Benchmark, percentile, round } from "./lib/benchmark.ts";
import { createFleet, type Fleet } from "./lib/fleet.ts";
import { beatOnce, beatSteadily } from "./lib/beats.ts";
import { cpuSeconds } from "./lib/usage.ts";

/** `BENCH_MACHINES` makes it smaller. */
const MACHINES = Number(process.env["BENCH_MACHINES"] ?? 10_000);
const OTHERS = 100;
const CHANNELS = 3;
const CONNECTIONS = 32;
const THRESHOLD_MS = 30_000;
const CHECK_INTERVAL_MS = 10_000;
const WINDOW_MS = 20_000;
const POLL_MS = 100;
/** Between the heartbeats of the others, one after the other. */
const OTHERS_EVERY_MS = 20;
const PATIENCE_MS = 300_000;

export const benchSweep: Benchmark = async () => {
  const installation = await startTemporaryInstallation({
    env: {
      ALLOW_PRIVATE_WEBHOOKS: "true",
      MACHINE_OFFLINE_THRESHOLD: `${THRESHOLD_MS}ms`,
      MACHINE_HEARTBEAT_CHECK_INTERVAL: `${CHECK_INTERVAL_MS}ms`,
    },
  });
  const receiver = await startReceiver();
  try {
    const fleet = await createFleet(installation.url, MACHINES + OTHERS);
    return await measure(installation, fleet, receiver);
  } finally {
    await receiver.close();
    await installation.remove();
  }
};

async function measure(
  installation: TemporaryInstallation,
  { jwt, machines }: Fleet,
  receiver: Receiver,
): Promise<Awaited<ReturnType<Benchmark>>> {
  const client = new ConvexHttpClient(installation.url);
  client.setAuth(jwt);
  for (let n = 0; n < CHANNELS; n++) {
    const config = { url: `${receiver.url}/${n}` };
    await client.mutation(api.channels.create, { kind: "webhook", name: `Channel ${n}`, config });
  }
  const tokens = machines.map(({ token }) => token);
  const port = Number(new URL(installation.siteUrl).port);
  const others = beatSteadily({ port, tokens: tokens.slice(MACHINES), everyMs: OTHERS_EVERY_MS });
  const silent = { port, tokens: tokens.slice(0, MACHINES), connections: CONNECTIONS };
  const deadlines = (await beatOnce(silent)).map((at) => at + THRESHOLD_MS);
  await sleep(THRESHOLD_MS / 2);
  const quiet = others.take();
  const cpuBefore = cpuSeconds(installation.backendPid());
  const flips = await watchFlips(client);
  const cpu = cpuSeconds(installation.backendPid()) - cpuBefore;
  const during = others.take();
  await sleep(2 * WINDOW_MS);
  const alarms = receiver.count("machine.offline");
  await beatOnce(silent);
  await sleep(2 * WINDOW_MS);
  others.stop();
  return report({ deadlines, flips, cpu, quiet, during, alarms, receiver });
}

/** For each of the machines, in order, when it was first seen offline (milliseconds since 1970). */
async function watchFlips(client: ConvexHttpClient): Promise<number[]> {
  const flips: number[] = [];
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (flips.length < MACHINES) {
    if (Date.now() > giveUpAt) throw new Error(`only ${flips.length} machines went offline`);
    await sleep(POLL_MS);
    const { active, total } = await client.query(api.machines.counts, {});
    const offline = Math.min(MACHINES, total - active);
    while (flips.length < offline) flips.push(Date.now());
  }
  return flips;
}

interface Outcome {
  deadlines: number[];
  flips: number[];
  cpu: number;
  quiet: number[];
  during: number[];
  alarms: number;
  receiver: Receiver;
}

function report(outcome: Outcome): Awaited<ReturnType<Benchmark>> {
  const { deadlines, flips, cpu, quiet, during, alarms, receiver } = outcome;
  const inOrder = deadlines.toSorted((left, right) => left - right);
  const flippedWithinMs = Math.max(...flips.map((at, index) => at - (inOrder[index] ?? at)));
  const spreadMs = (inOrder.at(-1) ?? 0) - (inOrder[0] ?? 0);
  const p99 = (latenciesMs: number[]) =>
    percentile(
      latenciesMs.toSorted((left, right) => left - right),
      0.99,
    );
  const recoveries = receiver.count("machine.online");
  return {
    table: {
      sweep: {
        machines: MACHINES,
        "flipped within s": round(flippedWithinMs / 1_000),
        "cpu ms / flip": round((cpu * 1_000) / MACHINES, 2),
        alarms,
        recoveries,
        "others' p99 ms": round(p99(during)),
        "quiet p99 ms": round(p99(quiet)),
      },
    },
    notes: [
      `Checked every ${CHECK_INTERVAL_MS / 1_000} s; the deadlines lay within ${round(spreadMs / 1_000)} s.`,
      `${CHANNELS} webhooks with a window of ${WINDOW_MS / 1_000} s; ${OTHERS} other machines beat all the time.`,
      ...receiver.timeline(),
    ],
    json: {
      machines: MACHINES,
      flippedWithinMs: Math.round(flippedWithinMs),
      messages: alarms,
      recoveries,
      cpuMsPerFlip: round((cpu * 1_000) / MACHINES, 3),
      othersP99Ms: round(p99(during), 2),
      quietP99Ms: round(p99(quiet), 2),
      closestMs: receiver.closestMs(),
    },
  };
}

interface Receiver {
  url: string;
  count: (event: string) => number;
  /** The shortest time between two messages of one channel and event. */
  closestMs: () => number;
  timeline: () => string[];
  close: () => Promise<void>;
}

async function startReceiver(): Promise<Receiver> {
  const received: { channel: string; event: string; count: number; at: number }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { event, count = 1 } = JSON.parse(body) as { event: string; count?: number };
      received.push({ channel: request.url ?? "", event, count, at: Date.now() });
      response.writeHead(204).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: (event) => received.filter((message) => message.event === event).length,
    closestMs: () => {
      const gaps = received.flatMap(({ channel, event, at }, index) => {
        const next = received
          .slice(index + 1)
          .find((later) => later.channel === channel && later.event === event);
        return next === undefined ? [] : [next.at - at];
      });
      return gaps.length === 0 ? Infinity : Math.min(...gaps);
    },
    timeline: () => {
      const first = received[0]?.at ?? 0;
      return received.map(
        ({ channel, event, count, at }) =>
          `${round((at - first) / 1_000)} s, channel ${channel.slice(1)}: ${event} about ${count}`,
      );
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
