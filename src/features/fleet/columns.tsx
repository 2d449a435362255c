/** The table's columns: width, from which width of the table on it is there, and what its cells show. */
import { type ReactNode } from "react";
import { Age, Lasting } from "@/components/ui/Age.tsx";
import { Meter } from "@/components/ui/Meter.tsx";
import { type Pulse } from "@/lib/backend.ts";
import { formatStamp } from "@/lib/format.ts";
import { isReporting } from "@/lib/machineState.ts";
import { texts } from "@/texts/texts.ts";
import { DayBar } from "./DayBar.tsx";
import { type FleetEntry, type SortKey } from "./fleetView.ts";

/** Status and name are always there. */
export const columnKeys = [
  "lastSeen",
  "since",
  "day",
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
  "day",
  "cpu",
  "memory",
  "disk",
  "assistants",
  "version",
  "hostname",
];

interface Column {
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
    className: "w-28 px-2 whitespace-nowrap text-ink-soft @7xl:w-36",
    sortKey: "lastSeen",
    cell: ({ machine }, pulse) => <LastSeen at={pulse?.lastHeartbeatAt ?? machine.lastSeen} />,
  },
  since: {
    className: "hidden w-28 px-2 whitespace-nowrap text-ink-soft @2xl:table-cell",
    sortKey: "since",
    cell: ({ machine, past }) => <Lasting since={machine.since} until={past?.at} />,
  },
  day: {
    className: "hidden w-36 px-2 @5xl:table-cell @7xl:w-48",
    cell: ({ machine }) => <DayBar machineId={machine.machineId} />,
  },
  cpu: {
    className: meterClass,
    sortKey: "cpu",
    isLive: true,
    cell: (entry, pulse) => meter("cpu", entry, pulse?.cpuUsage),
  },
  memory: {
    className: meterClass,
    sortKey: "memory",
    isLive: true,
    cell: (entry, pulse) => meter("memory", entry, pulse?.memoryUsage),
  },
  disk: {
    className: `hidden @3xl:table-cell ${meterClass}`,
    sortKey: "disk",
    isLive: true,
    cell: (entry, pulse) => meter("disk", entry, pulse?.diskUsage),
  },
  assistants: {
    className: "hidden w-22 px-2 text-right text-ink-soft @4xl:table-cell",
    sortKey: "assistants",
    isLive: true,
    cell: ({ machine }, pulse) => pulse?.assistantCount ?? machine.assistantCount ?? <Nothing />,
  },
  version: {
    className: `hidden w-24 px-2 pl-4 @4xl:table-cell @7xl:w-32 ${textClass}`,
    sortKey: "version",
    cell: ({ machine }) => machine.version ?? <Nothing />,
  },
  hostname: {
    className: `hidden w-[18%] px-2 @7xl:table-cell ${textClass}`,
    sortKey: "hostname",
    cell: ({ machine }) => machine.hostname ?? <Nothing />,
  },
  os: {
    className: `hidden w-28 px-2 @4xl:table-cell ${textClass}`,
    cell: ({ machine }) => machine.os ?? <Nothing />,
  },
  ip: {
    className: `hidden w-32 px-2 @4xl:table-cell ${textClass}`,
    cell: ({ machine }) => machine.ipAddress ?? <Nothing />,
  },
  created: {
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
  return at === null ? (
    <span className="text-ink-faint">{texts().fleet.never}</span>
  ) : (
    <Age at={at} />
  );
}

function meter(
  key: "cpu" | "memory" | "disk",
  { state }: FleetEntry,
  percent: number | null | undefined,
) {
  const label = texts().fleet.columns[key];
  return <Meter label={label} percent={percent ?? null} isOld={!isReporting(state)} />;
}

function Nothing() {
  return <span className="text-ink-faint">–</span>;
}
