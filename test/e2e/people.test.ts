/** Two people in two browsers: an invite, what a viewer cannot do, an API key over real HTTP, and the log of it all. */
import { type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  startTemporaryInstallation,
  type TemporaryInstallation,
} from "../../scripts/lib/temporaryInstallation.ts";
import { launchBrowser } from "../support/browser.ts";
import { PASSWORD, shows, signUp } from "./steps.ts";

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
  await shows(log.getByText("added the member"));
});
