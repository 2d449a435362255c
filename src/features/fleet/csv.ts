/** The list as a file for spreadsheets. */
import { type Pulse } from "@/lib/backend.ts";
import { type FleetEntry } from "./fleetView.ts";

export const CSV_TYPE = "text/csv;charset=utf-8";

const head = [
  "machineId",
  "name",
  "status",
  "since",
  "lastSeen",
  "tags",
  "hostname",
  "version",
  "os",
  "ipAddress",
  "cpuUsage",
  "memoryUsage",
  "diskUsage",
  "assistantCount",
  "description",
];

/** RFC 4180, times as ISO 8601. Metrics are there for machines whose last heartbeat is known. */
export function fleetCsv(entries: FleetEntry[], pulses: ReadonlyMap<string, Pulse>): string {
  const lines = entries.map(({ machine, state }) => {
    const pulse = pulses.get(machine.machineId);
    return [
      machine.machineId,
      machine.name,
      state,
      stamp(machine.since),
      stamp(pulse?.lastHeartbeatAt ?? machine.lastSeen),
      machine.tags.join(" "),
      machine.hostname,
      machine.version,
      machine.os,
      machine.ipAddress,
      pulse?.cpuUsage,
      pulse?.memoryUsage,
      pulse?.diskUsage,
      pulse?.assistantCount ?? machine.assistantCount,
      machine.description,
    ];
  });
  return [head, ...lines].map((line) => line.map(cell).join(",")).join("\r\n") + "\r\n";
}

function stamp(at: number | null): string {
  return at === null ? "" : new Date(at).toISOString();
}

function cell(value: string | number | null | undefined): string {
  if (typeof value === "number") return String(value);
  // Agents choose their hostnames: a spreadsheet must not take one for a formula.
  const text = (value ?? "").replace(/^[=+\-@\t\r]/, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
