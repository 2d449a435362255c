/**
 * Uptime: a row per machine with seconds up and down of each day that is over (UTC), and what has happened since from
 * status changes. Changes and maintenance that are entered later do not rewrite days that are over.
 */
import { bucketStart } from "../../core/rollup.ts";
import type { Interval } from "../../core/silences.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../core/time.ts";
import { cellsOf, tally, uptimeOf, type Segment } from "../../core/uptime.ts";
import type { Doc, Id } from "../_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../_generated/server.js";
import * as Conditions from "./conditions.ts";
import * as Exclusions from "./exclusions.ts";
import { checkInstant } from "./instants.ts";

/** A year and a month: enough to compare a month with the same one a year ago. */
const MAX_DAYS = 400;
export const BAR_DAYS = 90;
export const BAR_CELLS = 48;
const CELL_MS = 30 * MINUTE;

export interface Day {
  /** Its start. */
  day: number;
  upSeconds: number;
  downSeconds: number;
}

export interface Uptime {
  /** The last ninety days, today last; days before the machine are left out. */
  days: Day[];
  /** 0 to 1, or null where no time counts. */
  last24Hours: number | null;
  last30Days: number | null;
  last90Days: number | null;
}

/** Adds the day that is over to the machine's row; done again, it replaces it. */
export async function closeDay(
  ctx: MutationCtx,
  { machine, day }: { machine: Doc<"machines">; day: number },
): Promise<void> {
  const stretch = { from: day, to: day + DAY };
  const exclusions = Exclusions.within(ctx, stretch);
  const segments = await Conditions.of(ctx, { machine, exclusions, ...stretch });
  const [closed] = daysOf(segments, stretch);
  if (closed === undefined) return;
  const row = await find(ctx, machine._id);
  if (row === null) {
    const { upSeconds, downSeconds } = closed;
    await ctx.db.insert("uptimes", {
      machine: machine._id,
      firstDay: day,
      upSeconds: [upSeconds],
      downSeconds: [downSeconds],
    });
  } else await ctx.db.patch("uptimes", row._id, withDay(row, closed));
}

/** Uptime up to a moment (ms), which the caller rounds: nobody knows the time here. */
export async function get(
  ctx: QueryCtx,
  { machine, until }: { machine: Doc<"machines">; until: number },
): Promise<Uptime> {
  checkInstant(until, "until");
  const firstDay = Math.max(
    bucketStart(until, DAY) - (BAR_DAYS - 1) * DAY,
    bucketStart(machine._creationTime, DAY),
  );
  const closed = (await closedDays(ctx, machine._id)).filter(
    ({ day }) => day >= firstDay && day + DAY <= until,
  );
  const openFrom = (closed.at(-1)?.day ?? firstDay - DAY) + DAY;
  const stretch = { from: Math.min(openFrom, until - DAY), to: until };
  const exclusions = Exclusions.within(ctx, stretch);
  const segments = await Conditions.of(ctx, { machine, exclusions, ...stretch });
  const days = [...closed, ...daysOf(segments, { from: openFrom, to: until })];
  return {
    days,
    last24Hours: uptimeOf(tally(segments, { from: until - DAY, to: until })),
    last30Days: uptimeOfDays(days.filter(({ day }) => day > until - 30 * DAY)),
    last90Days: uptimeOfDays(days),
  };
}

/** The bar of a row in a list: a letter per half hour of the day up to `until`, rounded up to the half hour. */
export async function bar(
  ctx: QueryCtx,
  {
    machine,
    until,
    exclusions,
  }: { machine: Doc<"machines">; until: number; exclusions: Exclusions.Exclusions },
): Promise<{ cells: string; uptime: number | null }> {
  const stretch = barStretch(until);
  const segments = await Conditions.of(ctx, { machine, exclusions, ...stretch });
  return {
    cells: cellsOf(segments, stretch, BAR_CELLS),
    uptime: uptimeOf(tally(segments, { ...stretch, to: until })),
  };
}

export function barStretch(until: number): Interval {
  checkInstant(until, "until");
  const to = Math.ceil(until / CELL_MS) * CELL_MS;
  return { from: to - 24 * HOUR, to };
}

export function uptimeOfDays(days: Day[]): number | null {
  const sum = (pick: (day: Day) => number) => days.reduce((total, day) => total + pick(day), 0);
  return uptimeOf({ up: sum((day) => day.upSeconds), down: sum((day) => day.downSeconds) });
}

async function closedDays(ctx: QueryCtx, machine: Id<"machines">): Promise<Day[]> {
  const row = await find(ctx, machine);
  if (row === null) return [];
  return row.upSeconds.map((upSeconds, index) => ({
    day: row.firstDay + index * DAY,
    upSeconds,
    downSeconds: row.downSeconds[index] ?? 0,
  }));
}

function daysOf(segments: Segment[], { from, to }: Interval): Day[] {
  const days: Day[] = [];
  for (let day = bucketStart(from, DAY); day < to; day += DAY) {
    const { up, down } = tally(segments, {
      from: Math.max(day, from),
      to: Math.min(day + DAY, to),
    });
    const seconds = (ms: number) => Math.round(ms / SECOND);
    days.push({ day, upSeconds: seconds(up), downSeconds: seconds(down) });
  }
  return days;
}

/** Days that nobody closed, as after an error, count for nothing. */
function withDay(
  { firstDay, upSeconds, downSeconds }: Doc<"uptimes">,
  closed: Day,
): Pick<Doc<"uptimes">, "firstDay" | "upSeconds" | "downSeconds"> {
  const index = (closed.day - firstDay) / DAY;
  const place = (seconds: number[], value: number) => [
    ...Array.from({ length: index }, (_unused, day) => seconds[day] ?? 0),
    value,
    ...seconds.slice(index + 1),
  ];
  const [up, down] = [place(upSeconds, closed.upSeconds), place(downSeconds, closed.downSeconds)];
  const surplus = Math.max(0, up.length - MAX_DAYS);
  return {
    firstDay: firstDay + surplus * DAY,
    upSeconds: up.slice(surplus),
    downSeconds: down.slice(surplus),
  };
}

async function find(ctx: QueryCtx, machine: Id<"machines">): Promise<Doc<"uptimes"> | null> {
  return await ctx.db
    .query("uptimes")
    .withIndex("by_machine", (q) => q.eq("machine", machine))
    .unique();
}
