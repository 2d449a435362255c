import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../../convex/_generated/api.js";
import { startReceiver, type Receiver } from "./receiver.ts";
import {
  addChannel,
  aliceWithMachine,
  beat,
  deliveriesOf,
  firstPage,
  pass,
  signIn,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const MINUTE = 60_000;

let t: Backend;
let alice: Person;
let receiver: Receiver;
let folder: string;

beforeEach(async () => {
  t = startBackend();
  vi.stubEnv("ALLOW_PRIVATE_WEBHOOKS", "true");
  receiver = await startReceiver();
  folder = await mkdtemp(join(tmpdir(), "rollcall-ledger-"));
  alice = await aliceWithMachine(t);
  await addChannel(alice, { url: receiver.url });
  receiver.answers.push({ status: 500 });
  await beat(t);
  await pass(t, 3 * MINUTE);
  await beat(t);
  await pass(t, MINUTE);
});

afterEach(async () => {
  await receiver.close();
  await rm(folder, { recursive: true, force: true });
});

const rows = async () =>
  (await alice.query(api.deliveries.ledger, { paginationOpts: firstPage })).page;
type Rows = Awaited<ReturnType<typeof rows>>;

const verify = async (given: Rows) =>
  await verifyText(given.map((row) => `${JSON.stringify(row)}\n`).join(""));

async function verifyText(text: string): Promise<{ code: number; output: string }> {
  const file = join(folder, "log.jsonl");
  await writeFile(file, text);
  vi.useRealTimers();
  const run = promisify(execFile)(process.execPath, ["scripts/verifyDeliveries.ts", file]);
  return await run.then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, output: stderr }),
  );
}

describe("the delivery log's hash chain", () => {
  test("holds every decision, attempt and outcome in its order", async () => {
    const kinds = (await rows()).map(({ entry }) => {
      const { kind, event, outcome } = JSON.parse(entry) as Record<string, string>;
      return [kind, event ?? outcome].filter(Boolean).join(" ");
    });
    expect(kinds).toEqual([
      "decided machine.offline",
      "attempt",
      "outcome retry",
      "attempt",
      "outcome delivered",
      "decided machine.online",
      "attempt",
      "outcome delivered",
    ]);
  });

  test("is verified without the installation", async () => {
    const { code, output } = await verify(await rows());
    expect(output).toMatch(/^OK: 8 entries from 1 on/);
    expect(code).toBe(0);
  });

  test("is verified from the middle, as a page of an export begins", async () => {
    const all = await rows();
    const previousHash = all[2]!.hash;
    const later = all.slice(3).map((row, index) => (index === 0 ? { ...row, previousHash } : row));
    expect((await verify(later)).output).toMatch(/^OK: 5 entries from 4 on/);
  });

  test.each<[string, (given: Rows) => Rows]>([
    [
      "changed",
      (given) =>
        given.map((row, index) =>
          index === 4 ? { ...row, entry: row.entry.replace("delivered", "failed") } : row,
        ),
    ],
    ["left out", (given) => given.filter((_row, index) => index !== 4)],
    ["moved", (given) => [given[1]!, given[0]!, ...given.slice(2)]],
    ["added", (given) => [...given, { ...given.at(-1)!, sequence: 9 }]],
  ])("shows an entry that was %s", async (_name, tamper) => {
    const { code, output } = await verify(tamper(await rows()));
    expect(output).toMatch(/^BROKEN at entry \d/);
    expect(code).toBe(1);
  });
});

describe("its export over the REST API", () => {
  const key = `rck_${"r".repeat(32)}`;
  const get = async (query = "", bearer = key) => {
    const headers = { Authorization: `Bearer ${bearer}` };
    return await t.fetch(`/api/v1/deliveries/ledger${query}`, { headers });
  };

  beforeEach(async () => {
    await alice.mutation(api.apiKeys.create, { key, name: "auditor", access: "read" });
  });

  test("is what the verifier takes, for whoever may read", async () => {
    const response = await get();
    expect(response.headers.get("Content-Type")).toBe("application/jsonl");
    expect((await verifyText(await response.text())).output).toMatch(/^OK: 8 entries from 1 on/);
  });

  test("goes on where somebody stopped, and the parts are one chain", async () => {
    const parts: string[] = [];
    for (const query of ["?limit=3", "?after=3&limit=3", "?after=6", "?after=8"]) {
      parts.push(await (await get(query)).text());
    }
    expect(parts.map((part) => part.split("\n").length - 1)).toEqual([3, 3, 2, 0]);
    expect((await verifyText(parts.join(""))).output).toMatch(/^OK: 8 entries from 1 on/);
    expect((await verifyText(parts[1]! + parts[2]!)).output).toMatch(/^OK: 5 entries from 4 on/);
  });

  test("shows nobody another workspace's", async () => {
    const bob = await signIn(t, "bob");
    const his = `rck_${"b".repeat(32)}`;
    await bob.mutation(api.apiKeys.create, { key: his, name: "bobs", access: "read" });
    expect(await (await get("", his)).text()).toBe("");
    expect((await get("", `rck_${"x".repeat(32)}`)).status).toBe(401);
  });

  test.each(["?after=x", "?limit=0", "?limit=10001", "?page=2"])("refuses %s", async (query) => {
    expect((await get(query)).status).toBe(400);
  });
});

describe("a message that was given up", () => {
  test("is sent again under the same id when people say so", async () => {
    receiver.answers.push({ status: 410 });
    await pass(t, 3 * MINUTE);
    const [dead] = await deliveriesOf(alice);
    expect(dead).toMatchObject({ state: "failed", event: "machine.offline" });
    const { deliveryId } = dead!;
    await alice.mutation(api.deliveries.sendAgain, { deliveryId });
    await pass(t, MINUTE);
    expect((await deliveriesOf(alice))[0]).toMatchObject({ state: "delivered", attempts: 2 });
    const ids = receiver.received.slice(-2).map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids)).toEqual(new Set([deliveryId]));
    await expect(alice.mutation(api.deliveries.sendAgain, { deliveryId })).rejects.toMatchObject({
      data: { kind: "invalid" },
    });
    const last = JSON.parse((await rows()).at(-3)!.entry) as Record<string, unknown>;
    expect(last).toMatchObject({ kind: "sendAgain", by: "alice" });
  });
});
