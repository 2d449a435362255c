/**
 * Two people in two browsers: an invite, what a viewer cannot do, an API key over real HTTP, the log of it all, and what
 * an owner sets up besides: settings, maintenance, a status page. In order: each stands on the ones before.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { nanoid } from "nanoid";
import { type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  startTemporaryInstallation,
  type TemporaryInstallation,
} from "../../scripts/lib/temporaryInstallation.ts";
import { api } from "../../convex/_generated/api.js";
import { importStoredFile } from "../backend/support/importing.ts";
import { moveThereAndBack } from "../backend/support/moving.ts";
import { launchBrowser } from "../support/browser.ts";
import { addMachine, machineRow, PASSWORD, sendHeartbeat, shows, signUp } from "./steps.ts";

let installation: TemporaryInstallation;
let browser: Browser;
let alice: Page;
let bob: Page;

beforeAll(async () => {
  [installation, browser] = await Promise.all([startTemporaryInstallation(), launchBrowser()]);
  alice = await (await browser.newContext()).newPage();
  bob = await (await browser.newContext()).newPage();
});

afterAll(async () => {
  await browser?.close();
  await installation?.remove();
});

const go = async (page: Page, place: string) => {
  await page.getByRole("link", { name: place }).first().click();
  await shows(page.getByRole("heading", { name: place, level: 1 }));
};

test("a second person joins by invite and may only look; a key works until it is revoked; the log knows", async () => {
  await alice.goto(installation.url);
  await signUp(alice, "alice@example.com");
  await go(alice, "People");
  await alice.getByRole("button", { name: "Invite somebody" }).click();
  await alice.getByLabel("Role", { exact: true }).selectOption("viewer");
  await alice.getByRole("button", { name: "Make the link" }).click();
  const link = (await alice.getByLabel("Invite link").textContent()) ?? "";
  await alice.getByRole("button", { name: "Done" }).click();

  await bob.goto(link);
  await bob.getByRole("textbox", { name: "E-mail" }).fill("bob@example.com");
  await bob.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await bob.getByRole("button", { name: "Create an account and join" }).click();
  await shows(bob.getByRole("heading", { name: "Fleet", level: 1 }));
  // Live on Alice's page.
  await shows(alice.getByText("Accepted by bob"));

  await go(bob, "API keys");
  await shows(bob.getByText("Only admins and the owner see API keys."));
  await go(bob, "People");
  await shows(bob.getByRole("cell", { name: "Viewer" }));
  expect(await bob.getByRole("combobox", { name: /^Role of/ }).count()).toBe(0);

  await go(alice, "API keys");
  await alice.getByRole("button", { name: "Create key" }).click();
  await alice.getByRole("textbox", { name: "Name" }).fill("Grafana");
  await alice.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
  const key = (await alice.getByLabel("API key", { exact: true }).textContent()) ?? "";
  await alice.getByRole("button", { name: "Done" }).click();
  const ask = async () =>
    await fetch(`${installation.siteUrl}/api/v1/machines`, {
      headers: { authorization: `Bearer ${key}` },
    });
  expect((await ask()).status).toBe(200);
  await alice.getByRole("button", { name: "Revoke Grafana" }).click();
  await alice.getByRole("button", { name: "Revoke", exact: true }).click();
  await shows(alice.getByRole("heading", { name: "No key yet" }));
  expect((await ask()).status).toBe(401);

  await go(alice, "Audit log");
  const log = alice.getByRole("list", { name: "Changes" });
  await shows(log.getByText("removed the API key"));
  await shows(log.getByText("added the API key"));
  await shows(log.getByText("joined the workspace as"));
});

test("the log is filtered to nothing, and shows all again", async () => {
  await alice.goto(`${installation.url}/audit?from=2001-01-01&to=2001-01-02`);
  await shows(alice.getByRole("heading", { name: "No change matches" }));
  await alice.getByRole("button", { name: "Clear the filter" }).click();
  await alice.getByRole("combobox", { name: "What" }).selectOption("Invite made");
  // The unfiltered list shows the invite, too: until the answer is there.
  await alice.getByText("removed the API key").waitFor({ state: "hidden" });
  await shows(alice.getByText("added the invite for"));
});

test("the settings name the browsers one is signed in with, and what new machines start with", async () => {
  await alice.goto(`${installation.url}/settings`);
  const sessions = alice.getByRole("list", { name: "Where you are signed in" });
  await shows(sessions.getByText(/^Chrome on \w+/));
  await alice.getByRole("link", { name: "Machines", exact: true }).click();
  const card = alice.getByRole("region", { name: "New machines" });
  await card.getByRole("textbox", { name: "Heartbeat every" }).fill("20s");
  await card.getByRole("textbox", { name: "Offline after" }).fill("1h");
  await card.getByRole("button", { name: "Save" }).click();
  await shows(alice.getByText("New machines start with this from now on"));
});

test("a new machine starts so; a status page shows it to strangers under another name", async () => {
  await go(alice, "Fleet");
  await alice.getByRole("button", { name: "Other ways: agent, Docker" }).click();
  const { token } = await addMachine(alice, "web-1");
  await sendHeartbeat(installation.siteUrl, token);
  await shows(alice.getByText("Token accepted, first heartbeat received"));
  await alice.getByRole("link", { name: "Open its page" }).click();
  expect(await alice.getByRole("textbox", { name: "Offline after" }).inputValue()).toBe("1h");

  await go(alice, "Status pages");
  await alice.getByRole("button", { name: "New status page" }).first().click();
  await alice.getByRole("textbox", { name: "Title" }).fill("Example Inc.");
  await alice.getByRole("textbox", { name: "Address" }).fill("example");
  await alice.getByRole("button", { name: "Create" }).click();
  await alice.getByRole("combobox", { name: "Add a machine" }).fill("web");
  await alice.getByRole("option", { name: "web-1" }).click();
  await alice.getByRole("textbox", { name: "Public name of web-1" }).fill("Website");
  const machines = alice.getByRole("region", { name: "Machines" });
  await machines.getByRole("button", { name: "Save" }).click();
  await alice.getByRole("button", { name: "Publish" }).click();
  await shows(alice.getByRole("link", { name: "Open the page" }));

  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(`${installation.url}/status/example`);
  await shows(stranger.getByText("Website", { exact: true }));
  await shows(stranger.getByText("Everything works"));
  expect(await stranger.content()).not.toContain("web-1");
});

test("maintenance is planned, taken back and had again", async () => {
  await go(alice, "Maintenance");
  await alice.getByRole("button", { name: "Plan maintenance" }).first().click();
  await alice.getByRole("textbox", { name: "Name" }).fill("Patch day");
  await alice.getByRole("button", { name: "Plan it" }).click();
  const windows = alice.getByRole("list", { name: "Maintenance windows" });
  await shows(windows.getByText("Patch day"));
  await alice.getByRole("button", { name: "Remove Patch day" }).click();
  await shows(alice.getByRole("heading", { name: "No maintenance is planned" }));
  await alice.getByRole("button", { name: "Undo" }).click();
  await shows(windows.getByText("Patch day"));
});

test("all of it moves to an empty backend and back by `convex export` and `import`, and the page shows the same", async () => {
  const adminKey = readFileSync(join(installation.dataDir, "adminKey"), "utf8").trim();
  const here = { url: installation.url, adminKey };
  await importStoredFile(here, "a stored file");
  const client = new ConvexHttpClient(installation.url, { logger: false });
  const params = { flow: "signIn", email: "alice@example.com", password: PASSWORD };
  const { tokens } = await client.action(api.auth.signIn, { provider: "password", params });
  client.setAuth(tokens?.token ?? "");
  const answers = async () => ({
    me: await client.query(api.users.me, {}),
    machines: await client.query(api.machines.list, {}),
    members: await client.query(api.members.list, {}),
    keys: await client.query(api.apiKeys.list, {}),
    windows: await client.query(api.maintenance.list, {}),
    pages: await client.query(api.statusPages.list, {}),
    log: await client.query(api.audit.list, { paginationOpts: { cursor: null, numItems: 100 } }),
  });
  const before = await answers();
  const { there, back } = await moveThereAndBack(here, async () => {
    const stray = { machineId: nanoid(), secret: nanoid(40), name: "a stray" };
    await client.mutation(api.machines.create, stray);
    expect(await answers()).not.toEqual(before);
  });

  expect(back).toEqual(there);
  const held = Object.keys(there);
  for (const table of ["users", "machines", "statuses", "_components/rateLimiter/rateLimits"])
    expect(held).toContain(`${table}/documents.jsonl`);
  expect(held.length).toBeGreaterThan(20);
  expect(Object.values(there)).toContain("a stored file");
  expect(await answers()).toEqual(before);
  await shows(alice.getByRole("list", { name: "Maintenance windows" }).getByText("Patch day"));
  await go(alice, "Fleet");
  await shows(machineRow(alice, "web-1"));
  expect(await alice.getByText("a stray").count()).toBe(0);
});
