/** How fast the fleet page is with ten thousand machines, in Chromium: first paint, what people do, news on screen. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { startTemporaryInstallation } from "../scripts/lib/temporaryInstallation.ts";
import { type Benchmark, percentile, round } from "./lib/benchmark.ts";
import { BENCH_EMAIL, createFleet, type Fleet } from "./lib/fleet.ts";

const MACHINES = Number(process.env.ROLLCALL_BENCH_MACHINES ?? 10_000);
const PAINTS = 3;
const ROUNDS = 4;
const CHANGES = 20;
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);

export const benchList: Benchmark = async () => {
  const installation = await startTemporaryInstallation();
  let browser: Browser | undefined;
  try {
    const fleet = await createFleet(installation.url, MACHINES);
    browser = await chromium.launch({
      args: ["--no-sandbox", "--disable-gpu"],
      ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }),
    });
    const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
    await signIn(page, installation.url, fleet.password);
    const paintsMs: number[] = [];
    for (let n = 0; n < PAINTS; n++) paintsMs.push(await firstPaint(page, installation.url));
    await allArrived(page);
    const actsMs = await interactions(page);
    const newsMs = await statusToScreen(page, installation.siteUrl, fleet);
    return report({ paintsMs, actsMs, newsMs });
  } finally {
    await browser?.close();
    await installation.remove();
  }
};

async function signIn(page: Page, url: string, password: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByRole("textbox", { name: "E-mail" }).fill(BENCH_EMAIL);
  await page.locator("input[type=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.locator("tbody a[data-machine]").first().waitFor();
}

/** From the navigation to the first rows, by the page's own clock: the files are in the browser's cache, as on any visit but the first. */
async function firstPaint(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: "commit" });
  return await page.evaluate(async () => {
    while (document.querySelector("tbody a[data-machine]") === null) await nextFrame();
    return performance.now();
    function nextFrame() {
      return new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
}

async function allArrived(page: Page): Promise<void> {
  const rows = `table[aria-rowcount="${MACHINES + 1}"]`;
  await page.locator(rows).waitFor({ timeout: 60_000 });
}

/** Sorts, filters, keys and clicks, each from the event to the frame that shows it. */
async function interactions(page: Page): Promise<number[]> {
  const timesMs: number[] = [];
  const timed = async (act: () => Promise<void>) => {
    await page.evaluate(observeNext);
    await act();
    timesMs.push(await page.evaluate(lastDuration));
  };
  const filter = page.getByRole("textbox", { name: "Filter machines" });
  for (let n = 0; n < ROUNDS; n++) {
    for (const name of ["Name", "Version", "Status"]) {
      await timed(() => page.getByRole("button", { name, exact: true }).click());
    }
    await filter.focus();
    for (const key of "bench-77") await timed(() => page.keyboard.press(key));
    await timed(() => page.keyboard.press("Escape"));
    for (const key of ["j", "j", "k", "x", "x", "Enter"]) {
      await timed(() => page.keyboard.press(key));
    }
    // A panel that is not drawn yet cannot be closed, and takes columns away from the next round.
    const panel = page.getByRole("complementary", { name: /^Details of/ });
    await panel.waitFor();
    await timed(() => page.keyboard.press("Escape"));
    await panel.waitFor({ state: "hidden" });
    for (const name of [/^Offline/, /^All/]) {
      await timed(() => page.getByRole("button", { name }).first().click());
    }
  }
  return timesMs;
}

interface Probe {
  done?: Promise<number>;
}

/** Waits for the next event and measures until the frame after next has been painted. */
function observeNext(): void {
  const probe = globalThis as Probe;
  probe.done = new Promise((resolve) => {
    const start = (event: Event) => {
      removeEventListener("keydown", start, true);
      removeEventListener("click", start, true);
      requestAnimationFrame(() =>
        setTimeout(() => resolve(performance.now() - event.timeStamp), 0),
      );
    };
    addEventListener("keydown", start, true);
    addEventListener("click", start, true);
  });
}

function lastDuration(): Promise<number> {
  return (globalThis as Probe).done ?? Promise.resolve(0);
}

/** A machine at the top of the list beats for the first time: until its row says so. */
async function statusToScreen(page: Page, siteUrl: string, { machines }: Fleet): Promise<number[]> {
  const timesMs: number[] = [];
  const filter = page.getByRole("textbox", { name: "Filter machines" });
  // By name, a row stays where it is when its status changes.
  await page.getByRole("button", { name: "Name", exact: true }).click();
  await filter.fill("bench-12");
  await page.waitForTimeout(1_000);
  const links = page.locator("tbody a[data-machine]");
  const shown = await links.evaluateAll((all) => all.map((a) => a.getAttribute("data-machine")));
  for (const machineId of shown.slice(0, CHANGES)) {
    const token = machines.find((machine) => machine.machineId === machineId)?.token;
    if (token === undefined) continue;
    const row = page.locator("tr").filter({ has: page.locator(`a[data-machine="${machineId}"]`) });
    const seen = row.locator("[data-state=online]").waitFor();
    const sentAt = performance.now();
    await fetch(`${siteUrl}/agent/v1/heartbeat`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
    });
    await seen;
    timesMs.push(performance.now() - sentAt);
  }
  return timesMs;
}

function report(times: { paintsMs: number[]; actsMs: number[]; newsMs: number[] }) {
  const sorted = (ms: number[]) => ms.toSorted((a, b) => a - b);
  const firstPaintMs = round(percentile(sorted(times.paintsMs), 0.5));
  const interactionP95Ms = round(percentile(sorted(times.actsMs), 0.95));
  const statusToScreenP99Ms = round(percentile(sorted(times.newsMs), 0.99));
  return {
    table: {
      "fleet page": {
        machines: MACHINES,
        "first paint ms": firstPaintMs,
        "interaction p95 ms": interactionP95Ms,
        "status to screen p99 ms": statusToScreenP99Ms,
      },
    },
    notes: [
      `${times.actsMs.length} keys and clicks, ${times.newsMs.length} changes; browser and server share the machine.`,
    ],
    json: { machines: MACHINES, firstPaintMs, interactionP95Ms, statusToScreenP99Ms },
  };
}
