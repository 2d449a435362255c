/** The demo's machines: what they are called, what they do, and how reliable they are. Made up, all of it. */
import { DAY } from "../../../core/time.ts";
import { chanceFrom } from "./chance.ts";

export interface Role {
  name: string;
  description: string;
  /** Of so many machines out of a hundred. */
  share: number;
  /** Typical percent. */
  cpu: number;
  memory: number;
  disk: number;
  /** Received bytes per second at the busiest hour; about half as much is sent. */
  rxBytesPerSecond: number;
  /** Silences in a year. */
  silencesPerYear: number;
  os: string;
  arch: string;
  hasContainers: boolean;
  hasSensors: boolean;
  /** Typical percent, or null without swap. */
  swap: number | null;
  /** File systems besides the one that `disk` is of. */
  mounts: string[];
  /** What else its program counts, and how much of it at the busiest hour. */
  gauges: Record<string, number>;
}

const server = {
  os: "linux",
  arch: "x64",
  hasContainers: true,
  hasSensors: false,
  swap: null,
  mounts: [],
  gauges: {},
};
const roles: Role[] = [
  { name: "web", description: "Serves the shop and its API", share: 24, cpu: 34, memory: 58, disk: 41, rxBytesPerSecond: 4e6, silencesPerYear: 4, ...server },
  { name: "game", description: "Hosts matches", share: 30, cpu: 52, memory: 71, disk: 36, rxBytesPerSecond: 9e6, silencesPerYear: 9, ...server, gauges: { players: 480, "matches.running": 60 } },
  { name: "db", description: "PostgreSQL", share: 8, cpu: 23, memory: 82, disk: 67, rxBytesPerSecond: 3e6, silencesPerYear: 2, ...server, hasContainers: false, hasSensors: true, swap: 9, mounts: ["/var/lib/postgresql", "/var/backups"], gauges: { "connections.open": 190 } },
  { name: "bot", description: "Chat and matchmaking bots", share: 16, cpu: 8, memory: 34, disk: 22, rxBytesPerSecond: 2e5, silencesPerYear: 12, ...server },
  { name: "ci", description: "Builds and tests", share: 10, cpu: 44, memory: 49, disk: 73, rxBytesPerSecond: 6e6, silencesPerYear: 6, ...server, arch: "arm64", swap: 22, mounts: ["/var/lib/docker"], gauges: { "queue.depth": 14 } },
  { name: "edge", description: "Box in a shop, behind a home router", share: 12, cpu: 14, memory: 45, disk: 55, rxBytesPerSecond: 4e5, silencesPerYear: 26, ...server, arch: "arm64", hasContainers: false, hasSensors: true },
]; // prettier-ignore

const regions = ["fra", "nyc", "sin"] as const;

export interface Character {
  name: string;
  role: Role;
  region: (typeof regions)[number];
  tags: string[];
  /** Of everything that is random about it. */
  seed: number;
  hostname: string;
  ipAddress: string;
  /** How long before the demo begins it was added. */
  ageMs: number;
  fate: Fate;
}

/** How the demo finds it. All others run. */
const fates = ["offline", "acknowledged", "stopped", "maintained", "paused"] as const;
export type Fate = (typeof fates)[number] | "runs";
/** Not the first machines of the list, and not all beside each other. */
const FIRST_FATE = 4;
const FATE_EVERY = 7;

/** `count` machines, in the order in which a company would have named them. */
export function castOf(count: number): Character[] {
  const numbers = new Map<string, number>();
  return Array.from({ length: count }, (_unused, index) => {
    const chance = chanceFrom(index * 7_919 + 17);
    const role = roleOf(((index * 37) % 100) + chance());
    const region = regions[Math.floor(chance() * regions.length)] ?? "fra";
    const group = `${role.name}-${region}`;
    const number = (numbers.get(group) ?? 0) + 1;
    numbers.set(group, number);
    const name = `${group}-${number}`;
    return {
      name,
      role,
      region,
      tags: [role.name, region, chance() < 0.15 ? "staging" : "prod"],
      seed: index + 1,
      hostname: `${name}.harbour.example`,
      // Addresses that are set aside for documentation.
      ipAddress: index < 250 ? `192.0.2.${index + 1}` : `198.51.100.${(index % 250) + 1}`,
      ageMs: index % 5 === 4 ? (20 + chance() * 300) * DAY : 366 * DAY - index * 60_000,
      fate: fateOf(index),
    };
  });
}

function fateOf(index: number): Fate {
  const step = (index - FIRST_FATE) / FATE_EVERY;
  return (Number.isInteger(step) ? fates[step] : undefined) ?? "runs";
}

function roleOf(percent: number): Role {
  let sum = 0;
  const found = roles.find((role) => percent <= (sum += role.share));
  return found ?? (roles[0] as Role);
}
