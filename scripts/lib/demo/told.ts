/** What was told of the demo's silences: incidents, deliveries to its channels, and what those said. Pure. */
import { DAY, MINUTE, SECOND } from "../../../core/time.ts";
import { chanceFrom } from "./chance.ts";
import type { Known } from "./history.ts";
import { lastSeenBefore } from "./history.ts";
import type { Stop } from "./lives.ts";
import { COLLEAGUES, MAINTENANCE_NAME, maintenanceEndsAt, type Stage } from "./stage.ts";
import type { Row } from "../tables.ts";

/** As long as a real installation keeps its deliveries, with a day to spare. */
const DELIVERIES_MS = 29 * DAY;
/** A message leaves after its channel's grouping window. */
const GROUPED_MS = 20 * SECOND;

export interface Told extends Known {
  machineId: string;
  stop: Stop;
}

export const incidentKey = (machineId: unknown, openedAt: unknown): string =>
  `${String(machineId)} ${String(openedAt)}`;

/** Every silence of every machine, oldest first, as they were opened. */
export function silencesOf(machines: (Known & { machineId: string })[]): Told[] {
  return machines
    .flatMap((known) =>
      known.life.stops
        .filter(({ reason }) => reason === "silence")
        .map((stop): Told => ({ ...known, stop })),
    )
    .sort((a, b) => a.stop.from - b.stop.from);
}

export function incidentRow(
  { life, machine, workspaceId, machineId, stop }: Told,
  now: number,
): Row {
  const { from: openedAt, to: closedAt } = stop;
  const { fate, seed, name: machineName } = life.character;
  const isOpen = closedAt === null;
  const isMaintained = isOpen && fate === "maintained";
  const lengthMs = (closedAt ?? now) - openedAt;
  const chance = chanceFrom(seed * 31 + Math.floor(openedAt / DAY));
  const isAcknowledged = isOpen ? fate === "acknowledged" : lengthMs > 6 * MINUTE && chance() < 0.8;
  const by = COLLEAGUES[Math.floor(chance() * 2)]?.name ?? "Bob Tanaka";
  const afterMs = Math.min(lengthMs * 0.8, (1 + 5 * chance()) * MINUTE);
  return {
    workspaceId,
    machine,
    machineId,
    machineName,
    openedAt,
    reason: "silence",
    ...(closedAt === null ? {} : { closedAt }),
    ...(isMaintained
      ? { suppressedBy: suppression(now), followUpAt: maintenanceEndsAt(now) }
      : { tellableSince: openedAt }),
    ...(isAcknowledged ? { acknowledgedAt: openedAt + afterMs, acknowledgedBy: by } : {}),
    _creationTime: openedAt,
  };
}

/** One message for each channel that wanted it, and its one notice; the link between the two is made when they are stored. */
export function deliveryRows(
  told: Told,
  { channels, now }: { channels: Stage["channels"]; now: number },
): { delivery: Row; notice: Row }[] {
  const { stop, life } = told;
  if (stop.from < now - DELIVERIES_MS) return [];
  const wanted = channels.slice(0, 2);
  return wanted.flatMap((channel) => [
    rowsOf(told, { channel, event: "machine.offline", at: stop.from, now }),
    ...(stop.to === null || life.character.fate === "maintained"
      ? []
      : [rowsOf(told, { channel, event: "machine.online", at: stop.to, now })]),
  ]);
}

function rowsOf(
  { life, workspaceId, machineId, stop }: Told,
  {
    channel,
    event,
    at,
    now,
  }: { channel: Stage["channels"][number]; event: string; at: number; now: number },
): { delivery: Row; notice: Row } {
  const isSuppressed = stop.to === null && life.character.fate === "maintained";
  const isOffline = event === "machine.offline";
  const { name, role, hostname, seed } = life.character;
  const { channelId, name: channelName } = channel;
  const sent = sending(at, chanceFrom(seed ^ Math.floor(at)));
  const delivery = {
    workspaceId,
    channelId,
    channelName,
    event,
    machineName: name,
    count: 1,
    digest: "",
    queuedAt: at,
    ...(isSuppressed
      ? {
          state: "suppressed",
          suppressedBy: suppression(now),
          attempts: 0,
          attemptLog: [],
          finishedAt: at,
        }
      : sent),
    _creationTime: at,
  };
  const snapshot = {
    machineId,
    name,
    hostname,
    description: role.description,
    status: isOffline ? "offline" : "online",
    lastSeenAt: isOffline ? lastSeenBefore(stop) : at,
  };
  const durationMs = isOffline ? at - lastSeenBefore(stop) : at - stop.from;
  const notice = { workspaceId, channelId, event, isSuppressed, machine: snapshot, at, durationMs };
  return { delivery, notice: { ...notice, _creationTime: at } };
}

/** Mostly at once; now and then the other side is down for a minute, or for good. */
function sending(at: number, chance: () => number): Row {
  const startedAt = at + GROUPED_MS;
  const latencyMs = Math.round(60 + 240 * chance());
  const luck = chance();
  const good = { outcome: "delivered", responseStatus: 204, latencyMs };
  const error = "The receiver answered 503.";
  const bad = { outcome: "failed", responseStatus: 503, latencyMs, error };
  const tries = luck < 0.9 ? [good] : luck < 0.98 ? [bad, good] : [bad, bad, bad, bad];
  const attemptLog = tries.map((end, index) => {
    const start = startedAt + index * index * 30 * SECOND;
    return { startedAt: start, endedAt: start + latencyMs, ...end };
  });
  const last = tries.at(-1) ?? good;
  return {
    state: last.outcome,
    attempts: tries.length,
    attemptLog,
    finishedAt: attemptLog.at(-1)?.endedAt ?? startedAt,
    sealedAt: startedAt,
    responseStatus: last.responseStatus,
    latencyMs,
    ...("error" in last ? { error: last.error } : {}),
  };
}

function suppression(now: number): Row {
  return { kind: "maintenance", window: MAINTENANCE_NAME, until: maintenanceEndsAt(now) };
}
