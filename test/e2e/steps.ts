/** What people do on the page, found as they find it: by role and by what is written there. */
import type { Locator, Page } from "playwright-core";

export const PASSWORD = "correct horse battery staple";
/** Generous: the machine that runs the tests may be busy. A test that passes never waits so long. */
const PATIENCE_MS = 30_000;

/** Waits until it can be seen. @throws when it does not appear. */
export async function shows(locator: Locator): Promise<void> {
  await locator.waitFor({ state: "visible", timeout: PATIENCE_MS });
}

/** The first account of an installation. */
export async function signUp(page: Page, email: string): Promise<void> {
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create the owner account" }).click();
}

export async function addWebhook(
  page: Page,
  webhook: { url: string; secret: string },
): Promise<void> {
  await page.getByRole("link", { name: "Notifications" }).first().click();
  await page.getByRole("button", { name: "Add channel" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /^Webhook/ }).click();
  await dialog.getByRole("textbox", { name: "URL" }).fill(webhook.url);
  await dialog.getByRole("textbox", { name: "Signing secret" }).fill(webhook.secret);
  await dialog.getByRole("button", { name: "Add channel" }).click();
  await dialog.waitFor({ state: "hidden" });
}

/** In the open dialog: names the machine and reads its token off the screen. */
export async function addMachine(
  page: Page,
  name: string,
): Promise<{ machineId: string; token: string }> {
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Create token" }).click();
  const token = await page.getByRole("status", { name: "Machine token" }).textContent();
  const [machineId = ""] = token?.split(":") ?? [];
  return { machineId, token: token ?? "" };
}

/** One heartbeat as `curl` sends it. @throws when it is refused. */
export async function sendHeartbeat(siteUrl: string, token: string): Promise<void> {
  const response = await fetch(`${siteUrl}/agent/v1/heartbeat`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`The heartbeat was answered with ${response.status}`);
}

/** The machine's row in the fleet. */
export function machineRow(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}
