/** What is pictured: every page, and the dialogs and states that are worth a look. Found by icons: texts differ by language. */
import { type Locator, type Page } from "playwright-core";
import { STATUS_SLUG } from "../demo/stage.ts";
import { type Scene } from "./studio.ts";

const main = (page: Page) => page.locator("main");
const dialog = (page: Page) => page.getByRole("dialog");
const withIcon = (within: Locator, icon: string) =>
  within.locator(`button:has(svg.lucide-${icon}), a:has(svg.lucide-${icon})`);

/** Clicks the first thing on the page with this icon, and waits for the dialog that it opens. */
const opens = (icon: string) => async (page: Page) => {
  await withIcon(main(page), icon).first().click();
  await dialog(page).waitFor();
};

/** Opens the menu behind the dots of the row with this index, and clicks what has the icon. */
const menuOpens =
  (icon: string, row = 0) =>
  async (page: Page) => {
    await withIcon(main(page), "ellipsis").nth(row).click();
    await page.locator(`[role=menuitem]:has(svg.lucide-${icon})`).click();
    await dialog(page).waitFor();
  };

/** The form of the channel whose place in the choice of kinds is given, in one of its parts. */
const channelForm = (kind: number, part: number) => async (page: Page) => {
  await opens("plus")(page);
  await dialog(page).getByRole("listitem").nth(kind).getByRole("button").click();
  await dialog(page).getByRole("radio").nth(part).click();
};
const CHANNEL_KINDS = 13;

const submitsEmpty = async (page: Page) => await page.locator("button[type=submit]").click();

const outside: Scene[] = [
  { name: "sign-in", path: "/sign-in" },
  { name: "sign-in-complaints", path: "/sign-in", prepare: submitsEmpty },
  { name: "sign-up", path: "/sign-up" },
  { name: "forgot-password", path: "/forgot-password" },
  { name: "reset-password", path: "/reset-password#code=123&email=alice%40example.com" },
  { name: "reset-password-broken", path: "/reset-password" },
  { name: "verify-email-broken", path: "/verify-email" },
  { name: "invite-gone", path: "/invite/none" },
  { name: "public-status", path: `/status/${STATUS_SLUG}` },
  { name: "public-status-missing", path: "/status/none" },
].map((scene) => ({ ...scene, isPublic: true }));

const fleet: Scene[] = [
  { name: "fleet", path: "/" },
  { name: "fleet-cards", path: "/?view=cards" },
  { name: "fleet-wall", path: "/?view=wall" },
  { name: "fleet-nothing", path: "/?q=nothing-like-this" },
  {
    name: "machine",
    path: "/",
    prepare: async (page) => {
      const address = await page.locator("a[href^='/machines/']").first().getAttribute("href");
      await page.goto(new URL(address ?? "", page.url()).href);
      await page.locator("canvas").first().waitFor();
    },
  },
  { name: "incidents", path: "/incidents" },
  {
    name: "incident",
    path: "/incidents",
    prepare: async (page) => await page.locator("a[href^='/incidents/']").first().click(),
  },
  { name: "machine-new", path: "/?add=1", prepare: async (page) => await dialog(page).waitFor() },
  {
    name: "palette",
    path: "/",
    prepare: async (page) => {
      await page.keyboard.press("Control+k");
      await dialog(page).waitFor();
    },
  },
];

const telling: Scene[] = [
  { name: "notifications", path: "/notifications" },
  { name: "notifications-failed", path: "/notifications?state=failed" },
  { name: "notifications-nothing", path: "/notifications?state=uncertain" },
  { name: "channel-kinds", path: "/notifications", prepare: opens("plus") },
  ...Array.from({ length: CHANNEL_KINDS }, (_, kind) => ({
    name: `channel-kind-${kind + 1}`,
    path: "/notifications",
    prepare: channelForm(kind, 0),
  })),
  { name: "channel-rules", path: "/notifications", prepare: channelForm(0, 1) },
  { name: "channel-preview", path: "/notifications", prepare: channelForm(0, 2) },
  { name: "channel-edit", path: "/notifications", prepare: opens("pencil") },
  {
    name: "channel-preview-kept",
    path: "/notifications",
    prepare: async (page) => {
      await opens("pencil")(page);
      await dialog(page).getByRole("radio").nth(2).click();
    },
  },
  { name: "channel-delete", path: "/notifications", prepare: menuOpens("trash-2") },
  { name: "maintenance", path: "/maintenance" },
  { name: "maintenance-new", path: "/maintenance", prepare: opens("plus") },
  { name: "maintenance-edit", path: "/maintenance", prepare: opens("pencil") },
  { name: "status-pages", path: "/status-pages" },
  { name: "status-page-new", path: "/status-pages", prepare: opens("plus") },
  { name: "status-page-delete", path: "/status-pages", prepare: opens("trash-2") },
];

const managing: Scene[] = [
  { name: "people", path: "/people" },
  { name: "people-invite", path: "/people", prepare: opens("user-plus") },
  { name: "people-remove", path: "/people", prepare: menuOpens("user-minus") },
  { name: "people-transfer", path: "/people", prepare: menuOpens("crown") },
  { name: "api-keys", path: "/api-keys" },
  { name: "api-key-new", path: "/api-keys", prepare: opens("plus") },
  { name: "api-key-revoke", path: "/api-keys", prepare: opens("trash-2") },
  { name: "audit", path: "/audit" },
  { name: "audit-nothing", path: "/audit?from=2001-01-01&to=2001-01-02" },
  { name: "settings", path: "/settings" },
  { name: "settings-delete-account", path: "/settings", prepare: opens("trash-2") },
  { name: "settings-workspace", path: "/settings/workspace" },
  { name: "settings-delete-workspace", path: "/settings/workspace", prepare: opens("trash-2") },
  { name: "settings-machines", path: "/settings/machines" },
  { name: "settings-monitor", path: "/settings/monitor" },
  { name: "not-found", path: "/nowhere" },
];

const frame: Scene[] = [
  {
    name: "account-menu",
    path: "/settings",
    prepare: async (page) => {
      await accountButton(page).click();
      await page.getByRole("menu").waitFor();
    },
  },
  {
    name: "workspace-new",
    path: "/settings",
    prepare: async (page) => {
      await accountButton(page).click();
      await page.locator("[role=menuitem]:has(svg.lucide-plus)").click();
      await dialog(page).waitFor();
    },
  },
  {
    name: "more-places",
    path: "/settings",
    prepare: async (page) => {
      const button = page.locator("nav button[aria-haspopup=dialog]").filter({ visible: true });
      if ((await button.count()) === 0) return false;
      await button.click();
      return await dialog(page).waitFor();
    },
  },
];

const accountButton = (page: Page) =>
  page.locator("button[aria-haspopup=menu]:not(main *)").filter({ visible: true });

export const scenes: Scene[] = [...outside, ...fleet, ...telling, ...managing, ...frame];
