/** What the checklist under a new machine's command says, from what the server has seen of it. */
import type { FunctionReturnType } from "convex/server";
import type { api } from "@/lib/backend.ts";
import { formatAge, formatDuration } from "@/lib/format.ts";
import type { Texts } from "@/texts/texts.ts";
import { MINUTE, SECOND } from "../../../core/time.ts";

type Checklist = FunctionReturnType<typeof api.machines.checklist>;
type ChecklistTexts = Texts["enrolment"]["checklist"];

export type StepState = "done" | "current" | "todo" | "warning" | "failed";
export interface Step {
  key: string;
  title: string;
  note: string;
  state: StepState;
}

/** Above this, times in the machine's own logs stop making sense beside ours. */
const CLOCK_TOLERANCE_MS = 5 * SECOND;
/** A failure that is older was tried by somebody else, or long ago. */
const FAILURE_MEMORY_MS = 15 * MINUTE;

export function checklistSteps(
  checklist: Checklist | null,
  now: number,
  texts: ChecklistTexts,
): Step[] {
  const { requestSeenAt = null, tokenAcceptedAt = null, clash = null } = checklist ?? {};
  const refusal = freshRefusal(checklist, now);
  return [
    requestSeenAt === null
      ? { key: "seen", title: texts.seenWait, note: texts.seenWaitNote, state: "current" }
      : {
          key: "seen",
          title: texts.seen,
          note: texts.seenNote(formatAge(requestSeenAt, now)),
          state: "done",
        },
    tokenStep({ tokenAcceptedAt, isWrong: refusal?.kind === "wrongSecret", now, texts }),
    clockStep(tokenAcceptedAt === null ? null : (checklist?.clockSkewMs ?? null), texts),
    refusal?.kind === "badBody"
      ? { key: "metrics", title: texts.badBody, note: refusal.message, state: "failed" }
      : metricsStep(checklist?.hasMetrics === true, texts),
    ...(clash === null ? [] : [clashStep(clash, texts)]),
  ];
}

/** Why the last request was refused: old reasons, and those that a good request came after, no longer matter. */
function freshRefusal(checklist: Checklist | null, now: number): Checklist["refusal"] {
  const refusal = checklist?.refusal ?? null;
  const isFresh =
    refusal !== null &&
    now - refusal.at < FAILURE_MEMORY_MS &&
    refusal.at > (checklist?.tokenAcceptedAt ?? 0);
  return isFresh ? refusal : null;
}

function tokenStep({
  tokenAcceptedAt,
  isWrong,
  now,
  texts,
}: {
  tokenAcceptedAt: number | null;
  isWrong: boolean;
  now: number;
  texts: ChecklistTexts;
}): Step {
  const key = "token";
  if (isWrong)
    return { key, title: texts.wrongSecret, note: texts.wrongSecretNote, state: "failed" };
  if (tokenAcceptedAt === null) {
    return { key, title: texts.tokenTodo, note: texts.tokenTodoNote, state: "todo" };
  }
  const note = texts.tokenNote(formatAge(tokenAcceptedAt, now));
  return { key, title: texts.token, note, state: "done" };
}

function clockStep(skewMs: number | null, texts: ChecklistTexts): Step {
  const key = "clock";
  if (skewMs === null) {
    return { key, title: texts.clockTodo, note: texts.clockTodoNote, state: "todo" };
  }
  const offMs = Math.abs(skewMs);
  if (offMs <= CLOCK_TOLERANCE_MS) {
    return { key, title: texts.clock, note: texts.clockNote, state: "done" };
  }
  const title = texts.clockOff(formatDuration(offMs));
  return { key, title, note: texts.clockOffNote, state: "warning" };
}

function metricsStep(hasMetrics: boolean, texts: ChecklistTexts): Step {
  return hasMetrics
    ? { key: "metrics", title: texts.metrics, note: texts.metricsNote, state: "done" }
    : { key: "metrics", title: texts.metricsTodo, note: texts.metricsTodoNote, state: "todo" };
}

function clashStep({ boots }: NonNullable<Checklist["clash"]>, texts: ChecklistTexts): Step {
  const machines = boots
    .map(({ hostname, ipAddress }) =>
      hostname === undefined
        ? (ipAddress ?? texts.unknownHost)
        : hostname + (ipAddress === undefined ? "" : ` (${ipAddress})`),
    )
    .join(texts.and);
  return { key: "clash", title: texts.clash, note: texts.clashNote(machines), state: "failed" };
}
