/** What a channel hears, in plain words for its row. Pure. */
import { type Channel } from "@/lib/backend.ts";
import { clockOf, weekdayList } from "@/lib/calendar.ts";
import { formatDuration } from "@/lib/format.ts";
import { type Texts } from "@/texts/texts.ts";

type Preferences = Channel["preferences"];

const DEFAULT_GROUP_WINDOW_MS = 20_000;
const ALL_EVENTS = 4;

/** Only what is worth saying: what is as it usually is, is left out. */
export function rulesText({ rules }: Texts["notifications"], preferences: Preferences): string {
  const { tags, delayMs, repeatEveryMs, groupWindowMs, retryUncertain } = preferences;
  return [
    heardText(rules, preferences),
    tags.length > 0 ? rules.tags(tags.join(", ")) : "",
    delayMs > 0 ? rules.delay(formatDuration(delayMs)) : "",
    repeatEveryMs === null ? "" : rules.repeat(formatDuration(repeatEveryMs)),
    quietText(rules, preferences.quietHours),
    groupWindowMs === DEFAULT_GROUP_WINDOW_MS ? "" : rules.grouping(formatDuration(groupWindowMs)),
    retryUncertain ? "" : rules.noRetry,
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

type Rules = Texts["notifications"]["rules"];

function heardText(rules: Rules, { events }: Preferences): string {
  if (events.length === 0) return rules.hearsNothing;
  if (events.length === ALL_EVENTS) return rules.allEvents;
  return rules.hears(events.map((event) => rules.events[event]).join(", "));
}

function quietText(rules: Rules, quietHours: Preferences["quietHours"]): string {
  if (quietHours === null) return "";
  const { fromMinute, toMinute, timeZone, days } = quietHours;
  const quiet = rules.quiet(clockOf(fromMinute), clockOf(toMinute), timeZone);
  return days === undefined ? quiet : rules.quietOn(quiet, weekdayList(days));
}
