/** Sets the demo's stage through the public functions, as people would: accounts, machines, channels, a status page. */
import { ConvexHttpClient } from "convex/browser";
import type { FunctionArgs } from "convex/server";
import { nanoid } from "nanoid";
import { api } from "../../../convex/_generated/api.js";
import { keyPrefixes } from "../../../core/keys.ts";
import { HOUR, MINUTE } from "../../../core/time.ts";
import type { Character } from "./roster.ts";

export const HEARTBEAT_INTERVAL_MS = 10_000;
export const ACCOUNT = { email: "demo@example.com", password: "rollcall-demo" };
const OWNER = "Alice Moreau";
export const COLLEAGUES = [
  { name: "Bob Tanaka", role: "admin" },
  { name: "Carol Weiss", role: "member" },
  { name: "Dan Okafor", role: "viewer" },
] as const;
const PARALLEL = 8;

type NewChannel = FunctionArgs<typeof api.channels.create>;

export interface Placed {
  character: Character;
  machineId: string;
  token: string;
}

export interface Stage {
  machines: Placed[];
  /** Waits for its first heartbeat. */
  waiting: string;
  channels: { channelId: string; name: string }[];
}

/** `sinkUrl` is where the channels send. */
export async function setStage(
  url: string,
  { cast, sinkUrl, now }: { cast: Character[]; sinkUrl: string; now: number },
): Promise<Stage> {
  const owner = await signUp(url, { ...ACCOUNT, name: OWNER });
  await owner.mutation(api.workspaces.rename, { name: "Harbour Games" });
  const machines = await addMachines(owner, cast);
  const waiting = await addMachine(owner, { name: "edge-fra-new", description: "In the post" });
  await Promise.all(COLLEAGUES.map(async (person) => await invite(url, owner, person)));
  const channels = await addChannels(owner, sinkUrl);
  await addWindows(owner, machines, now);
  await publish(owner, machines);
  await owner.mutation(api.apiKeys.create, {
    name: "Grafana",
    key: `${keyPrefixes.api}${nanoid(40)}`,
    access: "read",
  });
  return { machines, waiting, channels };
}

async function signUp(
  url: string,
  params: { email: string; password: string; name: string; invite?: string },
): Promise<ConvexHttpClient> {
  const client = new ConvexHttpClient(url, { logger: false });
  const { tokens } = await client.action(api.auth.signIn, {
    provider: "password",
    params: { flow: "signUp", ...params },
  });
  if (!tokens) throw new Error("The sign-up gave no session");
  client.setAuth(tokens.token);
  return client;
}

async function invite(
  url: string,
  owner: ConvexHttpClient,
  { name, role }: (typeof COLLEAGUES)[number],
): Promise<void> {
  const token = nanoid(32);
  await owner.mutation(api.invites.create, { token, role });
  const email = `${name.split(" ")[0]?.toLowerCase()}@example.com`;
  await signUp(url, { email, name, password: ACCOUNT.password, invite: token });
}

async function addMachines(owner: ConvexHttpClient, cast: Character[]): Promise<Placed[]> {
  const placed: Placed[] = [];
  const left = [...cast.entries()];
  const addSome = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, character] = next;
      const { name, role, tags } = character;
      const { description } = role;
      const heartbeatIntervalMs = HEARTBEAT_INTERVAL_MS;
      const { machineId, token } = await owner.mutation(
        api.machines.create,
        { machineId: nanoid(), secret: nanoid(32), name, description, tags, heartbeatIntervalMs },
        // Without the client's own queue, which sends one mutation at a time.
        { skipQueue: true },
      );
      placed[index] = { character, machineId, token };
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, addSome));
  for (const { character, machineId } of placed) {
    if (character.fate === "paused") await owner.mutation(api.machines.pause, { machineId });
  }
  return placed;
}

async function addMachine(
  owner: ConvexHttpClient,
  machine: { name: string; description: string },
): Promise<string> {
  const ids = { machineId: nanoid(), secret: nanoid(32) };
  return (await owner.mutation(api.machines.create, { ...ids, ...machine })).machineId;
}

async function addChannels(owner: ConvexHttpClient, sinkUrl: string): Promise<Stage["channels"]> {
  const wanted: NewChannel[] = [
    {
      kind: "webhook",
      name: "On-call webhook",
      config: { url: `${sinkUrl}/hook`, secret: nanoid(32) },
    },
    {
      kind: "ntfy",
      name: "Phones (ntfy)",
      config: { serverUrl: sinkUrl, topic: "harbour-alerts" },
    },
    {
      kind: "gotify",
      name: "Databases, after ten minutes",
      config: { serverUrl: sinkUrl, token: nanoid(16) },
      preferences: { tags: ["db"], delayMs: 10 * MINUTE, repeatEveryMs: HOUR },
    },
  ];
  const channels: Stage["channels"] = [];
  for (const channel of wanted) {
    const { channelId } = await owner.mutation(api.channels.create, channel);
    channels.push({ channelId, name: channel.name });
  }
  return channels;
}

async function addWindows(owner: ConvexHttpClient, machines: Placed[], now: number): Promise<void> {
  await owner.mutation(api.maintenance.create, {
    name: "Database backups",
    tags: ["db"],
    schedule: {
      kind: "weekly",
      timeZone: "Europe/Berlin",
      days: [0],
      startMinute: 120,
      durationMs: HOUR,
    },
  });
  await owner.mutation(api.maintenance.create, {
    name: MAINTENANCE_NAME,
    machineIds: machines
      .filter(({ character }) => character.fate === "maintained")
      .map(({ machineId }) => machineId),
    schedule: { kind: "once", startsAt: now - HOUR / 2, endsAt: maintenanceEndsAt(now) },
  });
}

/** The window in which the demo finds a machine. */
export const MAINTENANCE_NAME = "New disks";
export const maintenanceEndsAt = (now: number): number => now + 2 * HOUR;

async function publish(owner: ConvexHttpClient, machines: Placed[]): Promise<void> {
  const { statusPageId } = await owner.mutation(api.statusPages.create, {
    slug: STATUS_SLUG,
    title: "Harbour Games status",
    description: "How our game servers and shops are doing.",
  });
  const items = machines
    .filter(({ character }) => ["web", "game", "db"].includes(character.role.name))
    .slice(0, 10)
    .map(({ machineId, character }) => ({ machineId, name: publicNameOf(character) }));
  await owner.mutation(api.statusPages.setItems, { statusPageId, items });
  await owner.mutation(api.statusPages.update, { statusPageId, isPublished: true });
  await owner.mutation(api.statusPages.announce, {
    statusPageId,
    kind: "maintenance",
    title: "New disks for some of the servers",
    text: "We swap disks this afternoon. Matches go on.",
  });
}

export const STATUS_SLUG = "harbour";

function publicNameOf({ role, region, name }: Character): string {
  const places = { fra: "Frankfurt", nyc: "New York", sin: "Singapore" };
  const things: Record<string, string> = { web: "Shop", game: "Game server", db: "Database" };
  return `${things[role.name] ?? role.name} ${places[region]} ${name.split("-").at(-1) ?? ""}`;
}
