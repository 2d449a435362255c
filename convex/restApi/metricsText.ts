/** GET /metrics: a workspace's fleet for Prometheus. */
import { v, type Infer } from "convex/values";
import { PROMETHEUS_TYPE, renderMetrics, type MetricFamily } from "../../core/prometheus.ts";
import { SECOND } from "../../core/time.ts";
import { VERSION } from "../../core/version.ts";
import { internal } from "../_generated/api.js";
import type { Id } from "../_generated/dataModel.js";
import type { ActionCtx } from "../_generated/server.js";
import { internalQuery } from "../functions.ts";
import * as Fleets from "../model/fleets.ts";
import * as Machines from "../model/machines.ts";
import * as Pulses from "../model/pulses.ts";
import * as Statuses from "../model/statuses.ts";
import * as Sweeps from "../model/sweeps.ts";
import type { vGauges, vMetrics } from "../validators.ts";
import { collect, PAGE_ROWS, type Page } from "./collect.ts";

interface Machine {
  machineId: string;
  name: string;
  hostname: string;
  version: string;
  os: string;
  isOnline: boolean;
  lastHeartbeatAt?: number;
  assistantCount?: number;
  gauges: Infer<typeof vGauges>;
  metrics: Infer<typeof vMetrics>;
}

export async function metricsText(
  ctx: ActionCtx,
  { workspaceId, now }: { workspaceId: Id<"workspaces">; now: number },
): Promise<Response> {
  const summary = await ctx.runQuery(internal.restApi.metricsText.summary, { workspaceId });
  const { rows } = await collect<Machine>({
    limit: Infinity,
    cursor: null,
    read: async ({ cursor }) =>
      await ctx.runQuery(internal.restApi.metricsText.page, { workspaceId, cursor }),
  });
  const text = renderMetrics([...fleetFamilies(summary, now), ...machineFamilies(rows)]);
  return new Response(text, {
    headers: { "Content-Type": PROMETHEUS_TYPE, "Cache-Control": "no-store" },
  });
}

const vSummary = v.object({
  active: v.number(),
  total: v.number(),
  lastSweepAt: v.union(v.number(), v.null()),
});

export const summary = internalQuery({
  args: { workspaceId: v.id("workspaces") },
  returns: vSummary,
  handler: async (ctx, { workspaceId }) => ({
    ...(await Fleets.countsOf(ctx, workspaceId)),
    lastSweepAt: (await Sweeps.find(ctx))?.lastSweepAt ?? null,
  }),
});

export const page = internalQuery({
  args: { workspaceId: v.id("workspaces"), cursor: v.union(v.string(), v.null()) },
  handler: async (ctx, { workspaceId, cursor }): Promise<Page<Machine>> => {
    const machines = await Machines.after(ctx, { workspaceId, cursor, limit: PAGE_ROWS });
    const rows = machines.map(async (machine): Promise<Machine> => {
      const { status } = await Statuses.get(ctx, machine);
      const { lastHeartbeatAt, assistantCount, gauges, metrics } = await Pulses.get(
        ctx,
        machine._id,
      );
      const { machineId, name, hostname = "", version = "", os = "" } = machine;
      return {
        machineId,
        name,
        hostname,
        version,
        os,
        isOnline: status === "online",
        ...(lastHeartbeatAt === undefined ? {} : { lastHeartbeatAt }),
        ...(assistantCount === undefined ? {} : { assistantCount }),
        gauges: gauges ?? {},
        metrics: metrics ?? {},
      };
    });
    const isLast = machines.length < PAGE_ROWS;
    return {
      rows: await Promise.all(rows),
      next: isLast ? null : (machines.at(-1)?.machineId ?? null),
    };
  },
});

function fleetFamilies(
  { active, total, lastSweepAt }: Infer<typeof vSummary>,
  now: number,
): MetricFamily[] {
  const gauge = (name: string, help: string, value: number, labels = {}): MetricFamily => ({
    name,
    help,
    type: "gauge",
    samples: [{ labels, value }],
  });
  const sweepAgeSeconds = lastSweepAt === null ? Number.NaN : (now - lastSweepAt) / SECOND;
  return [
    gauge("rollcall_info", "Version of the server.", 1, { version: VERSION }),
    gauge("rollcall_machines", "Machines in the fleet.", total),
    gauge("rollcall_machines_online", "Machines that are online.", active),
    gauge("rollcall_sweep_age_seconds", "Time since the monitor last looked.", sweepAgeSeconds),
  ];
}

/** Families that only machines with a value are in. Units as Prometheus wants them: seconds, bytes, ratios as percent. */
const values: [string, MetricFamily["type"], string, (machine: Machine) => number | undefined][] = [
  ["up", "gauge", "1 while the machine is online.", ({ isOnline }) => (isOnline ? 1 : 0)],
  [
    "last_heartbeat_timestamp_seconds",
    "gauge",
    "When the last heartbeat was received.",
    ({ lastHeartbeatAt }) => lastHeartbeatAt && lastHeartbeatAt / SECOND,
  ],
  ["cpu_usage_percent", "gauge", "Processor in use.", ({ metrics }) => metrics.cpuUsage],
  ["memory_usage_percent", "gauge", "Memory in use.", ({ metrics }) => metrics.memoryUsage],
  ["swap_usage_percent", "gauge", "Swap in use.", ({ metrics }) => metrics.swapUsage],
  ["disk_usage_percent", "gauge", "Disk in use.", ({ metrics }) => metrics.diskUsage],
  ["load1", "gauge", "Load over a minute.", ({ metrics }) => metrics.load1],
  ["temperature_celsius", "gauge", "Temperature.", ({ metrics }) => metrics.temperatureC],
  ["containers", "gauge", "Containers that run.", ({ metrics }) => metrics.containerCount],
  ["assistants", "gauge", "Assistants that run.", ({ assistantCount }) => assistantCount],
  ["uptime_seconds", "gauge", "Time since boot.", ({ metrics }) => metrics.uptimeSeconds],
  [
    "network_receive_bytes_total",
    "counter",
    "Bytes received since boot.",
    ({ metrics }) => metrics.networkRxBytes,
  ],
  [
    "network_transmit_bytes_total",
    "counter",
    "Bytes sent since boot.",
    ({ metrics }) => metrics.networkTxBytes,
  ],
];

/** Facts are labels of one family, so that a new version of a machine does not begin all its series anew. */
function machineFamilies(machines: Machine[]): MetricFamily[] {
  const info: MetricFamily = {
    name: "rollcall_machine_info",
    help: "What the machine says of itself.",
    type: "gauge",
    samples: machines.map(({ machineId, name, hostname, version, os }) => ({
      labels: { machine_id: machineId, name, hostname, version, os },
      value: 1,
    })),
  };
  const measured = values.map(([suffix, type, help, read]): MetricFamily => ({
    name: `rollcall_machine_${suffix}`,
    help,
    type,
    samples: machines.flatMap((machine) => {
      const value = read(machine);
      const { machineId, name } = machine;
      return value === undefined ? [] : [{ labels: { machine_id: machineId, name }, value }];
    }),
  }));
  return [info, ...measured, ...namedFamilies(machines)];
}

/** What a machine has several of: a label tells which. */
function namedFamilies(machines: Machine[]): MetricFamily[] {
  const named = (
    name: string,
    help: string,
    read: (machine: Machine) => [labels: Record<string, string>, value: number][],
  ): MetricFamily => ({
    name: `rollcall_machine_${name}`,
    help,
    type: "gauge",
    samples: machines.flatMap((machine) =>
      read(machine).map(([labels, value]) => ({
        labels: { machine_id: machine.machineId, name: machine.name, ...labels },
        value,
      })),
    ),
  });
  return [
    named("filesystem_usage_percent", "File system in use.", ({ metrics: { disks = [] } }) =>
      disks.map(({ mount, usage }) => [{ mount }, usage]),
    ),
    named("gauge", "What the machine's owner counts.", ({ gauges }) =>
      Object.entries(gauges).map(([gauge, value]) => [{ gauge }, value]),
    ),
  ];
}
