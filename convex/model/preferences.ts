/** What a channel is told: the defaults, the checks, and whether an event is for it. */
import { DAY, MINUTE } from "../../core/time.ts";
import { MAX_GROUP_WINDOW_MS, DEFAULT_GROUP_WINDOW_MS } from "../../core/grouping.ts";
import { isTimeZone } from "../../core/localTime.ts";
import { quietHoursProblem, quietUntil } from "../../core/quietHours.ts";
import type { Doc } from "../_generated/dataModel.js";
import type { NotificationEvent, Preferences } from "../validators.ts";
import { fail } from "./fail.ts";
import { parseDuration, parseTags } from "./texts.ts";

const defaultEvents = ["machine.offline", "machine.online", "channel.failing"] as const;
/** More often, a reminder is a nuisance to people and to providers. */
const REPEAT_LIMITS_MS = { min: MINUTE, max: 30 * DAY };
const DELAY_LIMITS_MS = { min: 0, max: 7 * DAY };
const WINDOW_LIMITS_MS = { min: 0, max: MAX_GROUP_WINDOW_MS };

/** Only what was given, checked. */
export function parsePreferences(given: Preferences): Preferences {
  const { events, tags, quietHours, delayMs, repeatEveryMs, groupWindowMs, ...switches } = given;
  const parsed: Preferences = { ...switches };
  if (events !== undefined) parsed.events = [...new Set(events)];
  if (tags !== undefined) parsed.tags = parseTags(tags);
  if (quietHours !== undefined) parsed.quietHours = checkQuietHours(quietHours);
  if (delayMs !== undefined) {
    parsed.delayMs = parseDuration(delayMs, { field: "delayMs", ...DELAY_LIMITS_MS });
  }
  if (repeatEveryMs !== undefined) {
    const limits = { field: "repeatEveryMs", ...REPEAT_LIMITS_MS };
    parsed.repeatEveryMs = parseDuration(repeatEveryMs, limits);
  }
  if (groupWindowMs !== undefined) {
    const limits = { field: "groupWindowMs", ...WINDOW_LIMITS_MS };
    parsed.groupWindowMs = parseDuration(groupWindowMs, limits);
  }
  return parsed;
}

/** A channel's preferences as they are in force. */
export function preferencesOf(channel: Doc<"channels">) {
  return {
    events: channel.events ?? [...defaultEvents],
    tags: channel.tags ?? [],
    quietHours: channel.quietHours ?? null,
    delayMs: channel.delayMs ?? 0,
    repeatEveryMs: channel.repeatEveryMs ?? null,
    groupWindowMs: channel.groupWindowMs ?? DEFAULT_GROUP_WINDOW_MS,
    retryUncertain: channel.retryUncertain ?? true,
    isOff: channel.isOff ?? false,
  };
}

/** Whether the channel is to hear of this event; of a machine with these tags, where it is about one. */
export function wants(
  channel: Doc<"channels">,
  event: NotificationEvent,
  machineTags: string[] | null,
): boolean {
  const { events, tags } = preferencesOf(channel);
  const isForIt =
    machineTags === null || tags.length === 0 || tags.some((tag) => machineTags.includes(tag));
  return isForIt && isChosen(events, event);
}

/** When the quiet hours in force end (milliseconds), or null. Tests come at once. */
export function quietUntilFor(
  channel: Doc<"channels">,
  event: NotificationEvent,
  now: number,
): number | null {
  if (event === "test" || channel.quietHours === undefined) return null;
  return quietUntil(channel.quietHours, now);
}

function isChosen(
  events: ReturnType<typeof preferencesOf>["events"],
  event: NotificationEvent,
): boolean {
  switch (event) {
    case "machine.flapping":
    case "machine.reminder":
      return events.includes("machine.offline");
    case "test":
      return true;
    case "machine.offline":
    case "machine.online":
    case "machine.late":
    case "channel.failing":
      return events.includes(event);
    default:
      return event satisfies never;
  }
}

function checkQuietHours(hours: NonNullable<Preferences["quietHours"]>) {
  const problem = isTimeZone(hours.timeZone)
    ? quietHoursProblem(hours)
    : "The time zone must be one like Europe/Vienna or UTC.";
  return problem === null
    ? hours
    : fail({ kind: "invalid", field: "quietHours", message: problem });
}
