/** An incident's story as entries in the order of time. Pure: what is known goes in, what is drawn comes out. */
import { type FunctionReturnType } from "convex/server";
import { answerText, explain, suppressionText } from "@/components/delivery/explain.ts";
import { type api, type Incident } from "@/lib/backend.ts";
import { formatDuration } from "@/lib/format.ts";
import { type Texts } from "@/texts/texts.ts";

export type IncidentDelivery = FunctionReturnType<typeof api.deliveries.ofIncident>[number];

export type Tone = "neutral" | "bad" | "good" | "warning" | "waiting" | "muted";

export interface TimelineEntry {
  key: string;
  at: number;
  title: string;
  detail: string;
  tone: Tone;
}

interface Facts {
  incident: Incident;
  deliveries: IncidentDelivery[];
  /** Of the machine, where it was before the incident; null where it is not known any more. */
  lastHeartbeatAt: number | null;
  texts: Texts;
  now: number;
}

/** A message that was queued so long before it was decided to join it was there already. */
const JOINED_AFTER_MS = 1_000;

export function timelineOf(facts: Facts): TimelineEntry[] {
  const entries = [
    ...beginningOf(facts),
    ...facts.deliveries.flatMap((delivery) => deliveryEntries(facts, delivery)),
    ...peopleEntries(facts),
    ...endOf(facts),
  ];
  // Sorting keeps the order of what happened at the same time.
  return entries.sort((left, right) => left.at - right.at);
}

function beginningOf({ incident, lastHeartbeatAt, texts }: Facts): TimelineEntry[] {
  const { timeline } = texts.incidents;
  const { openedAt, noticedAt } = incident;
  const heard =
    lastHeartbeatAt !== null && lastHeartbeatAt < openedAt
      ? [entry("heartbeat", lastHeartbeatAt, timeline.lastHeartbeat, "", "muted")]
      : [];
  return [
    ...heard,
    entry("deadline", openedAt, timeline.deadline, timeline.deadlineLead, "warning"),
    entry(
      "opened",
      noticedAt,
      timeline.opened,
      timeline.openedLead(delay(noticedAt - openedAt)),
      "bad",
    ),
  ];
}

function endOf({ incident: { openedAt, closedAt }, texts }: Facts): TimelineEntry[] {
  if (closedAt === null) return [];
  const { recovered, recoveredLead } = texts.incidents.timeline;
  const detail = recoveredLead(formatDuration(closedAt - openedAt));
  return [entry("recovered", closedAt, recovered, detail, "good")];
}

function peopleEntries({ incident, texts }: Facts): TimelineEntry[] {
  const { timeline } = texts.incidents;
  const { acknowledgedAt, acknowledgedBy, snoozedUntil, snoozedBy } = incident;
  return [
    ...(acknowledgedAt === null
      ? []
      : [
          entry(
            "acknowledged",
            acknowledgedAt,
            timeline.acknowledged(acknowledgedBy ?? ""),
            "",
            "neutral",
          ),
        ]),
    ...(snoozedUntil === null
      ? []
      : [entry("snoozed", snoozedUntil, timeline.snoozed(snoozedBy ?? ""), "", "waiting")]),
  ];
}

function deliveryEntries(facts: Facts, delivery: IncidentDelivery): TimelineEntry[] {
  const { texts, now } = facts;
  const { timeline } = texts.incidents;
  const { deliveryId: id, channelName, decidedAt, queuedAt, suppressedBy } = delivery;
  if (delivery.state === "suppressed") {
    const why =
      suppressedBy === null ? "" : suppressionText(texts.notifications, suppressedBy, now);
    return [entry(`${id} not`, decidedAt, timeline.notTold(channelName), why, "muted")];
  }
  const event = texts.notifications.events[delivery.event];
  const hasJoined = decidedAt - queuedAt > JOINED_AFTER_MS;
  const queued = hasJoined ? timeline.joined(channelName) : timeline.queued(channelName);
  return [
    entry(`${id} decided`, decidedAt, timeline.decided(channelName, event), queued, "neutral"),
    ...delivery.attemptLog.map((_attempt, index) => attemptEntry(facts, delivery, index)),
  ];
}

function attemptEntry({ texts }: Facts, delivery: IncidentDelivery, index: number): TimelineEntry {
  const { timeline } = texts.incidents;
  const { deliveryId, channelName, attemptLog, state } = delivery;
  const attempt = attemptLog[index];
  const isLast = index === attemptLog.length - 1;
  const key = `${deliveryId} ${index}`;
  const title = timeline.attempt(index + 1, channelName);
  const at = attempt?.startedAt ?? delivery.queuedAt;
  const outcome = attempt?.outcome;
  if (attempt === undefined || outcome === undefined) {
    const isUnderWay = isLast && state === "leased";
    const detail = isUnderWay ? timeline.attemptUnderWay : timeline.attemptLost;
    return entry(key, at, title, detail, isUnderWay ? "waiting" : "warning");
  }
  const word = texts.notifications.states[outcome];
  const why = outcome === "delivered" ? "" : texts.notifications.reason(attempt.error ?? "");
  const parts = [word, answerText(attempt), why];
  return entry(key, at, title, parts.filter((part) => part !== "").join(" · "), toneOf(outcome));
}

function toneOf(outcome: "delivered" | "failed" | "uncertain"): Tone {
  switch (outcome) {
    case "delivered":
      return "good";
    case "failed":
      return "bad";
    case "uncertain":
      return "warning";
    default:
      return outcome satisfies never;
  }
}

/** Who was told, how soon; or why nobody was. */
export function toldText({
  incident,
  deliveries,
  texts,
  now,
}: Omit<Facts, "lastHeartbeatAt">): string {
  const { told } = texts.incidents;
  const alarms = deliveries.filter(({ event }) => event !== "machine.online");
  const delivered = alarms
    .filter(({ state, finishedAt }) => state === "delivered" && finishedAt !== null)
    .sort((left, right) => (left.finishedAt ?? 0) - (right.finishedAt ?? 0));
  const [first] = delivered;
  if (first !== undefined) {
    const after = delay((first.finishedAt ?? now) - incident.openedAt);
    const others = new Set(delivered.map(({ channelId }) => channelId)).size - 1;
    return others > 0
      ? told.deliveredMore(first.channelName, others, after)
      : told.delivered(first.channelName, after);
  }
  const { suppressedBy } = incident;
  if (suppressedBy !== null) {
    return told.nobody(`${suppressionText(texts.notifications, suppressedBy, now)}.`);
  }
  const [any] = alarms;
  if (any === undefined) return told.noChannel;
  const waiting = alarms.find(({ state }) => state === "queued" || state === "leased");
  if (waiting !== undefined) {
    return waiting.heldBy === null
      ? told.underWay
      : `${waiting.channelName}: ${explain(texts.notifications, waiting, now)}.`;
  }
  const suppressed = alarms.find((alarm) => alarm.suppressedBy !== null);
  if (suppressed?.suppressedBy != null && alarms.every(({ state }) => state === "suppressed")) {
    return told.nobody(`${suppressionText(texts.notifications, suppressed.suppressedBy, now)}.`);
  }
  return told.failed(any.channelName);
}

/** Within a second it matters how much of one. */
function delay(durationMs: number): string {
  const ms = Math.max(0, Math.round(durationMs));
  return ms < 1_000 ? `${ms} ms` : formatDuration(ms);
}

function entry(key: string, at: number, title: string, detail: string, tone: Tone): TimelineEntry {
  return { key, at, title, detail, tone };
}
