/**
 * What the real functions read and write for each call, and how large the documents are: what docs/scaling.md computes
 * calls, bandwidth and storage from. Counts and bytes, no times: the machine that it runs on does not matter.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConvexClient } from "convex/browser";
import { api } from "../convex/_generated/api.js";
import type { Backend } from "../scripts/lib/backend.ts";
import { Children } from "../scripts/lib/children.ts";
import { Tables } from "../scripts/lib/tables.ts";
import { freePort } from "../scripts/lib/freePort.ts";
import { pushIfChanged, startWithVariables } from "../scripts/lib/installation.ts";
import { readSettings } from "../scripts/lib/settings.ts";
import { type Benchmark, round } from "./lib/benchmark.ts";
import { createFleet } from "./lib/fleet.ts";

const MACHINES = 20;
const BEATS = 6;
/** Long enough for the jobs that run every few seconds, and for a roll-up. */
const DEFAULT_SECONDS = 75;

const TABLES = ["machines", "pulses", "samples", "statuses", "rollups", "statusChanges"];
const heartbeat = {
  metrics: {
    ...{ cpuUsage: 12.5, memoryUsage: 48.25, diskUsage: 71.03, load1: 0.42, uptimeSeconds: 86_400 },
    ...{ networkRxBytes: 123_456_789, networkTxBytes: 98_765_432, containerCount: 7 },
  },
};

export const benchDocuments: Benchmark = async ({ seconds }) => {
  const dataDir = mkdtempSync(join(tmpdir(), "rollcall-documents-"));
  const children = new Children();
  try {
    const { url, siteUrl, adminKey } = await startFunctions(dataDir, children);
    const { jwt, machines } = await createFleet(url, MACHINES);
    const usage = new UsageByFunction(url, adminKey);
    await usage.follow(seconds ?? DEFAULT_SECONDS, async () => {
      const client = new ConvexClient(url);
      client.setAuth(async () => jwt);
      for (let beat = 0; beat < BEATS; beat++)
        for (const [index, { token }] of machines.entries()) {
          if (beat === 0) await post(`${siteUrl}/agent/v1/register`, token, registration(index));
          await post(`${siteUrl}/agent/v1/heartbeat`, token, heartbeat);
        }
      await client.query(api.machines.list, {});
      await client.close();
    });
    const sizes = await sizesOf(new Tables({ url, adminKey }));
    return { table: { ...usage.table(), ...sizes }, notes: [NOTE], json: usage.json() };
  } finally {
    await children.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

/** An installation without its page: nobody looks at it. */
async function startFunctions(dataDir: string, children: Children): Promise<Backend> {
  const settings = readSettings(resolve(import.meta.dirname, ".."), {
    ROLLCALL_DATA_DIR: dataDir,
    ROLLCALL_PORT: String(await freePort()),
    ROLLCALL_SITE_PORT: String(await freePort()),
    ROLLCALL_ENV_FILE: join(dataDir, ".env.local"),
  });
  const backend = await startWithVariables(settings, children);
  await pushIfChanged(settings, backend, children);
  return backend;
}

const NOTE =
  "Bytes are of documents as JSON. Rows of tables: number and average size of their documents.";

const registration = (index: number) => ({
  ...{ hostname: `server-${index}.example.com`, ipAddress: "192.0.2.17", os: "Debian 13" },
  ...{ arch: "x64", version: "1.4.2", rootDirectory: "/srv/app", bootId: `boot-${index}` },
});

interface Sum {
  runs: number;
  readDocuments: number;
  readBytes: number;
  writtenDocuments: number;
  writtenBytes: number;
}
interface Entry {
  identifier: string;
  udfType: string;
  usageStats: Partial<Record<string, number>>;
}

/** Follows the deployment's function log, as `convex logs` does. */
class UsageByFunction {
  readonly #sums = new Map<string, Sum>();
  readonly #url: string;
  readonly #adminKey: string;

  constructor(url: string, adminKey: string) {
    this.#url = url;
    this.#adminKey = adminKey;
  }

  async follow(seconds: number, work: () => Promise<void>): Promise<void> {
    let cursor = (await this.#entriesAfter(0)).newCursor;
    const endAt = Date.now() + seconds * 1_000;
    let isWorking = true;
    const working = work().finally(() => (isWorking = false));
    while (isWorking || Date.now() < endAt) {
      const { entries, newCursor } = await this.#entriesAfter(cursor);
      entries.forEach((entry) => this.#add(entry));
      cursor = newCursor;
      await sleep(100);
    }
    await working;
  }

  table(): Record<string, Record<string, number>> {
    const rows = [...this.#sums].sort(([, a], [, b]) => b.runs - a.runs);
    return Object.fromEntries(
      rows.map(([name, { runs, ...sum }]) => [
        name,
        {
          runs,
          "documents read": round(sum.readDocuments / runs),
          "bytes read": Math.round(sum.readBytes / runs),
          "documents written": round(sum.writtenDocuments / runs),
          "bytes written": Math.round(sum.writtenBytes / runs),
        },
      ]),
    );
  }

  /** Of a heartbeat alone, which is nearly all that there is. */
  json(): Record<string, number> {
    const sum = this.#sums.get("Mutation agentApi/heartbeat:record");
    if (sum === undefined) return {};
    const { runs, ...amounts } = sum;
    return Object.fromEntries(
      Object.entries(amounts).map(([name, amount]) => [name, round(amount / runs)]),
    );
  }

  #add({ identifier, udfType, usageStats }: Entry): void {
    const name = `${udfType} ${identifier.replace(".js:", ":")}`;
    const sum = this.#sums.get(name) ?? {
      ...{ runs: 0, readDocuments: 0, readBytes: 0, writtenDocuments: 0, writtenBytes: 0 },
    };
    sum.runs += 1;
    sum.readDocuments += usageStats["databaseReadDocuments"] ?? 0;
    sum.readBytes += usageStats["databaseReadBytes"] ?? 0;
    sum.writtenDocuments += usageStats["databaseWriteDocuments"] ?? 0;
    sum.writtenBytes += usageStats["databaseWriteBytes"] ?? 0;
    this.#sums.set(name, sum);
  }

  async #entriesAfter(cursor: number): Promise<{ entries: Entry[]; newCursor: number }> {
    const response = await fetch(`${this.#url}/api/stream_function_logs?cursor=${cursor}`, {
      headers: { authorization: `Convex ${this.#adminKey}` },
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as { entries: Entry[]; newCursor: number };
  }
}

async function sizesOf(tables: Tables): Promise<Record<string, Record<string, number>>> {
  const sizes: Record<string, Record<string, number>> = {};
  for (const name of TABLES) {
    const rows = await tables.read(name);
    const bytes = rows.reduce((sum, row) => sum + Buffer.byteLength(JSON.stringify(row)), 0);
    if (rows.length > 0)
      sizes[`table ${name}`] = { documents: rows.length, bytes: Math.round(bytes / rows.length) };
  }
  return sizes;
}

async function post(url: string, token: string, body: unknown): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
