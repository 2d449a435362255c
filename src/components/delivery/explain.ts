/** A delivery's story in one sentence: what became of it, what it waits for, or why nobody was told. Pure. */
import { type Delivery } from "@/lib/backend.ts";
import { formatDuration } from "@/lib/format.ts";
import { formatMoment } from "@/lib/moments.ts";
import { type Texts } from "@/texts/texts.ts";

type Notifications = Texts["notifications"];
type Suppression = NonNullable<Delivery["suppressedBy"]>;

/** Why nobody is told, as the end of a sentence. */
export function suppressionText(
  texts: Notifications,
  suppressedBy: Suppression,
  now: number,
): string {
  const { suppressed } = texts;
  switch (suppressedBy.kind) {
    case "paused":
      return suppressed.paused;
    case "maintenance":
      return suppressed.maintenance(suppressedBy.window, formatMoment(suppressedBy.until, now));
    case "parentDown":
      return suppressed.parentDown(suppressedBy.parent);
    case "channelOff":
      return suppressed.channelOff;
    case "channelDeleted":
      return suppressed.channelDeleted;
    default:
      return suppressedBy satisfies never;
  }
}

/** What the receiver answered and how long it took: "HTTP 200, 132 ms"; empty where there was no answer. */
export function answerText({
  responseStatus,
  latencyMs,
}: {
  responseStatus?: number | null | undefined;
  latencyMs?: number | null | undefined;
}): string {
  const status = responseStatus == null || responseStatus === 0 ? [] : [`HTTP ${responseStatus}`];
  const latency = latencyMs == null ? [] : [`${Math.round(latencyMs)} ms`];
  return [...status, ...latency].join(", ");
}

export function explain(texts: Notifications, delivery: Delivery, now: number): string {
  const { story } = texts;
  const { state, attempts, latencyMs } = delivery;
  const error = delivery.error === null ? null : texts.reason(delivery.error);
  switch (state) {
    case "queued":
      return explainQueued(texts, delivery, now);
    case "leased":
      return story.sending(attempts);
    case "delivered": {
      const took = story.delivered(`${Math.round(latencyMs ?? 0)} ms`);
      return attempts > 1 ? story.atAttempt(took, attempts) : took;
    }
    case "failed":
      return story.failed(attempts, error ?? answerText(delivery));
    case "uncertain":
      return story.uncertain(error ?? answerText(delivery));
    case "suppressed":
      return delivery.suppressedBy === null
        ? story.suppressed
        : suppressionText(texts, delivery.suppressedBy, now);
    default:
      return state satisfies never;
  }
}

function explainQueued(texts: Notifications, delivery: Delivery, now: number): string {
  const { story } = texts;
  const { attempts, heldBy, isWaitingForEarlier, nextAttemptAt } = delivery;
  if (isWaitingForEarlier) return story.waitsForEarlier;
  const inTime = nextAttemptAt === null ? null : formatDuration(nextAttemptAt - now);
  if (heldBy === "quietHours" && nextAttemptAt !== null) {
    return story.quietHours(formatMoment(nextAttemptAt, now));
  }
  const isDue = nextAttemptAt === null || nextAttemptAt <= now || inTime === null;
  if (heldBy === "grouping" && !isDue) return story.grouping(inTime);
  if (attempts === 0) return isDue ? story.dueNow : story.dueIn(inTime);
  const why = delivery.error === null ? answerText(delivery) : texts.reason(delivery.error);
  return isDue ? story.retryNow(attempts, why) : story.retryIn(attempts, why, inTime);
}
