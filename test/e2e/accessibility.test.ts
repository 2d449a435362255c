/** Every page in both themes and two widths against axe's rules for WCAG 2.2 AA: names, roles, contrast, landmarks. */
import { type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findings, standStill } from "../../scripts/lib/axe.ts";
import {
  startTemporaryInstallation,
  type TemporaryInstallation,
} from "../../scripts/lib/temporaryInstallation.ts";
import { launchBrowser } from "../support/browser.ts";
import { addMachine, addWebhook, machineRow, sendHeartbeat, shows, signUp } from "./steps.ts";

let installation: TemporaryInstallation;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  [installation, browser] = await Promise.all([
    startTemporaryInstallation({
      env: {
        ALLOW_PRIVATE_WEBHOOKS: "true",
        // One heartbeat, and soon an incident to look at.
        MACHINE_OFFLINE_THRESHOLD: "5s",
        MACHINE_HEARTBEAT_CHECK_INTERVAL: "1s",
      },
    }),
    launchBrowser(),
  ]);
  context = await browser.newContext({ reducedMotion: "reduce" });
  page = await context.newPage();
  await page.goto(installation.url);
});

afterAll(async () => {
  await browser?.close();
  await installation?.remove();
});

/** Follows a link within the app. What Escape does not close may belong to no page: then, and only then, all is loaded anew. */
async function visit(path: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  if ((await dialog.count()) > 0) {
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden", timeout: 2_000 }).catch(() => undefined);
  }
  if ((await dialog.count()) > 0) await page.goto(installation.url + path);
  else {
    const first = (of: string) => new URL(of, installation.url).pathname.split("/")[1];
    const isOtherPage = first(path) !== first(page.url());
    await page.evaluate(
      ([to, isOther]) => {
        if (isOther) document.title = "";
        history.pushState(null, "", to);
        dispatchEvent(new PopStateEvent("popstate", { state: null }));
      },
      [path, isOtherPage] as const,
    );
    // Every page names itself once it is there.
    await page.waitForFunction(() => document.title !== "");
  }
  await shows(page.getByRole("heading", { level: 1 }));
}

async function isAccessible(part = "html"): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.waitForFunction(
      (theme) => document.documentElement.dataset["theme"] === theme,
      colorScheme,
    );
    await standStill(page);
    const isOnlyColours = colorScheme === "dark";
    expect({ colorScheme, findings: await findings(page, { part, isOnlyColours }) }).toEqual({
      colorScheme,
      findings: [],
    });
  }
}

describe("before anybody has an account", () => {
  it("the sign-up page is accessible", async () => {
    await shows(page.getByRole("button", { name: "Create the owner account" }));
    await isAccessible();
  });

  it("the sign-up page is accessible with its complaints", async () => {
    await page.getByRole("button", { name: "Create the owner account" }).click();
    await isAccessible();
  });
});

describe("signed in", () => {
  let machinePath = "";

  it("the empty fleet is accessible", async () => {
    await signUp(page, "alice@example.com");
    await shows(page.getByRole("heading", { name: "Nobody has answered the roll yet" }));
    await isAccessible();
  });

  it("the welcome is accessible with its line of curl", async () => {
    await page.getByRole("button", { name: "Show the line to paste" }).click();
    await shows(page.getByLabel("curl command", { exact: true }));
    await isAccessible();
  });

  it("the first step of adding a machine is accessible", async () => {
    await visit("/");
    await page.getByRole("button", { name: "Add machine" }).click();
    await shows(page.getByRole("dialog"));
    await isAccessible();
  });

  it("the second step is accessible, before and after the first heartbeat", async () => {
    await visit("/");
    await page.getByRole("button", { name: "Add machine" }).click();
    const { machineId, token } = await addMachine(page, "web-1");
    machinePath = `/machines/${machineId}`;
    await isAccessible();
    await sendHeartbeat(installation.siteUrl, token);
    await shows(page.getByText("Token accepted, first heartbeat received"));
    await isAccessible();
  });

  it("the fleet is accessible", async () => {
    // The welcome stays for as long as somebody looks at it.
    await page.goto(installation.url);
    await shows(machineRow(page, "web-1"));
    await isAccessible();
  });

  it("the page of a machine is accessible", async () => {
    await visit(machinePath);
    await isAccessible();
  });

  it("notifications are accessible, without and with a channel", async () => {
    await visit("/notifications");
    await shows(page.getByText("Nobody is told yet"));
    await isAccessible();
    await addWebhook(page, { url: "http://127.0.0.1:1/hook", secret: "a-signing-secret-of-ours" });
    await page.getByRole("button", { name: /^Send a test to/ }).click();
    await shows(page.getByRole("list", { name: "Deliveries" }));
    await isAccessible();
  });

  it.each(["/incidents", "/settings"])("%s is accessible", async (path) => {
    await visit(path);
    await isAccessible();
  });

  it.each(["/", "/notifications", "/settings", "the machine's page"])(
    "%s is accessible on a phone",
    async (path) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await visit(path.startsWith("/") ? path : machinePath);
      await isAccessible();
    },
  );
});

describe("around the fleet", () => {
  const main = () => page.locator("main");
  const press = (name: string | RegExp) => main().getByRole("button", { name }).first().click();
  const goTo = async (path: string) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await visit(path);
  };

  it.each([
    "/maintenance",
    "/status-pages",
    "/people",
    "/api-keys",
    "/audit",
    "/audit?from=2001-01-01&to=2001-01-02",
    "/notifications?state=uncertain",
    "/settings/workspace",
    "/settings/machines",
    "/settings/monitor",
    "/nowhere",
  ])("%s is accessible", async (path) => {
    await goTo(path);
    await isAccessible();
  });

  it.each([
    ["/notifications", "Add channel"],
    ["/notifications", /^Edit /],
    ["/maintenance", "Plan maintenance"],
    ["/status-pages", "New status page"],
    ["/people", "Invite somebody"],
    ["/api-keys", "Create key"],
    ["/settings", "Delete account"],
    ["/settings/workspace", "Delete workspace"],
  ])("the dialog of %s behind %s is accessible", async (path, button) => {
    await goTo(path);
    await press(button);
    await shows(page.getByRole("dialog"));
    await isAccessible("[role=dialog]");
  });

  it("the parts of a channel's form are accessible", async () => {
    await goTo("/notifications");
    await press(/^Edit /);
    for (const part of ["Rules", "Preview"]) {
      await page.getByRole("dialog").getByRole("radio", { name: part }).click();
      await isAccessible("[role=dialog]");
    }
  });

  it("a weekly window for tagged machines is planned with an accessible form", async () => {
    await goTo("/maintenance");
    await press("Plan maintenance");
    await page.getByRole("radio", { name: "Every week" }).click();
    await page.getByRole("radio", { name: "By tag" }).click();
    await page.getByRole("button", { name: "Plan it" }).click();
    await isAccessible("[role=dialog]");
  });

  it("a status page is accessible, for who makes it and for who reads it", async () => {
    await goTo("/status-pages");
    await press("New status page");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Title" }).fill("Example");
    await dialog.getByRole("textbox", { name: "Address" }).fill("example");
    await dialog.getByRole("button", { name: "Create" }).click();
    await press("Publish");
    await shows(main().getByRole("link", { name: "Open the page" }));
    await isAccessible();
    await goTo("/status/example");
    await isAccessible();
  });

  it("the account menu is accessible, and in high contrast", async () => {
    await goTo("/settings");
    await page.getByRole("button", { name: "Account menu" }).click();
    await page.getByRole("menuitemcheckbox").click();
    await isAccessible("[role=menu]");
    await page.keyboard.press("Escape");
    await isAccessible();
    await page.evaluate(() => localStorage.removeItem("rollcall.contrast"));
  });
});

describe("the fleet, its machines and their incidents", () => {
  const dialog = () => shows(page.getByRole("dialog"));
  const toFleet = async (search = "") => {
    await visit(`/${search}`);
    await shows(page.getByText(/machines?$/).first());
  };
  const openFirst = async (list: string) => {
    await visit(`/${list}`);
    await page.locator(`a[href^='/${list}/']`).first().click();
    await page.waitForURL(`**/${list}/*`);
    await shows(page.getByRole("heading", { level: 1 }));
    await shows(page.getByText("What happened"));
  };

  beforeAll(async () => {
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  it.each<[string, () => Promise<void>]>([
    ["cards", () => toFleet("?view=cards")],
    [
      "the wall display",
      async () => {
        await visit("/?view=wall");
        await shows(page.getByRole("region", { name: "Wall display" }));
      },
    ],
    ["a list that the filter leaves empty", () => toFleet("?q=tag:nobody+cpu>x")],
    [
      "the fleet of an hour ago",
      () => toFleet(`?at=${new Date(Date.now() - 60_000).toISOString()}`),
    ],
    [
      "the versions and the details beside the list",
      async () => {
        await toFleet();
        await page.getByRole("button", { name: "Versions and their roll-out" }).click();
        await shows(page.getByRole("region", { name: "Versions" }));
        await page.keyboard.press("j");
        await page.keyboard.press("Enter");
        await shows(page.getByRole("complementary", { name: /^Details of/ }));
        await page.keyboard.press("x");
        await shows(page.getByRole("toolbar"));
      },
    ],
    [
      "tagging many",
      async () => {
        await page.getByRole("toolbar").getByRole("button", { name: "Tags" }).click();
        await dialog();
      },
    ],
    [
      "the command palette",
      async () => {
        await toFleet();
        await page.keyboard.press("Control+k");
        await dialog();
      },
    ],
    [
      "the help on shortcuts",
      async () => {
        await toFleet();
        await page.keyboard.press("?");
        await dialog();
      },
    ],
    [
      "enrolment keys",
      async () => {
        await toFleet();
        await page.getByRole("button", { name: "Add machine" }).click();
        await page.getByRole("button", { name: "Use an enrolment key" }).click();
        await shows(page.getByRole("textbox", { name: "Name of the key" }));
      },
    ],
    [
      "connecting a machine again",
      async () => {
        await page.goto(`${installation.url}/?add=1`);
        const { machineId } = await addMachine(page, "web-2");
        await page.goto(`${installation.url}/?connect=${machineId}`);
        await dialog();
      },
    ],
    [
      "deleting a machine",
      async () => {
        await toFleet();
        await page.getByRole("row").nth(1).getByRole("link").first().click();
        await page.getByRole("button", { name: "Delete machine" }).click();
        await dialog();
      },
    ],
    [
      "a machine that is not there",
      () => visit("/machines/nobody").then(() => shows(page.getByText("No such machine").first())),
    ],
    ["an incident", () => openFirst("incidents")],
    [
      "an incident on a phone",
      async () => {
        await page.setViewportSize({ width: 390, height: 844 });
        await openFirst("incidents");
      },
    ],
    [
      "incidents on a phone",
      async () => {
        await visit("/incidents");
      },
    ],
    [
      "the places under More",
      async () => {
        await page.getByRole("button", { name: "More" }).click();
        await dialog();
      },
    ],
  ])("%s: accessible", async (_name, show) => {
    await show();
    await isAccessible();
  });
});

describe("the questions before something is done", () => {
  type Step = () => Promise<void>;
  const button =
    (name: string | RegExp): Step =>
    () =>
      page.getByRole("button", { name }).first().click();
  const item =
    (name: string): Step =>
    () =>
      page.getByRole("menuitem", { name }).click();
  const theMachine: Step = () => machineRow(page, "web-1").getByRole("link").first().click();
  const more: Step = () => page.getByText("More about the token").first().click();
  // It may be chosen still, from the question before.
  const theRow: Step = () => machineRow(page, "web-1").getByRole("checkbox").check();

  beforeAll(async () => {
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  it.each<[string, string, Step[]]>([
    ["a new token", "/", [theMachine, button("New token")]],
    ["other hardware for a machine", "/", [theMachine, more, button("Replace the machine")]],
    ["locking a machine out", "/", [theMachine, more, button("Lock it out")]],
    ["a view to be saved", "/", [button("Saved views"), item("Save this view…")]],
    ["archiving many", "/", [theRow, button("Archive")]],
    ["deleting many", "/", [theRow, button("Delete")]],
    ["deleting a channel", "/notifications", [button(/^More for /), item("Delete…")]],
    ["deleting a status page", "/status-pages", [button("Delete page")]],
    ["a snooze until then", "/incidents", [button(/^Snooze /), item("Until…")]],
    ["a new workspace", "/settings", [button("Account menu"), item("New workspace…")]],
  ])("%s: accessible", async (_name, path, steps) => {
    await visit(path);
    for (const step of steps) await step();
    await shows(page.getByRole("dialog"));
    await isAccessible("[role=dialog]");
  });
});

describe("signed out again", () => {
  it("the sign-in page is accessible", async () => {
    await context.clearCookies();
    await page.evaluate(() => localStorage.clear());
    await page.goto(`${installation.url}/sign-in`);
    await shows(page.getByRole("button", { name: "Sign in" }));
    await isAccessible();
  });

  it.each(["/forgot-password", "/reset-password", "/verify-email", "/invite/none", "/status/none"])(
    "%s is accessible to strangers",
    async (path) => {
      await visit(path);
      await isAccessible();
    },
  );

  it("a page that does not exist is accessible", async () => {
    await visit("/nowhere");
    await isAccessible();
  });
});
