/** What the embedded backend does on one core, whatever app it runs: calls, fan-out, many watches, start. */
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { type Benchmark, percentile, round } from "./lib/benchmark.ts";
import { EngineProcess } from "./lib/engineProcess.ts";
import { measure, measureBare, type Measurement } from "./lib/measure.ts";
import { SyncSocket } from "./lib/syncSocket.ts";
import { rssMb } from "./lib/usage.ts";

const KEYS = 10_000;
const FILL_BATCH = 5_000;
const CALL_SECONDS = 3;
const CONNECTIONS = [1, 32, 256];
const FANOUT_ROUNDS = 10;
const WATCHED_ROWS = 10_000;
const WATCHES_PER_SOCKET = 200;
const WRITES_PER_SECOND = 500;
const START_ROWS = 200_000;

type Row = Record<string, string | number>;
const set = makeFunctionReference<"mutation", { key: number; value: number }, null>("rows:set");
const fill = makeFunctionReference<"mutation", { from: number; to: number }, null>("rows:fill");

export const benchEngine: Benchmark = async ({ seconds }) => {
  const engine = new EngineProcess();
  try {
    await engine.start();
    await engine.deploy();
    await fillRows(engine, 0, KEYS);
    const table: Record<string, Row> = {
      ...(await calls(engine, seconds ?? CALL_SECONDS)),
      "fan-out to 1,000": await fanOut(engine, 1_000),
      "fan-out to 5,000": await fanOut(engine, 5_000),
      "10,000 watched rows": await manyWatches(engine, seconds ?? CALL_SECONDS),
    };
    Object.assign(table, ratios(table));
    const rss = rssMb(engine.pid);
    table[`start with ${(KEYS + START_ROWS).toLocaleString("en")} rows`] = await startUp(engine);
    return {
      table,
      notes: [`Server and load on a core each. ${Math.round(rss)} MB at the end.`],
      json: flat(table, rss),
    };
  } finally {
    await engine.remove();
  }
};

async function calls(engine: EngineProcess, seconds: number): Promise<Record<string, Row>> {
  const rows: Record<string, Row> = {};
  const args = Array.from({ length: 2_000 }, (_, n) => ({ key: (n * 7) % KEYS, value: n }));
  const plans = [
    ...CONNECTIONS.map((connections) => ({
      name: "mutation",
      path: "/api/mutation",
      port: engine.port,
      connections,
    })),
    { name: "query", path: "/api/query", port: engine.port, connections: 32 },
    { name: "HTTP action", path: "/set", port: engine.sitePort, connections: 32 },
  ];
  for (const { name, path, port, connections } of plans) {
    const bodies = args.map(({ key, value }) => {
      if (name === "HTTP action") return JSON.stringify({ key, value });
      const body =
        name === "query"
          ? { path: "rows:get", args: { key } }
          : { path: "rows:set", args: { key, value } };
      return JSON.stringify({ ...body, format: "json" });
    });
    const plan = { port, path, tokens: [], bodies, connections, warmUpSeconds: 1, seconds };
    rows[`${name}, ${connections} connections`] = rowOf(await measure(engine.pid, plan));
  }
  return { ...rows, ...(await bareCalls(seconds)) };
}

/** A server without functions, validation and subscriptions that stores as durably. */
async function bareCalls(seconds: number): Promise<Record<string, Row>> {
  const rows: Record<string, Row> = {};
  const tokens = Array.from({ length: 2_000 }, (_, n) => `row-${n}:secret`);
  for (const connections of CONNECTIONS) {
    const plan = { path: "/", tokens, connections, warmUpSeconds: 1, seconds };
    rows[`bare server, ${connections} connections`] = rowOf(await measureBare(plan));
  }
  return rows;
}

function rowOf({ perSecond, p50Ms, p99Ms, cpuSecondsPer10k }: Measurement): Row {
  return {
    "per second": Math.round(perSecond),
    "p50 ms": round(p50Ms, 2),
    "p99 ms": round(p99Ms, 2),
    "cpu s / 10k": round(cpuSecondsPer10k, 2),
  };
}

/** How many mutations there are for each request to the bare server, at every number of connections. */
function ratios(table: Record<string, Row>): Record<string, Row> {
  const rows: Record<string, Row> = {};
  for (const connections of CONNECTIONS) {
    const of = (name: string) =>
      Number(table[`${name}, ${connections} connections`]?.["per second"]);
    rows[`mutation to bare, ${connections} connections`] = {
      ratio: round(of("mutation") / of("bare server"), 3),
    };
  }
  return rows;
}

/** One commit, one row, everybody watches it: time from sending the mutation until the last has it. */
async function fanOut(engine: EngineProcess, subscribers: number): Promise<Row> {
  const sockets = await Promise.all(
    Array.from({ length: subscribers }, () => SyncSocket.watch(engine.url, [0])),
  );
  const client = new ConvexHttpClient(engine.url, { logger: false });
  const tookMs: number[] = [];
  for (let value = 1; value <= FANOUT_ROUNDS; value++) {
    const startedAt = performance.now();
    const all = Promise.all(
      sockets.map((socket) => new Promise<void>((resolve) => (socket.onResult = () => resolve()))),
    );
    await client.mutation(set, { key: 0, value: -value });
    await all;
    tookMs.push(performance.now() - startedAt);
  }
  for (const socket of sockets) socket.close();
  return distribution(tookMs);
}

/** Each write wakes one of many watches. */
async function manyWatches(engine: EngineProcess, seconds: number): Promise<Row> {
  const sockets: SyncSocket[] = [];
  const sentAt = new Map<number, number>();
  const wakesMs: number[] = [];
  for (let from = 0; from < WATCHED_ROWS; from += WATCHES_PER_SOCKET) {
    const keys = Array.from({ length: WATCHES_PER_SOCKET }, (_, n) => from + n);
    const socket = await SyncSocket.watch(engine.url, keys);
    socket.onResult = (key) => {
      const at = sentAt.get(key);
      if (at !== undefined) wakesMs.push(performance.now() - at);
    };
    sockets.push(socket);
  }
  const client = new ConvexHttpClient(engine.url, { logger: false });
  const writes: Promise<unknown>[] = [];
  const startedAt = performance.now();
  for (let n = 0; performance.now() - startedAt < seconds * 1_000; n++) {
    const key = (n * 7_919) % WATCHED_ROWS;
    sentAt.set(key, performance.now());
    writes.push(client.mutation(set, { key, value: n + 1_000_000 }, { skipQueue: true }));
    const dueMs = ((n + 1) / WRITES_PER_SECOND) * 1_000 - (performance.now() - startedAt);
    if (dueMs > 1) await new Promise((resolve) => setTimeout(resolve, dueMs));
  }
  await Promise.all(writes);
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const socket of sockets) socket.close();
  return { "per second": Math.round(writes.length / seconds), ...distribution(wakesMs) };
}

async function startUp(engine: EngineProcess): Promise<Row> {
  await fillRows(engine, KEYS, KEYS + START_ROWS);
  await engine.stop();
  await engine.start();
  return { "ready ms": Math.round(engine.readyMs) };
}

async function fillRows(engine: EngineProcess, from: number, to: number): Promise<void> {
  const client = new ConvexHttpClient(engine.url, { logger: false });
  for (let at = from; at < to; at += FILL_BATCH) {
    await client.mutation(fill, { from: at, to: Math.min(at + FILL_BATCH, to) });
  }
}

function distribution(valuesMs: number[]): Row {
  const sorted = valuesMs.toSorted((a, b) => a - b);
  return {
    "p50 ms": round(percentile(sorted, 0.5), 2),
    "p99 ms": round(percentile(sorted, 0.99), 2),
  };
}

function flat(table: Record<string, Row>, rss: number): Record<string, number> {
  const json: Record<string, number> = { rssMb: Math.round(rss) };
  for (const [name, row] of Object.entries(table)) {
    for (const [column, value] of Object.entries(row)) json[`${name}: ${column}`] = Number(value);
  }
  return json;
}
