/** Crons as rows: what runs, and when next. When that is, cronTimes.ts knows; who runs it, scheduler.ts. */
import type { Database } from "../store/database.ts";
import type { CronJson } from "../store/deployment.ts";
import { nextCronMs } from "./cronTimes.ts";
import type { RunLabel } from "./runMarker.ts";

/** `component` is the path of the component whose cron it is. */
export type CronRow = { component: string; name: string; spec: CronJson; nextMs: number };

export const cronKey = ({ component, name }: CronRow): RunLabel => `cron ${component} ${name}`;

export function dueCrons(database: Database, nowMs: number): CronRow[] {
  return database
    .statement("SELECT component, name, spec, nextMs FROM crons WHERE nextMs <= ?")
    .all(nowMs)
    .map(([component, name, spec, nextMs]) => ({
      component: String(component),
      name: String(name),
      spec: JSON.parse(String(spec)) as CronJson,
      nextMs: Number(nextMs),
    }));
}

/** When the next cron is due, or null. */
export function nextCronDueMs(database: Database): number | null {
  const row = database.statement("SELECT min(nextMs) FROM crons").get();
  return row?.[0] == null ? null : Number(row[0]);
}

/** Times that have passed meanwhile are skipped. */
export function rescheduleCron(
  database: Database,
  { component, name, spec, nextMs }: CronRow,
  nowMs: number,
): void {
  database
    .statement("UPDATE crons SET nextMs = ? WHERE component = ? AND name = ?")
    .run(nextCronMs(spec.schedule, nextMs, nowMs), component, name);
}

/** Brings the stored crons in line with a push. A cron whose schedule is unchanged keeps its next time. */
export function syncCrons(
  database: Database,
  wanted: { component: string; spec: CronJson; name: string }[],
  nowMs: number,
): void {
  const stored = new Map<string, { spec: CronJson; nextMs: number }>(
    database
      .statement("SELECT component, name, spec, nextMs FROM crons")
      .all()
      .map((row) => [
        `${String(row[0])} ${String(row[1])}`,
        { spec: JSON.parse(String(row[2])) as CronJson, nextMs: Number(row[3]) },
      ]),
  );
  database.statement("DELETE FROM crons").run();
  for (const { component, name, spec } of wanted) {
    const before = stored.get(`${component} ${name}`);
    const unchanged =
      before !== undefined &&
      JSON.stringify(before.spec.schedule) === JSON.stringify(spec.schedule);
    const nextMs = unchanged ? before.nextMs : nextCronMs(spec.schedule, null, nowMs);
    database
      .statement("INSERT INTO crons (component, name, spec, nextMs) VALUES (?, ?, ?, ?)")
      .run(component, name, JSON.stringify(spec), nextMs);
  }
}
