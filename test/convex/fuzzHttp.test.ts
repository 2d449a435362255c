/**
 * Every HTTP route of the app with malformed and random input: no answer but the documented ones, no crash, and no
 * machine's or workspace's data to those who have no key. FUZZ_REQUESTS says how many requests (1,000 if not set).
 */
import { expect, test } from "vitest";
import { chanceFrom } from "../../scripts/lib/demo/chance.ts";
import { aliceWithMachine, startBackend, TOKEN, type Backend } from "./setup.ts";

declare const process: { env: Record<string, string | undefined> };

const REQUESTS = Number(process.env["FUZZ_REQUESTS"] ?? 1_000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_125);
/** What docs/api.md and docs/agents.md tell; 503 only where the database does not answer, which it does here. */
const DOCUMENTED = [
  200, 201, 204, 302, 303, 304, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429,
];
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const PATHS = [
  "/agent/v1/register",
  "/agent/v1/heartbeat",
  "/agent/v1/goodbye",
  "/agent/v1/enrol",
  "/health",
  "/metrics",
  "/api/v1/machines",
  "/api/v1/machines/counts",
  "/api/v1/machines/x/metrics",
  "/api/v1/incidents",
  "/api/v1/versions",
  "/api/v1/status/x",
  "/api/v1/openapi.json",
  "/api/v1/badges/x/y.svg",
  "/ack/x",
  "/telegram/x",
  "/.well-known/openid-configuration",
];

type Chance = () => number;
const pick = <T>(chance: Chance, list: readonly T[]): T =>
  list[Math.floor(chance() * list.length)]!;

const hostile = [
  "",
  "\u0000",
  "../../etc/passwd",
  "%00",
  "%",
  "%E0%A4%A",
  "<script>alert(1)</script>",
  "'; DROP TABLE machines; --",
  "__proto__",
  "constructor",
  "💥".repeat(50),
  "9".repeat(400),
  "-1",
  "NaN",
  "1e309",
  "x".repeat(5_000),
  "\ud800",
];

function randomText(chance: Chance): string {
  if (chance() < 0.6) return pick(chance, hostile);
  const length = Math.floor(chance() * 40);
  return Array.from({ length }, () => String.fromCharCode(Math.floor(chance() * 0x2fff))).join("");
}

function randomValue(chance: Chance, depth = 0): unknown {
  const kind = Math.floor(chance() * (depth > 3 ? 5 : 8));
  switch (kind) {
    case 0:
      return randomText(chance);
    case 1:
      return (chance() - 0.5) * 10 ** Math.floor(chance() * 300);
    case 2:
      return null;
    case 3:
      return chance() < 0.5;
    case 4:
      return Math.floor(chance() * 200);
    case 5:
      return Array.from({ length: Math.floor(chance() * 6) }, () => randomValue(chance, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: Math.floor(chance() * 6) }, () => [
          fieldName(chance),
          randomValue(chance, depth + 1),
        ]),
      );
  }
}

const fields = [
  "timestamp",
  "metrics",
  "cpuUsage",
  "heartbeats",
  "hostname",
  "bootId",
  "sequence",
  "version",
  "reason",
  "expectedBackInMs",
  "capacity",
  "maxServers",
  "metadata",
  "name",
  "machineId",
  "secret",
  "tags",
  "key",
];
const fieldName = (chance: Chance) => (chance() < 0.85 ? pick(chance, fields) : randomText(chance));

function randomBody(chance: Chance): string {
  const text = JSON.stringify(randomValue(chance));
  const luck = chance();
  if (luck < 0.7) return text;
  if (luck < 0.85) return text.slice(0, Math.floor(chance() * text.length));
  return luck < 0.97 ? randomText(chance) : "[".repeat(20_000);
}

/** A header can hold only Latin-1 without line ends: whatever else was sent, a server's parser has refused it. */
const headerSafe = (text: string) => text.replace(/[^\x20-\x7e]/g, "?").slice(0, 2_000);

function randomAuthorization(chance: Chance): Record<string, string> {
  const luck = chance();
  if (luck < 0.35) return { Authorization: `Bearer ${TOKEN}` };
  if (luck < 0.5) return {};
  const scheme = pick(chance, ["Bearer", "bearer", "Basic", "Convex", ""]);
  const token = pick(chance, [
    `rck_${"a".repeat(40)}`,
    `rce_${"a".repeat(40)}`,
    `${TOKEN}x`,
    ":",
    randomText(chance),
  ]);
  return { Authorization: headerSafe(`${scheme} ${token}`) };
}

function randomPath(chance: Chance): string {
  const luck = chance();
  const base = pick(chance, PATHS);
  const path =
    luck < 0.5 ? base : `${base}/${encodeURIComponent(randomText(chance).toWellFormed())}`;
  if (chance() < 0.5) return path;
  const names = [
    "status",
    "tag",
    "activeWithinMinutes",
    "at",
    "cursor",
    "from",
    "to",
    "resolution",
    "limit",
    "machineId",
  ];
  const query = new URLSearchParams(
    Array.from({ length: 3 }, () => [pick(chance, names), randomText(chance).toWellFormed()]),
  );
  return `${path}?${query.toString()}`;
}

async function send(t: Backend, chance: Chance) {
  const method = pick(chance, METHODS);
  const path = randomPath(chance);
  const hasBody = method !== "GET" && method !== "HEAD";
  const headers = randomAuthorization(chance);
  const body = hasBody ? { body: randomBody(chance).toWellFormed() } : {};
  const response = await t.fetch(path, { method, headers, ...body });
  const text = await response.text();
  return {
    sent: `${method} ${path} ${JSON.stringify(body).slice(0, 300)}`,
    status: response.status,
    text,
    headers,
  };
}

test(`${REQUESTS} malformed and random requests get no answer but the documented ones`, async () => {
  const chance = chanceFrom(SEED);
  const t = startBackend();
  await aliceWithMachine(t);
  const surprising: string[] = [];
  const seen = new Map<number, number>();
  for (let count = 0; count < REQUESTS; count++) {
    const { sent, status, text, headers } = await send(t, chance);
    seen.set(status, (seen.get(status) ?? 0) + 1);
    const isDocumented = DOCUMENTED.includes(status);
    const tellsOfAlice = headers["Authorization"] !== `Bearer ${TOKEN}` && text.includes("web-1");
    if (!isDocumented || tellsOfAlice) surprising.push(`${status} ${sent} → ${text.slice(0, 200)}`);
  }
  expect(surprising).toEqual([]);
  // That most are refused for different reasons shows that they reach different code.
  for (const status of [200, 400, 401, 404]) expect(seen.get(status) ?? 0).toBeGreaterThan(0);
  if (process.env["FUZZ_REQUESTS"] !== undefined) console.log(Object.fromEntries(seen));
  // Alice's machine is as well as ever.
  expect((await t.fetch("/health")).status).toBe(200);
}, 3_600_000);
