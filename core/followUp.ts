/**
 * Whom to tell about an open incident now, and when to think again: escalation after a delay, reminders until somebody
 * acknowledges, nothing while it is snoozed. The first decision and every later one are made here.
 */

export interface IncidentFacts {
  /** From when on it may be told: its opening, or the end of what suppressed it. */
  tellableSince: number;
  isAcknowledged: boolean;
  snoozedUntil: number | null;
}

export interface ChannelFacts {
  /** Escalation: the channel is told only what nobody acknowledged for so long. */
  delayMs: number;
  /** Reminders, or null for none. */
  repeatEveryMs: number | null;
  /** When it was told last about this incident, or null. */
  lastToldAt: number | null;
}

export type FollowUp =
  { action: "tell" | "remind"; nextAt: number | null } | { action: "wait"; nextAt: number | null };

const never: FollowUp = { action: "wait", nextAt: null };

export function followUp(incident: IncidentFacts, channel: ChannelFacts, now: number): FollowUp {
  if (incident.isAcknowledged) return never;
  const dueAt = dueAtOf(incident, channel);
  if (dueAt === null) return never;
  const wakeAt = Math.max(dueAt, incident.snoozedUntil ?? 0);
  if (wakeAt > now) return { action: "wait", nextAt: wakeAt };
  const nextAt = channel.repeatEveryMs === null ? null : now + channel.repeatEveryMs;
  return { action: channel.lastToldAt === null ? "tell" : "remind", nextAt };
}

/** The earliest of some times, or null where there is none. */
export function earliest(times: (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function dueAtOf(
  { tellableSince }: IncidentFacts,
  { delayMs, repeatEveryMs, lastToldAt }: ChannelFacts,
): number | null {
  if (lastToldAt === null) return tellableSince + delayMs;
  return repeatEveryMs === null ? null : lastToldAt + repeatEveryMs;
}
