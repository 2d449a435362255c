/** A maintenance window as it is being written: from what is stored to the form, and back. Pure. */
import { type FunctionReturnType } from "convex/server";
import { type api } from "@/lib/backend.ts";
import { ownTimeZone } from "@/lib/calendar.ts";
import { fromLocalInput, toLocalInput } from "@/lib/moments.ts";
import { type Texts } from "@/texts/texts.ts";
import { MAX_ONCE_MS, type Schedule } from "../../../core/maintenance.ts";
import { HOUR } from "../../../core/time.ts";

export type MaintenanceWindow = FunctionReturnType<typeof api.maintenance.list>[number];

export interface Draft {
  name: string;
  kind: "once" | "weekly";
  /** As inputs of type datetime-local have it. */
  startsAt: string;
  endsAt: string;
  timeZone: string;
  days: readonly number[];
  startMinute: number;
  durationMs: number;
  target: "all" | "tags" | "machines";
  tags: string;
  machineIds: readonly string[];
}

export type Problems = Partial<Record<"name" | "times" | "days" | "target", string>>;

const SUNDAY = 0;
const THREE_O_CLOCK = 3 * 60;

export function emptyDraft(now: number): Draft {
  const nextHour = Math.ceil(now / HOUR) * HOUR;
  return {
    name: "",
    kind: "once",
    startsAt: toLocalInput(nextHour),
    endsAt: toLocalInput(nextHour + 2 * HOUR),
    timeZone: ownTimeZone(),
    days: [SUNDAY],
    startMinute: THREE_O_CLOCK,
    durationMs: 2 * HOUR,
    target: "all",
    tags: "",
    machineIds: [],
  };
}

export function draftOf(window: MaintenanceWindow, now: number): Draft {
  const { name, machineIds, tags, schedule } = window;
  const target = machineIds.length > 0 ? "machines" : tags.length > 0 ? "tags" : "all";
  const rest = { name, target, tags: tags.join(", "), machineIds } as const;
  const { kind } = schedule;
  return kind === "once"
    ? {
        ...emptyDraft(now),
        ...rest,
        kind,
        startsAt: toLocalInput(schedule.startsAt),
        endsAt: toLocalInput(schedule.endsAt),
      }
    : { ...emptyDraft(now), ...rest, ...schedule };
}

/** What the server takes; null where the times are none. */
export function scheduleOf(draft: Draft): Schedule | null {
  if (draft.kind === "weekly") {
    const { timeZone, days, startMinute, durationMs } = draft;
    return { kind: "weekly", timeZone, days: [...days], startMinute, durationMs };
  }
  const startsAt = fromLocalInput(draft.startsAt);
  const endsAt = fromLocalInput(draft.endsAt);
  return startsAt === null || endsAt === null ? null : { kind: "once", startsAt, endsAt };
}

export function targetOf({ target, tags, machineIds }: Draft) {
  const wanted = tags
    .split(/[,，]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
  return {
    tags: target === "tags" ? [...new Set(wanted)] : [],
    machineIds: target === "machines" ? [...machineIds] : [],
  };
}

export function problemsOf({ form }: Texts["maintenance"], draft: Draft): Problems {
  const schedule = scheduleOf(draft);
  const { tags, machineIds } = targetOf(draft);
  const lengthMs = schedule?.kind === "once" ? schedule.endsAt - schedule.startsAt : 1;
  const hasBadTimes = schedule === null || lengthMs <= 0 || lengthMs > MAX_ONCE_MS;
  const hasNoTarget = draft.target !== "all" && tags.length + machineIds.length === 0;
  return {
    ...(draft.name.trim() === "" && { name: form.nameNeeded }),
    ...(hasBadTimes && { times: form.badTimes }),
    ...(draft.kind === "weekly" && draft.days.length === 0 && { days: form.daysNeeded }),
    ...(hasNoTarget && { target: form.targetNeeded }),
  };
}
