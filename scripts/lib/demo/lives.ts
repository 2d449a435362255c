/** A year in the life of each machine: when it was down and why, and which version it ran. Pure. */
import type { Change } from "../../../core/uptime.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../../core/time.ts";
import { chanceFrom, spreadAround } from "./chance.ts";
import type { Character } from "./roster.ts";

/** From when it was called silent, or said goodbye, until it was back. Open ones have no `to`. */
export interface Stop {
  from: number;
  to: number | null;
  reason: "silence" | "upgrade" | "reboot" | "shutdown";
  /** Others fell silent with it. */
  isShared: boolean;
}

export interface Life {
  character: Character;
  bornAt: number;
  /** In ascending order, apart from each other. */
  stops: Stop[];
  /** In ascending order. */
  versions: { at: number; version: string }[];
}

export const YEAR = 365 * DAY;
/** Releases of the made-up agent and how many days before the demo they came out. */
const releases = [
  { version: "1.8.2", daysAgo: 400 },
  { version: "1.9.0", daysAgo: 282 },
  { version: "2.0.0", daysAgo: 171 },
  { version: "2.0.3", daysAgo: 98 },
  { version: "2.1.0", daysAgo: 33 },
  { version: "2.2.0", daysAgo: 4 },
];
/** Of the last release so far. */
const ROLLED_OUT = 0.7;
const sharedSilences = [
  { region: "sin", daysAgo: 47.3, lengthMs: 42 * MINUTE },
  { region: "nyc", daysAgo: 12.86, lengthMs: 11 * MINUTE },
  { region: "fra", daysAgo: 203.1, lengthMs: 6 * MINUTE },
];
/** When the monitor itself was away, as it found afterwards. */
export const ownOutages = (now: number) =>
  [
    { daysAgo: 81.2, lengthMs: 25 * MINUTE },
    { daysAgo: 19.4, lengthMs: 4 * MINUTE },
  ].map(({ daysAgo, lengthMs }) => {
    const from = now - daysAgo * DAY;
    return { from, to: from + lengthMs };
  });

export function lifeOf(character: Character, now: number): Life {
  const chance = chanceFrom(character.seed * 104_729);
  const bornAt = now - character.ageMs;
  const versions = versionsOf(bornAt, now, chance);
  const upgrades = versions.slice(1).map(({ at }): Stop => {
    return { from: at - 30 * SECOND, to: at, reason: "upgrade", isShared: false };
  });
  const stops = [...upgrades, ...silencesOf(character, { bornAt, now, chance })];
  const past = apart(stops.filter(({ from }) => from > bornAt));
  return { character, bornAt, stops: [...past, ...present(character, now)], versions };
}

/** As core/uptime.ts reads it, from the first heartbeat on. */
export function changesOf({ bornAt, stops }: Life): Change[] {
  return [
    { at: bornAt, reason: "heartbeat" },
    ...stops.flatMap(({ from, to, reason }): Change[] => [
      { at: from, reason },
      ...(to === null ? [] : [{ at: to, reason: "heartbeat" as const }]),
    ]),
  ];
}

export function versionAt({ versions }: Life, at: number): string {
  return (versions.findLast((one) => one.at <= at) ?? versions[0])?.version ?? "1.8.2";
}

/** The stop in which the demo finds it. */
function present({ fate }: Character, now: number): Stop[] {
  const open = (agoMs: number, reason: Stop["reason"] = "silence"): Stop[] => [
    { from: now - agoMs, to: null, reason, isShared: false },
  ];
  switch (fate) {
    case "offline":
      return open(26 * MINUTE);
    case "acknowledged":
      return open(53 * MINUTE);
    case "stopped":
      return open(50 * MINUTE, "shutdown");
    case "maintained":
      return open(18 * MINUTE);
    case "paused":
    case "runs":
      return [];
    default:
      return fate satisfies never;
  }
}

function silencesOf(
  { role, region }: Character,
  { bornAt, now, chance }: { bornAt: number; now: number; chance: () => number },
): Stop[] {
  const spanMs = Math.min(YEAR, now - bornAt);
  const count = Math.round(role.silencesPerYear * (spanMs / YEAR) * (0.4 + 1.2 * chance()));
  const own = Array.from({ length: count }, (): Stop => {
    const from = now - 2 * HOUR - chance() * (spanMs - 2 * HOUR);
    const lengthMs = Math.min(14 * HOUR, MINUTE + spreadAround(7 * MINUTE, 3, chance));
    return { from, to: Math.min(from + lengthMs, now - HOUR), reason: "silence", isShared: false };
  });
  const shared = sharedSilences
    .filter((one) => one.region === region)
    .map(({ daysAgo, lengthMs }): Stop => {
      const from = now - daysAgo * DAY + chance() * 12 * SECOND;
      return {
        from,
        to: from + lengthMs + chance() * 90 * SECOND,
        reason: "silence",
        isShared: true,
      };
    });
  return [...own, ...shared];
}

function versionsOf(bornAt: number, now: number, chance: () => number): Life["versions"] {
  const isLate = chance() > ROLLED_OUT;
  const steps = releases.map(({ version, daysAgo }, index) => {
    const isLast = index === releases.length - 1;
    const delayMs = chance() * (isLast ? 3 : 9) * DAY;
    return { version, at: now - daysAgo * DAY + delayMs, isSkipped: isLast && isLate };
  });
  const known = steps.filter(({ isSkipped }) => !isSkipped);
  const first = known.findLast(({ at }) => at <= bornAt) ?? known[0];
  const later = known.filter(({ at }) => at > bornAt && at < now - HOUR);
  return [{ version: first?.version ?? "1.8.2", at: bornAt }, ...later].map(({ version, at }) => ({
    version,
    at,
  }));
}

/** Of two that meet, the later one goes: a machine that is down cannot stop. */
function apart(stops: Stop[]): Stop[] {
  const kept: Stop[] = [];
  for (const stop of stops.sort((a, b) => a.from - b.from)) {
    const last = kept.at(-1);
    if (last === undefined || (last.to !== null && last.to + 5 * MINUTE < stop.from))
      kept.push(stop);
  }
  return kept;
}
