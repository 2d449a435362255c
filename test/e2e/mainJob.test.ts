/**
 * The whole job as a new user does it: `npm start`, an account, a machine, its token, the real agent; and what must be
 * told when the machine dies and comes back. In order: each step stands on the ones before.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Tables } from "../../scripts/lib/tables.ts";
import {
  startTemporaryInstallation,
  type TemporaryInstallation,
} from "../../scripts/lib/temporaryInstallation.ts";
import { type AgentProcess, startAgent } from "../support/agentProcess.ts";
import { launchBrowser } from "../support/browser.ts";
import {
  isSignedWith,
  startWebhookReceiver,
  type WebhookReceiver,
} from "../support/webhookReceiver.ts";
import { addMachine, addWebhook, machineRow, sendHeartbeat, shows, signUp } from "./steps.ts";

const run = promisify(execFile);
const SIGNING_SECRET = "a-secret-that-signs-webhooks";
/** Longer than several checks: time enough for a second message that must not come. */
const QUIET_MS = 4_000;

let installation: TemporaryInstallation;
let receiver: WebhookReceiver;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let agent: AgentProcess | null = null;
let token = "";
const pageErrors: string[] = [];

beforeAll(async () => {
  [installation, receiver, browser] = await Promise.all([
    startTemporaryInstallation({
      env: {
        ALLOW_PRIVATE_WEBHOOKS: "true",
        // Longer than an agent takes to find a server that was started again on a busy machine.
        MACHINE_OFFLINE_THRESHOLD: "8s",
        MACHINE_HEARTBEAT_CHECK_INTERVAL: "1s",
      },
    }),
    startWebhookReceiver(),
    launchBrowser(),
  ]);
  context = await browser.newContext();
  page = await context.newPage();
  page.on("pageerror", (error) => pageErrors.push(error.message));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) pageErrors.push(message.text());
  });
});

afterAll(async () => {
  await agent?.kill();
  await browser?.close();
  await receiver?.close();
  await installation?.remove();
});

// Each step stands on the ones before: after a failure the others would only wait in vain.
let hasFailed = false;
beforeEach(({ skip, task, onTestFailed }) => {
  skip(hasFailed, "an earlier step failed");
  onTestFailed(async () => {
    hasFailed = true;
    await page.screenshot({ path: `test-results/${task.id}.png`, fullPage: true });
  });
});

const tables = () => {
  const adminKey = readFileSync(join(installation.dataDir, "adminKey"), "utf8").trim();
  return new Tables({ url: installation.url, adminKey });
};

/** As an earlier version leaves a row that a migration is for, which begins at the next start. Returns its id. */
async function leaveMigrationOpen(): Promise<unknown> {
  const [machine] = await tables().read("machines");
  const previous = { previousSecretHash: "0".repeat(64), previousSecretExpiresAt: 1 };
  await tables().replace("machines", [{ ...machine, ...previous }]);
  await tables().replace("migrations", [], "migrations");
  return machine?.["_id"];
}

async function hasPreviousSecret(machine: unknown): Promise<boolean> {
  const rows = await tables().read("machines");
  return rows.some(
    ({ _id, previousSecretHash }) => _id === machine && previousSecretHash !== undefined,
  );
}

describe("the main job", () => {
  it("the JavaScript that every page begins with is at most 200 KB as it is sent", async () => {
    const html = await (await fetch(installation.url)).text();
    const paths = html.match(/\/assets\/[\w.-]+\.js/g) ?? [];
    expect(paths.length).toBeGreaterThan(0);
    const sizes = paths.map(async (path) => {
      const asBrowsersDo = { method: "HEAD", headers: { "accept-encoding": "gzip, br" } };
      const { headers } = await fetch(installation.url + path, asBrowsersDo);
      expect(headers.get("content-encoding") ?? "none, being small").toMatch(/br|small/);
      return Number(headers.get("content-length"));
    });
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(50_000);
    expect(total).toBeLessThanOrEqual(200_000);
  });

  it("S3.1 begins with an account that owns the installation", async () => {
    await page.goto(installation.url);
    await signUp(page, "alice@example.com");
    await shows(page.getByRole("heading", { name: "Nobody has answered the roll yet" }));
  });

  it("S1.2 sends messages to a webhook, which can be tried out", async () => {
    await addWebhook(page, { url: receiver.url, secret: SIGNING_SECRET });
    await page.getByRole("button", { name: /^Send a test to/ }).click();
    await expect.poll(() => receiver.received.map(({ event }) => event), slow).toEqual(["test"]);
    expect(receiver.received.every((webhook) => isSignedWith(SIGNING_SECRET, webhook))).toBe(true);
    receiver.received.length = 0;
  });

  it("S3.1 shows the token of a new machine once, and turns green with the first heartbeat", async () => {
    await page.getByRole("link", { name: "Fleet" }).first().click();
    await page.getByRole("button", { name: "Other ways: agent, Docker" }).click();
    ({ token } = await addMachine(page, "web-1"));
    expect(token).toMatch(/^[\w-]{21}:[\w-]{32,}$/);
    await page.getByRole("radio", { name: "curl" }).click();
    const pasted = await page.getByLabel("curl command", { exact: true }).innerText();
    await shows(page.getByText("Waiting for the first request"));
    await run("sh", ["-c", pasted]);
    await shows(page.getByText("Request seen"));
    agent = startAgent({ url: installation.siteUrl, token });
    await shows(page.getByText("Token accepted, first heartbeat received"));
    await page.getByRole("link", { name: "Open its page" }).click();
    await shows(page.getByRole("heading", { name: "web-1" }));
    await page.getByRole("link", { name: "Fleet" }).first().click();
    await shows(machineRow(page, "web-1").getByText("Online"));
  });

  it("S4.5 serves the agent for sh, which reports from a machine without Node", async () => {
    const script = await (await fetch(`${installation.url}/agent.sh`)).text();
    const sum = await (await fetch(`${installation.url}/agent.sh.sha256`)).text();
    expect(sum).toContain(createHash("sha256").update(script).digest("hex"));
    const once = ["-c", script, "agent.sh", "--once", "--url", installation.siteUrl];
    await run("sh", once, { env: { PATH: process.env.PATH, ROLLCALL_TOKEN: token } });
  });

  it("S1.3 shows a machine that was killed as offline, and tells it exactly once", async () => {
    await agent?.kill();
    await shows(machineRow(page, "web-1").getByText("Offline"));
    await expect.poll(() => receiver.received.length, slow).toBe(1);
    await sleep(QUIET_MS);
    expect(receiver.received.map(({ event }) => event)).toEqual(["machine.offline"]);
  });

  it("S1.4 signs the message, which says which machine and since when", () => {
    const [message] = receiver.received;
    if (message === undefined) throw new Error("No message came");
    expect(isSignedWith(SIGNING_SECRET, message)).toBe(true);
    expect(isSignedWith("another secret", message)).toBe(false);
    expect(message.headers["content-type"]).toBe("application/json");
    expect(message.body).toMatchObject({
      event: "machine.offline",
      machine: { id: token.split(":")[0], name: "web-1", status: "offline" },
    });
  });

  it("S4.7 an open incident is acknowledged by key, and its page takes a note", async () => {
    await page.getByRole("link", { name: "Incidents" }).first().click();
    const incident = page.getByRole("list", { name: "Incidents" }).getByRole("listitem").first();
    await shows(incident.getByText("Open"));
    await page.keyboard.press("j");
    await page.keyboard.press("a");
    await shows(incident.getByText("Acknowledged"));
    await incident.getByRole("link").first().click();
    await shows(page.getByRole("heading", { level: 1, name: /^web-1 went silent/ }));
    await page.getByRole("textbox", { name: "New note" }).fill("Somebody pulled the plug.");
    await page.getByRole("button", { name: "Add note" }).click();
    await shows(page.getByText("Somebody pulled the plug.").first());
    await page.getByRole("link", { name: "Open the machine" }).click();
    await shows(page.getByRole("heading", { level: 1, name: "web-1" }));
    await page.getByRole("link", { name: "Fleet" }).first().click();
  });

  it("S1.3 shows it online again when it is back, and tells that exactly once", async () => {
    agent = startAgent({ url: installation.siteUrl, token });
    await shows(machineRow(page, "web-1").getByText("Online"));
    await expect.poll(() => receiver.received.length, slow).toBe(2);
    await sleep(QUIET_MS);
    expect(receiver.received.map(({ event }) => event)).toEqual([
      "machine.offline",
      "machine.online",
    ]);
    const [, recovery] = receiver.received;
    expect(recovery && isSignedWith(SIGNING_SECRET, recovery)).toBe(true);
  });

  it("S1.3 keeps everything over a restart of the backend, and tells nothing twice", async () => {
    const machine = await leaveMigrationOpen();
    expect(await installation.stop()).toBe(0);
    await installation.start();
    await expect.poll(() => hasPreviousSecret(machine), slow).toBe(false);
    // The page finds the backend again by itself, still signed in.
    await shows(machineRow(page, "web-1").getByText("Online"));
    await page.reload();
    await shows(machineRow(page, "web-1").getByText("Online"));
    await page.getByRole("link", { name: "Incidents" }).first().click();
    const incidents = page.getByRole("list", { name: "Incidents" }).getByRole("listitem");
    await shows(incidents.first());
    // Our own outage is nobody's incident.
    expect(await incidents.allInnerTexts()).toEqual([expect.stringContaining("Resolved")]);
    await page.getByRole("link", { name: "Notifications" }).first().click();
    const deliveries = page.getByRole("list", { name: "Deliveries" }).getByRole("listitem");
    await shows(deliveries.first());
    expect(await deliveries.count()).toBe(3);
    await sleep(QUIET_MS);
    expect(receiver.received).toHaveLength(2);
  });

  it("S0.8 a machine that says goodbye is stopped, and nobody is told", async () => {
    await agent?.stop();
    await page.getByRole("link", { name: "Fleet" }).first().click();
    await shows(machineRow(page, "web-1").getByText("Stopped"));
    await sleep(QUIET_MS);
    expect(receiver.received).toHaveLength(2);
  });

  it("S3.2 the fleet is filtered, walked, opened and tagged by keyboard", async () => {
    await page.getByRole("button", { name: "Add machine" }).click();
    const second = await addMachine(page, "db-1");
    await sendHeartbeat(installation.siteUrl, second.token);
    await page.getByRole("button", { name: "Done" }).click();
    // Keys do nothing while a dialog is on its way out.
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await shows(machineRow(page, "db-1"));
    await page.keyboard.press("/");
    await page.keyboard.type("name:db");
    await machineRow(page, "web-1").waitFor({ state: "hidden" });
    await expect.poll(() => new URL(page.url()).searchParams.get("q"), slow).toBe("name:db");

    await page.getByRole("button", { name: "Saved views" }).click();
    await page.getByRole("menuitem", { name: "Save this view…" }).click();
    await page.getByRole("textbox", { name: "Name of the view" }).fill("Databases");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.getByRole("textbox", { name: "Filter machines" }).press("Escape");
    await shows(machineRow(page, "web-1"));
    await page.getByRole("button", { name: "Saved views" }).click();
    await page.getByRole("menuitem", { name: "Databases" }).click();
    await machineRow(page, "web-1").waitFor({ state: "hidden" });
    await page.getByRole("menu").waitFor({ state: "hidden" });

    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await shows(page.getByRole("complementary", { name: "Details of db-1" }));
    await page.keyboard.press("Escape");
    await page.keyboard.press("x");
    await page.getByRole("toolbar").getByRole("button", { name: "Tags" }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("storage");
    await page.getByRole("button", { name: "Add tags" }).click();
    await shows(machineRow(page, "db-1").getByText("storage"));
  });

  it("the wall shows the fleet without anything to operate, until Escape", async () => {
    await page.goto(`${installation.url}/?view=wall`);
    const wall = page.getByRole("region", { name: "Wall display" });
    await shows(wall.getByRole("link", { name: "db-1" }));
    // What it covers is not walked by keyboard.
    await page.keyboard.press("Tab");
    expect(await wall.locator(":focus").count()).toBe(1);
    await page.keyboard.press("Escape");
    await wall.waitFor({ state: "hidden" });
    await shows(machineRow(page, "db-1"));
  });

  it("the page threw nothing on the way", () => {
    expect(pageErrors).toEqual([]);
  });
});

const slow = { timeout: 20_000, interval: 100 };
