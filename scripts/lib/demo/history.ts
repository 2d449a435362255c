/** The measured past of a machine as rows of the tables that the jobs would have written, and when it was up. Pure. */
import { bucketStart, resolutions, type Resolution } from "../../../core/rollup.ts";
import { DAY, MINUTE, SECOND } from "../../../core/time.ts";
import { overlay, segmentsOf, tally, type Segment } from "../../../core/uptime.ts";
import { changesOf, ownOutages, versionAt, YEAR, type Life } from "./lives.ts";
import { statsAt, valuesAt } from "./metrics.ts";
import { HEARTBEAT_INTERVAL_MS } from "./stage.ts";
import type { Row } from "../tables.ts";

/** As far back as the page's charts look at each: longer than this, they take the coarser one. */
const KEPT_MS = { "5m": 2 * DAY, "1h": 91 * DAY, "1d": YEAR };
const SAMPLES_MS = 70 * MINUTE;

/** Everything that is known of one machine by its document's id. */
export interface Known {
  life: Life;
  machine: unknown;
  workspaceId: unknown;
}

/** What a machine was from `from` to `to`. */
export function conditionsOf(
  life: Life,
  { from, to, now }: { from: number; to: number; now: number },
): Segment[] {
  const segments = segmentsOf("waiting", changesOf(life), {
    from: Math.min(from, life.bornAt),
    to,
  });
  return overlay(segments, ownOutages(now), "unknown");
}

export function* statusChangeRows({ life, machine, workspaceId }: Known): Generator<Row> {
  const offline = { from: "offline", to: "online" };
  let before = "offline";
  for (const { at, reason } of changesOf(life)) {
    const to = reason === "heartbeat" ? offline.to : offline.from;
    const version = versionAt(life, at);
    yield { workspaceId, machine, from: before, to, reason, at, version, _creationTime: at };
    before = to;
  }
}

export function* versionChangeRows({ life, machine, workspaceId }: Known): Generator<Row> {
  for (const [index, { at, version }] of life.versions.entries()) {
    const from = life.versions[index - 1]?.version ?? null;
    yield { workspaceId, machine, from, to: version, at, _creationTime: at };
  }
}

/** All days that are over (UTC). */
export function uptimeRow({ life, machine }: Known, now: number): Row {
  const today = bucketStart(now, DAY);
  const firstDay = Math.max(bucketStart(life.bornAt, DAY), today - YEAR);
  const segments = conditionsOf(life, { from: firstDay, to: today, now });
  const days = Array.from({ length: (today - firstDay) / DAY }, (_unused, index) => {
    const from = firstDay + index * DAY;
    return tally(segments, { from, to: from + DAY });
  });
  const secondsOf = (ms: number) => Math.round(ms / SECOND);
  return {
    machine,
    firstDay,
    upSeconds: days.map(({ up }) => secondsOf(up)),
    downSeconds: days.map(({ down }) => secondsOf(down)),
  };
}

export function* rollupRows(known: Known, now: number): Generator<Row> {
  for (const resolution of ["1d", "1h", "5m"] as const) yield* rollupsOf(known, resolution, now);
}

/** The last hour, heartbeat by heartbeat. Network counters count from an arbitrary boot. */
export function* sampleRows({ life, machine }: Known, now: number): Generator<Row> {
  const from = now - SAMPLES_MS;
  const segments = conditionsOf(life, { from, to: now, now });
  let [rx, tx] = [5e9, 2e9];
  for (const { from: start, to } of segments.filter(({ condition }) => condition === "up")) {
    for (let at = Math.ceil(Math.max(start, from)); at < to; at += HEARTBEAT_INTERVAL_MS) {
      const {
        networkRxBytesPerSecond = 0,
        networkTxBytesPerSecond = 0,
        ...gauges
      } = valuesAt(life.character, at);
      rx += (networkRxBytesPerSecond * HEARTBEAT_INTERVAL_MS) / SECOND;
      tx += (networkTxBytesPerSecond * HEARTBEAT_INTERVAL_MS) / SECOND;
      yield { machine, at, ...gauges, networkRxBytes: rx, networkTxBytes: tx, _creationTime: at };
    }
  }
}

function* rollupsOf({ life, machine }: Known, resolution: Resolution, now: number): Generator<Row> {
  const { bucketMs } = resolutions[resolution];
  const first = bucketStart(Math.max(life.bornAt, now - KEPT_MS[resolution]), bucketMs);
  const segments = conditionsOf(life, { from: first, to: now, now });
  for (let at = first; at + bucketMs <= now; at += bucketMs) {
    const upMs = upWithin(segments, { from: at, to: at + bucketMs });
    const beats = Math.round(upMs / HEARTBEAT_INTERVAL_MS);
    if (beats === 0) continue;
    const silencesMs = silencesEnding(life, { from: at, to: at + bucketMs });
    yield {
      machine,
      resolution,
      at,
      beats,
      ...statsAt(life.character, { at, bucketMs, beats, resolution }),
      ...(resolution === "5m" ? { lastBeatAt: at + bucketMs - 1_000 } : {}),
      ...(silencesMs.length === 0 ? {} : { silencesMs }),
      _creationTime: at + bucketMs,
    };
  }
}

/** The segments are in order: those before the bucket are dropped, so that a year costs a year and not its square. */
function upWithin(segments: Segment[], { from, to }: { from: number; to: number }): number {
  while ((segments[0]?.to ?? Infinity) <= from) segments.shift();
  let upMs = 0;
  for (const segment of segments) {
    if (segment.from >= to) break;
    if (segment.condition !== "up") continue;
    upMs += Math.min(segment.to, to) - Math.max(segment.from, from);
  }
  return upMs;
}

/** With the time that had passed since the last heartbeat before a silence was called one. */
function silencesEnding({ stops }: Life, { from, to }: { from: number; to: number }): number[] {
  return stops.flatMap((stop) => {
    if (stop.reason !== "silence" || stop.to === null || stop.to < from || stop.to >= to) return [];
    return [Math.round(stop.to - stop.from + SILENT_BEFORE_MS)];
  });
}

/** MACHINE_OFFLINE_THRESHOLD of the demo. */
export const SILENT_BEFORE_MS = 45 * SECOND;

/** When the machine was last heard before it was called silent, or said goodbye. */
export function lastSeenBefore({ from, reason }: Life["stops"][number]): number {
  return reason === "silence" ? from - SILENT_BEFORE_MS : from;
}
