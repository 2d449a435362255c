/** What a machine of the demo measures at a moment: one formula for its past and its present, so that they fit. */
import type { SeriesName, Stats } from "../../../core/rollup.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../../core/time.ts";
import { wander } from "./chance.ts";
import type { Character } from "./roster.ts";

type Values = Partial<Record<SeriesName, number>>;

/** How far values lie apart within a bucket, as a share of them. */
const SPREAD = { "5m": 0.12, "1h": 0.25, "1d": 0.45 } as const;

/** Gauges and rates at a moment (ms). */
export function valuesAt({ seed, role }: Character, at: number): Values {
  const busy = businessOf(at);
  const restless = wander(seed, at, 7 * MINUTE) * 0.6 + wander(seed + 1e4, at, 40 * SECOND) * 0.4;
  const own = 1 + 0.25 * wander(seed + 2e4, at, 30 * DAY);
  const cpu = clamp(role.cpu * own * (0.55 + 0.7 * busy) * (1 + 0.45 * restless));
  const memory = clamp(role.memory * (0.9 + 0.12 * busy) + 7 * wander(seed + 3e4, at, 5 * HOUR));
  // Fills for some weeks, then somebody tidies up.
  const filling = (at / (38 * DAY) + seed * 0.37) % 1;
  const disk = clamp(role.disk * (0.78 + 0.34 * filling));
  const rate = role.rxBytesPerSecond * own * (0.2 + 0.8 * busy) * (1 + 0.5 * restless);
  return {
    cpuUsage: cpu,
    memoryUsage: memory,
    diskUsage: disk,
    load1: round(cpu / 14),
    networkRxBytesPerSecond: Math.round(rate),
    networkTxBytesPerSecond: Math.round(rate * 0.55),
    ...(role.hasContainers ? { containerCount: 3 + (seed % 9) } : {}),
    ...(role.swap === null ? {} : { swapUsage: clamp(role.swap * (0.6 + 0.8 * busy) * own) }),
    ...(role.hasSensors ? { temperatureC: round(36 + cpu * 0.34 + 5 * busy) } : {}),
  };
}

/** What only some machines report, and only their last heartbeat keeps: file systems, and numbers of their owner's. */
export function lastOnlyAt(
  character: Character,
  at: number,
): { disks?: { mount: string; usage: number }[]; gauges?: Record<string, number> } {
  const { seed, role } = character;
  const busy = businessOf(at);
  const others = role.mounts.map((mount, index) => {
    const filling = (at / (25 * DAY) + seed * 0.61 + index * 0.29) % 1;
    return { mount, usage: clamp(role.disk * (0.5 + 0.6 * filling)) };
  });
  const { diskUsage = 0 } = valuesAt(character, at);
  const gauges = Object.entries(role.gauges).map(([name, greatest], index) => {
    const share = 0.3 + 0.5 * busy + 0.2 * wander(seed + index * 1e5, at, 3 * MINUTE);
    return [name, Math.max(0, Math.round(greatest * share))] as const;
  });
  return {
    ...(others.length > 0 && { disks: [{ mount: "/", usage: diskUsage }, ...others] }),
    ...(gauges.length > 0 && { gauges: Object.fromEntries(gauges) }),
  };
}

/** What a rollup of the bucket that begins at `at` holds: least, average, greatest, count of each series. */
export function statsAt(
  character: Character,
  {
    at,
    bucketMs,
    beats,
    resolution,
  }: { at: number; bucketMs: number; beats: number; resolution: keyof typeof SPREAD },
): Partial<Record<SeriesName, Stats>> {
  const spread = SPREAD[resolution];
  const entries = Object.entries(valuesAt(character, at + bucketMs / 2)).map(([name, value]) => {
    const isPercent = name.endsWith("Usage");
    // A disk does not jump up and down within the hour.
    const own = name === "diskUsage" || name === "containerCount" ? 0 : spread;
    const greatest = value * (1 + own);
    return [
      name,
      [round(value * (1 - own)), value, isPercent ? clamp(greatest) : round(greatest), beats],
    ];
  });
  return Object.fromEntries(entries) as Partial<Record<SeriesName, Stats>>;
}

/** 0 at night to 1 in the evening, less at weekends. Everybody plays in Europe. */
function businessOf(at: number): number {
  const hour = (at / HOUR) % 24;
  const evening = (1 + Math.cos(((hour - 19) / 24) * 2 * Math.PI)) / 2;
  const weekday = new Date(at).getUTCDay();
  return evening * (weekday === 0 || weekday === 6 ? 0.75 : 1);
}

function clamp(percent: number): number {
  return round(Math.min(99.4, Math.max(0.4, percent)));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
