/** What this process says of itself: its work, its memory, its disk. Reads, and asks no other thread. */
import { statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { lastBackupAt } from "../../deploy/backup/lastBackup.ts";
import { COMMIT_BOUNDS_SECONDS, type MeterReadings, type Meters } from "../../runtime/meters.ts";
import { counter, gauge, histogram, type MetricFamily } from "./exposition.ts";

const P = "convex_embedded_";

export type ServerMetricsSources = {
  dataDir: string;
  meters: Meters;
  requests: { families(prefix: string): MetricFamily[] };
  sync: { readonly sessionCount: number; readonly watchCount: number };
};

export async function serverMetrics(sources: ServerMetricsSources): Promise<MetricFamily[]> {
  const { dataDir, meters, requests, sync } = sources;
  return [
    ...requests.families(P),
    ...functionFamilies(meters.read()),
    gauge(`${P}sync_sockets`, "Open WebSockets of clients.", sync.sessionCount),
    gauge(`${P}sync_queries`, "Different queries that clients watch.", sync.watchCount),
    ...(await diskFamilies(dataDir)),
    ...processFamilies(),
  ];
}

function functionFamilies(read: MeterReadings): MetricFamily[] {
  const byOutcome = (kind: string, all: number, failed: number) => [
    { labels: { kind, outcome: "ok" }, value: all - failed },
    { labels: { kind, outcome: "failed" }, value: failed },
  ];
  return [
    {
      name: `${P}functions_total`,
      help: "Queries and mutations that were run, with those of jobs and crons.",
      type: "counter",
      samples: [
        ...byOutcome("query", read.queries, read.queryFailures),
        ...byOutcome("mutation", read.mutations, read.mutationFailures),
      ],
    },
    counter(`${P}actions_total`, "Actions that were begun, without HTTP actions.", read.actions),
    counter(`${P}watch_runs_total`, "Runs of watched queries.", read.watchRuns),
    gauge(`${P}queue_length`, "Work that waits for its turn at the database.", read.queueLength),
    counter(`${P}units_committed_total`, "Work that commits were shared by.", read.unitsCommitted),
    counter(
      `${P}executor_busy_seconds_total`,
      "How long the thread of queries and mutations was at work.",
      read.busySeconds,
    ),
    histogram(`${P}commit_seconds`, "How long commits took, until they were on disk.", {
      bounds: COMMIT_BOUNDS_SECONDS,
      counts: read.commitsByTime,
      sum: read.commitSeconds,
    }),
  ];
}

async function diskFamilies(dataDir: string): Promise<MetricFamily[]> {
  const disk = await statfs(dataDir);
  const sizeOf = (name: string) =>
    statSync(join(dataDir, name), { throwIfNoEntry: false })?.size ?? 0;
  const madeAt = lastBackupAt(dataDir);
  return [
    gauge(`${P}database_bytes`, "Size of the database file.", sizeOf("rows.sqlite")),
    gauge(`${P}database_log_bytes`, "Size of its write-ahead log.", sizeOf("rows.sqlite-wal")),
    gauge(`${P}disk_free_bytes`, "Room left where the data is.", disk.bavail * disk.bsize),
    {
      name: `${P}last_backup_timestamp_seconds`,
      help: "When the last backup was handed out.",
      type: "gauge",
      samples: madeAt === null ? [] : [{ value: madeAt.getTime() / 1_000 }],
    },
  ];
}

/** The names that client libraries of Prometheus give to the same, so that ready-made dashboards know them. */
function processFamilies(): MetricFamily[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return [
    counter("process_cpu_seconds_total", "Processor time of all threads.", (user + system) / 1e6),
    gauge("process_resident_memory_bytes", "Memory of the process.", rss),
    gauge("nodejs_heap_size_used_bytes", "Of which JavaScript of the main thread uses.", heapUsed),
    gauge(
      "process_start_time_seconds",
      "When the process was started.",
      performance.timeOrigin / 1_000,
    ),
    counter(
      `${P}main_thread_busy_seconds_total`,
      "How long the thread of sockets and HTTP was at work.",
      performance.eventLoopUtilization().active / 1_000,
    ),
  ];
}
