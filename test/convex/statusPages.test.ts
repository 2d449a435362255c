import { beforeEach, describe, expect, test } from "vitest";
import { api } from "../../convex/_generated/api.js";
import type { Id } from "../../convex/_generated/dataModel.js";
import {
  addMachine,
  aliceWithMachine,
  beat,
  MACHINE_ID,
  pass,
  post,
  signIn,
  START,
  startBackend,
  type Backend,
  type Person,
} from "./setup.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SECOND_ID = "o".repeat(21);

let t: Backend;
let alice: Person;
let statusPageId: Id<"statusPages">;

/** Alice publishes web-1 as "Website", and nothing else. */
beforeEach(async () => {
  t = startBackend();
  alice = await aliceWithMachine(t);
  await addMachine(alice, { machineId: SECOND_ID, name: "secret-db" });
  const page = { slug: "acme", title: "Acme", description: "How we are." };
  ({ statusPageId } = await alice.mutation(api.statusPages.create, page));
  const items = [{ machineId: MACHINE_ID, name: "Website" }];
  await alice.mutation(api.statusPages.setItems, { statusPageId, items });
  await alice.mutation(api.statusPages.update, { statusPageId, isPublished: true });
});

const visit = async (slug = "acme") =>
  await t.query(api.publicStatus.get, { slug, until: Date.now() });

test("a page shows each machine once", async () => {
  const item = { machineId: MACHINE_ID, name: "Website" };
  const twice = alice.mutation(api.statusPages.setItems, { statusPageId, items: [item, item] });
  await expect(twice).rejects.toMatchObject({ data: { kind: "invalid", field: "items" } });
});

describe("what the public sees", () => {
  test("is the published name, status, ninety days and incidents", async () => {
    await beat(t);
    await pass(t, 10 * MINUTE, 10_000);
    const page = await visit();
    expect(page).toMatchObject({
      title: "Acme",
      description: "How we are.",
      overall: "down",
      items: [{ name: "Website", status: "down", since: START + 2 * MINUTE }],
      incidents: [{ openedAt: START + 2 * MINUTE, closedAt: null }],
    });
    const [item] = page!.items;
    expect(item!.days).toHaveLength(90);
    expect(item!.days.slice(0, 89).every((day) => day === null)).toBe(true);
    expect(item!.days[89]).toBeLessThan(1);
    expect(page!.incidents[0]!.itemId).toBe(item!.itemId);
    await beat(t);
    expect(await visit()).toMatchObject({ overall: "operational", incidents: [{}] });
  });

  test("is nothing else: no ids, hosts, tags, machine names or people", async () => {
    const tags = ["secret-tag"];
    await alice.mutation(api.machines.update, { machineId: MACHINE_ID, tags });
    const metadata = { owner: "secret-person" };
    await post(t, "register", {
      body: { hostname: "secret-host", ipAddress: "10.1.2.3", metadata },
    });
    await beat(t, { version: "9.9.9", metrics: { cpuUsage: 77 } });
    const page = await visit();
    expect(Object.keys(page!).sort()).toEqual(
      ["announcements", "description", "incidents", "items", "overall", "title"].sort(),
    );
    expect(Object.keys(page!.items[0]!).sort()).toEqual(
      ["days", "itemId", "last30Days", "last90Days", "name", "since", "status"].sort(),
    );
    expect(JSON.stringify(page)).not.toMatch(/secret|web-1|10\.1|9\.9|77|V1StG|alice/);
  });

  test.each([
    ["online", async (): Promise<void> => void (await beat(t)), "operational"],
    ["waiting", async (): Promise<void> => undefined, "unknown"],
    [
      "stopped",
      async (): Promise<void> => {
        await beat(t);
        await post(t, "goodbye", { body: { reason: "shutdown" } });
      },
      "stopped",
    ],
    [
      "paused",
      async (): Promise<void> => {
        await beat(t);
        await alice.mutation(api.machines.pause, { machineId: MACHINE_ID });
      },
      "unknown",
    ],
  ] as const)("of a machine that is %s", async (_state, arrange, status) => {
    await arrange();
    expect((await visit())!.items).toMatchObject([{ status }]);
  });

  test("says partial when some are down, maintenance when downtime was planned", async () => {
    const items = [
      { machineId: MACHINE_ID, name: "Website" },
      { machineId: SECOND_ID, name: "Database" },
    ];
    await alice.mutation(api.statusPages.setItems, { statusPageId, items });
    await beat(t);
    await pass(t, 10 * MINUTE, 10_000);
    await beat(t, {}, `${SECOND_ID}:${"web1".repeat(8)}`);
    expect(await visit()).toMatchObject({ overall: "partial" });
    const schedule = { kind: "once" as const, startsAt: START, endsAt: START + HOUR };
    await t.run(async (ctx) => {
      const { workspaceId, userId } = (await ctx.db.query("members").first())!;
      const window = { workspaceId, createdBy: userId, name: "disks", schedule };
      await ctx.db.insert("maintenanceWindows", window);
    });
    expect(await visit()).toMatchObject({
      overall: "maintenance",
      items: [{ status: "maintenance" }, { status: "operational" }],
    });
  });

  test("leaves out what left the fleet", async () => {
    await alice.mutation(api.machines.archive, { machineId: MACHINE_ID });
    expect(await visit()).toMatchObject({ items: [], incidents: [], overall: "unknown" });
  });

  test("is nothing while the page is not published, or under another slug", async () => {
    expect(await visit("acme-2")).toBeNull();
    await alice.mutation(api.statusPages.update, { statusPageId, isPublished: false });
    expect(await visit()).toBeNull();
    expect((await t.fetch("/api/v1/status/acme")).status).toBe(404);
  });
});

describe("announcements", () => {
  test("are read by the public, latest first, until they are removed", async () => {
    const announce = async (title: string, startsAt: number) =>
      await alice.mutation(api.statusPages.announce, {
        statusPageId,
        kind: "maintenance",
        title,
        text: "Line one.\nLine <b>two</b>.",
        startsAt,
      });
    const { announcementId } = await announce("First", START);
    await announce("Second", START + HOUR);
    const endsAt = START + 2 * HOUR;
    await alice.mutation(api.statusPages.updateAnnouncement, { announcementId, endsAt });
    expect((await visit())!.announcements).toEqual([
      expect.objectContaining({ title: "Second", endsAt: null }),
      {
        kind: "maintenance",
        title: "First",
        text: "Line one.\nLine <b>two</b>.",
        startsAt: START,
        endsAt,
      },
    ]);
    await alice.mutation(api.statusPages.removeAnnouncement, { announcementId });
    expect((await visit())!.announcements).toMatchObject([{ title: "Second" }]);
  });

  test.each([
    [{ title: " " }],
    [{ title: "a", text: "x".repeat(2_001) }],
    [{ title: "a", text: "\u001b[31m" }],
    [{ title: "a", startsAt: START, endsAt: START }],
    [{ title: "a", startsAt: 1e300 }],
  ])("%j is refused", async (words) => {
    const args = { statusPageId, kind: "info" as const, ...words };
    await expect(alice.mutation(api.statusPages.announce, args)).rejects.toMatchObject({
      data: { kind: "invalid" },
    });
  });

  test("the oldest gives way to the fifty-first", async () => {
    for (let index = 0; index <= 50; index++) {
      const startsAt = START + index;
      const args = { statusPageId, kind: "info" as const, title: `n${index}`, startsAt };
      await alice.mutation(api.statusPages.announce, args);
    }
    const { announcements } = (await visit())!;
    expect(announcements).toHaveLength(50);
    expect(announcements.at(-1)).toMatchObject({ title: "n1" });
  });
});

describe("making a page", () => {
  test("its items keep their public ids while their machines stay, in any order", async () => {
    const before = (await visit())!.items[0]!.itemId;
    const items = [
      { machineId: SECOND_ID, name: "Database" },
      { machineId: MACHINE_ID, name: "Shop" },
    ];
    await alice.mutation(api.statusPages.setItems, { statusPageId, items });
    const after = (await visit())!.items;
    expect(after).toMatchObject([{ name: "Database" }, { name: "Shop", itemId: before }]);
    await alice.mutation(api.statusPages.setItems, { statusPageId, items: [] });
    expect((await visit())!.items).toEqual([]);
  });

  test.each(["ab", "-abc", "abc-", "Abc", "a b c", "a".repeat(41), "ä-b-c", "acme"])(
    "the address %j is refused",
    async (slug) => {
      await expect(
        alice.mutation(api.statusPages.create, { slug, title: "Other" }),
      ).rejects.toMatchObject({ data: { kind: "invalid", field: "slug" } });
    },
  );

  test("S4.1 Bob can neither take Alice's address, nor her page, nor show her machine", async () => {
    const bob = await signIn(t, "bob");
    const bobs = { slug: "acme", title: "Bob" };
    await expect(bob.mutation(api.statusPages.create, bobs)).rejects.toMatchObject({
      data: { kind: "invalid" },
    });
    expect(await bob.query(api.statusPages.get, { statusPageId })).toBeNull();
    await expect(
      bob.mutation(api.statusPages.update, { statusPageId, title: "Bob's" }),
    ).rejects.toMatchObject({ data: { kind: "notFound" } });
    const own = await bob.mutation(api.statusPages.create, { slug: "bobs", title: "Bob" });
    const items = [{ machineId: MACHINE_ID, name: "Mine" }];
    await expect(bob.mutation(api.statusPages.setItems, { ...own, items })).rejects.toMatchObject({
      data: { kind: "notFound" },
    });
    expect(await visit()).toMatchObject({ title: "Acme" });
  });

  test("a page that is removed takes everything along, and its address is free", async () => {
    const args = { statusPageId, kind: "info" as const, title: "Bye" };
    await alice.mutation(api.statusPages.announce, args);
    await alice.mutation(api.statusPages.remove, { statusPageId });
    expect(await visit()).toBeNull();
    expect(await alice.query(api.statusPages.list, {})).toEqual([]);
    const left = await t.run(async (ctx) => [
      await ctx.db.query("statusPageItems").first(),
      await ctx.db.query("announcements").first(),
    ]);
    expect(left).toEqual([null, null]);
    await alice.mutation(api.statusPages.create, { slug: "acme", title: "Again" });
  });
});

describe("over HTTP", () => {
  test("the page is the same as JSON, for any site", async () => {
    await beat(t);
    const response = await t.fetch("/api/v1/status/acme");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(await response.json()).toEqual(await visit());
  });

  test("badges say how all is, and how one item is", async () => {
    await beat(t);
    const badge = async (path: string) => {
      const response = await t.fetch(`/api/v1/status/acme${path}`);
      expect(response.headers.get("content-type")).toMatch(/^image\/svg\+xml/);
      return /<title>(.*)<\/title>/.exec(await response.text())?.[1];
    };
    const { itemId } = (await visit())!.items[0]!;
    expect(await badge("/badge.svg")).toBe("Acme: operational");
    expect(await badge(`/${itemId}/badge.svg`)).toBe("Website: operational");
    expect(await badge(`/${itemId}/badge.svg?metric=last30Days`)).toBe("Website: 100%");
  });

  test.each(["/nothing", "/acme/nothing/badge.svg", `/acme/${MACHINE_ID}/badge.svg`])(
    "what is not published is 404: %s",
    async (path) => {
      expect((await t.fetch(`/api/v1/status${path}`)).status).toBe(404);
    },
  );
});
