/** The table's columns: heading, width, from which width of the table on it is there, and what its cells show. */
import { type ReactNode } from "react";
import { Age, Lasting } from "@/components/ui/Age.tsx";
import { Meter } from "@/components/ui/Meter.tsx";
import { type Pulse } from "@/lib/backend.ts";
import { formatStamp } from "@/lib/format.ts";
import { isReporting } from "@/lib/machineState.ts";
import { type FleetEntry, type SortKey } from "./fleetView.ts";

/** Status and name are always there. */
export const columnKeys = [
  "lastSeen",
  "since",
  "cpu",
  "memory",
  "disk",
  "assistants",
  "version",
  "hostname",
  "os",
  "ip",
  "created",
] as const;
export type ColumnKey = (typeof columnKeys)[number];

export const defaultColumns: readonly ColumnKey[] = [
  "lastSeen",
  "cpu",
  "memory",
  "disk",
  "assistants",
  "version",
  "hostname",
];

interface Column {
  label: string;
  className: string;
  sortKey?: SortKey;
  /** Needs the last heartbeats of all machines: only small fleets sort by it. */
  isLive?: true;
  cell: (entry: FleetEntry, pulse: Pulse | undefined) => ReactNode;
}

const meterClass = "w-28 px-2 @7xl:w-40 @7xl:pr-4";
const textClass = "truncate text-ink-soft";

export const columns: Record<ColumnKey, Column> = {
  lastSeen: {
    label: "Last seen",
    className: "w-28 px-2 whitespace-nowrap text-ink-soft @7xl:w-36",
    sortKey: "lastSeen",
    cell: ({ machine }, pulse) => <LastSeen at={pulse?.lastHeartbeatAt ?? machine.lastSeen} />,
  },
  since: {
    label: "In state for",
    className: "hidden w-28 px-2 whitespace-nowrap text-ink-soft @2xl:table-cell",
    sortKey: "since",
    cell: ({ machine }) => <Lasting since={machine.since} />,
  },
  cpu: {
    label: "CPU",
    className: meterClass,
    sortKey: "cpu",
    isLive: true,
    cell: (entry, pulse) => meter("CPU", entry, pulse?.cpuUsage),
  },
  memory: {
    label: "Memory",
    className: meterClass,
    sortKey: "memory",
    isLive: true,
    cell: (entry, pulse) => meter("Memory", entry, pulse?.memoryUsage),
  },
  disk: {
    label: "Disk",
    className: `hidden @3xl:table-cell ${meterClass}`,
    sortKey: "disk",
    isLive: true,
    cell: (entry, pulse) => meter("Disk", entry, pulse?.diskUsage),
  },
  assistants: {
    label: "Assistants",
    className: "hidden w-22 px-2 text-right text-ink-soft @4xl:table-cell",
    sortKey: "assistants",
    isLive: true,
    cell: ({ machine }, pulse) => pulse?.assistantCount ?? machine.assistantCount ?? <Nothing />,
  },
  version: {
    label: "Version",
    className: `hidden w-24 px-2 pl-4 @4xl:table-cell @7xl:w-32 ${textClass}`,
    sortKey: "version",
    cell: ({ machine }) => machine.version ?? <Nothing />,
  },
  hostname: {
    label: "Hostname",
    className: `hidden w-[18%] px-2 @7xl:table-cell ${textClass}`,
    sortKey: "hostname",
    cell: ({ machine }) => machine.hostname ?? <Nothing />,
  },
  os: {
    label: "System",
    className: `hidden w-28 px-2 @4xl:table-cell ${textClass}`,
    cell: ({ machine }) => machine.os ?? <Nothing />,
  },
  ip: {
    label: "IP address",
    className: `hidden w-32 px-2 @4xl:table-cell ${textClass}`,
    cell: ({ machine }) => machine.ipAddress ?? <Nothing />,
  },
  created: {
    label: "Added",
    className: `hidden w-44 px-2 @4xl:table-cell ${textClass}`,
    sortKey: "created",
    cell: ({ machine }) => formatStamp(machine.createdAt),
  },
};

export const fixedClass = {
  select: "w-9 pl-3",
  status: "w-24 px-2",
  name: "px-2",
} as const;

function LastSeen({ at }: { at: number | null }) {
  return at === null ? <span className="text-ink-faint">never</span> : <Age at={at} />;
}

function meter(label: string, { state }: FleetEntry, percent: number | null | undefined) {
  return <Meter label={label} percent={percent ?? null} isOld={!isReporting(state)} />;
}

function Nothing() {
  return <span className="text-ink-faint">–</span>;
}
