/**
 * The desk of one transaction: decisions are put on it and leave together, so that a hundred machines that fall
 * silent at once write one row per channel instead of a hundred. Nothing is queued before the desk is closed.
 */
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx } from "../_generated/server.js";
import type { MachineSnapshot, NotificationEvent, Suppression } from "../validators.ts";
import * as Channels from "./channelRows.ts";
import * as Maintenance from "./maintenanceRows.ts";
import * as Outbox from "./outbox.ts";
import * as Turns from "./turns.ts";
import * as Waves from "./waves.ts";

/** What a channel is to hear about one machine. */
export interface Notice {
  channel: Doc<"channels">;
  event: NotificationEvent;
  incidentId?: Id<"incidents">;
  machine: MachineSnapshot;
  at: number;
  durationMs?: number;
  suppressedBy?: Suppression | undefined;
  /** Messages that it must not overtake. */
  after?: Id<"deliveries">[];
  /** Whether others are likely to follow soon. Of silences the desk knows itself. */
  mayGrow?: boolean;
}

interface WorkspaceFacts {
  channels: Doc<"channels">[];
  windows: Doc<"maintenanceWindows">[];
}

export interface Desk {
  ctx: MutationCtx;
  now: number;
  facts: Map<Id<"workspaces">, WorkspaceFacts>;
  waves: Map<Id<"workspaces">, Waves.Wave>;
  /** By how many the machines that are online become more; of workspaces with a wave. */
  online: Map<Id<"workspaces">, number>;
  groups: Map<string, Turns.Group>;
}

export function open(ctx: MutationCtx, now: number): Desk {
  return { ctx, now, facts: new Map(), waves: new Map(), online: new Map(), groups: new Map() };
}

/** The workspace's channels and maintenance windows, read once. */
export async function factsOf(
  { ctx, facts }: Desk,
  workspaceId: Id<"workspaces">,
): Promise<WorkspaceFacts> {
  const known = facts.get(workspaceId);
  if (known !== undefined) return known;
  const read = {
    channels: await Channels.ofWorkspace(ctx, workspaceId),
    windows: await Maintenance.ofWorkspace(ctx, workspaceId),
  };
  facts.set(workspaceId, read);
  return read;
}

/** Counts a silence to its wave and returns when that began. */
export async function joinWave(desk: Desk, workspaceId: Id<"workspaces">): Promise<number> {
  const { ctx, now, waves } = desk;
  const known = waves.get(workspaceId);
  const fleet =
    known === undefined
      ? await Waves.fleetOf(ctx, workspaceId)
      : { wave: known, online: known.watched };
  const wave = Waves.joined(fleet, now);
  waves.set(workspaceId, wave);
  return wave.startedAt;
}

/** Counted when the desk is closed, together with the wave: once, however many machines change. */
export function countOnline(desk: Desk, workspaceId: Id<"workspaces">, delta: number): void {
  desk.online.set(workspaceId, (desk.online.get(workspaceId) ?? 0) + delta);
}

export function put(desk: Desk, notice: Notice): void {
  const { channel, event, suppressedBy } = notice;
  const key = Turns.groupKeyOf({ channel, event, suppressedBy });
  const group = desk.groups.get(key) ?? { key, channel, event, suppressedBy, notices: [] };
  group.notices.push(notice);
  desk.groups.set(key, group);
}

/** Queues what was put on the desk, in the same transaction. */
export async function close({ ctx, now, waves, online, groups }: Desk): Promise<void> {
  for (const [workspaceId, wave] of waves) {
    await Waves.keep(ctx, workspaceId, { wave, online: online.get(workspaceId) ?? 0 });
  }
  for (const group of groups.values()) {
    const wave = waves.get(group.channel.workspaceId);
    await Outbox.queue(ctx, { group, massSilence: Waves.massSilence(wave), now });
  }
}
